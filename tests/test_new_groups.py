"""Drafts of groups: what `sevenfold new --task clustering` leaves out, what describes, what scores, and why."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from toy_grouped import ROWS, crowd

from pipelines.core.errors import InputError
from pipelines.core.project import Project, parse_project
from pipelines.core.submit import run_now
from pipelines.define import define
from pipelines.profiling.asked import Asked
from pipelines.profiling.draft import draft


def drafted(frame: pd.DataFrame, **said: Any) -> tuple[str, Project]:  # noqa: ANN401 - flags of several types
    """Return the text of a draft, and the project that it parses to."""
    asked = Asked(name="toy", file="data/raw/toy.csv", **{"task": "clustering", "outcome": "spent", **said})
    text = draft(frame, asked)
    return text, parse_project(text, "toy", "toy.toml")


def line(text: str, key: str) -> str:
    """Return the line of a draft that gives a key, with its reason."""
    return next(one for one in text.splitlines() if one.startswith(f"{key} = "))


def entry(text: str, column: str) -> str:
    """Return the line of a draft that lists a column, with the reason."""
    return next(one for one in text.splitlines() if one.strip().startswith(f'"{column}",'))


def wide() -> pd.DataFrame:
    """Return the crowd with columns that can make no groups, each for a reason of its own."""
    rng = np.random.default_rng(3)
    rows = crowd()
    return rows.assign(
        member=rng.permutation(ROWS) + 5000, place=np.arange(ROWS) * 3, same=7,
        grams=(rows["size"] * 1000).round(1), both=(rows["size"] + rows["visits"]).round(4),
        seldom=(rng.random(ROWS) < 0.05).astype(int) * 4, gaps=pd.Series(rng.random(ROWS)).mask(rng.random(ROWS) < 0.4),
        since=pd.date_range("2020-01-01", periods=ROWS).astype(str), vip=rng.choice(["yes", "no"], ROWS),
    )  # fmt: skip


def test_what_can_make_no_groups_is_left_out_with_its_reason() -> None:
    """Identifiers, constants, copies, sums and dates are dropped; rare values, gaps and labels describe."""
    text, project = drafted(wide())

    asked = project.asked_clusters
    assert {"weight", "visits"} <= set(asked.columns)
    assert len({"size", "grams", "both"} & set(asked.columns)) == 1  # each of them tells the others
    assert set(asked.describe) == {"land", "vip", "seldom", "gaps"}
    assert {"member", "place", "same", "since"} <= set(project.columns.drop)
    assert "numbers the rows: consecutive numbers" in entry(text, "member") or "names rows" in entry(text, "member")
    assert "whole numbers in the order of the file" in entry(text, "place")
    assert "the same value in every row" in entry(text, "same")
    assert "the others would be a group by definition" in entry(text, "seldom")
    assert "no value in 38% of the rows" in entry(text, "gaps")
    dropped = [name for name in ("size", "grams", "both") if name in project.columns.drop]
    assert all("the other columns explain it: R2" in entry(text, name) for name in dropped)


def test_step_1_takes_the_draft() -> None:
    """Nothing that was drafted is refused, and the outcome is on the scale that was guessed."""
    frame = wide()
    text, project = drafted(frame)

    made = define(frame.assign(since=frame["since"].astype("str")), project, "0" * 64, run_now)

    assert project.problem.outcome_scale == "log1p"
    assert "a guess: from 0, which" in line(text, "outcome_scale")
    assert made.table.features == list(project.asked_clusters.columns)
    assert made.facts["clusters"]["groups"] == 5


def test_the_baseline_ranks_by_what_goes_most_with_the_outcome() -> None:
    """Of the crowd it is the size, from which the outcome was made."""
    text, project = drafted(crowd())

    assert project.asked_clusters.by == "size"
    assert "the rank correlation with the outcome is" in line(text, "by")
    assert project.metric.primary == "r2"


def test_rows_with_gaps_are_left_out_and_said() -> None:
    """A few rows without a value are left out; without any, none is."""
    few = crowd().assign(weight=crowd()["weight"].mask(np.arange(ROWS) < 9))

    text, project = drafted(few)

    assert project.asked_clusters.missing == "leave_out"
    assert "9 rows lack a value" in line(text, "missing")
    assert drafted(crowd())[1].asked_clusters.missing == "refuse"


def test_a_column_that_the_user_keeps_stays() -> None:
    """Of two that tell each other the other one goes."""
    _, project = drafted(crowd().assign(grams=(crowd()["size"] * 1000).round(1)), keep=("grams",))

    assert "grams" in project.asked_clusters.columns
    assert "size" in project.columns.drop


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"target": "spent", "outcome": None}, "--target is given, and --task clustering has no label"),
        ({"horizon": 3}, "--horizon is given, and is not for --task clustering"),
        ({"group": "land"}, "--group is given"),
        ({"outcome": "land"}, "the outcome 'land' is no number"),
        ({"outcome": "spend"}, "there is no column 'spend'"),
        ({"drop": ("spent",)}, "'spent' is the outcome"),
        ({"drop": ("size", "weight")}, "1 column(s) could make groups: 'visits'"),
        ({"metric": "roc_auc"}, "groups with an outcome have no metric 'roc_auc'"),
        ({"task": "regression", "target": "spent"}, "--outcome is for groups without a label"),
        ({"task": None, "outcome": None}, "there is no column ''"),
    ],
)
def test_flags_that_do_not_fit(said: dict[str, Any], told: str) -> None:
    """Each is refused by name, with what is allowed."""
    with pytest.raises(InputError) as caught:
        drafted(crowd(), **said)

    assert told in str(caught.value)
