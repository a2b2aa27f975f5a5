"""The table of the benchmark, scored in one place, as the page docs/benchmarks.md."""

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from flows.repository.projects import load_project
from pipelines.statistics.bootstrap import Estimate, replicates
from pipelines.statistics.metrics import METRICS, Metric

OURS = "sevenfold"
NAMES = {
    OURS: "Sevenfold", "lightgbm": "LightGBM", "flaml": "FLAML", "mljar": "mljar", "autogluon": "AutoGluon",
}  # fmt: skip
REFERENCE = "autogluon"  # whose wall time is the bar
SEED = 7
HEAD = """# Compared with what users would pick instead

`make bench` installs the peers (FLAML, mljar-supervised, AutoGluon and LightGBM, versions in
[requirements.txt](../benchmarks/peers/requirements.txt)) in an environment of their own under `benchmarks/peers`, and
lets every tool learn from the same training rows on the same two cores, one after another; this page is what it writes.
Test rows are those that the product's own first step sets aside, and all predictions are scored by the same code.
Seconds are of the whole process, with imports; memory is the peak of the process and its children.

LightGBM runs with its defaults; FLAML with a budget of 60 s; mljar-supervised in its default mode, Explain; AutoGluon
with `medium_quality` and no limit of time; Sevenfold at `effort.level = "standard"`, which is step 5 alone.
"""


class Row(NamedTuple):
    """One data set's results."""

    name: str
    metric: Metric
    train: int
    features: int
    task: str
    scores: dict[str, float]
    seconds: dict[str, float]
    peaks: dict[str, int]
    gain: Estimate  # of ours over the best peer; positive: ours is better
    best: str  # peer


def write_page(results: Path, work: Path, page: Path) -> None:
    """Score what is there and write the page; data sets on which a tool is missing are left out."""
    os.chdir(work)
    rows = [_score(folder) for folder in sorted(results.iterdir()) if _complete(folder)]
    page.write_text("\n".join([HEAD, *_scores(rows), *_costs(rows), *_bar(rows)]), encoding="utf-8")


def _complete(folder: Path) -> bool:
    return all((folder / f"{tool}.json").exists() for tool in NAMES)


def _score(folder: Path) -> Row:
    """Return the scores of all tools on one data set's test rows."""
    project = load_project(folder.name)
    table = pd.read_parquet(Path("data", folder.name, "table.parquet"))
    test = table[table["split"] == "test"].set_index("row_id")
    y = test["y_true"].to_numpy(np.float64)
    group = test["group"].to_numpy(np.int64) if "group" in test else None
    found = {}
    for tool in NAMES:
        frame = pd.read_parquet(folder / f"{tool}.parquet").set_index("row_id").loc[test.index]
        found[tool] = frame.to_numpy(np.float64)[:, 0] if frame.shape[1] == 1 else frame.to_numpy(np.float64)
    metric = METRICS[project.metric.primary]
    scores = {tool: metric.score(y, prediction) for tool, prediction in found.items()}
    peers = [tool for tool in NAMES if tool != OURS]
    best = max(peers, key=lambda tool: metric.gain(0.0, scores[tool]))
    drawn = replicates(metric, y, {OURS: found[OURS], best: found[best]}, seed=SEED, group=group)
    told: dict[str, Any] = {tool: json.loads((folder / f"{tool}.json").read_text("utf-8")) for tool in NAMES}
    keys = {"row_id", "split", "fold", "y_true", "group"}
    return Row(
        folder.name, metric, int((table["split"] == "train").sum()), len(set(table.columns) - keys),
        project.problem.task, scores, {tool: one["seconds"] for tool, one in told.items()},
        {tool: one["peak"] for tool, one in told.items()}, drawn.gain(best, OURS), best,
    )  # fmt: skip


def _ranked(row: Row) -> dict[str, float]:
    """Return each tool's rank, 1 is best, equals sharing their mean."""
    gains = pd.Series({tool: row.metric.gain(0.0, score) for tool, score in row.scores.items()})
    return {str(tool): float(rank) for tool, rank in gains.rank(ascending=False).items()}


def _scores(rows: list[Row]) -> list[str]:
    lines = [
        "## Scores on the test rows",
        "",
        f"| data set | rows x features | metric | {' | '.join(NAMES.values())} |",
    ]
    lines.append("|:---|---:|:---|" + "---:|" * len(NAMES))
    for row in rows:
        best = min(_ranked(row).values())
        cells = [f"**{row.scores[t]:.4f}**" if _ranked(row)[t] == best else f"{row.scores[t]:.4f}" for t in NAMES]
        way = "" if row.metric.greater_is_better else ", smaller is better"
        lines.append(
            f"| {row.name} ({row.task}) | {row.train:,} x {row.features} | {row.metric.label}{way} | "
            f"{' | '.join(cells)} |"
        )
    mean = {tool: np.mean([_ranked(row)[tool] for row in rows]) for tool in NAMES}
    lines.append(f"| mean rank | | | {' | '.join(f'{mean[tool]:.2f}' for tool in NAMES)} |")
    return [*lines, ""]


def _costs(rows: list[Row]) -> list[str]:
    lines = ["## Wall seconds, and peak memory in GiB", "", f"| data set | {' | '.join(NAMES.values())} |"]
    lines.append("|:---|" + "---:|" * len(NAMES))
    for row in rows:
        cells = [f"{row.seconds[tool]:.0f} s, {row.peaks[tool] / 2**30:.1f}" for tool in NAMES]
        lines.append(f"| {row.name} | {' | '.join(cells)} |")
    return [*lines, ""]


def _bar(rows: list[Row]) -> list[str]:
    """Return, for each data set, whether ours is no worse than the best peer beyond its interval, and no slower."""
    lines = [
        "## Against the best peer",
        "",
        "Positive is better; the interval is that of the paired difference (95 %).",
        "",
    ]
    lines += ["| data set | best peer | Sevenfold against it | worse beyond the interval | seconds of AutoGluon's |"]
    lines += ["|:---|:---|---:|:---|---:|"]
    for row in rows:
        low, high = row.gain.ci
        share = row.seconds[OURS] / row.seconds[REFERENCE]
        lines.append(
            f"| {row.name} | {NAMES[row.best]} | {row.gain.value:+.4f} [{low:+.4f}, {high:+.4f}] | "
            f"{'**yes**' if high < 0 else 'no'} | {'**' if share > 1 else ''}{share:.0%}{'**' if share > 1 else ''} |"
        )
    return [*lines, ""]
