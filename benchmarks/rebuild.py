"""Measure a rebuild as a user meets it, in a fresh clone, and print the table of docs/performance.md.

Run it with `make performance`. It clones this repository's HEAD into a temporary folder, borrows .venv and the
raw files (so it measures "all stages, with the raw files in place"), starts its own Prefect server, and times whole
`dvc repro` processes from outside. Peak memory is that of DVC, its steps and the warm process together, sampled, pages
that they share counted once; the server is extra.
"""

import os
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

import psutil
from startup import startup

ROOT = Path(__file__).resolve().parent.parent
RAW = Path("data", "raw")
TEMPLATES = Path("pipelines", "report", "sections")
SAMPLE_SECONDS = 0.5  # often enough for steps of several seconds; a look costs milliseconds
REPEATS = 3  # of what takes seconds; the median is quoted
GIB = 2**30


@dataclass(frozen=True)
class Measured:
    """One command, from outside."""

    seconds: float
    peak: int  # bytes, of the process and its children together
    output: str


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="sevenfold-") as folder, clone(Path(folder)) as place:
        rebuild = run(place, "repro", "--force")  # facts that git holds would else count as built
        unchanged(place)
        rows = [("all stages, with the raw files in place (`dvc repro --force`)", rebuild, "12 min, 4 GiB")]
        nothing = [run(place, "repro") for _ in range(REPEATS)]
        rows.append(("nothing changed (`dvc repro`)", median(nothing), "3 s"))
        names = sorted(path.stem for path in (place / "projects").glob("*.toml"))
        for name in names:
            reworded = [reword(place, name, turn) for turn in range(REPEATS)]
            rows.append((f"a changed template (`dvc repro report@{name}`)", median(reworded), "5 s"))
        starts = startup(place, names[-1])
    with tempfile.TemporaryDirectory(prefix="sevenfold-") as folder, clone(Path(folder)) as place:
        alone = run(place, "repro", "--force", "report@loan_default")
        rows.insert(1, ("loan_default alone (`dvc repro --force report@loan_default`)", alone, "4 min"))
    print("| what | wall time | peak memory | bar |\n|---|---:|---:|---:|")
    for what, measured, bar in rows:
        print(f"| {what} | {measured.seconds:.1f} s | {measured.peak / GIB:.2f} GiB | {bar} |")
    for step, seconds in starts.items():
        print(f"| start-up of {step} of {names[-1]} | {seconds:.1f} s | | 3 s |")


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


def median(several: Sequence[Measured]) -> Measured:
    """Return the measurement with the median time."""
    middle = statistics.median_low(measured.seconds for measured in several)
    return next(measured for measured in several if measured.seconds == middle)


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
