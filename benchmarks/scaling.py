"""Measure how time and memory grow with rows, here and on a Dask cluster. Run it with `make scaling`.

Three tables in Markdown, for docs/scaling.md: the steps in one process (step 5 at effort quick), on the loan data drawn
with replacement; boosted trees on partitions (`sevenfold partitioned`) with one worker and with two, on made-up rows of
ten features; and what it takes to send a table to workers once, and with every piece. The partitions of 15,000,000
rows take 1.2 GB of disk, and go when done. Sizes may be given, and the cluster is the tests' own:
`PYTHONPATH=tests python benchmarks/scaling.py 15000 150000`.
"""

import json
import math
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import growth
import numpy as np
import pandas as pd
import psutil
from dask_cluster import cluster

from flows.commands.partitioned import partitioned
from flows.running.cluster import Cluster, connected
from pipelines.core.table import Table
from pipelines.partitioned.fit import Recipe
from pipelines.targets import Number

SIZES = (15_000, 150_000, 1_500_000, 15_000_000)
ONE_PROCESS = 1_500_000  # rows that the steps are measured up to: ten times as many want more than 12 GiB
STEPS = (*growth.STEPS[:-1], "strong", "compare")
FEATURES, PARTITIONS = 10, 20
WORKERS = (1, 2)
MEMORY = "8GB"
LOOK_SECONDS = 0.05
PIECES = 40
SENT_ROWS = 150_000
MIB = 1 << 20
ROOMY = {f"DASK_DISTRIBUTED__WORKER__MEMORY__{name}": "False" for name in ("TARGET", "SPILL", "PAUSE")}


def main(sizes: tuple[int, ...]) -> None:
    """Print the tables."""
    print(f"## Steps in one process, seconds\n\n{steps([rows for rows in sizes if rows <= ONE_PROCESS])}\n", flush=True)
    print(f"## Boosted trees on partitions\n\n{partitions(sizes)}\n", flush=True)
    print(f"## A table for {PIECES} pieces\n\n{sending()}", flush=True)


def steps(sizes: list[int]) -> str:
    """Return seconds of each step and the peak memory of the process, at each size."""
    measured = []
    for rows in sizes:
        sys.stderr.write(f"steps, {rows:,} rows ...\n")
        command = [sys.executable, growth.__file__, str(rows)]
        answer = subprocess.run(command, cwd=growth.ROOT, stdout=subprocess.PIPE, text=True, check=True)
        measured.append(json.loads(answer.stdout))
    lines = [_row("step", [f"{rows:,} rows" for rows in sizes], "exponent"), f"|---|{'---:|' * (len(sizes) + 1)}"]
    for step in STEPS:
        seconds = [one["seconds"][step] for one in measured]
        lines.append(_row(step, [f"{value:.1f}" for value in seconds], _exponent(sizes, seconds)))
    lines.append(_row("peak GiB", [f"{one['peak'] / growth.GIB:.2f}" for one in measured], ""))
    return "\n".join(lines)


def partitions(sizes: tuple[int, ...]) -> str:
    """Return seconds of fitting and scoring, and the peak memory of a worker, at each size and number of workers."""
    head = ["seconds", "rows a second and worker", "peak MiB of a worker", "AUC"]
    lines = [_row("rows", ["workers", *head], "exponent"), f"|---:|{'---:|' * (len(head) + 2)}"]
    for count in WORKERS:
        taken: list[float] = []
        for rows in sizes:
            sys.stderr.write(f"partitions, {rows:,} rows, {count} worker(s) ...\n")
            with tempfile.TemporaryDirectory() as folder:
                seconds, peak, score = _fit(Path(folder), rows, count)
            taken.append(seconds)
            cells = [str(count), f"{seconds:.1f}", f"{rows / seconds / count:,.0f}", f"{peak:.0f}", f"{score:.4f}"]
            lines.append(_row(f"{rows:,}", cells, _exponent(sizes[: len(taken)], taken)))
    return "\n".join(lines)


def sending() -> str:
    """Return seconds of pieces that read one table, which is sent once or with each piece."""
    rng = np.random.default_rng(0)
    values = {f"x{i}": rng.normal(size=SENT_ROWS) for i in range(FEATURES)} | {"y_true": rng.random(SENT_ROWS)}
    table = Table(pd.DataFrame(values), Number())
    lines = ["| | seconds |", "|---|---:|"]
    with (
        tempfile.TemporaryDirectory() as folder,
        cluster(Path(folder)) as running,
        connected(running.address) as client,
    ):
        for way in ("warm-up", "sent once", "sent with each piece"):
            workers = Cluster(client)
            started = time.perf_counter()
            for number in range(PIECES):
                piece = workers.submit(mean, table, name=f"{way} {number}")
                piece.result()
                if way == "sent with each piece":
                    workers.forget()
            lines.append(f"| {way} | {time.perf_counter() - started:.2f} |")
    return "\n".join(line for line in lines if "warm-up" not in line)


def mean(table: Table) -> float:
    """Return the target's mean."""
    return float(table.y.mean())


def _fit(folder: Path, rows: int, workers: int) -> tuple[float, float, float]:
    """Write partitions of that many rows, fit and score; return seconds, the largest worker's peak in MiB, the AUC."""
    rng = np.random.default_rng(7)
    for number in range(PARTITIONS):
        x = rng.normal(size=(rows // PARTITIONS, FEATURES))
        late = rng.random(len(x)) < 1 / (1 + np.exp(-x[:, 0] - x[:, 1] * x[:, 2]))
        frame = pd.DataFrame(x, columns=[f"x{i}" for i in range(FEATURES)]).assign(y=late.astype(np.float64))
        frame.to_parquet(folder / f"part{number:02}.parquet")
    with cluster(folder, workers=workers, memory=MEMORY, environment=ROOMY) as running:
        peak: list[float] = [0.0]
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=(peak, done))
        watcher.start()
        started = time.perf_counter()
        facts = partitioned(folder, Recipe("y", "binary", trees=100), running.address, folder / "model.txt")
        seconds = time.perf_counter() - started
        done.set()
        watcher.join()
    return seconds, peak[0], facts["scores"]["roc_auc"]


def _watch(peak: list[float], done: threading.Event) -> None:
    """Keep the largest resident memory of a process that this one's processes started."""
    while not done.wait(LOOK_SECONDS):
        for nanny in psutil.Process().children():
            for worker in nanny.children():
                peak[0] = max(peak[0], worker.memory_info().rss / MIB)


def _row(first: str, cells: list[str], last: str) -> str:
    return f"| {first} | {' | '.join(cells)} | {last} |"


def _exponent(sizes: tuple[int, ...] | list[int], seconds: list[float]) -> str:
    """Return the exponent of growth between the last two sizes; 1 is linear."""
    if len(seconds) < 2:  # noqa: PLR2004 - a pair
        return ""
    return f"{math.log(seconds[-1] / seconds[-2]) / math.log(sizes[len(seconds) - 1] / sizes[len(seconds) - 2]):.2f}"


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
