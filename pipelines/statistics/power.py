"""How small a difference a test set can see."""

from scipy.special import ndtri

POWER = 0.8
ALPHA = 0.05


def detectable_errors(power: float = POWER, alpha: float = ALPHA) -> float:
    """Return how many standard errors a true difference must measure to be found with that power, two-sided."""
    return float(ndtri(1 - alpha / 2) + ndtri(power))


def minimum_detectable(se: float, power: float = POWER, alpha: float = ALPHA) -> float:
    """Return the smallest true difference that a two-sided test at `alpha` finds with probability `power`.

    `se` is the standard error of the measured difference, in the metric's unit. For a normally distributed
    estimate: (z_(1 - alpha/2) + z_power) se, 2.80 se at 80 % and 5 %. Source: any text on sample size, for
    instance Armitage, Berry and Matthews 2002, Statistical Methods in Medical Research, section 4.6.
    """
    return detectable_errors(power, alpha) * se
