"""Tests of correlated groups."""

import numpy as np
import pandas as pd
import pytest
from conftest import Facts
from scipy import stats

from pipelines.exploration.groups import MAX_NUMBERS, correlation_ratio, cramers_v, find_groups

RNG = np.random.default_rng(0)
X = RNG.standard_normal((500, 3))


def test_spearman_is_scipys() -> None:
    """A curved copy with noise: the strength is scipy's rank correlation, without its sign."""
    copy = -np.exp(X[:, 0] + 0.2 * X[:, 1])
    groups = find_groups(pd.DataFrame({"a": X[:, 0], "b": copy, "c": X[:, 2]}))["groups"]
    assert [group["features"] for group in groups] == [["a", "b"]]
    assert groups[0]["strength"] == pytest.approx(abs(stats.spearmanr(X[:, 0], copy).statistic))
    assert groups[0]["kind"] == "Spearman"


def test_ties_and_missing_values() -> None:
    """Ranks are tied as scipy ties them; pairs use the rows in which both are known."""
    a, b = np.round(X[:, 0]), np.where(X[:, 1] > 1, np.nan, np.round(X[:, 0]) * 2)
    groups = find_groups(pd.DataFrame({"a": a, "b": b}))["groups"]
    assert groups[0]["strength"] == pytest.approx(1.0, abs=0.005)


def test_cramers_v_is_scipys_without_what_chance_gives() -> None:
    """Bergsma's correction by hand from scipy's chi-squared; independent codes give about nought."""
    a = RNG.integers(0, 4, 500)
    b = np.where(RNG.random(500) < 0.8, a, RNG.integers(0, 4, 500))
    chi2 = stats.chi2_contingency(pd.crosstab(a, b), correction=False).statistic
    phi2 = chi2 / 500 - 9 / 499
    assert cramers_v(a, b) == pytest.approx(np.sqrt(phi2 / (4 - 9 / 499 - 1)))
    assert cramers_v(RNG.integers(0, 30, 500), RNG.integers(0, 30, 500)) < 0.15
    assert cramers_v(a, np.zeros(500, int)) == 0


def test_correlation_ratio_is_an_analysis_of_variance() -> None:
    """Epsilon squared by hand from scipy's F; one level a row says nothing."""
    codes = RNG.integers(0, 5, 500)
    values = codes + X[:, 0]
    f = stats.f_oneway(*(values[codes == level] for level in range(5))).statistic
    between = 4 * f / (4 * f + 495)
    assert correlation_ratio(codes, values) ** 2 == pytest.approx(1 - (1 - between) * 499 / 495)
    assert correlation_ratio(np.arange(500), values) == 0


def test_groups_are_what_links_connect() -> None:
    """a-b and b-c are linked though a-c is not strong enough; a category that bins d joins d."""
    chain = np.cumsum(np.column_stack([X[:, 0], 0.45 * X[:, 1:]]), axis=1)
    d = RNG.standard_normal(500)
    frame = pd.DataFrame({"a": chain[:, 0], "d": d, "b": chain[:, 1], "c": chain[:, 2]})
    frame["e"] = pd.Categorical(np.searchsorted(np.linspace(-2, 2, 12), d).astype(str))
    groups = find_groups(frame)["groups"]
    assert [group["features"] for group in groups] == [["a", "b", "c"], ["d", "e"]]
    assert {tuple(link["features"]) for link in groups[0]["links"]} == {("a", "b"), ("b", "c")}
    assert groups[1]["kind"] == "correlation ratio"


def test_independent_and_constant_columns_form_no_groups() -> None:
    """Noise, constants, empty columns, a category: silence, and nothing left out."""
    frame = pd.DataFrame(X, columns=list("abc")).assign(
        one=1.0, empty=np.nan, level=pd.Categorical(RNG.choice(["u", "v"], 500))
    )
    found: Facts = find_groups(frame)
    assert found == {"groups": [], "left_out": {"features": 0, "why": None}}


def test_very_wide_tables_are_capped_and_say_so() -> None:
    """Beyond the cap columns are left out, with the reason."""
    wide = pd.DataFrame(RNG.standard_normal((30, MAX_NUMBERS + 2)), columns=[f"c{i}" for i in range(MAX_NUMBERS + 2)])
    left_out = find_groups(wide)["left_out"]
    assert left_out["features"] == 2
    assert "500" in str(left_out["why"])
