"""Metrics of two classes, as functions of the rows' weights.

`y` (n,) is 0/1 and `prediction` (n,) the probability of 1; the answer is yes from LABEL_THRESHOLD on.
"""

import numpy as np

from pipelines.metrics.metric import LABEL_THRESHOLD
from pipelines.metrics.prepared import Floats, Prepared, prepare_ratio
from pipelines.metrics.several_classes import SMALLEST_PROBABILITY


def prepare_log_loss(y: Floats, prediction: Floats) -> Prepared:
    """Return the mean negative logarithm of the probability given to what happened."""
    clipped = np.clip(prediction, SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY)
    return prepare_ratio(-np.where(y == 1, np.log(clipped), np.log1p(-clipped)))


def prepare_brier(y: Floats, prediction: Floats) -> Prepared:
    """Return the mean squared distance of the probability from what happened."""
    return prepare_ratio(np.square(y - prediction))


def prepare_accuracy(y: Floats, prediction: Floats) -> Prepared:
    """Return the share of right answers."""
    return prepare_ratio(((prediction >= LABEL_THRESHOLD) == (y == 1)).astype(np.float64))


def prepare_precision(y: Floats, prediction: Floats) -> Prepared:
    """Return the share of positives among the flagged rows; 0 where none is flagged."""
    flagged, hits = _flags(y, prediction)
    return prepare_ratio(hits, flagged, otherwise=0.0)


def prepare_recall(y: Floats, prediction: Floats) -> Prepared:
    """Return the share of the positives that is flagged; 0 where there is none."""
    return prepare_ratio(_flags(y, prediction)[1], (y == 1).astype(np.float64), otherwise=0.0)


def prepare_f1(y: Floats, prediction: Floats) -> Prepared:
    """Return the harmonic mean of precision and recall; 0 where there is neither a positive nor a flag."""
    flagged, hits = _flags(y, prediction)
    return prepare_ratio(2 * hits, flagged + (y == 1), otherwise=0.0)


def prepare_balanced_accuracy(y: Floats, prediction: Floats) -> Prepared:
    """Return the mean over both classes of the share of right answers; NaN where a class has no weight."""
    flagged, hits = _flags(y, prediction)
    negative = (y != 1).astype(np.float64)
    parts = prepare_ratio(hits, 1 - negative), prepare_ratio(negative * (1 - flagged), negative)

    def influence() -> Floats:
        moved: Floats = sum((part.influence() / 2 for part in parts if part.influence), start=np.zeros(y.size))
        return moved

    return Prepared(lambda weights: (parts[0].score(weights) + parts[1].score(weights)) / 2, influence)


def _flags(y: Floats, prediction: Floats) -> tuple[Floats, Floats]:
    """Return which rows are called positive, and which of them are, as 0/1."""
    flagged = (prediction >= LABEL_THRESHOLD).astype(np.float64)
    return flagged, flagged * (y == 1)
