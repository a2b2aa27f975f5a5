"""The one door through which independent pieces of work (folds, candidates, rungs) are handed out.

`pipelines/` calls `submit(function, *args, name="fold 0")` and later `.result()`; who runs it (this
thread, a thread pool, a Prefect task, a Dask worker) is the caller's affair. Functions sent through it are
module-level, deterministic, single-threaded, and do not submit further work.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, TypeVar

Result = TypeVar("Result")
Piece = TypeVar("Piece", bound=Callable[..., object])
APART = "apart"  # the mark of pieces that may better be run in a process of their own
Result_co = TypeVar("Result_co", covariant=True)


def import_first(*modules: str) -> None:
    """Import modules before pieces that use them are handed to threads.

    Two threads that import different parts of one package at a time can deadlock, or see half of it.
    """
    for module in modules:
        import_module(module)


def apart_where(slow: Callable[..., bool]) -> Callable[[Piece], Piece]:
    """Mark a function as one that holds Python's lock for most of its time where `slow(*its arguments)` says so.

    Plain Python does, and calls on small arrays. In threads two of these pieces take nearly as long as one after the
    other. They should run for seconds, since a process that runs them has to import first. A runner may heed it.
    """

    def mark(piece: Piece) -> Piece:
        setattr(piece, APART, slow)
        return piece

    return mark


def apart(piece: Piece) -> Piece:
    """Mark a function as one that always does; see `apart_where`."""
    return apart_where(lambda *_: True)(piece)


class Pending(Protocol[Result_co]):
    """A piece of work handed out."""

    def result(self) -> Result_co:
        """Wait for the value; raise what the work raised."""


class Submit(Protocol):
    """Hand out `function(*args)`, whose arguments stay unchanged afterwards; `name` is what a person watching reads."""

    def __call__(self, function: Callable[..., Result], /, *args: object, name: str) -> Pending[Result]:
        """Return at once; the value comes from `.result()`."""


@dataclass(frozen=True)
class Done:
    """A value that is already there."""

    value: object

    def result(self) -> object:
        """Return the value."""
        return self.value


def run_now(function: Callable[..., Result], /, *args: object, name: str) -> Pending[Result]:  # noqa: ARG001
    """Run at once in this thread: the plain, unwatched way."""
    return Done(function(*args))  # type: ignore[return-value]


def side_by_side(works: Sequence[Callable[[], Result]], submit: Submit) -> list[Result]:
    """Return what several works give that each hand out pieces and wait for them, in the given order.

    Each waits in a thread of its own, so that the pieces of one fill the time in which another waits for its last; they
    are begun in the given order. Where pieces run at once, so do the works, one after the other. Raises what the first
    work raises that fails.
    """
    if submit is run_now or len(works) < 2:  # noqa: PLR2004 - one has nothing beside it
        return [work() for work in works]
    with ThreadPoolExecutor(len(works), thread_name_prefix="waiting") as threads:
        # The context says to Prefect which run a piece belongs to.
        begun = [threads.submit(copy_context().run, work) for work in works]
        return [one.result() for one in begun]
