"""What each step and each model takes: measured on purpose, never by a rebuild: so rebuilds give the same bytes."""

import os
import subprocess
import sys
import time

from flows.repository.files import write_json
from flows.repository.layout import Layout
from flows.repository.projects import load_project
from flows.running.pool import workers
from flows.running.warm import SWITCH
from pipelines.core.errors import InputError
from pipelines.core.steps import SEVEN
from pipelines.facts.timings import StepTime, TimingsFacts

KIB_PER_MIB = 1 << 10


def timings(project: str) -> TimingsFacts:
    """Run the seven steps again, each in its own process, time both models, and write and return the times.

    Seconds are wall time from start to end of the process, with its imports and with watching; memory is the peak of
    the largest process of the step, in MiB. The steps write the files that they would write anyway. The warm process
    is left out: the memory of a step that shares it cannot be measured, and its imports differ from a rebuild's.
    For `models` see `flows/measuring/model_times.py`.
    """
    load_project(project)
    rows: list[StepTime] = []
    for step in SEVEN:
        sys.stderr.write(f"{project} / {step} ... ")
        seconds, peak = measure([sys.executable, "-m", "flows.cli", "run", step, project], f"{step} {project}")
        sys.stderr.write(f"{seconds:.1f} s, {peak} MiB\n")
        rows.append({"step": step, "seconds": seconds, "peak_mib": peak})
    sys.stderr.write(f"{project} / models ... ")
    # Only here, and in this process: it would count as the least memory of every step started after it.
    from flows.measuring.model_times import time_models

    models = time_models(project)
    sys.stderr.write(f"{models['strong']['fit_seconds']:.1f} s to fit the strong model\n")
    facts: TimingsFacts = {
        "project": project,
        "cores": workers(),
        "steps": rows,
        "models": models,
        "total_seconds": round(sum(row["seconds"] for row in rows), 1),
        "peak_mib": max(row["peak_mib"] for row in rows),
    }
    write_json(Layout(project).facts("timings"), facts)
    return facts


def measure(command: list[str], what: str) -> tuple[float, int]:
    """Return the seconds (to a tenth) and the peak memory (MiB) that a command takes; raise InputError if it fails.

    Linux counts a new process as at least as large as the one that started it, so this one should be small.
    """
    started = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, SWITCH: "0"})  # noqa: S603
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise InputError(f"`{what}` failed", where="sevenfold timings", todo="run `dvc repro` first, and fix it there")
    peak = usage.ru_maxrss if sys.platform != "darwin" else usage.ru_maxrss // KIB_PER_MIB  # there it is in bytes
    return round(seconds, 1), peak // KIB_PER_MIB
