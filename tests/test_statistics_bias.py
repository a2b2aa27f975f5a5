"""The mean error and its interval: by hand, against a formula for independent rows, and by simulation."""

import numpy as np
import pytest
from scipy import stats

from pipelines.inference.bias import mean_error


def test_by_hand() -> None:
    """Two units with sums of deviations -2 and 2 in four rows: the variance is 2 (4 + 4) / 16 = 1."""
    error, unit = np.array([0.0, 0.0, 2.0, 2.0]), np.array([5, 5, 9, 9])

    mean, (low, high) = mean_error(error, unit)

    reach = stats.t.ppf(0.975, 1)
    assert mean == 1
    assert (low, high) == pytest.approx((1 - reach, 1 + reach))


def test_independent_rows_have_the_usual_interval() -> None:
    """Where each row is one observation, it is Student's interval of a mean."""
    error = np.random.default_rng(7).normal(0.3, 1, 40)

    _, ci = mean_error(error, None)

    usual = stats.t.interval(0.95, 39, error.mean(), error.std(ddof=1) / np.sqrt(40))
    assert ci == pytest.approx(usual)
    assert mean_error(error, np.arange(40))[1] == pytest.approx(usual)


def test_one_observation_has_none() -> None:
    """A single unit says nothing about how means vary."""
    assert mean_error(np.array([1.0, 2.0]), np.array([3, 3]))[1] == (-np.inf, np.inf)


@pytest.mark.parametrize("units", [16, 60])
def test_it_covers_the_truth(units: int) -> None:
    """Of 1,000 samples whose rows share what their unit has in common, about 95 % hold the true mean."""
    rng = np.random.default_rng(units)
    unit = np.repeat(np.arange(units), 10)
    held = 0
    for _ in range(1000):
        error = 0.2 + rng.normal(0, 0.5, units)[unit] + rng.normal(0, 1, len(unit))
        low, high = mean_error(error, unit)[1]
        held += low <= 0.2 <= high

    assert 930 <= held <= 970
