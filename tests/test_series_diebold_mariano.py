"""The Diebold-Mariano test: against the formulas written out, and on forecasts that are equally good."""

import numpy as np
import pytest
from scipy import stats

from pipelines.series.diebold_mariano import diebold_mariano

RNG = np.random.default_rng(5)


@pytest.mark.parametrize(("count", "horizon"), [(12, 1), (30, 4), (200, 7)])
def test_it_is_the_formula_of_harvey_leybourne_and_newbold(count: int, horizon: int) -> None:
    """Autocovariances by double sums over all pairs of moments, and the correction as printed in the paper."""
    a, b = RNG.gamma(2.0, size=count), RNG.gamma(2.0, size=count)
    gaps = a - b
    variance = sum(
        (gaps[i] - gaps.mean()) * (gaps[j] - gaps.mean())
        for i in range(count)
        for j in range(count)
        if abs(i - j) < horizon
    )
    plain = gaps.mean() / np.sqrt(variance / count**2)
    corrected = plain * np.sqrt((count + 1 - 2 * horizon + horizon * (horizon - 1) / count) / count)

    found = diebold_mariano(a, b, horizon)

    assert found.difference == pytest.approx(gaps.mean())
    assert found.statistic == pytest.approx(corrected)
    assert found.se == pytest.approx(gaps.mean() / corrected)
    assert found.p_value == pytest.approx(2 * stats.t.sf(abs(corrected), count - 1))


def test_one_step_ahead_it_is_the_t_test_on_the_mean() -> None:
    """The correction for h = 1 is the step from n to n - 1 in the variance."""
    a, b = RNG.normal(size=40), RNG.normal(size=40)

    assert diebold_mariano(a, b, 1).p_value == pytest.approx(stats.ttest_1samp(a - b, 0.0).pvalue)


def test_equal_and_constant_differences() -> None:
    """Equal losses differ by nothing; where one is always one larger, nothing is left to chance."""
    losses = RNG.normal(size=20)

    equal, larger = diebold_mariano(losses, losses, 3), diebold_mariano(np.ones(20), np.zeros(20), 3)

    assert (equal.difference, equal.statistic, equal.p_value) == (0.0, 0.0, 1.0)
    assert (larger.difference, larger.statistic, larger.p_value) == (1.0, np.inf, 0.0)


def test_a_variance_that_is_not_positive_is_taken_without_autocovariances() -> None:
    """Losses that swing to and fro have a negative long-run variance; the test of one step stands in."""
    a = np.tile([2.0, 0.0], 10) + RNG.normal(0, 0.01, 20)

    assert diebold_mariano(a, np.zeros(20), 2) == diebold_mariano(a, np.zeros(20), 1)


@pytest.mark.parametrize(("a", "b", "horizon"), [(5, 4, 1), (1, 1, 1), (6, 6, 6), (6, 6, 0)])
def test_what_cannot_be_compared_is_refused(a: int, b: int, horizon: int) -> None:
    """Unequal lengths, a single moment, and horizons outside the moments."""
    with pytest.raises(ValueError, match=f"{a} and {b} moments cannot be compared {horizon} steps ahead"):
        diebold_mariano(np.zeros(a), np.zeros(b), horizon)


@pytest.mark.parametrize("horizon", [1, 4])
def test_of_equally_good_forecasts_one_in_twenty_is_called_better(horizon: int) -> None:
    """Differences that are moving averages over `horizon` steps, around zero: 5 % are significant, give or take chance.

    2,000 draws of 120 moments have a standard error of half a percent; the corrected test stays a little above 5 %.
    """
    noise = RNG.normal(size=(2_000, 120 + horizon - 1))
    gaps = np.lib.stride_tricks.sliding_window_view(noise, horizon, axis=1).mean(axis=2)

    called = np.mean([diebold_mariano(one, np.zeros(120), horizon).p_value < 0.05 for one in gaps])

    assert 0.035 < called < 0.075
