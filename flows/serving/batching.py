"""Requests that come at the same time are answered together, by one thread.

A row's answer depends on no other row, so requests may share a call of a model, which costs little more for many rows
than for one; and a request of many rows may be cut into pieces that take turns with others. Where rows that were put
together fail, each request is tried by itself: what is wrong with one request costs no other. What has to be done with
results before they are given back, such as keeping them, is done once for all requests that end together.
"""

import sys
import traceback
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Any, NamedTuple

from flows.serving.bounds import CHUNK, MOST_QUEUED

Cells = Mapping[str, Sequence[object]]


class Manner(NamedTuple):
    """How rows are answered: requests that share it may be answered together."""

    model: str
    why: bool = False
    echo: bool = False
    trial: bool = False  # tried out: not counted for drift, not kept for feedback


@dataclass
class Job:
    """A request on its way through the models."""

    cells: Cells
    rows: int
    manner: Manner
    results: list[Any] = field(default_factory=list)  # of the rows that have been answered, in their order
    done: "Future[Any]" = field(default_factory=Future)
    abandoned: bool = False  # no one waits any more


@dataclass
class Piece:
    """Some rows of a job."""

    job: Job
    first: int
    last: int  # after the piece

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.last - self.first

    @property
    def cells(self) -> Cells:
        """Its cells."""
        if self.rows == self.job.rows:
            return self.job.cells
        return {name: column[self.first : self.last] for name, column in self.job.cells.items()}


Answer = Callable[[Cells, int, Manner], Sequence[Any]]  # of so many rows: one a row, in their order
Complete = Callable[[Sequence[Any]], Sequence[Any]]  # what each of these jobs comes to, in their order


class QueueFullError(Exception):
    """More rows wait than the models can answer in reasonable time."""


class Batcher:
    """The thread that asks the models."""

    def __init__(self, answer: Answer, complete: Complete | None = None, *, chunk: int = CHUNK) -> None:
        """Answer jobs with `answer`, so many rows at a time.

        What a job comes to is its results, or what `complete` makes of it.
        """
        self._answer, self._chunk = answer, chunk
        self._complete = complete or _results
        self._waiting: deque[Job] = deque()
        self._rows = 0  # that wait
        self._changed = Condition()
        self._ended = False
        self._thread = Thread(target=self._run, name="models", daemon=True)
        self._thread.start()

    @property
    def queued(self) -> int:
        """How many rows wait."""
        return self._rows

    def submit(self, job: Job) -> "Future[Any]":
        """Return what will hold what the job comes to; raise QueueFullError where too many rows wait."""
        with self._changed:
            if self._rows and self._rows + job.rows > MOST_QUEUED:
                raise QueueFullError
            self._waiting.append(job)
            self._rows += job.rows
            self._changed.notify()
        return job.done

    def close(self) -> None:
        """End the thread, after what it does at the moment."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while (pieces := self._take()) is not None:
            by_manner: dict[Manner, list[Piece]] = {}
            for piece in pieces:
                by_manner.setdefault(piece.job.manner, []).append(piece)
            for manner, group in by_manner.items():
                self._answer_together(manner, group)
            self._hand_on(pieces)

    def _take(self) -> list[Piece] | None:
        """Return what is answered next, up to a chunk of rows, waiting for it; None at the end."""
        with self._changed:
            while not self._waiting and not self._ended:
                self._changed.wait()
            if self._ended:
                return None
            pieces: list[Piece] = []
            room = self._chunk
            while self._waiting and room > 0:
                job = self._waiting[0]
                first = len(job.results)
                last = job.rows if job.abandoned else min(job.rows, first + room)
                self._rows -= last - first
                self._waiting.popleft()
                if not job.abandoned:
                    pieces.append(Piece(job, first, last))
                    room -= last - first
            return pieces

    def _answer_together(self, manner: Manner, group: list[Piece]) -> None:
        """Extend the results of each piece's job, or set its error."""
        try:
            results = self._answer(*_joined(group), manner)
        except Exception as error:  # noqa: BLE001 - handed to the one who waits, or tried again one by one
            if len(group) == 1:
                _fail(group[0].job, error)
                return
            for piece in group:
                self._answer_together(manner, [piece])
            return
        start = 0
        for piece in group:
            piece.job.results += results[start : start + piece.rows]
            start += piece.rows

    def _hand_on(self, pieces: Sequence[Piece]) -> None:
        """Finish the jobs that have all their results; the others wait for their next turn."""
        going = [piece.job for piece in pieces if not piece.job.done.done() and not piece.job.abandoned]
        self._finish([job for job in going if len(job.results) == job.rows])
        left = [job for job in going if len(job.results) < job.rows]
        if left:
            with self._changed:
                self._waiting.extend(left)

    def _finish(self, jobs: Sequence[Job]) -> None:
        if not jobs:
            return
        try:
            whole = self._complete(jobs)
        except Exception as error:  # noqa: BLE001 - handed to those who wait
            for job in jobs:
                _fail(job, error)
            return
        for job, one in zip(jobs, whole, strict=True):
            job.done.set_result(one)


def _results(jobs: Sequence[Job]) -> list[list[Any]]:
    return [job.results for job in jobs]


def _joined(group: Sequence[Piece]) -> tuple[Cells, int]:
    """Return the cells of all pieces, one after another, and how many rows that are."""
    if len(group) == 1:
        return group[0].cells, group[0].rows
    parts = [(piece.cells, piece.rows) for piece in group]
    names = dict.fromkeys(name for cells, _ in parts for name in cells)
    joined: dict[str, list[object]] = {name: [] for name in names}
    for cells, rows in parts:
        for name, column in joined.items():
            column.extend(cells.get(name) or [None] * rows)
    return joined, sum(rows for _, rows in parts)


def _fail(job: Job, error: Exception) -> None:
    sys.stderr.write("".join(traceback.format_exception(error)))
    job.done.set_exception(error)
