"""Prediction intervals for regressions from out-of-fold errors, and whether they hold what they promise.

A row's interval is its prediction plus and minus a quantile of the absolute errors of the training rows, each of which
was predicted by a model that had not seen it. That is the jackknife over folds (cross-conformal prediction; Vovk 2015,
Annals of Mathematics and Artificial Intelligence 74, 9-28). CV+ of Barber, Candes, Ramdas and Tibshirani 2021,
Predictive inference with the jackknife+, Annals of Statistics 49, 486-507, theorem 4, gives exchangeable rows coverage
of at least 1 - 2 alpha (less a term that vanishes with many folds or rows) whatever the model, from intervals around
each fold's own prediction. Here all intervals stand around the mean of the fold models, as every prediction of a test
row does: they contain CV+'s, and so have its guarantee, once they are widened by the distance between the mean and the
fold models; as they are, they have none for finite samples, and 1 - alpha for fold models that hardly differ (their
section 5 on stability). So coverage is measured.
"""

from dataclasses import dataclass
from math import ceil, inf

import numpy as np

from pipelines.facts.compare.intervals import Promise
from pipelines.inference.bootstrap import CONFIDENCE
from pipelines.inference.calibration import wilson
from pipelines.metrics.prepared import Floats

LEVELS = (0.5, 0.8, 0.9, 0.95)
FIFTHS = 5
FIFTHS_CONFIDENCE = 0.99  # Bonferroni: five fifths at 95 % together
ROUNDING = 1e-9  # 0.95 times 20 must not be taken for a little more than 19


@dataclass(frozen=True)
class Covered:
    """How many of some rows lie within their intervals."""

    rows: int
    predicted: float  # their mean prediction
    coverage: float
    ci: tuple[float, float]  # Wilson, for independent rows
    promise: Promise  # held, broken (too few covered) or exceeded (more than promised: wider than need be)


@dataclass(frozen=True)
class Intervals:
    """The intervals of one level."""

    level: float
    reach: float  # half their width on the modelling scale; infinite where the training rows are too few
    factor: float | None  # of a log target: they reach from the prediction divided by it to times it
    width: float  # mean, in the target's own unit
    all: Covered
    fifths: list[Covered]  # the test rows from the lowest to the highest predictions


def conformal(
    train_y: Floats, train_prediction: Floats, y: Floats, prediction: Floats, *, log: bool = False
) -> list[Intervals]:
    """Return the intervals of each of LEVELS, judged on test rows `y` with `prediction`, both (n,).

    `train_y` and out-of-fold `train_prediction` (m,) give the reach. With `log`, all four are logarithms, and the
    intervals are given as factors. Levels that so few training rows cannot promise are left out.
    """
    errors = np.abs(train_y - train_prediction)
    found = []
    for level in LEVELS:
        reach = quantile_reach(errors, level)
        if np.isfinite(reach):
            found.append(_judge(level, reach, y, prediction, log=log))
    return found


def quantile_reach(errors: Floats, level: float) -> float:
    """Return the ceil(level (m + 1))-th smallest of the absolute errors (m,), infinity where that is beyond the last.

    So many are needed for one more exchangeable error to be no larger with probability `level`.
    """
    place = ceil(level * (len(errors) + 1) - ROUNDING)
    return inf if place > len(errors) else float(np.partition(errors, place - 1)[place - 1])


def _judge(level: float, reach: float, y: Floats, prediction: Floats, *, log: bool) -> Intervals:
    inside = np.abs(y - prediction) <= reach
    order = np.argsort(prediction, kind="stable")
    factor = float(np.exp(reach)) if log else None
    width = np.exp(prediction) * (factor - 1 / factor) if factor else np.full(len(y), 2 * reach)
    return Intervals(
        level,
        reach,
        factor,
        float(width.mean()),
        _covered(inside, prediction, level, CONFIDENCE),
        [
            _covered(inside[part], prediction[part], level, FIFTHS_CONFIDENCE)
            for part in np.array_split(order, FIFTHS)
            if part.size
        ],
    )


def _covered(inside: np.ndarray, prediction: Floats, level: float, confidence: float) -> Covered:
    ends = wilson(np.array([inside.sum()], np.float64), np.array([inside.size], np.float64), confidence)
    low, high = (float(end[0]) for end in ends)
    promise: Promise = "broken" if high < level else "exceeded" if low > level else "held"
    return Covered(int(inside.size), float(prediction.mean()), float(inside.mean()), (low, high), promise)
