"""A helper process, for the piece of work that first has to import a great deal.

Started early, it imports on the other core while this process reads the file. It is killed rather than ended: tidying
up after a large import takes a second for nothing.
"""

import functools
import gc
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar

from pipelines.core.submit import Pending, Submit

Result = TypeVar("Result")


@contextmanager
def helper_process(submit: Submit, warm: Callable[[], object], package: str) -> Iterator[Submit]:
    """Give a `submit` whose pieces run, one after the other, in a process beside this one, which calls `warm` at once.

    Each piece still goes through the given `submit`, so that it is watched as any other. If the process dies, or if
    `package`, the slow import, is here already, pieces run here instead.
    """
    if package in sys.modules:
        yield submit
        return
    context = get_context("spawn")  # a fork would inherit whatever locks other threads hold
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, warm), daemon=True)
    process.start()
    there.close()  # so that its end is noticed
    turn = threading.Lock()

    def submit_there(function: Callable[..., Result], /, *args: object, name: str) -> Pending[Result]:
        @functools.wraps(function)
        def piece(*args: object) -> Result:
            with turn:
                try:
                    here.send((function, args))
                    value, error = here.recv()
                except (EOFError, OSError):
                    return function(*args)
            if error is not None:
                raise error
            return value

        return submit(piece, *args, name=name)

    try:
        yield submit_there
    finally:
        process.kill()
        process.join()
        here.close()


def _serve(connection: Connection, warm: Callable[[], object]) -> None:
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
