"""The table of the benchmark, scored in one place, as the page docs/benchmarks.md."""

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from flows.repository.projects import load_project
from pipelines.core.keys import RESERVED
from pipelines.inference.bootstrap import Estimate, replicates
from pipelines.inference.truth import Truth
from pipelines.metrics import METRICS, Metric

OURS = "sevenfold"
NAMES = {
    OURS: "Sevenfold",
    "lightgbm": "LightGBM",
    "flaml": "FLAML",
    "mljar": "mljar",
    "autogluon": "AutoGluon",
}
REFERENCE = "autogluon"  # whose wall time is the bar
SEED = 7
QUIET = 10  # per cent of the cores that others may have before seconds are worth nothing
HEAD = """# Compared with the alternatives

`make bench` installs the peers (FLAML, mljar-supervised, AutoGluon and LightGBM, versions in
[requirements.txt](../benchmarks/peers/requirements.txt)) in an environment of their own under `benchmarks/peers`. Every
tool learns from the same training rows on the same two cores, one after another; the command writes this page. Test
rows are those that Sevenfold's first step sets aside, and all predictions are scored by the same code. Seconds are of
the whole process, with imports; memory is the peak of the process and its children.

LightGBM runs with its defaults; FLAML with a budget of 60 s; mljar-supervised in its default mode, Explain; AutoGluon
with `medium_quality` and no limit of time; Sevenfold at `effort.level = "standard"`, which is step 5 alone.

Sevenfold's settings and its rule for keeping a weighted mean were settled while looking at these data sets, test scores
included, so none of them is a fresh test. `make bench` leaves out what has not been run; if interrupted, it goes on
where it was.
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
    failed: dict[str, str]  # why, of tools without a score
    busy: float  # per cent of the cores that others had before a tool started, the most of all tools
    gain: Estimate  # of ours over the best peer; positive: ours is better
    best: str  # peer


def write_page(results: Path, work: Path, page: Path) -> None:
    """Score what is there and write the page; data sets on which a tool has not run are left out."""
    os.chdir(work)
    rows = [_score(folder) for folder in sorted(results.iterdir()) if _complete(folder)]
    parts = [_scores(rows), _failures(rows), _costs(rows), _bar(rows)] if rows else [["No data set is complete.", ""]]
    page.write_text("\n".join([HEAD, *(line for part in parts for line in part)]), encoding="utf-8")


def _complete(folder: Path) -> bool:
    """Return whether every tool has run, and at least one peer without failing."""
    files = {tool: folder / f"{tool}.json" for tool in NAMES}
    if not all(file.exists() for file in files.values()):
        return False
    return any("failed" not in json.loads(files[tool].read_text("utf-8")) for tool in NAMES if tool != OURS)


def _score(folder: Path) -> Row:
    """Return the scores of all tools on one data set's test rows."""
    project = load_project(folder.name)
    table = pd.read_parquet(Path("data", folder.name, "table.parquet"))
    test = table[table["split"] == "test"].set_index("row_id")
    y = test["y_true"].to_numpy(np.float64)
    group = test["group"].to_numpy(np.int64) if "group" in test else None
    told: dict[str, Any] = {tool: json.loads((folder / f"{tool}.json").read_text("utf-8")) for tool in NAMES}
    done = {tool: one for tool, one in told.items() if "failed" not in one}
    found = {}
    for tool in done:
        frame = pd.read_parquet(folder / f"{tool}.parquet").set_index("row_id").loc[test.index]
        found[tool] = frame.to_numpy(np.float64)[:, 0] if frame.shape[1] == 1 else frame.to_numpy(np.float64)
    metric = METRICS[project.metric.primary]
    scores = {tool: metric.score(y, prediction) for tool, prediction in found.items()}
    peers = [tool for tool in done if tool != OURS]
    best = max(peers, key=lambda tool: metric.gain(0.0, scores[tool]))
    drawn = replicates(Truth(metric, y, SEED, group), {OURS: found[OURS], best: found[best]})
    return Row(
        folder.name,
        metric,
        int((table["split"] == "train").sum()),
        len(set(table.columns) - set(RESERVED)),
        project.problem.task,
        scores,
        {tool: one["seconds"] for tool, one in done.items()},
        {tool: one["peak"] for tool, one in done.items()},
        {tool: one["failed"] for tool, one in told.items() if tool not in done},
        max(one.get("busy", 0.0) for one in done.values()),
        drawn.gain(best, OURS),
        best,
    )


def _ranked(row: Row) -> dict[str, float]:
    """Return each tool's rank, 1 is best, equals sharing their mean and failures last."""
    gains = pd.Series({t: row.metric.gain(0.0, row.scores[t]) if t in row.scores else -np.inf for t in NAMES})
    return {str(tool): float(rank) for tool, rank in gains.rank(ascending=False).items()}


def _scores(rows: list[Row]) -> list[str]:
    lines = [
        "## Scores on the test rows",
        "",
        f"| data set | rows x features | metric | {' | '.join(NAMES.values())} |",
    ]
    lines.append("|:---|---:|:---|" + "---:|" * len(NAMES))
    for row in rows:
        cells = [_cell(row, tool) for tool in NAMES]
        way = "" if row.metric.greater_is_better else ", smaller is better"
        lines.append(
            f"| {row.name} ({row.task}) | {row.train:,} x {row.features} | {row.metric.label}{way} | "
            f"{' | '.join(cells)} |"
        )
    mean = {tool: np.mean([_ranked(row)[tool] for row in rows]) for tool in NAMES}
    lines.append(f"| mean rank | | | {' | '.join(f'{mean[tool]:.2f}' for tool in NAMES)} |")
    return [*lines, ""]


def _cell(row: Row, tool: str) -> str:
    """Return a score as text, the best one bold."""
    if tool in row.failed:
        return "failed"
    ranks = _ranked(row)
    text = f"{row.scores[tool]:.4f}"
    return f"**{text}**" if ranks[tool] == min(ranks.values()) else text


def _failures(rows: list[Row]) -> list[str]:
    """Return what the tools that failed said last."""
    lines = [f"- {row.name}, {NAMES[tool]}: `{why}`" for row in rows for tool, why in row.failed.items()]
    return ["A tool that failed ranks last. What it said last:", "", *lines, ""] if lines else []


def _costs(rows: list[Row]) -> list[str]:
    lines = ["## Wall seconds, and peak memory in GiB", "", f"| data set | {' | '.join(NAMES.values())} |"]
    lines.append("|:---|" + "---:|" * len(NAMES))
    for row in rows:
        cells = [
            "failed" if tool in row.failed else f"{row.seconds[tool]:.0f} s, {row.peaks[tool] / 2**30:.1f}"
            for tool in NAMES
        ]
        lines.append(f"| {row.name} | {' | '.join(cells)} |")
    busiest = max(rows, key=lambda row: row.busy)
    told = f"Before a tool started, other programs had at most {busiest.busy:.0f} % of the cores ({busiest.name})."
    warning = " Seconds are therefore no fair comparison." if busiest.busy > QUIET else ""
    return [*lines, "", told + warning, ""]


def _bar(rows: list[Row]) -> list[str]:
    """Return, for each data set and overall, whether the three parts of the bar hold."""
    lines = [
        "## Against the best peer",
        "",
        "The bar: first in mean rank; nowhere worse than the best peer by more than the paired 95 % interval of their",
        "difference; in no more wall time than AutoGluon. Positive differences are better. The best peer is picked by",
        "the same test rows, which favours it.",
        "",
        "| data set | best peer | Sevenfold against it | rank | not worse beyond it | of AutoGluon's seconds |",
        "|:---|:---|---:|---:|:---|:---|",
    ]
    for row in rows:
        low, high = row.gain.ci
        against = f"{row.gain.value:+.4f} [{low:+.4f}, {high:+.4f}]"
        share = _share(row)
        slow = "AutoGluon failed" if share is None else f"{share:.0%}, {_holds(share <= 1)}"
        lines.append(
            f"| {row.name} | {NAMES[row.best]} | {against} | {_ranked(row)[OURS]:g} | {_holds(high >= 0)} | {slow} |"
        )
    return [*lines, "", _verdict(rows), ""]


def _verdict(rows: list[Row]) -> str:
    """Return the three parts of the bar over all data sets, in words."""
    mean = {tool: np.mean([_ranked(row)[tool] for row in rows]) for tool in NAMES}
    as_good = sum(row.gain.ci[1] >= 0 for row in rows)
    timed = [share for row in rows if (share := _share(row)) is not None]
    as_fast = sum(share <= 1 for share in timed)
    first = mean[OURS] == min(mean.values())
    return (
        f"First in mean rank: {_holds(first)}. No worse than the best peer on {as_good} of {len(rows)} data sets. "
        f"No slower than AutoGluon on {as_fast} of {len(timed)}."
    )


def _share(row: Row) -> float | None:
    """Return our wall seconds as a share of AutoGluon's, None where that failed."""
    return row.seconds[OURS] / row.seconds[REFERENCE] if REFERENCE in row.seconds else None


def _holds(yes: bool) -> str:
    return "yes" if yes else "**no**"
