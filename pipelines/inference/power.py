"""How small a difference a test set can see."""

import numpy as np
from scipy.special import nctdtrit, ndtri

from pipelines.metrics.prepared import Floats

POWER = 0.8
ALPHA = 0.05
LEAST_FREEDOM = 2.0  # a variance estimated by less than that says nothing


def detectable_errors(power: float = POWER, alpha: float = ALPHA) -> float:
    """Return how many standard errors a true difference must measure to be found with that power, two-sided."""
    return float(ndtri(1 - alpha / 2) + ndtri(power))


def minimum_detectable(se: float, freedom: float = np.inf, power: float = POWER, alpha: float = ALPHA) -> float:
    """Return the smallest true difference that a two-sided test at `alpha` finds with probability `power`.

    `se` is the standard error of the measured difference, in the metric's unit. Where it is known, that is
    (z_(1 - alpha/2) + z_power) se for a normally distributed estimate: 2.80 se at 80 % and 5 %. Where it was itself
    estimated beforehand with `freedom` degrees of freedom, a standard error that came out too small by chance would
    promise too much power, so the power is taken on average over what it may be: the quantile `power` of the
    noncentral t distribution with that noncentrality, z_(1 - alpha/2). Source: Julious and Owen 2006, Sample size
    calculations for clinical studies allowing for uncertainty about the variance, Pharmaceutical Statistics 5, 29-37.
    """
    if np.isinf(freedom):
        return detectable_errors(power, alpha) * se
    return float(nctdtrit(max(freedom, LEAST_FREEDOM), ndtri(1 - alpha / 2), power)) * se


def freedom_of(errors: Floats) -> float:
    """Return the degrees of freedom of a variance from `errors` (count,), its square roots on resamples.

    2 / (coefficient of variation)^2: few where a few rows decide, as with heavy tails or few positives. Source:
    Satterthwaite 1946, An approximate distribution of estimates of variance components, Biometrics Bulletin 2, 110-114.
    """
    variances = np.square(errors)
    spread = float(variances.var())
    return 2 * float(variances.mean()) ** 2 / spread if spread > 0 else np.inf
