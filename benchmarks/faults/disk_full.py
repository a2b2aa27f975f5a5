"""A disk without room for all that a step writes, and folders that cannot be written."""

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scratch import Scratch
from started import Ended
from trial import Trial, judged

SIZE = "256m"  # of the disk that holds the scratch repository
PAGE = 4096


def fill_disk(here: Scratch, step: str, draw: random.Random) -> Trial:
    """Leave room for a random part of what the step writes, from nothing at all on."""
    here.restore(step)
    sizes = [path.stat().st_size for path in here.files_of(step)]
    room = draw.randrange(0, sum(-(-size // PAGE) for size in sizes) + len(sizes)) * PAGE
    return judged(here, _with_room(here, room))


def forbid_writing(here: Scratch, step: str, _draw: random.Random) -> Trial:
    """Have the folder read-only that the step writes to last: `data` for fetch, `reports` for the others."""
    here.restore(step)
    with read_only(here.place / here.outs(step)[-1].parts[0]):
        ended = here.dvc("repro")
    return judged(here, ended)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody write below a folder."""
    mount("--bind", str(folder), str(folder))
    try:
        mount("--options", "remount,bind,ro", str(folder))
        yield
    finally:
        subprocess.run(["/usr/bin/env", "umount", str(folder)], check=True)


def small_disk(folder: Path) -> bool:
    """Put a small disk of its own behind a folder; return whether that is allowed."""
    try:
        mount("--types", "tmpfs", "--options", f"size={SIZE}", "tmpfs", str(folder))
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def mount(*arguments: str) -> None:
    """Mount, in the namespace of this process."""
    subprocess.run(["/usr/bin/env", "mount", *arguments], check=True, stderr=subprocess.DEVNULL)


def _with_room(here: Scratch, room: int) -> Ended:
    """Run DVC with `room` bytes left, or, where no small disk is, with no file allowed to be larger than that."""
    if not here.disk:
        return here.start(["prlimit", f"--fsize={room}", *here.dvc_command("repro")]).end()
    ballast = here.folder / "ballast"
    with ballast.open("wb") as file:
        state = os.statvfs(here.folder)
        os.posix_fallocate(file.fileno(), 0, max(state.f_bavail * state.f_frsize - room, 1))
    try:
        return here.dvc("repro")
    finally:
        ballast.unlink()
