"""Compare the product's strong model with what users would pick instead: `make bench`.

Every tool gets the same training rows and the same two cores, one after another, and predicts the same test rows; all
predictions are scored here by the product's own metrics. What a pair of data set and tool has left is kept in
`work/results`, so that an interrupted run goes on where it was; `python run.py --again` forgets it, and
`python run.py orange_juice wages` runs some data sets only.
"""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

import pandas as pd
from datasets import DATASETS, prepare
from measure import Measured, measure
from page import write_page

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = HERE / "work"
RESULTS = WORK / "results"
PEERS = HERE / ".venv" / "bin" / "python"
TOOLS = ("lightgbm", "flaml", "mljar", "autogluon")
OURS = "sevenfold"
SEVENFOLD = [str(Path(sys.executable).with_name("sevenfold")), "run"]
# A process of its own for each step, as every peer has one; a server that nobody else uses.
ENVIRONMENT = {"SEVENFOLD_WARM": "0", "SEVENFOLD_PORT": "4398", "OMP_NUM_THREADS": "2"}


def main() -> None:
    """Run what is not there yet, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="data sets; all if none is named")
    parser.add_argument("--again", action="store_true", help="forget earlier results of these data sets")
    asked = parser.parse_args()
    products = sorted(path.stem for path in (ROOT / "projects").glob("*.toml"))
    for name in asked.names or [*products, *DATASETS]:
        if asked.again:
            shutil.rmtree(RESULTS / name, ignore_errors=True)
        define(name, packaged=name in products)
        for tool in (OURS, *TOOLS):
            compete(name, tool)
    measure([SEVENFOLD[0], "stop"], WORK, ENVIRONMENT)
    write_page(RESULTS, WORK, ROOT / "docs" / "benchmarks.md")


def define(name: str, *, packaged: bool) -> None:
    """Bring the raw file, and run the product's first step, which decides on rows, types and split."""
    projects = WORK / "projects"
    projects.mkdir(parents=True, exist_ok=True)
    shutil.copy((ROOT if packaged else HERE) / "projects" / f"{name}.toml", projects)
    if (WORK / "data" / name / "table.parquet").exists():
        return
    if packaged:
        measure([*SEVENFOLD, "fetch", name], WORK, ENVIRONMENT)
    else:
        prepare(name, WORK / "data" / "raw" / f"{name}.parquet")
    measure([*SEVENFOLD, "define", name], WORK, ENVIRONMENT)


def compete(name: str, tool: str) -> None:
    """Let one tool fit and predict one data set, unless it has; keep its predictions and what they cost."""
    folder = RESULTS / name
    told, predictions = folder / f"{tool}.json", folder / f"{tool}.parquet"
    if told.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{name}: {tool}", flush=True)
    measured = _ours(name, predictions) if tool == OURS else _peer(name, tool, predictions)
    told.write_text(json.dumps({"seconds": measured.seconds, "peak": measured.peak}), encoding="utf-8")
    print(f"  {measured.seconds:.0f} s, {measured.peak / 2**30:.1f} GiB", flush=True)


def _ours(name: str, predictions: Path) -> Measured:
    """Run step 5 as its user would."""
    measured = measure([*SEVENFOLD, "strong", name], WORK, ENVIRONMENT)
    frame = pd.read_parquet(WORK / "data" / name / "strong.parquet")
    test = frame[frame["split"] == "test"]
    columns = [column for column in test if column == "strong" or str(column).startswith("strong[")]
    found = test[columns].set_axis([f"p{place}" for place in range(len(columns))], axis="columns")
    found.insert(0, "row_id", test["row_id"])
    found.to_parquet(predictions, index=False)
    return measured


def _peer(name: str, tool: str, predictions: Path) -> Measured:
    """Run a peer in its own environment."""
    problem = _problem(name)
    command = [str(PEERS), str(HERE / "peer.py"), tool, str(WORK / "data" / name / "table.parquet"), *problem]
    # Not the limits that the product sets for its own threads.
    return measure([*command, str(predictions)], WORK, {"PYTHONPATH": "", "OMP_NUM_THREADS": "2"})


def _problem(name: str) -> tuple[str, str]:
    """Return task and metric of a data set."""
    os.chdir(WORK)
    from flows.repository.projects import load_project

    project = load_project(name)
    return project.problem.task, project.metric.primary


if __name__ == "__main__":
    main()
