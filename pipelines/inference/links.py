"""Intervals of scores on a scale without bounds, so that they stay in the metric's range."""

from math import exp, log

from scipy.special import expit, logit

from pipelines.metrics.metric import Scale

FURTHEST = 700.0  # beyond, an exponential overflows


def stretched(value: float, scale: Scale) -> tuple[float, float] | None:
    """Return a score on a scale without bounds, and the derivative of that scale; None at the end of the range.

    Logit of a share, logarithm of an error or of what is left unexplained, and any other score as it is.
    """
    if scale == "share":
        return (float(logit(value)), 1 / (value * (1 - value))) if 0 < value < 1 else None
    if scale in {"error", "tailed"}:
        return (log(value), 1 / value) if value > 0 else None
    if scale == "explained":
        return (-log(1 - value), 1 / (1 - value)) if value < 1 else None
    return value, 1.0


def returned(place: float, scale: Scale) -> float:
    """Return the score at a place on the scale without bounds."""
    if scale == "share":
        return float(expit(place))
    if scale in {"error", "tailed"}:
        return exp(min(place, FURTHEST))
    return 1 - exp(min(-place, FURTHEST)) if scale == "explained" else place


def bent(value: float, se: float, times: float, scale: Scale) -> tuple[float, float]:
    """Return the interval of a score that reaches `times` standard errors `se` to either side on that scale."""
    place = stretched(value, scale)
    if place is None:
        return value - times * se, value + times * se
    at, slope = place
    return returned(at - times * se * slope, scale), returned(at + times * se * slope, scale)


def error_of(value: float, ci: tuple[float, float], times: float, scale: Scale) -> float:
    """Return the standard error that an interval `times` of them wide to either side was made of.

    The inverse of `bent`; the mean of both sides where they differ on that scale.
    """
    places = [stretched(one, scale) for one in (value, *ci)]
    if any(place is None for place in places):
        return (ci[1] - ci[0]) / 2 / times
    (_, slope), (low, _), (high, _) = (place for place in places if place is not None)
    return (high - low) / 2 / times / slope
