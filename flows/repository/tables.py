"""The project's table, with the test rows that `define` froze, and what models predict of it."""

import numpy as np
import pandas as pd

from flows.repository.earlier import load_facts
from flows.repository.frames import read_frame
from flows.repository.layout import Layout
from pipelines.core.errors import InputError
from pipelines.core.frozen import hash_rows
from pipelines.core.project import Project
from pipelines.core.table import Table
from pipelines.inputs import text_columns
from pipelines.metrics import metric_of
from pipelines.targets import target_of


def load_table(project: Project) -> Table:
    """Return the project's table, with the test rows that `define` froze; raise InputError if they are others.

    Where the project has texts it is the table that `encode` made of it.
    """
    layout = Layout(project.name)
    facts = load_facts(project.name, ["define"])["define"]
    path, step = (layout.encoded, "encode") if text_columns(facts) else (layout.table, "define")
    frame = read_frame(path, step, project.name)
    test_rows = frame.loc[frame["split"] == "test", "row_id"].to_numpy(np.int64)
    if hash_rows(test_rows, facts["source"]["sha256"]) != facts["test_rows_sha256"]:
        raise InputError(
            "the table's test rows are not those that were frozen",
            where=f"{path}, against test_rows_sha256 in {layout.facts('define')}",
            todo=f"run `dvc repro -f {step}@{project.name}`",
        )
    target = target_of(project.problem.task, frame["y_true"].to_numpy(np.float64))
    squares = metric_of(project.metric).squares_errors
    known = target.knowing(squares_errors=squares, forecast=facts.get("forecast"), clusters=facts.get("clusters"))
    return Table(frame, known)


def load_controls(project: Project) -> pd.DataFrame | None:
    """Return rows with texts from which something was taken; None where the project has no texts."""
    if not text_columns(load_facts(project.name, ["define"])["define"]):
        return None
    return read_frame(Layout(project.name).controls, "encode", project.name)


def load_predictions(name: str, step: str) -> pd.DataFrame:
    """Return the predictions of `baseline` or `strong`."""
    return read_frame(Layout(name).predictions(step), step, name)
