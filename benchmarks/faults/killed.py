"""Kills: of a step, of DVC, of both, at random moments and just before a file moves to its place."""

import os
import random
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from scratch import Scratch
from started import Started, eventually, no_step_runs, steps_of
from trial import SAME, Trial, judged, recovered, whole

AT_WRITE = Path(__file__).resolve().parent / "at_write.py"
TRIES = 6  # at a moment before the end: on an idle machine a step is quicker than it was when it was measured
COMMIT = 1.3  # of the step's length: DVC records what it wrote


def kill_step(here: Scratch, step: str, draw: random.Random) -> Trial:
    """Kill a step's command and all that it started."""
    running = running_at(here, step, draw.random(), here.step_command(step))
    with suppress(ProcessLookupError):
        running.kill()
    running.end()
    eventually(lambda: no_step_runs(here.place))
    return recovered(here, SAME, whole(here), known=True)


def kill_dvc(here: Scratch, step: str, draw: random.Random) -> Trial:
    """Kill DVC and the step at once, or DVC alone, so that the step goes on while the next build begins."""
    seconds = here.duration(step)
    here.restore(step)
    running = here.start(here.dvc_command("repro"))
    running.says("Running stage")
    running.lasts(draw.uniform(0, COMMIT * seconds))
    with suppress(ProcessLookupError):
        if draw.random() < 1 / 2:
            running.kill()
        else:
            running.process.kill()
    running.end()
    return recovered(here, SAME, whole(here))


def kill_at_write(here: Scratch, step: str, draw: random.Random) -> Trial:
    """Kill a step when one of its files is written and has not moved to its place."""
    here.restore(step)
    number = str(draw.randint(1, len(here.files_of(step))))
    here.start([sys.executable, str(AT_WRITE), number, *here.step_command(step)[1:]], SEVENFOLD_WARM="0").end()
    return recovered(here, SAME, whole(here))


def kill_worker(here: Scratch, step: str, draw: random.Random) -> Trial:
    """Kill a step's largest process, as Linux does when memory has run out; its command must tell."""
    running = running_at(here, step, draw.random(), here.step_command(step))
    with suppress(ProcessLookupError, ValueError):
        os.kill(max(steps_of(here.place), key=lambda process: process.memory_info().rss).pid, signal.SIGKILL)
    ended = running.end()
    eventually(lambda: no_step_runs(here.place))
    if ended.status <= 0:  # it was quicker, or its command itself was the largest
        return recovered(here, SAME, whole(here), known=True)
    return judged(here, ended, known=True)


def running_at(here: Scratch, step: str, share: float, command: Sequence[str]) -> Started:
    """Return the step's command, running, when a share of the time that the step takes has passed.

    Whenever it ended before, that is how long it takes, and it starts again; raises RuntimeError if it always does.
    """
    for _ in range(TRIES):
        seconds = here.duration(step)
        here.restore(step)
        started = time.monotonic()
        running = here.start(command)
        if running.lasts(share * seconds):
            return running
        here.seconds[step] = min(seconds, time.monotonic() - started)
        running.end()
    raise RuntimeError(f"{step} ended {TRIES} times before {share:.3f} of its time had passed")
