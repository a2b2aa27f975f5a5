"""Helper processes, for pieces of work that first have to import a great deal, or that hold Python's lock all the time.

They are killed rather than ended: tidying up after a large import takes a second for nothing.
"""

import functools
import gc
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeVar

from flows.running.memory import held
from pipelines.core.submit import APART, Pending, Submit

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Result = TypeVar("Result")
MUCH = 3 << 29  # bytes that this process holds, above which it has no helpers: each holds a quarter of a gigabyte


class HelperGoneError(Exception):
    """The process has died, or could not be started: the piece was not run."""


class Helper:
    """A process beside this one, which calls `warm` at once and then runs pieces, one after the other."""

    def __init__(self, warm: Callable[[], object]) -> None:
        """Start it."""
        context = get_context("spawn")  # a fork would inherit whatever locks other threads hold
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there, warm), daemon=True)
        self._process.start()
        there.close()  # so that its end is noticed
        self._turn = threading.Lock()

    def run(self, function: Callable[..., Result], *args: object) -> Result:
        """Run a piece there; return its value or raise what it raises, or HelperGoneError."""
        with self._turn:
            try:
                self._here.send((function, args))
                value, error = self._here.recv()
            except (EOFError, OSError) as error:
                raise HelperGoneError from error
        if error is not None:
            raise error
        result: Result = value
        return result

    def end(self) -> None:
        """Kill the process, whatever it does."""
        self._process.kill()
        self._process.join()
        self._here.close()


@contextmanager
def helper_process(submit: Submit, warm: Callable[[], object], package: str) -> Iterator[Submit]:
    """Give a `submit` whose pieces run, one after the other, in a process beside this one, which calls `warm` at once.

    Started early, it imports on the other core while this process reads the file. Each piece still goes through the
    given `submit`, so that it is watched as any other. If the process dies, or if `package`, the slow import, is here
    already, pieces run here instead.
    """
    if package in sys.modules:
        yield submit
        return
    helper = Helper(warm)

    def submit_there(function: Callable[..., Result], /, *args: object, name: str) -> Pending[Result]:
        @functools.wraps(function)
        def piece(*args: object) -> Result:
            try:
                return helper.run(function, *args)
            except HelperGoneError:
                return function(*args)

        return submit(piece, *args, name=name)

    try:
        yield submit_there
    finally:
        helper.end()


class Helpers:
    """The processes that run marked pieces: no more than run at a time, started when they are needed.

    Where the step holds MUCH memory, it runs all pieces itself.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._lock, self._all, self._idle = threading.Lock(), list[Helper](), list[Helper]()
        self._ended = False

    def placed(self, function: Callable[..., Result]) -> Callable[..., Result]:
        """Return what runs a piece where it is to be run: in a process if its mark says so, else here."""
        return functools.partial(self._run if hasattr(function, APART) else self._here, function)

    def _here(self, function: Callable[..., Result], *args: object) -> Result:
        if self._idle and held() > MUCH:
            self._end_idle()
        return function(*args)

    def _run(self, function: Callable[..., Result], *args: object) -> Result:
        if held() > MUCH or not getattr(function, APART)(*args):
            return self._here(function, *args)
        helper: Helper | None = (one := self._one())
        try:
            return one.run(function, *args)
        except HelperGoneError:
            helper = None
            if self._ended:  # no one waits for the piece any longer
                raise
        finally:
            if helper is not None:
                with self._lock:
                    self._idle.append(helper)
        return function(*args)

    def _one(self) -> Helper:
        with self._lock:
            if self._ended:
                raise HelperGoneError
            if not self._idle:
                self._all.append(Helper(_nothing))
                return self._all[-1]
            return self._idle.pop()

    def _end_idle(self) -> None:
        with self._lock:
            for helper in self._idle:
                helper.end()
                self._all.remove(helper)
            self._idle.clear()

    def end(self) -> None:
        """Kill them all; pieces that they run are lost, and none is begun any more."""
        with self._lock:
            self._ended = True
            for helper in self._all:
                helper.end()


def _nothing() -> None:
    """Warm up with what the first piece imports."""


def _serve(connection: "Connection", warm: Callable[[], object]) -> None:
    """Warm up, then run what comes until nothing more can come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    gc.disable()  # what is imported stays, so there is no garbage in it
    try:
        warm()
    except Exception:  # noqa: BLE001 - the pieces run in the parent, which raises what is wrong
        return
    gc.freeze()
    gc.enable()
    while True:
        try:
            function, args = connection.recv()
        except EOFError:
            return
        try:
            connection.send((function(*args), None))
        except Exception as error:  # noqa: BLE001 - raised where the value is waited for
            connection.send((None, error))
