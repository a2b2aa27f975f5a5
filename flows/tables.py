"""Reading and writing tables; the one that `define` made comes with its frozen test rows."""

from pathlib import Path

import numpy as np
import pandas as pd

from flows.earlier import load_facts, made_by
from flows.files import replacing
from flows.layout import Layout
from pipelines.errors import InputError
from pipelines.frozen import hash_rows
from pipelines.project import Project
from pipelines.table import Table


def write_table(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as Parquet, whole or not at all, without its index; equal tables give equal bytes."""
    with replacing(path) as file:
        frame.to_parquet(file, engine="pyarrow", index=False, compression="zstd")


def load_table(project: Project) -> Table:
    """Return the project's table, with the test rows that `define` froze; raise InputError if they are others."""
    layout = Layout(project.name)
    frame = pd.read_parquet(made_by("define", layout.table, project.name), engine="pyarrow")
    facts = load_facts(project.name, ["define"])["define"]
    test_rows = frame.loc[frame["split"] == "test", "row_id"].to_numpy(np.int64)
    if hash_rows(test_rows, facts["source"]["sha256"]) != facts["test_rows_sha256"]:
        raise InputError(
            "the table's test rows are not those that were frozen",
            where=f"{layout.table}, against test_rows_sha256 in {layout.facts('define')}",
            todo=f"run `dvc repro -f define@{project.name}`",
        )
    return Table(frame, project.problem.task)


def load_predictions(name: str, step: str) -> pd.DataFrame:
    """Return the predictions of `baseline` or `strong`."""
    return pd.read_parquet(made_by(step, Layout(name).predictions(step), name), engine="pyarrow")
