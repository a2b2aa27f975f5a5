"""The upper end of an error's interval where the largest rows decide and a sample may not hold them."""

import numpy as np

from pipelines.metrics.prepared import Floats


def upper_end(value: float, error: float, drawn: Floats, errors: Floats, least: float, confidence: float) -> float:
    """Return the upper end of the equal-tailed studentised interval of a positive `value`, taken on its logarithm.

    `error` is the value's standard error, `drawn` (count,) the values on the resamples, `errors` (count,) the standard
    errors within them, `least` the smallest of these relative to `error` that counts. A resample without the worst
    rows has both a low value and a small error of its own, so the ratios have a long lower tail, and the end moves up
    where such rows matter. 0 where there is no error, or only zeros and undefined values were drawn.

    Source: Hall 1988, Theoretical comparison of bootstrap confidence intervals, Annals of Statistics 16, 927-953, on a
    variance-stabilising scale as in Tibshirani 1988, Biometrika 75, 433-444.
    """
    known = drawn > 0  # False for NaN
    if value <= 0 or error <= 0 or not known.any():
        return 0.0
    relative = error / value
    ratios = np.log(drawn[known] / value) / np.maximum(errors[known] / drawn[known], least * relative)
    return float(value * np.exp(-np.quantile(ratios, (1 - confidence) / 2, method="weibull") * relative))
