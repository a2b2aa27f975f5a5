"""What a served project takes: the figures of docs/serving.md (`make serving`).

`python benchmarks/serving.py [PROJECT] [--minutes N] [--workers N]` starts `sevenfold serve` on a free port, with the
archive that is there, and prints: from the command to ready; the time of a row at 1, 8 and 32 clients, for the strong
model and the baseline; rows a second in requests of 1,000; memory; and N minutes of 50 requests a second, with the
memory at their start and end.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from flows.serving.options import Options
from flows.serving.process import running
from flows.serving.serve import check_served
from pipelines.serving.archive import unpack_service

LOAD = Path(__file__).with_name("load.py")
CLIENTS = (1, 8, 32)
MODELS = ("strong", "baseline")
SECONDS = 10.0  # of each measurement
WARM_SECONDS = 2.0
BATCH = 1_000
RATE = 50  # requests a second, over minutes
MIB = 1 << 20


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", nargs="?", default="loan_default")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    asked = parser.parse_args()
    options = check_served(Options(name=asked.project, archive="", port=0, workers=asked.workers))
    rows = _rows(Path(options.archive))
    print(f"{asked.project}, {asked.workers} process(es), {psutil.cpu_count()} cores")
    print(f"archive: {Path(options.archive).stat().st_size / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory() as folder:
        single, batch = Path(folder, "row.json"), Path(folder, "rows.json")
        single.write_text(json.dumps({"rows": rows[:1]}))
        batch.write_text(json.dumps({"rows": (rows * BATCH)[:BATCH]}))
        started = time.perf_counter()
        with running(Options(**{**vars(options), "state": str(Path(folder, "state"))})) as server:
            print(f"ready after {time.perf_counter() - started:.1f} s, {_memory():.0f} MiB")
            port = int(server.rsplit(":", 1)[1])
            for model in MODELS:
                path = f"/predict?model={model}"
                _load(port, path, single, 8, WARM_SECONDS)
                for clients in CLIENTS:
                    _print(f"{model}, a row, {clients} client(s)", _load(port, path, single, clients, asked.seconds))
                found = _load(port, path, batch, 1, asked.seconds)
                print(f"{model}, {BATCH:,} rows a request: {found['per_second'] * BATCH:,.0f} rows/s")
            print(f"memory: {_memory():.0f} MiB")
            _over_time(port, single, asked.minutes)


def _over_time(port: int, body: Path, minutes: float) -> None:
    """Ask at one rate, and print the memory at the start, in the middle and at the end."""
    if not minutes:
        return
    memory = [_memory()]
    for _ in range(2):
        found = _load(port, "/predict?model=strong", body, 8, 30 * minutes, RATE)
        memory.append(_memory())
    _print(f"strong, a row, {RATE} requests a second, the second half of {minutes:g} minutes", found)
    print("memory at the start, in the middle and at the end: " + ", ".join(f"{one:.1f} MiB" for one in memory))


def _rows(archive: Path) -> list[dict[str, object]]:
    """Return raw test rows out of the archive."""
    _, files = unpack_service(archive.read_bytes())
    found: list[dict[str, object]] = json.loads(files["parity.json"])["rows"]
    return found


def _load(port: int, path: str, body: Path, clients: int, seconds: float, rate: float | None = None) -> Any:  # noqa: ANN401 - JSON; one argument of the other program each
    command = [sys.executable, str(LOAD), str(port), path, str(body), str(clients), str(seconds)]
    command += [] if rate is None else [str(rate)]
    before = _cpu_seconds()
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return {**found, "cpu": (_cpu_seconds() - before) / max(found["requests"], 1)}


def _print(what: str, found: Any) -> None:  # noqa: ANN401 - JSON
    failed = f", {found['failures']} FAILED" if found["failures"] else ""
    p50, p99 = (1e3 * found[key] for key in ("p50", "p99"))
    cpu = f"{1e3 * found['cpu']:.2f} ms of a core"
    print(f"{what}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, {found['per_second']:,.0f} requests/s, {cpu} each{failed}")


def _cpu_seconds() -> float:
    """Return what the server's processes have taken of the cores so far."""
    times = [one.cpu_times() for one in psutil.Process().children(recursive=True)]
    return sum(one.user + one.system for one in times)


def _memory() -> float:
    """Return the memory of the server's processes, in MiB, without what several of them share twice."""
    processes = psutil.Process().children(recursive=True)
    return sum(one.memory_full_info().pss for one in processes) / MIB


if __name__ == "__main__":
    main()
