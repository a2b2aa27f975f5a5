"""Row by row: what each declared type reads, which rows break the declaration, and which columns are beyond it."""

import numpy as np
import pandas as pd
import pytest
from toy_raw import declare, small_raw

from pipelines.core.errors import InputError
from pipelines.core.project import Column
from pipelines.inputs import INPUTS
from pipelines.validation.checks import find_violations, parse_columns

WHERE = "data/raw/small.csv"
NAN = float("nan")


def text(*cells: str | None) -> pd.Series:
    """Return a column of text."""
    return pd.Series(list(cells), dtype="str")


READ = [  # declaration, raw cells, values as read (None: missing), rows that cannot be read
    (
        Column(type="number"),
        text("1", " 2.5 ", "1e3", None, "x", "inf", "1,5"),
        [1, 2.5, 1000, None, None, None, None],
        [4, 5, 6],
    ),
    (Column(type="number"), pd.Series([1.5, NAN, np.inf]), [1.5, None, None], [2]),
    (Column(type="number"), pd.Series([5e-324, -1e-201, 1e-200, -0.0]), [0, 0, 1e-200, 0], []),
    (Column(type="number"), pd.Series([True, False]), [None, None], [0, 1]),
    (Column(type="integer"), text("3", "3.0", "3.5", "-1"), [3, 3, None, -1], [2]),
    (Column(type="integer"), pd.Series([3, 4]), [3, 4], []),
    (Column(type="boolean"), text("true", "No", " T", "0", "2", None), [1, 0, 1, 0, None, None], [4]),
    (Column(type="boolean"), pd.Series([1.0, 0.0, NAN, 2.0]), [1, 0, None, None], [3]),
    (Column(type="boolean"), pd.Series([True, False]), [1, 0], []),
    (Column(type="boolean"), pd.Series([True, None], dtype=object), [1, None], []),
    (Column(type="category"), text("007", None), ["007", None], []),
    (
        Column(type="date"),
        text("2014-05-02", "2014-05-02T12:00", "02.05.2014", "2014-02-30", None),
        [pd.Timestamp("2014-05-02"), pd.Timestamp("2014-05-02 12:00"), None, None, None],
        [2, 3],
    ),
    (
        Column(type="date"),
        text("2014-05-02T12:00+02:00", "9999-12-31"),
        [pd.Timestamp("2014-05-02 10:00"), pd.Timestamp("9999-12-31")],
        [],
    ),
    (Column(type="date", format="%U %Y"), text("18 2014", None), [None, None], [0]),
    (Column(type="date", format="%d.%m.%Y"), text("02.05.2014", "2014-05-02"), [pd.Timestamp("2014-05-02"), None], [1]),
]


@pytest.mark.parametrize(("column", "raw", "values", "unreadable"), READ)
def test_what_cells_mean(column: Column, raw: pd.Series, values: list[object], unreadable: list[int]) -> None:
    """Each type reads its cells, leaves empty ones missing and marks those that it cannot read."""
    parsed = INPUTS[column.type].parse(raw, column)
    assert [None if pd.isna(v) else v for v in parsed.typed.tolist()] == values
    assert np.flatnonzero(parsed.unreadable).tolist() == unreadable
    assert parsed.missing.tolist() == raw.isna().tolist()


def violations(raw: pd.DataFrame, **changes: str) -> list[tuple[str, str, list[int]]]:
    """Return (column, reason, rows) of each violation of the small project's declaration."""
    project = declare(**changes)
    found = find_violations(raw, parse_columns(raw, project), project, WHERE)
    return [(v.column, v.reason, v.rows.tolist()) for v in found]


def test_silence_on_good_rows() -> None:
    """A table that keeps the declaration has no violations."""
    assert violations(small_raw()) == []


def test_each_reason() -> None:
    """Bounds, sets and missing targets: each row is found, with its reason, in declared order."""
    raw = small_raw(3000)
    raw["left"] = raw["left"].where(raw.index != 7)
    raw["since"] = raw["since"].mask(raw.index == 2, "2009-12-31")
    raw["town"] = raw["town"].mask(raw.index == 4, "Paris")
    raw["age"] = raw["age"].astype("str").mask(raw.index == 5, "17").mask(raw.index == 8, "100")
    raw["income"] = raw["income"].where(raw.index != 9, -0.5)
    left = '{ type = "category", allowed = ["yes", "no"], missing = 0.01 }'
    assert violations(raw, left=left) == [
        ("age", "below 18", [5]),
        ("age", "above 99", [8]),
        ("income", "below 0", [9]),
        ("town", "not among the allowed values", [4]),
        ("since", "below 2010-01-01", [2]),
        ("left", "no target", [7]),
    ]


def test_dropped_columns_are_not_checked() -> None:
    """A column that is declared and dropped may hold anything."""
    raw = small_raw()
    raw["age"] = 5
    assert violations(raw, drop='["note", "age"]') == []


def test_one_unreadable_value_stops() -> None:
    """A single value of another type stops the run: the declaration or the file must be wrong."""
    raw = small_raw(1000)
    raw["income"] = raw["income"].astype("str").mask(raw.index < 2, "1.000,50")
    with pytest.raises(InputError) as caught:
        violations(raw)
    told = str(caught.value)
    assert "2 value(s) of column 'income' (0.2 %): not a number" in told
    assert f"{WHERE}, row 0: '1.000,50', row 1: '1.000,50'" in told
    assert "number, at least 0, missing in at most 30 % of the rows" in told


@pytest.mark.parametrize(("missing", "stops"), [(60, False), (61, True)])
def test_missing_beyond_the_declared_share_stops(missing: int, stops: bool) -> None:
    """Income may be missing in 30 % of 200 rows: 60 are allowed, 61 are not."""
    raw = small_raw()
    raw["income"] = np.where(raw.index < missing, NAN, 1.0)
    if not stops:
        assert violations(raw) == []
        return
    with pytest.raises(InputError) as caught:
        violations(raw)
    assert "column 'income' is missing in 61 row(s) (30.5 %)" in str(caught.value)
    assert "row 0, row 1, row 2, row 3, row 4, …" in str(caught.value)


def test_fail_instead_of_quarantine() -> None:
    """Under on_invalid = "fail" the first violation stops the run, with file, column, rows and what is allowed."""
    raw = small_raw()
    raw.loc[[3, 9], "age"] = [5, 120]
    with pytest.raises(InputError) as caught:
        violations(raw, drop='["note"]\non_invalid = "fail"')
    told = str(caught.value)
    assert "1 row(s) of column 'age': below 18 (and 1 more)" in told
    assert f"{WHERE}, row 3: '5'" in told
    assert "allowed: integer, at least 18, at most 99, never missing" in told
