"""Step 1 as a whole: what is in the table, what is set aside, and what the facts say about it."""

import hashlib
import json

import numpy as np
import pandas as pd
import pytest
from conftest import Facts
from toy_project import toy_project
from toy_raw import declare, small_raw

from pipelines.core.project import Project
from pipelines.core.submit import run_now
from pipelines.define import Defined, define

SHA = "ab" * 32


def spoil(raw: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with an age of 5 in row 3 (and a town of Paris), an age of 120 in row 9, and two rows twice."""
    place = raw.index
    age = raw["age"].mask(place == 3, 5).mask(place == 9, 120)
    raw = raw.assign(age=age, town=raw["town"].mask(place == 3, "Paris")).drop(columns="note")
    raw.iloc[20] = raw.iloc[21]
    raw.iloc[30] = raw.iloc[31]
    other = raw["left"].map({"yes": "no", "no": "yes"})
    return raw.assign(left=raw["left"].mask(place == 30, other), note=[f"n{i}" for i in place])


@pytest.fixture(scope="module")
def defined() -> Defined:
    """Step 1 on 200 rows, some of them spoiled."""
    return define(spoil(small_raw()), declare(), SHA, run_now)


def test_the_table(defined: Defined) -> None:
    """Every row but the two set aside is there, by its raw number, with typed features and nothing else."""
    frame = defined.table.frame

    assert frame["row_id"].tolist() == [row for row in range(200) if row not in (3, 9)]
    assert frame.columns.tolist() == [
        "row_id", "split", "fold", "y_true", "age", "income", "town", "member",
        "since (days)", "since (month)", "since (weekday)", "remark (characters)", "remark (words)",
    ]  # fmt: skip
    raw = spoil(small_raw()).drop(index=[3, 9]).reset_index()
    assert frame["y_true"].tolist() == [float(value == "yes") for value in raw["left"]]
    assert frame["age"].tolist() == raw["age"].astype(float).tolist()
    assert frame["income"].isna().tolist() == raw["income"].isna().tolist()
    assert frame["town"].cat.categories.tolist() == ["Bern", "Oslo", "Rome"]
    assert frame["member"].tolist() == raw["member"].astype(float).tolist()
    assert frame["since (month)"].tolist() == [float(day[5:7]) for day in raw["since"]]


def test_the_quarantine(defined: Defined) -> None:
    """Each violation is a row with its raw number, column, reason and value; a row may have several."""
    assert list(defined.quarantine.itertuples(index=False, name=None)) == [
        (3, "age", "below 18", "5"),
        (3, "town", "not among the allowed values", "Paris"),
        (9, "age", "above 99", "120"),
    ]
    assert defined.facts["quarantined"] == {
        "count": 2,
        "reasons": [
            {"reason": "below 18", "column": "age", "rows": 1, "examples": [3]},
            {"reason": "above 99", "column": "age", "rows": 1, "examples": [9]},
            {"reason": "not among the allowed values", "column": "town", "rows": 1, "examples": [3]},
        ],
    }


def test_duplicates_stay_together(defined: Defined) -> None:
    """Rows 20 and 21, and 30 and 31, share their features: each pair is on one side and in one fold."""
    frame = defined.table.frame.set_index("row_id")

    assert frame["fold"][[20, 30]].tolist() == frame["fold"][[21, 31]].tolist()
    counts = {"rows": 1, "conflicting": 2, "across_split": 0, "across_folds": 0}
    assert counts.items() <= defined.facts["duplicates"].items()


def test_facts_are_plain_and_complete(defined: Defined) -> None:
    """The facts survive JSON unchanged and hold what later steps rely on."""
    facts: Facts = defined.facts

    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
    assert {"project", "question", "decision", "task", "target", "positive", "target_scale", "unit"} <= set(facts)
    assert facts["source"] == {
        "kind": "file", "package": None, "member": None, "file": "data/raw/small.csv", "sha256": SHA
    }  # fmt: skip
    assert facts["rows"] == 200
    assert facts["columns"] == 8
    assert facts["dropped"] == ["note"]
    assert [fact["name"] for fact in facts["features"]] == defined.table.features
    split = facts["split"]
    assert split["train"] + split["test"] == 198
    assert sum(split["folds"]) == split["train"]
    assert split["share"] == pytest.approx(0.25, abs=0.01)
    assert split["positives"]["train"] + split["positives"]["test"] == int(defined.table.y.sum())
    assert facts["contract"]["passed"]
    assert sum(not fact["success"] for fact in facts["expectations"]) == 2
    assert "index.html" in defined.data_docs


def test_the_test_rows_identity(defined: Defined) -> None:
    """The hash is that of the raw file's hash and the sorted test rows, one a line."""
    frame = defined.table.frame
    rows = sorted(frame.loc[frame["split"] == "test", "row_id"])
    text = "\n".join([SHA, *map(str, rows)])

    assert defined.facts["test_rows_sha256"] == hashlib.sha256(text.encode()).hexdigest()


def test_step_1_is_deterministic(defined: Defined) -> None:
    """The same file and project give the same table and facts, to the last bit."""
    again = define(spoil(small_raw()), declare(), SHA, run_now)
    pd.testing.assert_frame_equal(again.table.frame, defined.table.frame, check_exact=True)

    assert again.facts == defined.facts


def test_another_seed_tests_on_other_rows(defined: Defined) -> None:
    """The seed decides which rows are tested on, and nothing else about the table."""
    other = define(spoil(small_raw()), declare(seed="4"), SHA, run_now)

    assert other.facts["test_rows_sha256"] != defined.facts["test_rows_sha256"]
    same = ["row_id", "y_true", *defined.table.features]
    pd.testing.assert_frame_equal(other.table.frame[same], defined.table.frame[same])


def test_a_clean_file_sets_nothing_aside() -> None:
    """Without bad rows the quarantine is empty, with its columns and types in place."""
    found = define(small_raw(), declare(), SHA, run_now)

    assert found.facts["quarantined"] == {"count": 0, "reasons": []}
    assert found.quarantine.dtypes.astype(str).to_dict() == {
        "row_id": "int64", "column": "str", "reason": "str", "value": "str"
    }  # fmt: skip


SALES = """\
house = { type = "integer" }
sold = { type = "date" }
size = { type = "number" }
side = { type = "category" }
price = { type = "number", min = 1 }"""


def sales(split: str) -> tuple[pd.DataFrame, Project]:
    """Return 300 sales of 100 houses over 300 days, and a project that splits them."""
    rng = np.random.default_rng(1)
    raw = pd.DataFrame(
        {
            "house": rng.integers(0, 100, 300),
            "sold": pd.Series(pd.date_range("2020-01-01", periods=300).strftime("%Y-%m-%d"), dtype="str"),
            "size": rng.normal(100, 10, 300).round(1),
            "side": pd.Series(np.where(np.arange(300) % 4 == 0, "check", "fit"), dtype="str"),
            "price": rng.lognormal(12, 1, 300),
        }
    )
    problem = 'target_scale = "log"\nunit = "USD"'
    return raw, toy_project("regression", target="price", problem=problem, columns=SALES, split=split)


def test_a_group_split() -> None:
    """A house sold several times stays on one side and in one fold; the house's number is no feature."""
    raw, project = sales('kind = "group"\ncolumn = "house"')
    found = define(raw, project, SHA, run_now)
    table = found.table

    assert table.group is not None
    assert table.frame.groupby("group")["fold"].nunique().eq(1).all()
    assert (pd.crosstab(table.group, raw["house"]).astype(bool).sum(axis=1) == 1).all()
    assert "house" not in table.features
    assert np.allclose(table.y, np.log(raw["price"]))
    assert found.facts["split"]["share"] == pytest.approx(0.2, abs=0.01)


def test_a_time_split() -> None:
    """The last 20 % of the days are the test rows, the first of them stated; folds are periods; time is no feature."""
    raw, project = sales('kind = "time"\ncolumn = "sold"')
    found = define(raw, project, SHA, run_now)

    assert found.table.frame["split"].tolist() == ["train"] * 240 + ["test"] * 60
    assert found.table.frame["fold"].tolist()[:240] == np.repeat(range(5), 48).tolist()
    split: Facts = found.facts["split"]
    assert split["boundary"] == "2020-08-28"
    assert split["fold_kind"] == "contiguous periods of the training time"
    assert not any(feature.startswith("sold") for feature in found.table.features)
    assert found.table.group is None


def test_the_files_own_split() -> None:
    """Rows that the file marks are the test rows, and the mark is no feature."""
    raw, project = sales('kind = "column"\ncolumn = "side"\ntest_value = "check"')
    found = define(raw, project, SHA, run_now)

    assert found.table.frame.loc[found.table.frame["split"] == "test", "row_id"].tolist() == list(range(0, 300, 4))
    assert found.facts["split"]["asked"] is None
    assert "side" not in found.table.features


def test_a_regression_target_is_summarised_in_its_unit() -> None:
    """Quantiles are prices in dollars, though the table holds logarithms."""
    raw, project = sales('kind = "random"')
    summary: Facts = define(raw, project, SHA, run_now).facts["target_summary"]

    assert summary["quantiles"]["50"] == pytest.approx(raw["price"].median())
    assert (summary["unit"], summary["scale"]) == ("USD", "log")
