"""Finished trials, one a line of a file, so that a run that was interrupted goes on where it was."""

import fcntl
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Record:
    """One trial: what was disturbed, with which seed, and what came of it."""

    code: str  # a digest of the code that was disturbed
    seed: int
    fault: str
    step: str
    number: int
    outcome: str
    troubles: list[str]
    repaired: bool  # by a build of its own
    seconds: float

    @property
    def draws(self) -> str:
        """What its random draws are seeded with."""
        return draws(self.seed, self.fault, self.step, self.number)


def draws(seed: int, fault: str, step: str, number: int) -> str:
    """Return what the random draws of a trial are seeded with."""
    return f"{seed} {fault} {step} {number}"


def load_records(path: Path, code: str, seed: int) -> dict[str, Record]:
    """Return the trials of this code and seed, by their draws."""
    found = [record for record in _records(path) if (record.code, record.seed) == (code, seed)]
    return {record.draws: record for record in found}


def add_record(path: Path, record: Record) -> None:
    """Add a trial; several processes may at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(f"\n{json.dumps(asdict(record))}")  # first, since the line before may not have been finished


def forget_records(path: Path, forgotten: Iterable[str]) -> None:
    """Take trials out, by their draws, so that they are made again."""
    gone = set(forgotten)
    kept = [record for record in _records(path) if record.draws not in gone]
    path.unlink(missing_ok=True)
    for record in kept:
        add_record(path, record)


def _records(path: Path) -> list[Record]:
    """Return the trials of all codes and seeds; a line that was not finished is none."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        with suppress(ValueError, TypeError):
            found.append(Record(**json.loads(line)))
    return found
