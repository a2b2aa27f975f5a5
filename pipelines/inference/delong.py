"""The DeLong test: the difference of two AUCs on the same rows without resampling."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from pipelines.metrics.prepared import Floats
from pipelines.metrics.ranks import placements

MIN_CLASS = 2  # rows of each class that a variance needs


@dataclass(frozen=True)
class Delong:
    """Two AUCs compared."""

    difference: float  # AUC of b minus AUC of a
    se: float
    ci: tuple[float, float]
    p_value: float


def delong(y: Floats, a: Floats, b: Floats, confidence: float = 0.95) -> Delong:
    """Return how much higher the AUC of `b` is than that of `a`, with standard error, interval and p-value.

    `y` (n,) is 0/1, `a` and `b` (n,) are predictions for the same, independent rows; cost n log n.
    Where both rank the rows alike the standard error is 0 and the p-value 1. Raises ValueError with fewer than
    two rows of a class.

    Source: DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44, 837-845, with the mid-ranks of Sun and Xu 2014,
    IEEE Signal Processing Letters 21, 1389-1393.
    """
    positive = np.asarray(y) == 1
    if min(positive.sum(), (~positive).sum()) < MIN_CLASS:
        message = f"DeLong's variance needs at least {MIN_CLASS} rows of each class"
        raise ValueError(message)
    above_a, below_a = placements(positive, np.asarray(a, np.float64))
    above_b, below_b = placements(positive, np.asarray(b, np.float64))
    difference = float(above_b.mean() - above_a.mean())
    variance = _variance_of_mean(above_b - above_a) + _variance_of_mean(below_b - below_a)
    se = float(np.sqrt(variance))
    reach = float(ndtri((1 + confidence) / 2)) * se
    p_value = float(2 * ndtr(-abs(difference) / se)) if se > 0 else float(difference == 0)
    return Delong(difference, se, (difference - reach, difference + reach), p_value)


def _variance_of_mean(values: Floats) -> float:
    return float(values.var(ddof=1) / values.size)
