"""The table of the benchmark, scored in one place, as the page docs/benchmarks.md."""

import json
import os
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from halves import FORECASTS as PANELS
from halves import Half, half_of
from kinds import FORECASTS, OURS, REFERENCE, TABLES, Kind, kind_of
from row import Row, keep, kept

from flows.repository.projects import load_project
from pipelines.core.keys import RESERVED
from pipelines.inference.bootstrap import replicates
from pipelines.inference.truth import Truth
from pipelines.metrics import METRICS

SEED = 7
QUIET = 10  # per cent of the cores that others may have before seconds are worth nothing
RANK_BAR = 1.6  # first by a clear gap, of five
SECONDS_BAR = 0.8  # of AutoGluon's, on tables of ordinary size
ORDINARY = range(800, 60_001)  # rows, test rows included
HEAD = """# Compared with the alternatives

`make bench` installs the peers in environments of their own under `benchmarks/peers`: FLAML, mljar-supervised,
AutoGluon and LightGBM for tables ([versions](../benchmarks/peers/requirements-tables.txt)), statsforecast and
mlforecast ([versions](../benchmarks/peers/requirements-nixtla.txt)) and AutoGluon-TimeSeries
([versions](../benchmarks/peers/requirements-autogluon.txt)) for forecasts. Every tool learns from the same training
rows on the same two cores, one after another; the command writes this page. Test rows are those that Sevenfold's first
step sets aside, and all predictions are scored by the same code. Seconds are of the whole process, with imports; memory
is the peak of the process and its children.

On tables, LightGBM runs with its defaults; FLAML with a budget of 60 s; mljar-supervised in its default mode, Explain;
AutoGluon with `medium_quality` and no limit of time; Sevenfold at `effort.level = "standard"`, which is step 5 alone.

The data sets are in two halves. Sevenfold's settings, and its rule for keeping a weighted mean, are settled while
looking at the **development** half, test scores included, so none of its tables is a fresh test. The **reported** half
is scored when the settings are frozen, and no setting changes after a look at it. Its tables were dealt before any was
scored, by a seeded draw ([halves.py](../benchmarks/peers/halves.py)): of the tables that were new then, three tenths of
each task went to development and the rest to the reported half. Where each table comes from stands in its
[project file](../benchmarks/peers/projects). `make bench HALF=development` runs one half only; without it both are run.
What has not been run is left out; if interrupted, the command goes on where it was. What was scored is kept in
[scored](../benchmarks/peers/scored), a file a data set, with its day.
"""
WORDS: dict[Half, str] = {"reported": "Tables: the reported half", "development": "Tables: the development half"}
FORECAST_HEAD = """\
Every tool is fitted once, to the steps before the test time, and then forecasts each block of it from the history up to
its origin, at the origins that Sevenfold's first step lays. All are scored by MASE, by Sevenfold's own code: errors in
units of each series' mean change from season to season before the first fold. Sevenfold is asked to forecast for MASE,
at `effort.level = "standard"`; its seconds are those of steps 1 and 5, since step 1 makes the features, which the other
tools make themselves. Intervals draw whole units of time, all series together.

statsforecast's AutoETS, AutoARIMA and AutoTheta choose a form for each series, from its last 1,500 steps where it has
more, with the longest season of at most 24 steps; AutoARIMA approximates the likelihood while it chooses orders where a
series has more than 150 steps, as R's auto.arima does. mlforecast's search chooses lags, transformations and LightGBM's
settings in ten trials. AutoGluon-TimeSeries runs with `medium_quality` and no limit of time, but without Chronos-2 and
Toto, whose weights its packages do not hold and which cannot be downloaded here.

Settings were settled while looking at bike_demand, retail_sales and the panels for settling, test scores included. The
others were chosen before any tool had run on them. All four were scored once with fewer models: without damped trends,
and wiki_pages also without trees on top of rules. Damped trends were added after that look, since us_jobs has a trend
that no rule carried on; they were settled, and are kept, by what they gain on the panels for settling.
"""


def write_page(results: Path, work: Path, scored: Path, page: Path, names: Mapping[str, Path]) -> None:
    """Score what every tool has run on, keep it in `scored`, and write the page of all that is kept there.

    Data sets on which a tool has not run are named, not scored.
    """
    os.chdir(work)
    scored.mkdir(exist_ok=True)
    kinds = {name: kind_of(file) for name, file in names.items()}
    for name in names:
        if _complete(results / name, kinds[name].labels):
            keep(_score(results / name, kinds[name]), scored / f"{name}.json")
    rows = {name: kept(scored / f"{name}.json") for name in names if (scored / f"{name}.json").exists()}
    parts = [HEAD]
    for half, words in WORDS.items():
        asked = [name for name in names if half_of(name) == half and kinds[name] is not FORECASTS]
        parts += [f"## {words}", "", *_part(asked, rows, _bars if half == "reported" else None)]
    forecasts = [name for name in names if kinds[name] is FORECASTS]
    settling = [name for name in forecasts if PANELS.get(name) == "development"]
    judged = [name for name in forecasts if name not in settling]
    parts += ["## Forecasts", "", FORECAST_HEAD, *_part(judged, rows, _forecast_bars)]
    parts += ["## Forecasts: panels for settling", "", *_part(settling, rows, None)]
    page.write_text("\n".join(parts), encoding="utf-8")


def _part(asked: Sequence[str], rows: Mapping[str, Row], bars: Callable[[list[Row]], list[str]] | None) -> list[str]:
    """Return the lines on some data sets: what was compared, scores, costs, and each against its best peer."""
    found = [rows[name] for name in asked if name in rows]
    compared = textwrap.fill(
        _compared(found, [name for name in asked if name not in rows]), 120, break_on_hyphens=False
    )
    if not found:
        return [compared, ""]
    tables = [*_scores(found), *_failures(found), *_costs(found), *_against(found)]
    return [compared, "", *(bars(found) if bars else []), *tables]


def _labels(row: Row) -> Mapping[str, str]:
    """Return the tools that are compared on such a data set."""
    return (FORECASTS if row.task == "forecast" else TABLES).labels


def _compared(rows: list[Row], left: list[str]) -> str:
    """Return in words how many data sets were compared, on which a tool failed, and which have not been run."""
    failed = [f"{_labels(row)[tool]} on {row.name}" for row in rows for tool in row.failed]
    said = [
        f"Compared: {len(rows)} of {len(rows) + len(left)} data sets.",
        f"Failed: {', '.join(failed) if failed else 'none'}.",
    ]
    if rows:
        said.append(f"Scored on {', '.join(sorted({row.day for row in rows}))}.")
    if left:
        said.append(f"Not run yet by every tool: {', '.join(left)}.")
    return " ".join(said)


def _complete(folder: Path, tools: Iterable[str]) -> bool:
    """Return whether every tool has run, and at least one peer without failing."""
    files = {tool: folder / f"{tool}.json" for tool in tools}
    if not all(file.exists() for file in files.values()):
        return False
    return any("failed" not in json.loads(file.read_text("utf-8")) for tool, file in files.items() if tool != OURS)


def _score(folder: Path, kind: Kind) -> Row:
    """Return the scores of all tools on one data set's test rows."""
    project = load_project(folder.name)
    table = pd.read_parquet(Path("data", folder.name, "table.parquet"))
    test = table[table["split"] == "test"].set_index("row_id")
    y = test["y_true"].to_numpy(np.float64)
    unit = next((test[name].to_numpy(np.int64) for name in ("time_block", "group") if name in test), None)
    told: dict[str, Any] = {tool: json.loads((folder / f"{tool}.json").read_text("utf-8")) for tool in kind.labels}
    done = {tool: one for tool, one in told.items() if "failed" not in one}
    found = {}
    for tool in done:
        frame = pd.read_parquet(folder / f"{tool}.parquet").set_index("row_id").loc[test.index]
        found[tool] = frame.to_numpy(np.float64)[:, 0] if frame.shape[1] == 1 else frame.to_numpy(np.float64)
        if not np.isfinite(found[tool]).all():
            message = f"{kind.labels[tool]} left {int((~np.isfinite(found[tool])).sum())} rows without a prediction"
            raise ValueError(message)
    metric = METRICS[project.metric.primary]
    scores = {tool: metric.score(y, prediction) for tool, prediction in found.items()}
    peers = [tool for tool in done if tool != OURS]
    best = max(peers, key=lambda tool: metric.gain(0.0, scores[tool]))
    gain = None
    if OURS in done:
        gain = replicates(Truth(metric, y, SEED, unit), {OURS: found[OURS], best: found[best]}).gain(best, OURS)
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
        _day(folder, kind.labels),
        kind.size(folder.name),
    )


def _day(folder: Path, tools: Iterable[str]) -> str:
    """Return the day on which the last tool had run, as 2026-11-29: scored again, the same results keep it."""
    last = max((folder / f"{tool}.json").stat().st_mtime for tool in tools)
    return datetime.fromtimestamp(last, UTC).date().isoformat()


def _ranked(row: Row) -> dict[str, float]:
    """Return each tool's rank, 1 is best, equals sharing their mean and failures last."""
    tools = _labels(row)
    gains = pd.Series({t: row.metric.gain(0.0, row.scores[t]) if t in row.scores else -np.inf for t in tools})
    return {str(tool): float(rank) for tool, rank in gains.rank(ascending=False).items()}


def _scores(rows: list[Row]) -> list[str]:
    labels = _labels(rows[0])
    size = "series x steps, horizon" if rows[0].size else "rows x features"
    lines = ["### Scores on the test rows", "", f"| data set | {size} | metric | {' | '.join(labels.values())} |"]
    lines.append("|:---|---:|:---|" + "---:|" * len(labels))
    for row in rows:
        cells = [_cell(row, tool) for tool in labels]
        way = "" if row.metric.greater_is_better else ", smaller is better"
        name = row.name if row.size else f"{row.name} ({row.task})"
        size = row.size or f"{row.train:,} x {row.features}"
        lines.append(f"| {name} | {size} | {row.metric.label}{way} | {' | '.join(cells)} |")
    mean = _mean_ranks(rows)
    lines.append(f"| mean rank | | | {' | '.join(f'{mean[tool]:.2f}' for tool in labels)} |")
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
    lines = [f"- {row.name}, {_labels(row)[tool]}: `{why}`" for row in rows for tool, why in row.failed.items()]
    return ["A tool that failed ranks last. What it said last:", "", *lines, ""] if lines else []


def _costs(rows: list[Row]) -> list[str]:
    labels = _labels(rows[0])
    lines = ["### Wall seconds, and peak memory in GiB", "", f"| data set | {' | '.join(labels.values())} |"]
    lines.append("|:---|" + "---:|" * len(labels))
    for row in rows:
        cells = [
            "failed" if tool in row.failed else f"{row.seconds[tool]:.0f} s, {row.peaks[tool] / 2**30:.1f}"
            for tool in labels
        ]
        lines.append(f"| {row.name} | {' | '.join(cells)} |")
    busiest = {tool: max(row.busy.get(tool, 0.0) for row in rows) for tool in labels}
    quiet = [tool for tool in labels if busiest[tool] <= QUIET]
    most = max((busiest[tool] for tool in quiet), default=0.0)
    told = []
    if quiet:
        names = _names([labels[tool] for tool in quiet])
        told.append(f"Before {names} started, other programs had at most {most:.0f} % of the cores.")
    if len(quiet) < len(labels):
        loud = _names([label for tool, label in labels.items() if tool not in quiet])
        told.append(f"{loud} ran beside other work, so those seconds are no fair comparison.")
    return [*lines, "", *textwrap.wrap(" ".join(told), 120, break_on_hyphens=False), ""]


def _names(labels: list[str]) -> str:
    """Return names in a list of words."""
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"


def _against(rows: list[Row]) -> list[str]:
    """Return each data set's difference from the best peer, and the share of AutoGluon's seconds."""
    labels = _labels(rows[0])
    reference = labels[REFERENCE]
    lines = [
        "### Against the best peer",
        "",
        "Positive differences are better, with their paired 95 % interval. The best peer is picked by the same test",
        "rows, which favours it.",
        "",
        f"| data set | best peer | Sevenfold against it | rank | not worse beyond it | of {reference}'s seconds |",
        "|:---|:---|---:|---:|:---|---:|",
    ]
    for row in rows:
        share = _share(row)
        slow = "a tool failed" if share is None else f"{share:.0%}"
        told = f"{labels[row.best]} | {_difference(row)} | {_ranked(row)[OURS]:g} | {_holds(_as_good(row))} | {slow}"
        lines.append(f"| {row.name} | {told} |")
    return [*lines, ""]


def _difference(row: Row) -> str:
    if row.gain is None:
        return "failed"
    low, high = row.gain.ci
    return f"{row.gain.value:+.4f} [{low:+.4f}, {high:+.4f}]"


def _bars(rows: list[Row]) -> list[str]:
    """Return the bars for tables, and whether each holds on these."""
    rank = _mean_ranks(rows)[OURS]
    shares = _shares(rows)
    ordinary = {row.name: shares[row.name] for row in rows if row.name in shares and row.rows in ORDINARY}
    return [
        *_strength_bar(f"mean rank of five at most {RANK_BAR:g}", rows, first=rank <= RANK_BAR),
        _seconds_bar("seconds at most AutoGluon's on every table", shares, 1.0),
        _seconds_bar(
            f"seconds at most {SECONDS_BAR:g} of AutoGluon's on tables of {ORDINARY[0]:,} to {ORDINARY[-1]:,} rows",
            ordinary,
            SECONDS_BAR,
        ),
        "",
    ]


def _forecast_bars(rows: list[Row]) -> list[str]:
    """Return the bars for forecasts, and whether each holds on these."""
    mean = _mean_ranks(rows)
    first = all(mean[OURS] < rank for tool, rank in mean.items() if tool != OURS)
    words = f"seconds at most {FORECASTS.labels[REFERENCE]}'s on every panel"
    return [*_strength_bar("mean rank first", rows, first=first), _seconds_bar(words, _shares(rows), 1.0), ""]


def _strength_bar(words: str, rows: list[Row], *, first: bool) -> list[str]:
    """Return the head of the bars, and the row on strength."""
    worse = [row.name for row in rows if not _as_good(row)]
    bar = f"{words}, or none worse than the best peer beyond the paired interval"
    found = f"mean rank {_mean_ranks(rows)[OURS]:.2f}; worse on {len(worse)} of {len(rows)}{_listed(worse)}"
    return ["| bar | found | holds |", "|:---|:---|:---|", f"| {bar} | {found} | {_holds(first or not worse)} |"]


def _seconds_bar(words: str, shares: dict[str, float], bar: float) -> str:
    """Return a row on shares of AutoGluon's seconds; data sets on which a tool failed have none."""
    if not shares:
        return f"| {words} | none | {_holds(False)} |"
    over = [name for name, share in shares.items() if share > bar]
    most = max(shares, key=lambda name: shares[name])
    found = f"at most {shares[most]:.2f} ({most}); over on {len(over)} of {len(shares)}{_listed(over)}"
    return f"| {words} | {found} | {_holds(not over)} |"


def _listed(names: list[str]) -> str:
    return f" ({', '.join(names)})" if names else ""


def _mean_ranks(rows: list[Row]) -> dict[str, float]:
    return {tool: float(np.mean([_ranked(row)[tool] for row in rows])) for tool in _labels(rows[0])}


def _as_good(row: Row) -> bool:
    """Return whether the interval of the difference from the best peer reaches zero; a failure is worse."""
    return row.gain is not None and row.gain.ci[1] >= 0


def _shares(rows: list[Row]) -> dict[str, float]:
    """Return our wall seconds as shares of AutoGluon's, where neither failed."""
    return {row.name: share for row in rows if (share := _share(row)) is not None}


def _share(row: Row) -> float | None:
    """Return our wall seconds as a share of AutoGluon's, None where either failed."""
    if OURS not in row.seconds or REFERENCE not in row.seconds:
        return None
    return row.seconds[OURS] / row.seconds[REFERENCE]


def _holds(yes: bool) -> str:
    return "yes" if yes else "**no**"
