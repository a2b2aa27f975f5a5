"""Our own code in the warm process: imported ahead for its children, as long as no file of it changes.

A file counts as unchanged while its time and size are, which is how Python itself trusts byte code.
"""

import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.machinery import PathFinder
from pathlib import Path

from flows.dvc.closure import PACKAGES

RUNNING = ("flows.cli", "flows.commands.run", "flows.running.scheduler", "flows.watching.watch")  # what runs any step
Files = dict[str, tuple[int, int]]


class Ours:
    """Which files the modules of ours that are imported here were read from."""

    def __init__(self) -> None:
        """Know none: what is imported already may be older than its file."""
        self._files: Files = {}
        self._steps: set[str] = set()

    def import_ahead(self, step: str) -> None:
        """Import what runs a step and the step itself; what cannot be imported is the step's affair."""
        files = _files(sys.path)
        if files != self._files:
            forget()
            self._files, self._steps = files, set()
        if step not in self._steps:
            self._steps.add(step)
            for name in (*RUNNING, f"flows.steps.{step}"):
                with suppress(Exception):
                    importlib.import_module(name)

    def are_current(self, path: Sequence[str]) -> bool:
        """Return whether a process with that module path would import the same files, and they are as they were."""
        return _files(path) == self._files


def forget() -> None:
    """Let each module of ours be imported from its file when it is asked for again."""
    for name in [name for name in sys.modules if name.split(".")[0] in PACKAGES]:
        del sys.modules[name]


def _files(path: Sequence[str]) -> Files:
    """Return the time and size of each file of our packages, where a module path leads to them."""
    found: Files = {}
    for package in PACKAGES:
        spec = PathFinder.find_spec(package, path)
        for place in (spec and spec.submodule_search_locations) or ():
            for folder, inner, names in os.walk(place):
                inner[:] = [name for name in inner if name != "__pycache__"]
                for path_of in (Path(folder, name) for name in names if name.endswith(".py")):
                    with suppress(OSError):  # one that goes at this moment is not there
                        file = path_of.stat()
                        found[str(path_of)] = file.st_mtime_ns, file.st_size
    return found
