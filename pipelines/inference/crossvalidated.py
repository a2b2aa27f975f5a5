"""Differences measured by cross-validation, whose folds share most of their training rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

MIN_FOLDS = 2


@dataclass(frozen=True)
class CrossValidated:
    """A mean difference over folds."""

    mean: float
    ci: tuple[float, float]
    p_value: float


def nadeau_bengio(differences: Sequence[float], test_share: float, confidence: float = 0.95) -> CrossValidated:
    """Return the mean of the folds' differences with the corrected resampled t interval and p-value.

    The variance of the mean is (1/k + test/train) s^2 instead of s^2/k, since the folds' models are fitted on
    overlapping rows; `test_share` is the share of rows that each fold holds out, so test/train is
    share / (1 - share). Equal differences have no spread: the interval is a point and the p-value 1 at 0, else 0.
    Raises ValueError with fewer than two folds or a share outside (0, 1).

    Source: Nadeau and Bengio 2003, Machine Learning 52, 239-281.
    """
    values = np.asarray(differences, np.float64)
    if values.size < MIN_FOLDS or not 0 < test_share < 1:
        message = f"needs at least {MIN_FOLDS} folds and a share between 0 and 1, got {values.size} and {test_share}"
        raise ValueError(message)
    mean, freedom = float(values.mean()), values.size - 1
    variance = float(values.var(ddof=1)) * (1 / values.size + test_share / (1 - test_share))
    se = float(np.sqrt(variance))
    reach = float(stdtrit(freedom, (1 + confidence) / 2)) * se
    p_value = float(2 * stdtr(freedom, -abs(mean) / se)) if se > 0 else float(mean == 0)
    return CrossValidated(mean, (mean - reach, mean + reach), p_value)
