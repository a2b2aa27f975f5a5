"""The contract on the typed table: a good one passes, and every way to break it is told."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from toy_project import of_metric, toy_project
from toy_raw import declare

from pipelines.core.errors import InputError
from pipelines.core.project import Project
from pipelines.rows.apart import Apart
from pipelines.validation.contract import check_contract


def good_table(rows: int = 50) -> pd.DataFrame:
    """Return a table that keeps the small project's contract."""
    place = np.arange(rows)
    fold = np.where(place % 5 == 0, -1, place % 5)
    return pd.DataFrame(
        {
            "row_id": place,
            "split": pd.Series(np.where(fold == -1, "test", "train"), dtype="str"),
            "fold": fold,
            "y_true": (place % 2).astype(float),
            "age": 18.0 + place,
            "income": np.where(place % 7, place, np.nan),
            "town": pd.Categorical(np.where(place % 3, "Bern", "Oslo")),
            "member": (place % 2).astype(float),
            "since (days)": 20_000.0 + place,
            "since (month)": 1.0 + place % 12,
            "since (weekday)": place % 7.0,
            "remark (characters)": place.astype(float),
            "remark (words)": np.where(place % 7, place, np.nan),
        }
    )


BREAKS: list[tuple[str, Callable[[pd.DataFrame], object], str]] = [
    (
        "below a bound",
        lambda t: t.__setitem__("age", t["age"] - 1),
        "column 'age', check 'greater_than_or_equal_to(18.0)'",
    ),
    ("missing", lambda t: t.__setitem__("age", t["age"].mask(t["age"] == 20)), "column 'age', check 'not_nullable'"),
    ("infinite", lambda t: t.__setitem__("income", t["income"] + np.inf), "column 'income', check 'not infinite'"),
    ("another type", lambda t: t.__setitem__("age", t["age"].astype(int)), "column 'age'"),
    ("not a class", lambda t: t.__setitem__("y_true", t["y_true"] * 2), "column 'y_true'"),
    ("a month 13", lambda t: t.__setitem__("since (month)", t["since (month)"] + 1), "column 'since (month)'"),
    (
        "another town",
        lambda t: t.__setitem__("town", t["town"].cat.rename_categories({"Bern": "Paris"})),
        "found 'Paris'",
    ),
    ("a row twice", lambda t: t.__setitem__("row_id", t["row_id"] // 2), "column 'row_id'"),
    (
        "a test row in a fold",
        lambda t: t.__setitem__("fold", t["fold"].abs()),
        "test rows, and no others, are in fold -1",
    ),
    ("a column more", lambda t: t.__setitem__("secret", 1.0), "found 'secret'"),
    ("a column less", lambda t: t.pop("age"), "found 'age'"),
]

COLUMNS = Apart().schema(declare())


def test_a_good_table_passes() -> None:
    """Fifty checks: existence and type of 13 columns, missing values where none are declared, bounds and sets."""
    facts = check_contract(good_table(), declare(), COLUMNS, "data/small/table.parquet")

    assert facts["passed"] is True
    assert isinstance(facts["checks"], int)
    assert facts["checks"] > 40


@pytest.mark.parametrize(("break_it", "told"), [b[1:] for b in BREAKS], ids=[b[0] for b in BREAKS])
def test_a_broken_table_is_told(break_it: Callable[[pd.DataFrame], object], told: str) -> None:
    """The message names the table, the column and the check, and how to make the table anew."""
    table = good_table()
    break_it(table)
    with pytest.raises(InputError) as caught:
        check_contract(table, declare(), COLUMNS, "data/small/table.parquet")
    message = str(caught.value)

    assert told in message
    assert "data/small/table.parquet" in message
    assert "dvc repro -f define@small" in message


def test_rows_are_named_by_row_id() -> None:
    """A broken row is named by its number in the raw file, not by its place in the table."""
    table = good_table()
    table["row_id"] += 1000
    table.loc[7, "age"] = 5.0
    with pytest.raises(InputError, match="row_id 1007"):
        check_contract(table, declare(), COLUMNS, "t")


@pytest.mark.parametrize(
    ("task", "y", "passes"),
    [("regression", [-1.5, 2.0], True), ("regression", [np.inf, 2.0], False), ("multiclass", [0.0, 2.0], True),
     ("multiclass", [0.5, 1.0], False)],
)  # fmt: skip
def test_targets_of_other_tasks(task: str, y: list[float], passes: bool) -> None:
    """Regression wants finite values, several classes want whole numbers from 0."""
    table = pd.DataFrame(
        {
            "row_id": [0, 1],
            "split": pd.Series(["train", "test"], dtype="str"),
            "fold": [0, -1],
            "y_true": y,
            "group": [0, 1],
            "x": [1.0, 2.0],
        }
    )
    if passes:
        assert check_contract(table, (project := _project(task)), Apart().schema(project), "t")["passed"]
    else:
        with pytest.raises(InputError, match="column 'y_true'"):
            check_contract(table, (project := _project(task)), Apart().schema(project), "t")


def _project(task: str) -> Project:
    project = toy_project(
        "regression",
        columns='x = { type = "number" }\ng = { type = "integer" }\ny = { type = "integer" }',
        split='kind = "group"\ncolumn = "g"',
        metric=of_metric("mae", 1),
    )
    return project.model_copy(update={"problem": project.problem.model_copy(update={"task": task})})
