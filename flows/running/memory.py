"""Memory that was freed, given back to the system.

glibc keeps what threads have freed for what they will ask for, in an arena of each thread's own. Between the pieces of
a large table that is a third of what the process holds.
"""

import ctypes
import resource
from collections.abc import Callable
from functools import cache
from pathlib import Path

LARGE = 768 << 20  # bytes that a process holds before it gives any back: on small tables it costs more than it is worth
HELD = Path("/proc/self/statm")  # sizes in pages, the second that of what is held


def give_back() -> None:
    """Give back what was freed, if this process holds much; nothing where the system has no such call."""
    trim = _trim()
    if trim is not None and held() > LARGE:
        trim(0)


def held() -> int:
    """Return the bytes that this process holds, 0 where the system does not say it."""
    return int(HELD.read_text(encoding="ascii").split()[1]) * resource.getpagesize() if HELD.exists() else 0


@cache
def _trim() -> Callable[[int], int] | None:
    """Return glibc's `malloc_trim`, if this is glibc, and Linux."""
    found: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return found if HELD.exists() else None
