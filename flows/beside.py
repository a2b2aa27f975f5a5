"""A process beside this one, for the piece of work that first has to import a great deal.

Started early, it imports on the other core while this process reads the file.
"""

import functools
import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

from pipelines.submit import Pending, Submit

Result = TypeVar("Result")


@contextmanager
def beside(submit: Submit, warm: Callable[[], object]) -> Iterator[Submit]:
    """Give a `submit` whose pieces run in one process beside this one, which calls `warm` at once.

    Each piece still goes through the given `submit`, so that whoever watches sees it. If the process dies, pieces run
    here instead.
    """
    process = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    process.submit(_prepare, warm)

    def submit_beside(function: Callable[..., Result], /, *args: object, name: str) -> Pending[Result]:
        @functools.wraps(function)
        def piece(*args: object) -> Result:
            try:
                return process.submit(function, *args).result()
            except BrokenProcessPool:
                return function(*args)

        return submit(piece, *args, name=name)

    try:
        yield submit_beside
    finally:
        process.shutdown(wait=False, cancel_futures=True)  # its end takes a second, which nobody needs to wait for here


def _prepare(warm: Callable[[], object]) -> None:
    """Warm up; what is imported stays, so looking through it for garbage, then and at the end, would be in vain."""
    gc.disable()
    warm()
    gc.freeze()
    gc.enable()
