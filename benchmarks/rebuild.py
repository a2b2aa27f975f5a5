"""Measure a rebuild as a user meets it, in a fresh clone, and print the tables of docs/performance.md.

Run it with `make performance`. It clones this repository's HEAD into a temporary folder, borrows .venv and the
raw files (so it measures from a fetched state), starts its own Prefect server, and times whole commands from outside.
The own table is real: 7,000 of the rows that project house_prices fetches, drawn by a fixed seed, with its 20 columns
but the id; the commands are those of the README. Peak memory is that of DVC, its steps and the warm process together,
sampled, pages that they share counted once; the server is extra. What each stage took goes into flows/dvc/seconds.json,
from which a fresh clone knows how long its first rebuild takes.
"""

import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import psutil
from startup import startup

ROOT = Path(__file__).resolve().parent.parent
RAW = Path("data", "raw")
TEMPLATES = Path("pipelines", "report", "templates")
TOOK = Path(".dvc", "tmp", "seconds.json")  # in a clone: what each of its stages took, as DVC's command notes it
KNOWN = ROOT / "flows" / "dvc" / "seconds.json"
READABLE = re.compile(r"^reports/loan_default/README.md can be read, (\d+) s after the start$", re.MULTILINE)
OWN_ROWS, OWN_TABLE, OWN_TARGET = 7_000, RAW / "house_prices.parquet", "price"
OWN_BARS = {"standard": 75, "quick": 30}
SAMPLE_SECONDS = 0.5  # often enough for steps of several seconds; a look costs milliseconds
REPEATS = 3  # of what takes seconds; the median is quoted
GIB = 2**30
ELSEWHERE = """
Two bars are measured by commands of their own: step 5 against AutoGluon, at most 0.8 of its time on every table, by
`make bench` (docs/benchmarks.md); step 7 of 2,000,000 x 20, at most 4 min, by `make sizes` (docs/your-data.md)."""


@dataclass(frozen=True)
class Measured:
    """One command, from outside."""

    seconds: float
    peak: int  # bytes, of the process and its children together
    output: str


@dataclass(frozen=True)
class Row:
    """One line of the table of bars."""

    what: str
    measured: float
    bar: float
    unit: str = "s"

    def __str__(self) -> str:
        """Return the line, with what came of the bar."""
        held = "held" if self.measured <= self.bar else "missed"
        digits = 0 if self.unit == "s" and self.measured >= 10 else 1  # noqa: PLR2004 - tenths say nothing from here on
        return f"| {self.what} | {self.measured:.{digits}f} {self.unit} | {self.bar:g} {self.unit} | {held} |"


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="sevenfold-") as folder, clone(Path(folder)) as place:
        rebuild = run(place, "repro", "--force")  # facts that git holds would else count as built
        unchanged(place)
        took = {stage: float(seconds) for stage, seconds in json.loads((place / TOOK).read_text("utf-8")).items()}
        names = sorted(path.stem for path in (place / "projects").glob("*.toml"))
        rows = [
            Row("all three projects, raw files in place (`dvc repro --force`)", rebuild.seconds, 480),
            Row("of these, until loan_default's report can be read", readable(rebuild.output), 120),
            Row("nothing changed (`dvc repro`)", median([run(place, "repro") for _ in range(REPEATS)]), 1.5),
        ]
        for name in names:
            reworded = median([reword(place, name, turn) for turn in range(REPEATS)])
            rows.append(Row(f"a reworded template (`dvc repro report@{name}`)", reworded, 3))
        for effort, bar in OWN_BARS.items():
            what = f"own table of 7,000 x 20, from `sevenfold new` to the report, `{effort}`"
            rows.append(Row(what, own_table(place, Path(folder), effort), bar))
        rows.append(Row("peak memory of the rebuild", rebuild.peak / GIB, 1.5, "GiB"))
        starts = startup(place, names[-1])
    print("| what | measured | bar | |\n|---|---:|---:|---|", *rows, ELSEWHERE, sep="\n")
    print(f"\n| stage | {' | '.join(names)} |\n|---|{'---:|' * len(names)}")
    for step in dict.fromkeys(stage.partition("@")[0] for stage in took):
        cells = [f"{took[f'{step}@{name}']:.1f} s" if f"{step}@{name}" in took else "" for name in names]
        print(f"| {step} | {' | '.join(cells)} |")
    for step, seconds in starts.items():
        print(f"| start-up of {step} of {names[-1]} | {seconds:.1f} s | 3 s |")
    KNOWN.write_text(json.dumps(took, indent=1) + "\n", encoding="utf-8")


def readable(output: str) -> float:
    """Return the seconds after which a rebuild said that loan_default's report can be read; exit if it did not."""
    found = READABLE.search(output)
    return float(found[1]) if found else sys.exit("the rebuild did not say when loan_default's report could be read")


def own_table(place: Path, folder: Path, effort: str) -> float:
    """Return the seconds from `sevenfold new` to the report of a table that was not there before."""
    name, file = f"own_{effort}", folder / "own.csv"
    table = pd.read_parquet(place / OWN_TABLE).drop(columns="id").sample(OWN_ROWS, random_state=0)
    table.to_csv(file, index=False)
    draft = ["new", name, "--data", str(file), "--target", OWN_TARGET, "--effort", effort]
    started = time.monotonic()
    subprocess.run([str(place / ".venv/bin/sevenfold"), *draft], cwd=place, stdout=subprocess.DEVNULL, check=True)
    run(place, "repro", f"report@{name}")
    return time.monotonic() - started


@contextmanager
def clone(folder: Path) -> Iterator[Path]:
    """Give a clone of HEAD with the raw files in place and a Prefect server of its own, which ends with the block."""
    place = folder / "sevenfold"
    subprocess.run(["/usr/bin/env", "git", "clone", "--quiet", str(ROOT), str(place)], check=True)
    (place / ".venv").symlink_to(ROOT / ".venv")
    (place / RAW).mkdir(parents=True, exist_ok=True)
    for path in (ROOT / RAW).glob("*"):
        if not (place / RAW / path.name).exists():
            shutil.copy2(path, place / RAW / path.name)
    os.environ.pop("PREFECT_API_URL", None)  # a user's own server would watch instead
    os.environ["SEVENFOLD_PORT"] = str(free_port())
    os.environ["PYTHONPATH"] = str(place)  # the borrowed .venv would import this repository's code
    sevenfold = [str(place / ".venv/bin/sevenfold")]
    subprocess.run([*sevenfold, "ui"], cwd=place, check=True)
    try:
        yield place
    finally:
        subprocess.run([*sevenfold, "stop"], cwd=place, check=True)


def free_port() -> int:
    """Return a loopback port that nobody has."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def run(place: Path, *arguments: str) -> Measured:
    """Run DVC with these arguments; exit with its output if it fails."""
    sys.stderr.write(f"dvc {' '.join(arguments)} ...\n")
    started = time.monotonic()
    process = subprocess.Popen(
        [str(place / ".venv/bin/dvc"), *arguments],
        cwd=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    peak = Peak(process.pid, place)
    output, _ = process.communicate()
    seconds = time.monotonic() - started
    if process.returncode:
        sys.exit(output)
    return Measured(seconds, peak.stop(), output)


def unchanged(place: Path) -> None:
    """Exit with the difference if a rebuild left other bytes than git holds."""
    asked = ["/usr/bin/env", "git", "diff", "--exit-code", "--stat"]
    compared = subprocess.run(asked, cwd=place, stdout=subprocess.PIPE, text=True, check=False)
    if compared.returncode:
        sys.exit(f"the rebuild left other bytes than git holds; is main committed as built?\n{compared.stdout}")
    sys.stderr.write("every tracked file has the bytes that git holds\n")


def reword(place: Path, name: str, turn: int) -> Measured:
    """Add a word to a template and rebuild one report."""
    template = min((place / TEMPLATES).glob("*.j2"))
    template.write_text(template.read_text(encoding="utf-8") + f"{'reworded ' * (turn + 1)}\n", encoding="utf-8")
    measured = run(place, "repro", f"report@{name}")
    if f"Running stage 'report@{name}'" not in measured.output:
        sys.exit(f"the changed template did not rebuild report@{name}:\n{measured.output}")
    return measured


def median(several: Sequence[Measured]) -> float:
    """Return the median time."""
    return statistics.median(measured.seconds for measured in several)


class Peak:
    """The largest memory that a process, its children and a clone's warm processes had together, until `stop`."""

    def __init__(self, pid: int, place: Path) -> None:
        self._process, self._place, self._peak, self._done = psutil.Process(pid), place, 0, threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Return the peak in bytes."""
        self._done.set()
        self._thread.join()
        return self._peak

    def _sample(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            self._peak = max(self._peak, sum(map(_share, _tree(self._process, self._place))))


def _tree(process: psutil.Process, place: Path) -> list[psutil.Process]:
    """Return the process with its children, and the warm processes of `place` with theirs, without the server."""
    found = {process} | set(_children(process))
    for other in psutil.process_iter():
        try:
            if "flows.running.warm_process" in other.cmdline() and other.cwd() == str(place):
                found |= {other, *_children(other)}
        except psutil.Error:
            continue
    return list(found)


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _share(process: psutil.Process) -> int:
    """Return a process's memory in bytes, of pages shared with others its share."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


if __name__ == "__main__":
    main()
