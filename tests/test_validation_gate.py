"""The gate: Great Expectations must find what the row-wise checks find, no more and no less."""

import re
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from toy_raw import declare, small_raw

from pipelines.core.project import Project
from pipelines.facts.define import Expected
from pipelines.inputs import INPUTS
from pipelines.validation import expectations
from pipelines.validation.checks import parse_columns
from pipelines.validation.expectations import Gate, check_gate
from pipelines.validation.gate import gate_frame

READABLE = {"expect_column_values_to_be_null", "expect_column_values_to_be_in_type_list"}
MADE_UP = re.compile(r"\d{4}-?\d\d-?\d\dT|\d\d:\d\d|[0-9a-f]{8}-[0-9a-f]{4}|__\d{8}T")
RULES = {"expect_column_values_to_be_between", "expect_column_values_to_be_in_set"}

BAD = [  # column, a cell of it that breaks the declaration
    ("age", "17"),
    ("age", "101"),
    ("age", "old"),
    ("age", "30.5"),
    ("town", "Paris"),
    ("member", "perhaps"),
    ("since", "2009-05-05"),
    ("since", "some day"),
    ("left", "maybe"),
]


def spoiled(seed: int) -> pd.DataFrame:
    """Return a raw frame in which a few cells of every column are out of bounds, unreadable or missing."""
    rng = np.random.default_rng(seed)
    raw = small_raw(8000, seed)

    def some() -> np.ndarray:
        return rng.choice(len(raw), rng.integers(1, 4), replace=False)

    raw["age"] = raw["age"].astype("str")
    raw["member"] = raw["member"].astype("str")
    for column, bad in BAD:
        raw.loc[some(), column] = bad
    raw.loc[some(), "income"] = -1.0
    raw.loc[some(), "income"] = np.inf
    raw.loc[some(), "town"] = None
    raw.loc[some(), "left"] = None
    return raw


def gate(raw: pd.DataFrame, project: Project) -> Gate:
    """Return the gate's result on the raw frame."""
    return check_gate(gate_frame(raw, parse_columns(raw, project), project), project)


def unexpected(facts: list[Expected], column: str, kinds: set[str]) -> int:
    """Return how many cells of the column were unexpected under expectations of those kinds."""
    return sum(fact["unexpected"] for fact in facts if fact["column"] == column and fact["expectation"] in kinds)


@pytest.fixture(scope="module")
def clean() -> Gate:
    """The gate's result on a frame that keeps the declaration."""
    return gate(small_raw(), declare())


@pytest.mark.parametrize("seed", range(5))
def test_the_gate_agrees_with_the_row_wise_checks(seed: int) -> None:
    """Column by column, both count the same unreadable cells, the same broken rules and the same missing cells."""
    raw = spoiled(seed)
    project = declare(left='{ type = "category", allowed = ["yes", "no"], missing = 0.01 }')
    parsed = parse_columns(raw, project)
    unreadable, broken = Counter[str](), Counter[str]()
    for name, column in project.columns.declared.items():
        unreadable[name] = int(parsed[name].unreadable.sum())
        broken[name] = sum(int(rows.sum()) for _, rows in INPUTS[column.type].broken(column, parsed[name].typed))
    assert sum(count > 0 for count in unreadable.values()) == 4
    assert sum(count > 0 for count in broken.values()) == 5
    facts = gate(raw, project).expectations
    for name in project.columns.declared:
        assert unexpected(facts, name, READABLE) == unreadable[name], name
        assert unexpected(facts, name, RULES) == broken[name], name
    missing = {f["column"]: f["unexpected"] for f in facts if f["expectation"] == "expect_column_values_to_not_be_null"}
    assert missing == raw[list(project.columns.declared)].isna().sum().to_dict()


def test_wide_tables_are_checked_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two columns at a time find what all together find; the pages say the same, every count of expectations too."""
    raw, project = spoiled(1), declare()
    whole = gate(raw, project)
    monkeypatch.setattr(expectations, "AT_ONCE", 2)
    parts = gate(raw, project)
    assert parts.expectations == whole.expectations
    for path, page in whole.pages.items():
        assert _said(parts.pages[path]) == _said(page)


def _said(page: str) -> Counter[str]:
    """Return the texts of a page, without the times and names that Great Expectations makes up anew."""
    body = re.sub(r"(?s)<(style|script).*?</\1>", "", page)
    return Counter(
        text.strip() for text in re.findall(r">([^<>]+)<", body) if text.strip() and not MADE_UP.search(text)
    )


def test_silence_on_good_rows(clean: Gate) -> None:
    """Every expectation holds on a frame that keeps the declaration, and nothing is unexpected but allowed gaps."""
    assert all(fact["success"] for fact in clean.expectations)
    assert {fact["column"] for fact in clean.expectations if fact["unexpected"]} == {"income"}


def test_facts_say_what_is_allowed(clean: Gate) -> None:
    """Each fact names its column and says in words what is allowed."""
    age = [fact for fact in clean.expectations if fact["column"] == "age"]
    assert [fact["allowed"] for fact in age] == ["never missing", "of type integer", "at least 18 and at most 99"]
    assert clean.expectations[0]["allowed"] == "exactly the 8 columns declared or dropped"
    assert age[2] == {
        "expectation": "expect_column_values_to_be_between",
        "column": "age",
        "allowed": "at least 18 and at most 99",
        "success": True,
        "unexpected": 0,
        "share": 0.0,
    }


def test_data_docs_link_to_each_other(clean: Gate) -> None:
    """The index leads to the suite and the result, and both lead home."""
    assert set(clean.pages) == {
        "index.html",
        "expectations/small.html",
        "validations/small/raw/file/result.html",
    }
    for path in set(clean.pages) - {"index.html"}:
        assert path in clean.pages["index.html"]
        assert f'href="{"../" * path.count("/")}index.html"' in clean.pages[path]
    assert "Must have exactly these columns" in clean.pages["validations/small/raw/file/result.html"]


def test_good_numbers_stand_for_themselves() -> None:
    """The gate's frame adds columns only for what had to be read: dates here, and ages once one is no number."""
    project = declare()
    raw = small_raw()
    added = set(gate_frame(raw, parse_columns(raw, project), project).columns) - set(raw.columns)
    assert added == {"since (as date)", "since (not a date)"}
    raw["age"] = raw["age"].astype("str").mask(raw.index == 3, "old")
    frame = gate_frame(raw, parse_columns(raw, project), project)
    assert frame["age (not a whole number)"].dropna().to_dict() == {3: "old"}
    assert frame["age (as integer)"].isna().sum() == 1
