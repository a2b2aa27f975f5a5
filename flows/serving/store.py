"""What is kept of answers: predictions by request id, and the truths that came later. Never a row.

SQLite in WAL mode, so that what was written survives the end of the process at any moment; truths are on the disk
before they are acknowledged. All processes of a server share the file.
"""

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import numpy as np

from pipelines.core.errors import InputError
from pipelines.targets.arrays import Floats

FILE = "served.sqlite"
BUSY_SECONDS = 5.0  # that a writer waits for another process
MOST_KEPT = 5_000_000  # predictions; then the oldest without a truth go
PRUNED = 20_000  # requests at a time
PROCESSES = 16  # that may write as much as this one until it counts again
SCHEMA = """\
CREATE TABLE IF NOT EXISTS predictions (
    request TEXT NOT NULL, model TEXT NOT NULL, archive TEXT NOT NULL, rows INTEGER NOT NULL, made BLOB NOT NULL,
    PRIMARY KEY (request, model)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS truths (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    request TEXT NOT NULL, row INTEGER NOT NULL, truth REAL NOT NULL,
    UNIQUE (request, row)
);
CREATE TABLE IF NOT EXISTS counted (
    process TEXT NOT NULL, kind TEXT NOT NULL, archive TEXT NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (process, kind)
) WITHOUT ROWID;
"""
FULL_CODES = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_IOERR_WRITE", "SQLITE_CANTOPEN", "SQLITE_READONLY")


class DiskFullError(Exception):
    """The disk took nothing more; what was acknowledged before is there."""


@dataclass(frozen=True)
class Kept:
    """A prediction to keep: of one request by one model."""

    request: str
    model: str
    made: Floats  # (rows,) or (rows, classes), on the modelling scale; NaN where this model did not answer


def new_request() -> str:
    """Return an id that no other request has; later ones sort after earlier ones, which keeps the file compact."""
    return f"{time.time_ns() // 1_000_000:012x}{token_hex(10)}"


class Store:
    """The file; any thread may use it."""

    def __init__(self, folder: Path, archive: str) -> None:
        """Open or make the file in `folder`, for predictions of the archive of that sha256; raise InputError."""
        self.archive, self.path = archive, folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._quick = self._open(durable=False)
            self._quick.executescript(SCHEMA)
            self._durable = self._open(durable=True)
        except (OSError, sqlite3.Error) as error:
            raise InputError(
                f"the state cannot be kept there: {error}", where=str(folder),
                allowed="a folder in which this user may write", todo="name another one with --state",
            ) from error  # fmt: skip
        self._quick_lock, self._durable_lock = threading.Lock(), threading.Lock()
        # Rows written since they were counted, and from which number on they are counted again.
        self._uncounted, self._count_from = 0, 0

    def _open(self, *, durable: bool) -> sqlite3.Connection:
        opened = sqlite3.connect(self.path, timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None)
        opened.execute("PRAGMA journal_mode = WAL")
        opened.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        opened.execute("PRAGMA wal_autocheckpoint = 0")  # `tidy` does it: no answer waits for the disk
        return opened

    def close(self) -> None:
        """Close the file."""
        self._quick.close()
        self._durable.close()

    def keep(self, kept: Iterable[Kept]) -> None:
        """Write predictions; raise DiskFullError where there is no room."""
        rows = [(one.request, one.model, self.archive, len(one.made), one.made.tobytes()) for one in kept]
        with self._quick_lock, _writing(self._quick):
            self._quick.executemany("INSERT INTO predictions VALUES (?, ?, ?, ?, ?)", rows)
            self._uncounted += sum(row[3] for row in rows)

    def made(self, requests: Sequence[str]) -> dict[str, dict[str, Floats]]:
        """Return the predictions of requests by model, (rows,) or (rows, classes), as far as there are any."""
        found: dict[str, dict[str, Floats]] = {}
        with self._durable_lock:
            for request in dict.fromkeys(requests):
                rows = self._durable.execute(
                    "SELECT model, rows, made FROM predictions WHERE request = ?", (request,)
                ).fetchall()
                if rows:
                    found[request] = {model: _array(made, count) for model, count, made in rows}
        return found

    def take(self, truths: Iterable[tuple[str, int, float]]) -> None:
        """Write truths (request, row, value on the modelling scale), each in place of an earlier one of its row.

        They are on the disk when this returns; raises DiskFullError where there is no room, and none is written.
        """
        with self._durable_lock, _writing(self._durable):
            self._durable.executemany(
                "INSERT INTO truths (request, row, truth) VALUES (?, ?, ?) "
                "ON CONFLICT (request, row) DO UPDATE SET truth = excluded.truth",
                list(truths),
            )

    def judged(self) -> dict[str, tuple[Floats, Floats]]:
        """Return by model the predictions of this archive whose truths are known, and those truths, as they came."""
        found: dict[str, tuple[list[Floats], list[float]]] = {}
        with self._durable_lock:
            rows = self._durable.execute(
                "SELECT p.model, p.rows, p.made, t.row, t.truth FROM truths t JOIN predictions p USING (request) "
                "WHERE p.archive = ? ORDER BY t.place",
                (self.archive,),
            ).fetchall()
        for model, count, made, row, truth in rows:
            prediction = _array(made, count)[row]
            if not np.isnan(prediction).any():
                predictions, truths = found.setdefault(model, ([], []))
                predictions.append(prediction)
                truths.append(truth)
        return {model: (np.array(made), np.array(truths)) for model, (made, truths) in found.items()}

    def mark(self) -> tuple[float, ...]:
        """Return what changes whenever a truth comes, or is replaced by another."""
        with self._durable_lock:
            found: tuple[float, ...] = self._durable.execute(
                "SELECT count(*), coalesce(max(place), 0), total(truth * (1 + place % 97)) FROM truths"
            ).fetchone()
        return found

    def truths(self) -> int:
        """Return how many truths there are."""
        with self._durable_lock:
            count: int = self._durable.execute("SELECT count(*) FROM truths").fetchone()[0]
        return count

    def count(self, process: str, counted: Mapping[str, str]) -> None:
        """Write what a process has counted, by kind, in place of what it wrote before."""
        rows = [(process, kind, self.archive, content) for kind, content in counted.items()]
        with self._quick_lock, _writing(self._quick):
            self._quick.executemany("INSERT OR REPLACE INTO counted VALUES (?, ?, ?, ?)", rows)

    def counted(self, kind: str) -> dict[str, str]:
        """Return what processes have counted of this archive, by process."""
        with self._quick_lock:
            rows: list[tuple[str, str]] = self._quick.execute(
                "SELECT process, content FROM counted WHERE kind = ? AND archive = ?", (kind, self.archive)
            ).fetchall()
        return dict(rows)

    def forget(self, processes: Iterable[str], kind: str) -> None:
        """Remove what processes have counted."""
        with self._quick_lock, _writing(self._quick):
            self._quick.executemany(
                "DELETE FROM counted WHERE process = ? AND kind = ?", [(one, kind) for one in processes]
            )

    def tidy(self, most: int = MOST_KEPT) -> None:
        """Move what was written into the main file, and remove the oldest predictions without a truth beyond `most`."""
        with self._durable_lock:
            self._durable.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            if self._uncounted < self._count_from:
                return
            self._uncounted = 0
            total = self._durable.execute("SELECT coalesce(sum(rows), 0) FROM predictions").fetchone()[0]
            self._count_from = max(most - total, 0) // PROCESSES
            if total <= most:
                return
            with _writing(self._durable):
                self._durable.execute(
                    "DELETE FROM predictions WHERE request IN (SELECT request FROM predictions p WHERE NOT EXISTS "
                    "(SELECT 1 FROM truths t WHERE t.request = p.request) ORDER BY request LIMIT ?)",
                    (PRUNED,),
                )


@contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all of the block or nothing; raise DiskFullError where the disk takes no more."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorname.startswith(FULL_CODES):
            raise DiskFullError(str(error)) from error
        raise


def _array(made: bytes, rows: int) -> Floats:
    found = np.frombuffer(made, np.float64)
    return found if len(found) == rows else found.reshape(rows, -1)
