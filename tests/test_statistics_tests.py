"""Holm, Nadeau and Bengio, and the minimum detectable difference."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from pipelines.inference.crossvalidated import nadeau_bengio
from pipelines.inference.multiple import holm
from pipelines.inference.power import freedom_of, minimum_detectable


@pytest.mark.parametrize(
    "p_values", [[0.01, 0.04, 0.03, 0.005], [0.5, 0.9, 1.0], [0.02], [0.03, 0.03, 0.03], [0.0, 1e-9, 0.2], []]
)
def test_holm_is_that_of_statsmodels(p_values: list[float]) -> None:
    """Adjusted p-values agree, in the given order, with ties and zeros."""
    expected = multipletests(p_values, method="holm")[1] if p_values else []
    assert holm(p_values) == pytest.approx(list(expected), abs=1e-15)


def test_nadeau_bengio_by_hand() -> None:
    """Five folds holding out a fifth: variance (1/5 + 1/4) s^2, four degrees of freedom.

    Differences 1 to 5 have mean 3 and s^2 = 2.5: se = sqrt(0.45 * 2.5) = 1.06066, t = 2.82843.
    """
    found = nadeau_bengio([1, 2, 3, 4, 5], test_share=0.2)
    assert found.mean == 3
    assert found.p_value == pytest.approx(2 * stats.t.sf(2.8284271, 4), rel=1e-6)
    assert found.ci == pytest.approx((3 - 2.7764451 * 1.0606602, 3 + 2.7764451 * 1.0606602), abs=1e-6)


def test_equal_folds_have_no_spread() -> None:
    """A point for an interval, and a sane p-value."""
    assert nadeau_bengio([0.0, 0.0], 0.5).p_value == 1
    assert nadeau_bengio([0.1, 0.1], 0.5) == nadeau_bengio([0.1, 0.1, 0.1, 0.1], 0.5)
    assert nadeau_bengio([0.1, 0.1], 0.5).p_value == 0


@pytest.mark.parametrize(("differences", "share"), [([1.0], 0.2), ([1.0, 2.0], 0.0), ([1.0, 2.0], 1.0)])
def test_nadeau_bengio_needs_folds(differences: list[float], share: float) -> None:
    """One fold has no variance; a share of 0 or 1 leaves no rows on one side."""
    with pytest.raises(ValueError, match="at least 2 folds"):
        nadeau_bengio(differences, share)


def test_minimum_detectable_by_hand() -> None:
    """1.959964 + 0.841621 standard errors at 80 % power and 5 %."""
    assert minimum_detectable(0.01) == pytest.approx(0.02801585, rel=1e-6)


def test_minimum_detectable_is_found_that_often() -> None:
    """Of 20,000 normal estimates around it, 80 % lie further than 1.96 standard errors from 0."""
    estimates = np.random.default_rng(1).normal(minimum_detectable(1.0), 1.0, 20_000)
    assert np.mean(np.abs(estimates) > 1.959964) == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize("freedom", [4, 10, 60])
def test_a_standard_error_that_is_itself_estimated_asks_for_more(freedom: int) -> None:
    """20,000 beforehand estimates of a standard error of 1: 80 % of what is tried because of them is found, on average.

    2.80 times such standard errors are found less often.
    """
    random = np.random.default_rng(freedom)
    told = np.sqrt(random.chisquare(freedom, 20_000) / freedom)
    asked = np.array([minimum_detectable(se, freedom) for se in told[:5]])
    assert asked / told[:5] == pytest.approx(np.full(5, minimum_detectable(1.0, freedom)))
    noise = random.normal(size=20_000)
    assert np.mean(told * minimum_detectable(1.0, freedom) + noise > 1.959964) == pytest.approx(0.8, abs=0.01)
    assert np.mean(told * minimum_detectable(1.0) + noise > 1.959964) < 0.795


@pytest.mark.parametrize("tail", ["normal", "uniform", "lognormal"])
def test_degrees_of_freedom_by_formula(tail: str) -> None:
    """The variance of n values has 2 n / (kurtosis - 1) degrees of freedom; kurtosis as scipy has it."""
    random = np.random.default_rng(3)
    values = getattr(random, tail)(size=400)
    drawn = values[random.integers(0, 400, (4_000, 400))]
    assert freedom_of(drawn.std(axis=1)) == pytest.approx(800 / (stats.kurtosis(values, fisher=False) - 1), rel=0.1)


def test_errors_that_never_change_are_known() -> None:
    """No spread of the variance: as many degrees of freedom as one likes, and 2.80 standard errors."""
    assert freedom_of(np.full(10, 0.5)) == np.inf
    assert minimum_detectable(0.5, np.inf) == minimum_detectable(0.5)
