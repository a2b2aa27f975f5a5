"""Measure what a step takes beside its work: Python, imports, Prefect.

`make performance` calls it in a clone that is built. A step's start-up is the wall time of `sevenfold run STEP PROJECT`
less the time of the same work in a process where everything is imported and nobody watches.
"""

import importlib
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

STEPS = ("define", "metric", "eda", "baseline", "compare", "pictures", "report")  # short ones: less noise in the rest
REPEATS = 5


def startup(place: Path, project: str) -> dict[str, float]:
    """Return each step's start-up in seconds: the median of REPEATS, after a first run that nobody counts."""
    found = {}
    for step in STEPS:
        sys.stderr.write(f"start-up of {step} ...\n")
        whole = [_run([str(place / ".venv/bin/sevenfold"), "run", step, project], place) for _ in range(1 + REPEATS)]
        command = [str(place / ".venv/bin/python"), __file__, step, project]
        told = subprocess.run(command, cwd=place, stdout=subprocess.PIPE, text=True, check=True).stdout
        work = json.loads(told.splitlines()[-1])
        found[step] = statistics.median(whole[1:]) - statistics.median(work[1:])
    return found


def _run(command: list[str], place: Path) -> float:
    """Return the seconds that a command takes; raise CalledProcessError if it fails."""
    started = time.perf_counter()
    subprocess.run(command, cwd=place, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def work(step: str, project: str) -> list[float]:
    """Return the seconds of the step's work, one run after the other in this process."""
    from flows.running.environment import prepare
    from flows.running.pool import pool

    prepare(Path.cwd())
    if step == "define":
        importlib.import_module("great_expectations")  # a fresh process beside would import it each time
    run = importlib.import_module(f"flows.steps.{step}").run
    seconds = []
    for _ in range(1 + REPEATS):
        started = time.perf_counter()
        with pool() as submit:
            run(project, submit)
        seconds.append(time.perf_counter() - started)
    return seconds


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    sys.stdout.write(f"{json.dumps(work(*sys.argv[1:]))}\n")
