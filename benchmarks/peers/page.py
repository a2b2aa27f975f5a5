"""The table of the benchmark, scored in one place, as the page docs/benchmarks.md."""

import json
import os
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from halves import Half, half_of
from row import Row, keep, kept

from flows.repository.projects import load_project
from pipelines.core.keys import RESERVED
from pipelines.inference.bootstrap import replicates
from pipelines.inference.truth import Truth
from pipelines.metrics import METRICS

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
RANK_BAR = 1.6  # first by a clear gap, of five
SECONDS_BAR = 0.8  # of AutoGluon's, on tables of ordinary size
ORDINARY = range(800, 60_001)  # rows, test rows included
HEAD = """# Compared with the alternatives

`make bench` installs the peers (FLAML, mljar-supervised, AutoGluon and LightGBM, versions in
[requirements.txt](../benchmarks/peers/requirements.txt)) in an environment of their own under `benchmarks/peers`. Every
tool learns from the same training rows on the same two cores, one after another; the command writes this page. Test
rows are those that Sevenfold's first step sets aside, and all predictions are scored by the same code. Seconds are of
the whole process, with imports; memory is the peak of the process and its children.

LightGBM runs with its defaults; FLAML with a budget of 60 s; mljar-supervised in its default mode, Explain; AutoGluon
with `medium_quality` and no limit of time; Sevenfold at `effort.level = "standard"`, which is step 5 alone.

The data sets are in two halves. Sevenfold's settings, and its rule for keeping a weighted mean, are settled while
looking at the **development** half, test scores included, so none of its tables is a fresh test. The **reported** half
is scored when the settings are frozen, and no setting changes after a look at it. Its tables were dealt before any was
scored, by a seeded draw ([halves.py](../benchmarks/peers/halves.py)): of the tables that were new then, three tenths of
each task went to development and the rest to the reported half. Where each table comes from stands in its
[project file](../benchmarks/peers/projects). `make bench HALF=development` runs one half only; without it both are run.
What has not been run is left out; if interrupted, the command goes on where it was. What was scored is kept in
[scored](../benchmarks/peers/scored), a file a data set, with its day.
"""
WORDS: dict[Half, str] = {
    "reported": "The reported half",
    "development": "The development half",
}


def write_page(results: Path, work: Path, scored: Path, page: Path, names: Sequence[str]) -> None:
    """Score what every tool has run on, keep it in `scored`, and write the page of all that is kept there.

    Data sets on which a tool has not run are named, not scored.
    """
    os.chdir(work)
    scored.mkdir(exist_ok=True)
    for name in names:
        if _complete(results / name):
            keep(_score(results / name), scored / f"{name}.json")
    rows = {name: kept(scored / f"{name}.json") for name in names if (scored / f"{name}.json").exists()}
    parts = [HEAD]
    for half, words in WORDS.items():
        asked = [name for name in names if half_of(name) == half]
        left = [name for name in asked if name not in rows]
        found = [rows[name] for name in asked if name in rows]
        parts += [f"## {words}", "", *_half(found, left, bars=half == "reported")]
    page.write_text("\n".join(parts), encoding="utf-8")


def _half(rows: list[Row], left: list[str], *, bars: bool) -> list[str]:
    """Return the lines on one half: what was compared, scores, costs, and each table against its best peer."""
    compared = textwrap.fill(_compared(rows, left), 120, break_on_hyphens=False)
    if not rows:
        return [compared, ""]
    verdict = _verdict(rows) if bars else []
    tables = [*_scores(rows), *_failures(rows), *_costs(rows), *_against(rows)]
    return [compared, "", *verdict, *tables]


def _compared(rows: list[Row], left: list[str]) -> str:
    """Return in words how many tables were compared, on which a tool failed, and which have not been run."""
    failed = [f"{NAMES[tool]} on {row.name}" for row in rows for tool in row.failed]
    said = [
        f"Compared: {len(rows)} of {len(rows) + len(left)} tables.",
        f"Failed: {', '.join(failed) if failed else 'none'}.",
    ]
    if rows:
        said.append(f"Scored on {', '.join(sorted({row.day for row in rows}))}.")
    if left:
        said.append(f"Not run yet by every tool: {', '.join(left)}.")
    return " ".join(said)


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
    gain = None
    if OURS in done:
        gain = replicates(Truth(metric, y, SEED, group), {OURS: found[OURS], best: found[best]}).gain(best, OURS)
    return Row(
        folder.name,
        metric,
        int((table["split"] == "train").sum()),
        len(table),
        len(set(table.columns) - set(RESERVED)),
        project.problem.task,
        scores,
        {tool: one["seconds"] for tool, one in done.items()},
        {tool: one["peak"] for tool, one in done.items()},
        {tool: one["failed"] for tool, one in told.items() if tool not in done},
        {tool: one.get("busy", 0.0) for tool, one in done.items()},
        gain,
        best,
        _day(folder),
    )


def _day(folder: Path) -> str:
    """Return the day on which the last tool had run, as 2026-11-29: scored again, the same results keep it."""
    last = max((folder / f"{tool}.json").stat().st_mtime for tool in NAMES)
    return datetime.fromtimestamp(last, UTC).date().isoformat()


def _ranked(row: Row) -> dict[str, float]:
    """Return each tool's rank, 1 is best, equals sharing their mean and failures last."""
    gains = pd.Series({t: row.metric.gain(0.0, row.scores[t]) if t in row.scores else -np.inf for t in NAMES})
    return {str(tool): float(rank) for tool, rank in gains.rank(ascending=False).items()}


def _scores(rows: list[Row]) -> list[str]:
    lines = [
        "### Scores on the test rows",
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
    mean = _mean_ranks(rows)
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
    lines = ["### Wall seconds, and peak memory in GiB", "", f"| data set | {' | '.join(NAMES.values())} |"]
    lines.append("|:---|" + "---:|" * len(NAMES))
    for row in rows:
        cells = [
            "failed" if tool in row.failed else f"{row.seconds[tool]:.0f} s, {row.peaks[tool] / 2**30:.1f}"
            for tool in NAMES
        ]
        lines.append(f"| {row.name} | {' | '.join(cells)} |")
    busiest = {tool: max(row.busy.get(tool, 0.0) for row in rows) for tool in NAMES}
    quiet = [tool for tool in NAMES if busiest[tool] <= QUIET]
    most = max((busiest[tool] for tool in quiet), default=0.0)
    told = [f"Before {_names(quiet)} started, other programs had at most {most:.0f} % of the cores."] if quiet else []
    if len(quiet) < len(NAMES):
        loud = _names([tool for tool in NAMES if tool not in quiet])
        told.append(f"{loud} ran beside other work, so those seconds are no fair comparison.")
    return [*lines, "", " ".join(told), ""]


def _names(tools: list[str]) -> str:
    """Return tools by their names, in a list of words."""
    names = [NAMES[tool] for tool in tools]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _against(rows: list[Row]) -> list[str]:
    """Return each data set's difference from the best peer, and the share of AutoGluon's seconds."""
    lines = [
        "### Against the best peer",
        "",
        "Positive differences are better, with their paired 95 % interval. The best peer is picked by the same test",
        "rows, which favours it.",
        "",
        "| data set | best peer | Sevenfold against it | rank | not worse beyond it | of AutoGluon's seconds |",
        "|:---|:---|---:|---:|:---|---:|",
    ]
    for row in rows:
        share = _share(row)
        slow = "a tool failed" if share is None else f"{share:.0%}"
        told = f"{NAMES[row.best]} | {_difference(row)} | {_ranked(row)[OURS]:g} | {_holds(_as_good(row))} | {slow}"
        lines.append(f"| {row.name} | {told} |")
    return [*lines, ""]


def _difference(row: Row) -> str:
    if row.gain is None:
        return "failed"
    low, high = row.gain.ci
    return f"{row.gain.value:+.4f} [{low:+.4f}, {high:+.4f}]"


def _verdict(rows: list[Row]) -> list[str]:
    """Return the bars, and whether each holds on these tables."""
    rank = _mean_ranks(rows)[OURS]
    worse = [row.name for row in rows if not _as_good(row)]
    strong = rank <= RANK_BAR or not worse
    shares = {row.name: share for row in rows if (share := _share(row)) is not None}
    ordinary = {row.name: shares[row.name] for row in rows if row.name in shares and row.rows in ORDINARY}
    bar = f"mean rank of five at most {RANK_BAR:g}, or no table worse than the best peer beyond the paired interval"
    found = f"mean rank {rank:.2f}; worse on {len(worse)} of {len(rows)}{_listed(worse)}"
    return [
        "| bar | found | holds |",
        "|:---|:---|:---|",
        f"| {bar} | {found} | {_holds(strong)} |",
        _seconds_bar("seconds at most AutoGluon's on every table", shares, 1.0),
        _seconds_bar(
            f"seconds at most {SECONDS_BAR:g} of AutoGluon's on tables of {ORDINARY[0]:,} to {ORDINARY[-1]:,} rows",
            ordinary,
            SECONDS_BAR,
        ),
        "",
    ]


def _seconds_bar(words: str, shares: dict[str, float], bar: float) -> str:
    """Return a row on shares of AutoGluon's seconds; tables on which a tool failed have none."""
    if not shares:
        return f"| {words} | no table | {_holds(False)} |"
    over = [name for name, share in shares.items() if share > bar]
    most = max(shares, key=lambda name: shares[name])
    found = f"at most {shares[most]:.2f} ({most}); over on {len(over)} of {len(shares)}{_listed(over)}"
    return f"| {words} | {found} | {_holds(not over)} |"


def _listed(names: list[str]) -> str:
    return f" ({', '.join(names)})" if names else ""


def _mean_ranks(rows: list[Row]) -> dict[str, float]:
    return {tool: float(np.mean([_ranked(row)[tool] for row in rows])) for tool in NAMES}


def _as_good(row: Row) -> bool:
    """Return whether the interval of the difference from the best peer reaches zero; a failure is worse."""
    return row.gain is not None and row.gain.ci[1] >= 0


def _share(row: Row) -> float | None:
    """Return our wall seconds as a share of AutoGluon's, None where either failed."""
    if OURS not in row.seconds or REFERENCE not in row.seconds:
        return None
    return row.seconds[OURS] / row.seconds[REFERENCE]


def _holds(yes: bool) -> str:
    return "yes" if yes else "**no**"
