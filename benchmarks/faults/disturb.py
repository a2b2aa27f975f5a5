"""Disturb every step of a small project in every way, and see that the next `dvc repro` sets it right: `make faults`.

Each repository is a scratch one on a small disk of its own, in a namespace where mounting is allowed; where that cannot
be had, faults that need it are left out or made otherwise, and the table says so. Two repositories are disturbed side
by side, each in its part of the steps. Finished trials are kept in `work/`: a run that was interrupted goes on, and one
that is done only prints its table. Each trial draws from a seed of its own, so a part of the trials (`--steps`,
`--faults`, `--number`) has the same moments as in the whole. `--quick` does what the tests do, and keeps nothing.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
from fault_page import Row, table, write_page
from known import FAULTS, Fault
from output_damaged import READER
from records import Record, add_record, draws, forget_records, load_records
from scratch import Scratch
from small_project import KINDS
from trial import NOT_TRIED, Trial
from undisturbed import BUILT, ROOT, code_digest, undisturbed

from flows.repository.names import EVERY

PAGE = ROOT / "docs" / "faults.md"
WORK = ROOT / "benchmarks" / "faults" / "work"
TRIALS = WORK / "trials.jsonl"
NAMESPACE = "SEVENFOLD_FAULTS_NAMESPACE"
UNSHARE = ["unshare", "--map-root-user", "--mount"]
USUAL = "orders"
SIDE_BY_SIDE = 2  # repositories, one for each of two cores
MOST_REPAIRS = 3  # of one state that a fault leaves
Asked = argparse.Namespace


def main() -> int:
    """Run what is asked for; return 1 if any trial went wrong."""
    asked = _arguments()
    _enter_namespace()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # it tidies up, and goes on another time
    code = code_digest(asked.of)
    if asked.quick:
        records = _quick(asked, code)
    else:
        known = load_records(TRIALS, code, asked.seed)
        wanted = {draws(asked.seed, fault.name, step, number) for fault, step, number in _trials(asked)}
        if asked.part is not None:
            _disturb(asked, code)
            return 0
        if asked.again:
            forget_records(TRIALS, wanted)
        if asked.again or not wanted <= set(known):
            _side_by_side(asked, code)
        records = load_records(TRIALS, code, asked.seed)
    rows = _rows(asked, records)
    sys.stdout.write(table(rows))
    for row in rows:
        for trouble in row.troubles:
            sys.stdout.write(f"WRONG: {row.fault.name}, {row.step}: {trouble}\n")
    if asked.of == USUAL and not (
        asked.quick or asked.faults or asked.steps or asked.number is not None or asked.times
    ):
        write_page(rows, asked.seed, PAGE)
    return int(any(row.troubles for row in rows))


def _quick(asked: Asked, code: str) -> dict[str, Record]:
    """Return the few trials of the tests, made without a server."""
    trials = _trials(asked)
    last = max(EVERY.index(READER.get(step, step)) for _, step, _ in trials)
    with undisturbed(EVERY[: last + 1], warm=False, kind=asked.of) as here:
        records = [_record(here, code, asked.seed, *trial) for trial in trials]
    return {record.draws: record for record in records}


def _side_by_side(asked: Asked, code: str) -> None:
    """Build once, then disturb each part of the steps in a repository and a process of its own."""
    kept = _kept(code)
    if not kept.exists():
        with undisturbed(EVERY, warm=True, kept=kept, kind=asked.of):
            sys.stderr.write("built\n")
    command = [sys.executable, str(Path(__file__).resolve()), *(word for word in sys.argv[1:] if word != "--again")]
    started = [subprocess.Popen([*command, "--part", str(part)]) for part in range(asked.beside)]
    try:
        for process in started:
            process.wait()
    finally:
        for process in started:
            process.terminate()
            process.wait()


def _disturb(asked: Asked, code: str) -> None:
    """Make the trials of a part that are not made yet."""
    known = load_records(TRIALS, code, asked.seed)
    trials = [trial for trial in _trials(asked) if draws(asked.seed, trial[0].name, *trial[1:]) not in known]
    with undisturbed(EVERY, warm=True, kept=_kept(code), kind=asked.of) as here:
        here.most_repairs = asked.repairs
        for fault, step, number in trials:
            if here.watched != fault.watched:
                here.watch(fault.watched)
            add_record(TRIALS, _record(here, code, asked.seed, fault, step, number))


def _kept(code: str) -> Path:
    return WORK / f"{BUILT}{code}"


def _record(here: Scratch, code: str, seed: int, fault: Fault, step: str, number: int) -> Record:
    """Try a fault on a step and tell what came of it; an error of the trial's own is trouble as well."""
    seeded, started = draws(seed, fault.name, step, number), time.monotonic()
    lacking = fault.lacks(here)
    try:
        draw = random.Random(seeded)  # noqa: S311 - chances, not secrets
        trial = Trial(f"{NOT_TRIED}: {lacking}", [], repaired=False) if lacking else fault.inject(here, step, draw)
    except (OSError, ValueError, RuntimeError, psutil.Error, subprocess.SubprocessError) as error:
        trial = Trial("the trial broke", [f"{type(error).__name__}: {error}"])
    seconds = round(time.monotonic() - started, 1)
    sys.stderr.write(f"{seeded}: {trial.outcome}, {seconds} s{'' if trial.repaired else ', a known state'}\n")
    for trouble in trial.troubles:
        sys.stderr.write(f"  WRONG: {trouble}\n")
    if trial.troubles:
        here.start_afresh()
    return Record(code, seed, fault.name, step, number, trial.outcome, trial.troubles, trial.repaired, seconds)


def _trials(asked: Asked) -> list[tuple[Fault, str, int]]:
    """Return what is asked for: every fault of every step once, then what is tried most often, then the rest."""
    steps = EVERY if asked.part is None else EVERY[asked.part :: asked.beside]
    found = [
        (fault, step, number)
        for fault in FAULTS
        for step in steps
        for number in range(1 if asked.quick else min(fault.times, asked.times or fault.times))
        if _wanted(fault, step, number, asked)
    ]
    rank = {fault.name: place for place, fault in enumerate(FAULTS)}
    most = max(fault.times for fault in FAULTS)
    return sorted(found, key=lambda t: (t[2] > 0 and (1 if t[0].times == most else 2), t[2], rank[t[0].name]))


def _wanted(fault: Fault, step: str, number: int, asked: Asked) -> bool:
    """Return whether a trial is asked for, and can be."""
    possible = (fault.quick if asked.quick else fault.steps) or (() if asked.quick else EVERY)
    named = not asked.faults or any(part in fault.name for part in asked.faults)
    numbered = asked.number is None or asked.number == number
    return step in possible and named and numbered and (not asked.steps or step in asked.steps)


def _rows(asked: Asked, records: dict[str, Record]) -> list[Row]:
    """Return what is known of each fault of each step that was asked for."""
    found: dict[tuple[str, str], Row] = {}
    for fault, step, number in _trials(asked):
        row = found.setdefault((fault.name, step), Row(fault, step, []))
        if record := records.get(draws(asked.seed, fault.name, step, number)):
            row.trials.append(record)
    return list(found.values())


def _enter_namespace() -> None:
    """Go on in a namespace of our own, where one may mount; without it if there is none."""
    if NAMESPACE in os.environ or shutil.which("unshare") is None:
        return
    if subprocess.run([*UNSHARE, "true"], check=False, stderr=subprocess.DEVNULL).returncode == 0:
        os.environ[NAMESPACE] = "1"
        os.execvp(UNSHARE[0], [*UNSHARE, sys.executable, str(Path(__file__).resolve()), *sys.argv[1:]])  # noqa: S606


def _arguments() -> Asked:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few faults of a few steps, each once")
    parser.add_argument("--of", choices=tuple(KINDS), default=USUAL, help="the small project that is disturbed")
    parser.add_argument("--steps", nargs="+", choices=EVERY, help="these steps only")
    parser.add_argument("--faults", nargs="+", help="faults with one of these in their names only")
    parser.add_argument("--times", type=int, help="at most so often for each step")
    parser.add_argument("--number", type=int, help="that trial of each step only, counted from 0")
    parser.add_argument("--seed", type=int, default=1, help="another one: other moments, bytes and limits")
    parser.add_argument("--again", action="store_true", help="make the trials anew that were made before")
    parser.add_argument("--repairs", type=int, default=MOST_REPAIRS, help="of one state; 0: of each, however often")
    parser.add_argument("--beside", type=int, default=SIDE_BY_SIDE, help="so many repositories side by side (2)")
    parser.add_argument("--part", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
