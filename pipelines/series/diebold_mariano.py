"""The Diebold-Mariano test: whether one forecast loses more than another, where errors follow one another in time."""

from dataclasses import dataclass

import numpy as np

from pipelines.metrics.prepared import Floats

FEWEST = 2  # differences that a variance needs


@dataclass(frozen=True)
class DieboldMariano:
    """Two forecasts of the same moments compared."""

    difference: float  # mean loss of a minus mean loss of b: positive where b is better
    se: float  # with the small-sample correction in it
    statistic: float
    p_value: float  # two-sided, by Student's t with one degree of freedom less than there are moments


def diebold_mariano(a: Floats, b: Floats, horizon: int) -> DieboldMariano:
    """Return how much more `a` loses than `b`, and the test of no difference for forecasts `horizon` steps ahead.

    `a` and `b` (moments,) are the losses of two forecasts of consecutive moments, in time; those of several series are
    means over the series. Errors of forecasts h steps ahead are correlated up to h - 1 steps, so the variance of the
    mean is that of the truncated kernel, (g0 + 2 (g1 + ... + g(h-1))) / n with autocovariances g of the differences.
    The statistic is shrunk by sqrt((n + 1 - 2h + h (h - 1) / n) / n), which is sqrt((n - h) (n - h + 1)) / n. Where the
    sum of autocovariances is not positive, which the truncated kernel allows, those of one step stand in (h = 1).
    Equal losses have a statistic of 0 and a p-value of 1. Raises ValueError where lengths differ, or there are fewer
    than two moments, or no more moments than steps.

    Source: Diebold and Mariano 1995, Journal of Business & Economic Statistics 13, 253-263; Harvey, Leybourne and
    Newbold 1997, International Journal of Forecasting 13, 281-291.
    """
    from scipy.stats import t as student

    count = len(a)
    if count != len(b) or count < FEWEST or not 1 <= horizon < count:
        message = f"losses of {count} and {len(b)} moments cannot be compared {horizon} steps ahead"
        raise ValueError(message)
    gaps = np.asarray(a, np.float64) - np.asarray(b, np.float64)
    difference = float(gaps.mean())
    variance, steps = _long_run_variance(gaps, horizon), horizon
    if variance <= 0:
        variance, steps = _long_run_variance(gaps, 1), 1
    if variance <= 0:  # the same difference at each moment
        return DieboldMariano(
            difference, 0.0, float(np.copysign(np.inf, difference)) if difference else 0.0, float(difference == 0)
        )
    se = float(np.sqrt(variance / ((count - steps) * (count - steps + 1) / count)))
    statistic = difference / se
    return DieboldMariano(difference, se, statistic, float(2 * student.sf(abs(statistic), count - 1)))


def _long_run_variance(gaps: Floats, horizon: int) -> float:
    """Return the sum of the autocovariances up to `horizon` - 1 steps to both sides."""
    about = gaps - gaps.mean()
    covariances = [float(about[lag:] @ about[: len(about) - lag]) / len(about) for lag in range(horizon)]
    return covariances[0] + 2 * sum(covariances[1:])
