"""Compare the product's strong model with what users would pick instead: `make bench`.

Every tool gets the same training rows and the same two cores, one after another, and predicts the same test rows; all
predictions are scored here by the product's own metrics. What a pair of data set and tool has left is kept in
`work/results`, so that an interrupted run goes on where it was; `python run.py --again` forgets it,
`python run.py orange_juice wages` runs some data sets only, `--half development` the half on which settings are
settled, and `--tools flaml` some tools only. The reported half is scored when settings are frozen; before that
`--half reported --define` shows that its tables can be fetched and defined. A tool that fails is told on the page, and
the others go on.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pandas as pd
import psutil
from datasets import DATASETS, prepare
from halves import Half, half_of
from kinds import FORECASTS, OURS, TABLES, Kind, has_peers, kind_of
from measure import Measured, measure
from page import write_page

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = HERE / "work"
RESULTS = WORK / "results"
TOOLS = tuple(dict.fromkeys([*TABLES.labels, *FORECASTS.labels]))
SEVENFOLD = [str(Path(sys.executable).with_name("sevenfold")), "run"]
FITTED = re.compile(r"^fit and predict: ([0-9.]+) s$", re.MULTILINE)  # what a peer's script prints
LOOK_SECONDS = 2.0
# A process of its own for each step, as every peer has one; a server that nobody else uses.
ENVIRONMENT = {"SEVENFOLD_WARM": "0", "SEVENFOLD_PORT": "4398", "OMP_NUM_THREADS": "2"}


def main() -> None:
    """Run what is not there yet, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="data sets; all if none is named")
    parser.add_argument("--half", choices=get_args(Half), help="data sets of one half; both if none is named")
    parser.add_argument("--define", action="store_true", help="fetch and define the data sets, run no tool")
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=TOOLS, help="all if none is named")
    parser.add_argument("--again", action="store_true", help="forget earlier results of these data sets and tools")
    asked = parser.parse_args()
    WORK.mkdir(exist_ok=True)
    os.chdir(WORK)
    for name in asked.names or projects(asked.half):
        kind = kind_of(_file(name))
        define(name, kind)
        for tool in () if asked.define else [tool for tool in kind.labels if tool in asked.tools]:
            if asked.again:
                (RESULTS / name / f"{tool}.json").unlink(missing_ok=True)
            compete(name, kind, tool)
    measure([SEVENFOLD[0], "stop"], WORK, ENVIRONMENT)
    if not asked.define:
        write_page(
            RESULTS, WORK, HERE / "scored", ROOT / "docs" / "benchmarks.md", {one: _file(one) for one in projects()}
        )


def projects(half: Half | None = None) -> list[str]:
    """Return the names of all data sets that peers can learn, or of a half: the product's own projects first."""
    files = [path for place in (ROOT, HERE) for path in sorted((place / "projects").glob("*.toml"))]
    names = [path.stem for path in files if has_peers(path)]
    return [name for name in names if half in (None, half_of(name))]


def _file(name: str) -> Path:
    """Return the project file of a data set."""
    own = HERE / "projects" / f"{name}.toml"
    return own if own.exists() else ROOT / "projects" / own.name


def define(name: str, kind: Kind) -> None:
    """Bring the raw file, and run the product's first step, which decides on rows, types and split."""
    copy = WORK / "projects" / f"{name}.toml"
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(kind.settings(_file(name).read_text("utf-8")), encoding="utf-8")
    if (WORK / "data" / name / "table.parquet").exists():
        return
    if name in DATASETS:
        prepare(name, WORK / "data" / "raw" / f"{name}.parquet")
    else:
        measure([*SEVENFOLD, "fetch", name], WORK, ENVIRONMENT)
    for step in ("define", *kind.given):
        measure([*SEVENFOLD, step, name], WORK, ENVIRONMENT)


def compete(name: str, kind: Kind, tool: str) -> None:
    """Let one tool fit and predict one data set, unless it has; keep its predictions and what they cost."""
    folder = RESULTS / name
    told, predictions = folder / f"{tool}.json", folder / f"{tool}.parquet"
    if told.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{name}: {tool}", flush=True)
    busy = psutil.cpu_percent(LOOK_SECONDS)  # with others, since nothing of ours is running yet
    try:
        measured = _ours(name, kind, predictions) if tool == OURS else _peer(name, kind, tool, predictions)
    except subprocess.CalledProcessError as error:
        why = (error.output.strip().splitlines() or [f"exit status {error.returncode}"])[-1]
        told.write_text(json.dumps({"failed": why}), encoding="utf-8")
        print(f"  failed: {why}", flush=True)
        return
    cost = {"seconds": measured.seconds, "peak": measured.peak, "busy": busy}
    if tool != OURS:
        cost["fit_and_predict"] = float(FITTED.findall(measured.output)[-1])  # tools print more, even at their end
    told.write_text(json.dumps(cost), encoding="utf-8")
    print(f"  {measured.seconds:.0f} s, {measured.peak / 2**30:.1f} GiB", flush=True)


def _ours(name: str, kind: Kind, predictions: Path) -> Measured:
    """Run the product's steps as its user would."""
    parts = [measure([*SEVENFOLD, step, name], WORK, ENVIRONMENT) for step in kind.steps]
    frame = pd.read_parquet(WORK / "data" / name / "strong.parquet")
    test = frame[frame["split"] == "test"]
    columns = [column for column in test if column == "strong" or str(column).startswith("strong[")]
    found = test[columns].set_axis([f"p{place}" for place in range(len(columns))], axis="columns")
    found.insert(0, "row_id", test["row_id"])
    found.to_parquet(predictions, index=False)
    return Measured(sum(one.seconds for one in parts), max(one.peak for one in parts), parts[-1].output)


def _peer(name: str, kind: Kind, tool: str, predictions: Path) -> Measured:
    """Run a peer in its own environment."""
    # Not the limits that the product sets for its own threads.
    limits = {"PYTHONPATH": "", "OMP_NUM_THREADS": "2"}
    measured = measure(kind.command(name, tool, WORK, predictions), WORK, limits)
    kind.gather(name, WORK, predictions)
    return measured


if __name__ == "__main__":
    main()
