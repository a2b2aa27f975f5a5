"""What steps read: the project file, the table with its frozen test rows, the facts of earlier steps."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from flows.files import Facts, read_json, read_table
from flows.layout import PROJECTS, Layout
from flows.names import check_name
from flows.projects import project_names
from pipelines.errors import InputError
from pipelines.frozen import hash_rows
from pipelines.project import Project, parse_project
from pipelines.table import Table


def load_project(name: str) -> Project:
    """Return the project of that name; raise InputError if there is none or its file is wrong."""
    check_name(name, project_names(), what="project", where=f"{PROJECTS}/")
    path = Layout(name).project_file
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        where = f"{path}, byte {error.start}"
        raise InputError("the project file is not UTF-8 text", where=where, todo="save it as UTF-8") from None
    return parse_project(text, name, str(path))


def load_table(project: Project) -> Table:
    """Return the project's table, with the test rows that `define` froze; raise InputError if they are others."""
    layout = Layout(project.name)
    frame = read_table(_made_by("define", layout.table, project.name))
    table = Table(frame, project.problem.task)
    facts = load_facts(project.name, ["define"])["define"]
    test_rows = frame.loc[frame["split"] == "test", "row_id"].to_numpy(np.int64)
    if hash_rows(test_rows, facts["source"]["sha256"]) != facts["test_rows_sha256"]:
        raise InputError(
            "the table's test rows are not those that were frozen",
            where=f"{layout.table}, against test_rows_sha256 in {layout.facts('define')}",
            todo=f"run `dvc repro -f define@{project.name}`",
        )
    return table


def load_facts(name: str, steps: Iterable[str]) -> dict[str, Facts]:
    """Return the facts of the named steps, by step."""
    layout = Layout(name)
    return {step: read_json(_made_by(step, layout.facts(step), name)) for step in steps}


def load_predictions(name: str, step: str) -> pd.DataFrame:
    """Return the predictions of `baseline` or `strong`."""
    return read_table(_made_by(step, Layout(name).predictions(step), name))


def load_model(name: str, step: str) -> bytes:
    """Return the fitted models of `baseline` or `strong`, as they were archived."""
    return _made_by(step, Layout(name).model(step), name).read_bytes()


def _made_by(step: str, path: Path, name: str) -> Path:
    """Return the path of what an earlier step wrote; raise InputError if it is not there."""
    if not path.is_file():
        todo = f"run `dvc repro {step}@{name}`, or `dvc checkout` if it ran before"
        raise InputError(f"step `{step}` has not written its file", where=str(path), todo=todo)
    return path
