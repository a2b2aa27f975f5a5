"""The contract on the typed table between steps: the project's declaration as a pandera schema."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from pipelines.core.cells import SHOWN
from pipelines.core.errors import InputError, quote
from pipelines.core.project import Project
from pipelines.core.table import FOLDS, TEST, WARM_UP
from pipelines.facts.define import Contract
from pipelines.targets import TARGETS

if TYPE_CHECKING:
    import pandera.pandas as pandera


def check_contract(
    frame: pd.DataFrame, project: Project, columns: Mapping[str, "pandera.Column"], where: str
) -> Contract:
    """Return how many checks the table passed; raise InputError naming column and rows where it fails one.

    `frame` is the table as `core/table.py` describes it: these columns and no others, of these types, without missing
    values where none were declared, within the declared bounds; `columns` are those that are no key.
    """
    from pandera.errors import SchemaErrors

    schema = make_schema(project, columns)
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        raise _explain(error.failure_cases, frame, project, where) from None
    each = [2 + (not column.nullable) + len(column.checks) for column in schema.columns.values()]  # it exists, its type
    return {"checks": sum(each) + len(schema.checks), "passed": True}


def _explain(failures: pd.DataFrame, frame: pd.DataFrame, project: Project, where: str) -> InputError:
    """Turn pandera's first complaint, and the others like it, into one about the user's table."""
    first = failures.iloc[0]
    same_column = failures["column"].isna() | (failures["column"] == first["column"])
    alike = (failures["check"] == first["check"]) & same_column
    rows = failures.loc[alike, "index"].dropna().astype(int)
    ids = frame["row_id"].iloc[rows[:SHOWN]] if "row_id" in frame.columns else rows[:SHOWN]
    column = "" if pd.isna(first["column"]) else f"column {quote(first['column'])}, "
    found = quote(str(first["failure_case"]))
    return InputError(
        f"the table breaks its contract: {column}check {quote(first['check'])} found {found}",
        where=where + (f", row_id {', '.join(map(str, ids))}" if len(ids) else ""),
        allowed="what [columns] of the project file declares",
        todo=f"run `dvc repro -f define@{project.name}`; do not edit the table",
    )


def make_schema(project: Project, columns: Mapping[str, "pandera.Column"]) -> "pandera.DataFrameSchema":
    """Return the schema of the project's table, whose columns beside the keys are these."""
    import pandera.pandas as pandera

    keys = {
        "row_id": pandera.Column("int64", pandera.Check.ge(0), unique=True),
        "split": pandera.Column("str", pandera.Check.isin(["train", "test"])),
        "fold": pandera.Column("int64", pandera.Check.in_range(WARM_UP, FOLDS - 1)),
        "y_true": pandera.Column("float64", _target_check(project)),
    }
    held_out = pandera.Check(_folds_fit_split, name="test rows, and no others, are in fold -1")
    return pandera.DataFrameSchema(keys | dict(columns), checks=held_out, strict=True)


def _folds_fit_split(frame: pd.DataFrame) -> pd.Series:
    return (frame["split"] == "test") == (frame["fold"] == TEST)


def _target_check(project: Project) -> "pandera.Check":
    """Return what the encoded target may be."""
    import pandera.pandas as pandera

    kind = TARGETS[project.problem.task]
    return pandera.Check(kind.valid, name=kind.words.encoded)
