"""Running handed-out pieces in threads of our own: the way without Prefect, and the fallback with it."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from types import TracebackType
from typing import Generic, TypeVar

from flows.running.helper_process import Helpers
from flows.running.memory import give_back
from pipelines.core.submit import Pending, Submit

Result = TypeVar("Result")


def workers() -> int:
    """Return how many pieces run at a time: one a core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Once(Generic[Result]):
    """A piece of work that runs once, when it is first asked for, and keeps its value or its exception."""

    def __init__(self, work: Callable[[], Result]) -> None:
        """Keep what is to be done."""
        self.outcome: Future[Result] = Future()
        self._work: Callable[[], Result] | None = work
        self._claim = threading.Lock()
        self._traceback: TracebackType | None = None

    def run(self) -> Result:
        """Work, or wait where another thread does; return the value or raise the exception as it was raised."""
        if self._claim.acquire(blocking=False) and self._work is not None:
            try:
                self.outcome.set_result(self._work())
            except BaseException as error:  # noqa: BLE001 - raised below, and in each thread that waits
                self._traceback = error.__traceback__
                self.outcome.set_exception(error)
            self._work = None  # the arguments may be large, and are not needed twice
            give_back()
        failure = self.outcome.exception()
        if failure is not None:
            raise failure.with_traceback(self._traceback)  # without the frames of those who passed it on
        return self.outcome.result()


def _returning(function: Callable[..., Result], *args: object) -> Result:
    """Run a piece and give back the memory that it freed."""
    try:
        return function(*args)
    finally:
        give_back()


@contextmanager
def pool() -> Iterator[Submit]:
    """Give a `submit` that runs pieces in threads, as many at a time as there are cores."""
    helpers = Helpers()
    with ThreadPoolExecutor(workers(), thread_name_prefix="piece") as threads:

        def submit(function: Callable[..., Result], /, *args: object, name: str) -> Pending[Result]:  # noqa: ARG001
            return threads.submit(_returning, helpers.placed(function), *args)

        try:
            yield submit
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)  # the rest is not needed any more
            raise
        finally:
            helpers.end()
