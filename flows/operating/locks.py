"""Whether another DVC works in this repository, and what a killed one left of its locks.

DVC writes into `rwlock` who reads and writes which files; a process that was killed stays in it until another DVC wants
the same files. Its other lock goes with its process.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

FOLDER = Path(".dvc", "tmp")
WHO, GUARD, WHOLE = FOLDER / "rwlock", FOLDER / "rwlock.lock", FOLDER / "lock"


def holders() -> list[int]:
    """Return the processes that hold one of DVC's locks and run."""
    found = {number for number in _named(_read()) if psutil.pid_exists(number)}
    return sorted(found) or ([0] if _taken(WHOLE) else [])


def clear() -> bool:
    """Remove what killed processes left; return whether no lock is held any more."""
    with _alone(GUARD) as alone:
        if alone and not any(map(psutil.pid_exists, _named(_read()))):
            WHO.unlink(missing_ok=True)
    return not holders()


def _read() -> Mapping[str, Any]:
    with suppress(OSError, ValueError):
        found = json.loads(WHO.read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    return {}


def _named(locks: Mapping[str, Any]) -> list[int]:
    """Return the process of each entry: one path has a writer or a list of readers. Of a damaged file, none."""
    with suppress(AttributeError, KeyError, TypeError, ValueError):
        entries = [entry for paths in locks.values() for entry in paths.values()]
        return [int(one["pid"]) for entry in entries for one in (entry if isinstance(entry, list) else [entry])]
    return []


def _taken(path: Path) -> bool:
    """Return whether a process holds a lock file."""
    with _alone(path) as alone:
        return not alone


@contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Hold a lock file, as DVC's own library does; give whether it could be held. One that is not there is free."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        yield True
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        held = True
    except OSError:
        held = False
    try:
        yield held
    finally:
        os.close(handle)
