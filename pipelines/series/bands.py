"""Bands about forecasts: from the misses of forward folds, for each step ahead, adapting as the test time goes on.

Split conformal prediction takes a quantile of earlier misses. Misses of series drift, so the quantile's level moves
after each forecast, for each step by itself: up where the last values lay outside more often than promised, down where
less (adaptive conformal inference: Gibbs and Candes 2021, Advances in Neural Information Processing Systems 34). Only
what is known at an origin moves the bands of the next forecast.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.targets.arrays import Booleans, Floats, Integers

LEVEL = 0.9
# What a miss is measured by, in words of the facts.
OF_LOGARITHMS = "the distance of the logarithms"
BY_ROOT = "the distance by the square root of one more than the forecast"
AS_IT_IS = "the distance"
RATE = 0.1  # by which a step's level moves after each forecast


@dataclass(frozen=True)
class Bands:
    """Reaches of the bands, on the scale of the scores, (rows,), and those that the next forecast would have."""

    reach: Floats  # adaptive
    plain: Floats  # of the first forecast of the test time, kept
    ahead: Floats  # (steps,) after the last forecast


def bands(
    score: Floats, step: Integers, block: Integers, tested: Booleans, level: float = LEVEL, rate: float = RATE
) -> Bands:
    """Return the reaches of the test rows' bands; arrays are (rows,), all rows that have a score, in any order.

    `score` is the size of each row's miss by a model that had not seen it, `step` counts from 1, `block` numbers the
    forecasts in time, `tested` marks the rows whose bands are asked for. Reaches elsewhere are NaN. A level that has
    moved beyond all misses takes the largest.
    """
    steps = int(step.max())
    reach, plain = np.full(len(score), np.nan), np.full(len(score), np.nan)
    earlier = [np.sort(score[~tested & (step == one + 1)]) for one in range(steps)]
    first = np.array([quantile(one, level) for one in earlier])
    alpha = np.full(steps, 1 - level)
    blocks = np.unique(block[tested])
    order = np.argsort(block[tested], kind="stable")
    rows_of = np.split(
        np.flatnonzero(tested)[order], np.cumsum(np.bincount(np.searchsorted(blocks, block[tested])))[:-1]
    )
    for rows in rows_of:
        at = step[rows] - 1
        now = np.array([quantile(one, 1 - a) for one, a in zip(earlier, alpha, strict=True)])
        reach[rows], plain[rows] = now[at], first[at]
        missed = np.bincount(at, score[rows] > now[at], minlength=steps)
        count = np.bincount(at, minlength=steps)
        share = np.divide(missed, count, out=np.full(steps, 1 - level), where=count > 0)
        alpha = alpha + rate * (1 - level - share)
        earlier = [_with(one, score[rows][at == place]) for place, one in enumerate(earlier)]
    ahead = np.array([quantile(one, 1 - a) for one, a in zip(earlier, alpha, strict=True)])
    return Bands(reach, plain, ahead)


def sizes(forecast: Floats, measured: str) -> Floats:
    """Return what each miss is divided by, (rows,); `measured` is one of the three ways."""
    return np.sqrt(np.maximum(forecast, 0.0) + 1) if measured == BY_ROOT else np.ones(len(forecast))


def _with(ordered: Floats, more: Floats) -> Floats:
    """Return a sorted array with more values in it."""
    return np.insert(ordered, np.searchsorted(ordered, np.sort(more)), np.sort(more)) if len(more) else ordered


def quantile(ordered: Floats, level: float) -> float:
    """Return the ceil(level (n + 1))-th of n sorted values, the largest where that is beyond them, 0 of none.

    So many are needed for one more exchangeable value to be no larger with probability `level` (Vovk, Gammerman and
    Shafer 2005, Algorithmic Learning in a Random World).
    """
    if not len(ordered):
        return 0.0
    place = int(np.ceil(level * (len(ordered) + 1) - 1e-9))
    return float(ordered[min(max(place, 1), len(ordered)) - 1])
