"""Disturb every step of a small project in every way, and see that the next `dvc repro` sets it right: `make faults`.

The repository is a scratch one on a small disk of its own, in a namespace where mounting is allowed; where that cannot
be had, faults that need it are left out or made otherwise, and the table says so. `--quick` does what the tests do.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from fault_page import Row, table, write_page
from known import FAULTS, Fault
from output_damaged import READER
from scratch import Scratch
from trial import Trial
from undisturbed import ROOT, undisturbed

from flows.repository.names import STEPS

PAGE = ROOT / "docs" / "faults.md"
NAMESPACE = "SEVENFOLD_FAULTS_NAMESPACE"
UNSHARE = ["unshare", "--map-root-user", "--mount"]


def main() -> int:
    """Run what is asked for; return 1 if any trial went wrong."""
    asked = _arguments()
    _enter_namespace()
    pairs = [(fault, step) for fault in FAULTS for step in STEPS if _wanted(fault, step, asked)]
    needed = tuple(STEPS)[: max(list(STEPS).index(READER.get(step, step)) for _, step in pairs) + 1]
    with undisturbed(needed, watched=not asked.quick) as here:
        rows = [_row(here, fault, step, asked) for fault, step in pairs]
    sys.stdout.write(table(rows))
    if not (asked.quick or asked.faults or asked.steps):
        write_page(rows, PAGE)
    return int(any(row.troubles for row in rows))


def _row(here: Scratch, fault: Fault, step: str, asked: argparse.Namespace) -> Row:
    """Try a fault on a step as often as asked, each time with draws of its own."""
    if fault.needs_mounts and not here.disk:
        return Row(fault, step, 0, "not tried: mounting is not allowed", [])
    times = 1 if asked.quick else min(asked.times, fault.times)
    started, trials = time.monotonic(), []
    for number in range(times):
        draw = random.Random(f"{asked.seed} {fault.name} {step} {number}")  # noqa: S311 - chances, not secrets
        trials.append(_tried(here, fault, step, draw))
    troubles = [trouble for trial in trials for trouble in trial.troubles]
    outcome = "; ".join(f"{count} times {words}" for words, count in Counter(t.outcome for t in trials).items())
    words = trials[0].outcome if len({trial.outcome for trial in trials}) == 1 else outcome
    sys.stderr.write(f"{fault.name}, {step}, {times} times, {time.monotonic() - started:.0f} s: {words}\n")
    for trouble in troubles:
        sys.stderr.write(f"  WRONG: {trouble}\n")
    return Row(fault, step, times, words, troubles)


def _tried(here: Scratch, fault: Fault, step: str, draw: random.Random) -> Trial:
    """Return what came of a fault; an error of its own making is trouble as well."""
    try:
        return fault.inject(here, step, draw)
    except (OSError, ValueError, RuntimeError, subprocess.SubprocessError) as error:
        return Trial("the trial broke", [f"{type(error).__name__}: {error}"])


def _wanted(fault: Fault, step: str, asked: argparse.Namespace) -> bool:
    """Return whether a fault of a step is asked for, and can befall it."""
    possible = (fault.quick if asked.quick else fault.steps) or (() if asked.quick else tuple(STEPS))
    named = not asked.faults or any(part in fault.name for part in asked.faults)
    return step in possible and named and (not asked.steps or step in asked.steps)


def _enter_namespace() -> None:
    """Go on in a namespace of our own, where one may mount; without it if there is none."""
    if NAMESPACE in os.environ or shutil.which("unshare") is None:
        return
    if subprocess.run([*UNSHARE, "true"], check=False, stderr=subprocess.DEVNULL).returncode == 0:
        os.environ[NAMESPACE] = "1"
        os.execvp(UNSHARE[0], [*UNSHARE, sys.executable, str(Path(__file__).resolve()), *sys.argv[1:]])  # noqa: S606


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few faults of a few steps, each once")
    parser.add_argument("--steps", nargs="+", choices=tuple(STEPS), help="these steps only")
    parser.add_argument("--faults", nargs="+", help="faults with one of these in their names only")
    parser.add_argument("--times", type=int, default=20, help="at most so often for each step (20)")
    parser.add_argument("--seed", type=int, default=1, help="another one: other moments, bytes and limits")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
