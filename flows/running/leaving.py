"""Ending a process without taking apart all that it holds, which takes a third of a second once much was imported."""

import atexit
import os
import sys

_status: list[int] = []


def leave_at_once() -> None:
    """Let this process, and children that it forks, end like that where `leaving` has said with which status.

    To be called before anything is registered with `atexit`: what is registered first is done last, after the end of
    all threads and after everything else that others have registered.
    """
    atexit.register(_leave)


def leaving(status: int) -> int:
    """Say with which exit status this process will end; return it."""
    _status[:] = [status]
    return status


def _leave() -> None:
    """End the process; where its last words cannot be written, Python ends it and complains as it always does."""
    if not _status:
        return
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except (OSError, ValueError, AttributeError):  # a broken pipe, a closed stream, or none
        return
    os._exit(_status[0])
