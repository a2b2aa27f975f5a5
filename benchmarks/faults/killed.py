"""Kills: of a step, of DVC, of both, at random moments and just before a file moves to its place."""

import os
import random
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from scratch import Scratch
from started import eventually, no_step_runs, steps_of
from trial import SAME, Trial, judged, recovered, whole

AT_WRITE = Path(__file__).resolve().parent / "at_write.py"


def kill_step(here: Scratch, step: str, draw: random.Random) -> Trial:
    """Kill a step's command and all that it started."""
    seconds = here.duration(step)
    here.restore(step)
    running = here.start(here.step_command(step))
    time.sleep(draw.uniform(0, seconds))
    running.kill()
    running.end()
    eventually(lambda: no_step_runs(here.place))
    return recovered(here, SAME, whole(here))


def kill_dvc(here: Scratch, step: str, draw: random.Random) -> Trial:
    """Kill DVC and the step at once, or DVC alone, so that the step goes on while the next build begins."""
    seconds = here.duration(step)
    here.restore(step)
    running = here.start(here.dvc_command("repro"))
    running.says("Running stage")
    time.sleep(draw.uniform(0, seconds))
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
    seconds = here.duration(step)
    here.restore(step)
    running = here.start(here.step_command(step))
    time.sleep(draw.uniform(0, seconds))
    with suppress(ProcessLookupError, ValueError):
        os.kill(max(steps_of(here.place), key=lambda process: process.memory_info().rss).pid, signal.SIGKILL)
    ended = running.end()
    eventually(lambda: no_step_runs(here.place))
    if ended.status <= 0:  # it was quicker, or its command itself was the largest
        return recovered(here, SAME, whole(here))
    return judged(here, ended)
