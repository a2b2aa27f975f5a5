"""Whether predictions are too low or too high on average: the mean error, with an interval."""

import numpy as np
from scipy.special import stdtrit

from pipelines.inference.bootstrap import CONFIDENCE
from pipelines.metrics.prepared import Floats, Integers


def mean_error(error: Floats, unit: Integers | None) -> tuple[float, tuple[float, float]]:
    """Return the mean of errors (n,), true value less prediction, and its interval.

    `unit` (n,) numbers what is one observation: groups, or stretches of time; None where rows are independent. The
    variance is the cluster-robust one of a mean, sum over units of (sum of their deviations)^2 / n^2, times
    G / (G - 1), with Student's t of G - 1 degrees of freedom (Cameron and Miller 2015, Journal of Human Resources 50).
    A single unit has no interval but the whole line: (-inf, inf).
    """
    mean = float(error.mean())
    sums = error - mean if unit is None else np.bincount(np.unique(unit, return_inverse=True)[1], weights=error - mean)
    count = len(sums)
    if count == 1:
        return mean, (-np.inf, np.inf)
    se = float(np.sqrt(count / (count - 1) * np.sum(sums**2))) / len(error)
    reach = float(stdtrit(count - 1, (1 + CONFIDENCE) / 2)) * se
    return mean, (mean - reach, mean + reach)
