"""The Prefect server, killed in the midst of a step; its database, locked by another process and overwritten."""

import json
import os
import random
import signal
import sqlite3
import time

from scratch import Scratch
from started import Ended
from trial import SAME, Trial, differences, last, recovered

DATABASE = ".prefect/prefect.db"
BLOCKS = 40  # of 1 KiB, overwritten at the file's begin


def kill_server(here: Scratch, step: str, draw: random.Random) -> Trial:
    """Kill the server at a random moment of the step; the step must end well nevertheless."""
    seconds = here.duration(step)
    here.restore(step)
    here.ui()
    running = here.start(here.dvc_command("repro"))
    running.says("Running stage")
    time.sleep(draw.uniform(0, seconds))
    os.kill(json.loads((here.place / ".prefect/server.json").read_text(encoding="utf-8"))["pid"], signal.SIGKILL)
    return _unhurt(here, running.end())


def lock_database(here: Scratch, step: str, _draw: random.Random) -> Trial:
    """Hold the database in a transaction while the step runs."""
    here.restore(step)
    here.ui()
    other = sqlite3.connect(here.place / DATABASE, isolation_level=None, timeout=60)
    try:
        other.execute("BEGIN EXCLUSIVE")
        ended = here.dvc("repro")
    finally:
        other.close()
    return _unhurt(here, ended)


def damage_database(here: Scratch, step: str, draw: random.Random) -> Trial:
    """Overwrite the database under the server, let the step run, then do what its message says."""
    here.restore(step)
    here.ui()
    with (here.place / DATABASE).open("r+b") as file:
        file.write(draw.randbytes(BLOCKS << 10))
    ended = here.dvc("repro")
    here.stop()
    for path in here.place.glob(f"{DATABASE}*"):
        path.unlink()
    return _unhurt(here, ended)


def _unhurt(here: Scratch, ended: Ended) -> Trial:
    """Return what is wrong with a build that lost its watcher: it must have ended well, at once."""
    stopped = [f"the build failed: {last(ended)}"] if ended.status else []
    return recovered(here, SAME, [*stopped, *differences(here)])
