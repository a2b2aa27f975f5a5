"""ROC and precision-recall curves, thinned to what a picture shows."""

from typing import NamedTuple

import numpy as np

from pipelines.metrics.prepared import Floats, divide

MOST_POINTS = 101


class Point(NamedTuple):
    """A point of a curve."""

    x: float
    y: float


def roc_curve(y: Floats, prediction: Floats) -> list[Point]:
    """Return at most MOST_POINTS points (false-positive rate, true-positive rate), from (0, 0) to (1, 1)."""
    hits, flagged = _cumulated(y, prediction)
    positives, negatives = hits[-1], flagged[-1] - hits[-1]
    return _thin(_from_zero((flagged - hits) / negatives), _from_zero(hits / positives))


def precision_recall_curve(y: Floats, prediction: Floats) -> list[Point]:
    """Return at most MOST_POINTS points (recall, precision), recall rising.

    The first point repeats the precision of the highest threshold at recall 0, where there is none.
    """
    hits, flagged = _cumulated(y, prediction)
    precision = divide(hits, flagged, np.nan)
    return _thin(_from_zero(hits / hits[-1]), np.concatenate([precision[:1], precision]))


def _cumulated(y: Floats, prediction: Floats) -> tuple[Floats, Floats]:
    """Return positives found and rows flagged at each distinct prediction, from the highest down."""
    levels, level = np.unique(-prediction, return_inverse=True)
    hits = np.bincount(level, weights=y == 1, minlength=levels.size)
    return np.cumsum(hits), np.cumsum(np.bincount(level, minlength=levels.size)).astype(np.float64)


def _from_zero(values: Floats) -> Floats:
    return np.concatenate([[0.0], values])


def _thin(x: Floats, y: Floats) -> list[Point]:
    """Return the points nearest to equal steps along the curve, its ends always."""
    walked = _from_zero(np.cumsum(np.abs(np.diff(x)) + np.abs(np.diff(y))))
    wanted = np.searchsorted(walked, np.linspace(0, walked[-1], MOST_POINTS))
    kept = np.unique(np.concatenate([[0], np.minimum(wanted, x.size - 1)[1:-1], [x.size - 1]]))
    return [Point(float(x[i]), float(y[i])) for i in kept]
