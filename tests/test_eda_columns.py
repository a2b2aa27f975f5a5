"""Tests of what is said of a column by itself."""

import numpy as np
import pandas as pd
import pytest
from conftest import Facts

from pipelines.exploration.columns import describe_column, fences, find_codes

ROWS = np.arange(200)


def describe(values: object) -> Facts:
    """Return the facts of a column of 200 rows."""
    return describe_column(pd.Series(values), ROWS)


def test_a_number_column_by_hand() -> None:
    """0 to 100, one of them missing: quantiles are the values themselves, and nothing is far out."""
    facts: Facts = describe_column(pd.Series([*range(101), np.nan], dtype=float), np.arange(102))
    assert facts["missing"] == pytest.approx(1 / 102)
    assert facts["distinct"] == 101
    assert facts["quantiles"] == {str(q): float(q) for q in (0, 1, 5, 25, 50, 75, 95, 99, 100)}
    assert facts["outliers"]["count"] == 0
    assert facts["outliers"]["high"] == 75 + 3 * 50


def test_outliers_are_beyond_three_interquartile_ranges() -> None:
    """Among 0 to 99 and two at the fence's sides, only the one beyond it counts."""
    facts: Facts = describe_column(pd.Series([*range(100), 222.0, 500.0]), np.arange(102))
    assert facts["outliers"]["low"] < 0
    assert 222 < facts["outliers"]["high"] < 500
    assert facts["outliers"]["count"] == 1


def test_where_the_quartiles_coincide_the_middle_of_the_rows_serves() -> None:
    """Counts that are mostly nought have no interquartile range; the rule says what it uses instead."""
    low, high, rule = fences({"1": 0.0, "25": 0.0, "75": 0.0, "99": 3.0})
    assert (low, high) == (-9.0, 12.0)
    assert "quartiles coincide" in rule


def test_codes_are_found_at_either_end() -> None:
    """98 in 12 rows and -999 in 10 stand apart from counts of 0 to 17."""
    values = [*(list(range(10)) * 17), *range(10, 18), *[98] * 11, 96, *[-999] * 10]
    facts: Facts = describe_column(pd.Series(values, dtype=float), np.arange(len(values)))
    assert facts["codes"] == [{"value": 98.0, "rows": 11}, {"value": -999.0, "rows": 10}, {"value": 96.0, "rows": 1}]


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(0).lognormal(0, 2, 200),  # a long tail, each value once
        np.random.default_rng(0).integers(0, 5, 200),
        np.where(ROWS < 20, 1.0, 0.0),  # two values: neither is far from the other's range
        np.full(200, 7.0),
    ],
)
def test_no_codes_in_honest_columns(values: np.ndarray) -> None:
    """Long tails, small counts, flags and constants hold no codes."""
    assert describe(values.astype(float))["codes"] == []


def test_codes_need_rows() -> None:
    """Nine rows that share a far value are not enough."""
    ordered, counts = np.array([0.0, 1.0, 2.0, 99.0]), np.array([50, 50, 50, 9])
    assert find_codes(ordered, counts, -10, 10) == []
    assert find_codes(ordered, counts + 1, -10, 10) == [{"value": 99.0, "rows": 10}]


def test_a_numbering_is_told_from_measurements() -> None:
    """Whole distinct numbers are described by order and filling; fractions and repeated numbers are not."""
    in_order = describe(ROWS * 3.0 + 7)["numbering"]
    assert in_order == {"distinct_share": 1.0, "order": pytest.approx(1.0), "filling": pytest.approx(200 / 598)}
    shuffled = describe(np.random.default_rng(0).permutation(ROWS).astype(float))["numbering"]
    assert abs(shuffled["order"]) < 0.3
    assert shuffled["filling"] == 1.0
    assert describe(ROWS + 0.5)["numbering"] is None
    assert describe(ROWS // 2.0)["numbering"] is None


def test_a_category_by_hand() -> None:
    """Shares are of all rows, missing ones included; rare levels have fewer than twenty rows."""
    facts = describe(pd.Categorical(["a"] * 120 + ["b"] * 60 + ["c"] * 10 + [None] * 10))
    assert facts["missing"] == 0.05
    assert facts["top"] == [{"value": "a", "share": 0.6}, {"value": "b", "share": 0.3}, {"value": "c", "share": 0.05}]
    assert facts["rare_levels"] == {"levels": 1, "share": 0.05, "fewer_than": 20}
    assert (facts["distinct"], facts["rows_per_level"]) == (3, pytest.approx(190 / 3))


@pytest.mark.parametrize("values", [np.full(200, np.nan), pd.Categorical([None] * 200, categories=["a"])])
def test_a_column_without_values_is_described(values: object) -> None:
    """Nothing but missing values: no quantiles, nothing distinct, and no error."""
    facts = describe(values)
    assert (facts["missing"], facts["distinct"]) == (1.0, 0)
