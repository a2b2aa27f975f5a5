"""Reading and writing tables; the one that `define` made comes with its frozen test rows."""

from pathlib import Path

import numpy as np
import pandas as pd
from pyarrow import default_memory_pool
from pyarrow.lib import ArrowException

from flows.repository.earlier import check_recorded, damaged, load_facts, made_by
from flows.repository.files import replacing
from flows.repository.layout import Layout
from pipelines.core.errors import InputError
from pipelines.core.frozen import hash_rows
from pipelines.core.project import Project
from pipelines.core.table import Table
from pipelines.metrics import metric_of
from pipelines.targets import target_of


def write_table(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as Parquet, whole or not at all, without its index; equal tables give equal bytes."""
    with replacing(path) as file:
        frame.to_parquet(file, engine="pyarrow", index=False, compression="zstd")


def load_table(project: Project) -> Table:
    """Return the project's table, with the test rows that `define` froze; raise InputError if they are others."""
    layout = Layout(project.name)
    frame = _read(layout.table, "define", project.name)
    facts = load_facts(project.name, ["define"])["define"]
    test_rows = frame.loc[frame["split"] == "test", "row_id"].to_numpy(np.int64)
    if hash_rows(test_rows, facts["source"]["sha256"]) != facts["test_rows_sha256"]:
        raise InputError(
            "the table's test rows are not those that were frozen",
            where=f"{layout.table}, against test_rows_sha256 in {layout.facts('define')}",
            todo=f"run `dvc repro -f define@{project.name}`",
        )
    target = target_of(project.problem.task, frame["y_true"].to_numpy(np.float64))
    squares = metric_of(project.metric).squares_errors
    return Table(frame, target.knowing(squares_errors=squares, forecast=facts.get("forecast")))


def load_predictions(name: str, step: str) -> pd.DataFrame:
    """Return the predictions of `baseline` or `strong`."""
    return _read(Layout(name).predictions(step), step, name)


def _read(path: Path, step: str, name: str) -> pd.DataFrame:
    """Return a table that an earlier step wrote; raise InputError if it is not there or damaged."""
    check_recorded(step, path, name)
    made = made_by(step, path, name)
    try:  # without Arrow's threads: where the system starts no more, it would wait without end
        frame = pd.read_parquet(made, engine="pyarrow", use_threads=False, pre_buffer=False)
    except (ArrowException, OSError) as error:
        raise damaged(path, step, name) from error
    default_memory_pool().release_unused()  # Arrow would keep four times the table's size for the rest of the step
    return frame
