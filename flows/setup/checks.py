"""What must be there before anything is made: git, and room on the disk."""

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from flows.setup.pins import EXTRAS
from flows.setup.stopped import Stopped
from flows.setup.tools import Failed, run

GB = 1_000_000_000
ROOM = 1.6 * GB  # packages, their byte code, the raw data, models and DVC's cache of the three projects
ROOM_OF_EXTRA = {"dev": 0.4 * GB, "cluster": 0.1 * GB, "site": 0.1 * GB, "audit": 0.1 * GB}


def check_extras(asked: Iterable[str]) -> None:
    """Raise Stopped where pyproject.toml has no extra of a name."""
    unknown = [name for name in asked if name not in EXTRAS]
    if unknown:
        raise Stopped(f"no extra is called {unknown[0]}; there are {', '.join(EXTRAS)}")


def check_git(root: Path) -> None:
    """Raise Stopped without git, or where `root` is in no repository of it: DVC needs both."""
    git = shutil.which("git")
    if git is None:
        raise Stopped("git is not on the PATH, and DVC needs it; install git, then run make again")
    try:
        run([git, "-C", root, "rev-parse", "--git-dir"])
    except Failed as failed:
        said = str(failed).strip().partition("\n")[0]
        raise Stopped(
            f"{root} is not in a git repository, and DVC needs one (git: {said}); clone it with git, or run git init"
        ) from failed


def check_room(folders: Iterable[Path], needed: float) -> None:
    """Raise Stopped where a folder, or the nearest one above that exists, has less than `needed` bytes free."""
    for folder in folders:
        there = next(path for path in (folder, *folder.parents) if path.exists())
        free = shutil.disk_usage(there).free
        if free < needed:
            raise Stopped(
                f"{free / GB:.1f} GB are free in {there}, and {needed / GB:.1f} GB are needed; "
                "make room, then run make again"
            )


def needed(extras: Iterable[str]) -> float:
    """Return the bytes that a new `.venv` with `extras` and the rebuild take."""
    return ROOM + sum(ROOM_OF_EXTRA[extra] for extra in extras)


def cache(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where uv keeps what it downloads, so that the next set-up need not."""
    given, shared = environment.get("UV_CACHE_DIR"), environment.get("XDG_CACHE_HOME")
    return Path(given) if given else (Path(shared) if shared else Path.home() / ".cache") / "uv"
