"""The clock, set back by a day in the midst of a build, and files whose times say so."""

import os
import random
from pathlib import Path

from scratch import Scratch
from trial import SAME, Trial, differences, last, recovered

CLOCK = Path(__file__).resolve().parent / "clock"
DAY = 86400


def set_clock_back(here: Scratch, step: str, draw: random.Random) -> Trial:
    """Let the clock of DVC and of the step jump back, give the written files such times, and files read future ones."""
    seconds = here.duration(step)
    here.restore(step)
    for path in (here.place / "reports").rglob("*"):
        _move(path, DAY)
    jumps = {"CLOCK_JUMPS_AFTER": str(draw.uniform(0, seconds)), "SEVENFOLD_WARM": "0"}
    ended = here.dvc("repro", PYTHONPATH=f"{here.place}:{CLOCK}", **jumps)
    stopped = [f"the build failed: {last(ended)}"] if ended.status else []
    for path in here.files_of(step):
        _move(path, -DAY)
    return recovered(here, SAME, [*stopped, *differences(here)])


def _move(path: Path, seconds: int) -> None:
    found = path.stat()
    os.utime(path, (found.st_atime + seconds, found.st_mtime + seconds))
