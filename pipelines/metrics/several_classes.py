"""Metrics of several classes, as functions of the rows' weights.

`y` (n,) holds each row's class, 0 to K - 1, and `prediction` (n, K) the probability of each class; the answer is the
likeliest class, the first of equals. Means over classes are plain ("macro") ones, so that a rare class counts as much
as a common one. Definitions are scikit-learn's, held against it in the tests.
"""

from collections.abc import Sequence

import numpy as np

from pipelines.metrics import ranks
from pipelines.metrics.prepared import Floats, Prepared, prepare_ratio
from pipelines.targets.labelled import chance_of_truth, indicators

SMALLEST_PROBABILITY = float(np.finfo(np.float64).eps)  # log loss clips here, as scikit-learn does


def prepare_log_loss(y: Floats, prediction: Floats) -> Prepared:
    """Return the mean negative logarithm of the probability given to the true class."""
    return prepare_ratio(-np.log(np.clip(chance_of_truth(y, prediction), SMALLEST_PROBABILITY, 1.0)))


def prepare_brier(y: Floats, prediction: Floats) -> Prepared:
    """Return the mean squared distance of the probabilities from the truth, summed over classes (0 to 2)."""
    return prepare_ratio(np.square(prediction - indicators(y, prediction.shape[1])).sum(axis=1))


def prepare_accuracy(y: Floats, prediction: Floats) -> Prepared:
    """Return the share of right answers."""
    return prepare_ratio((prediction.argmax(axis=1) == y).astype(np.float64))


def prepare_balanced_accuracy(y: Floats, prediction: Floats) -> Prepared:
    """Return the mean over classes of the share of a class that is recognised; NaN where a class has no weight."""
    own, answered = indicators(y, prediction.shape[1]), _answers(prediction)
    return _mean([prepare_ratio(own[:, k] * answered[:, k], own[:, k]) for k in range(prediction.shape[1])])


def prepare_f1(y: Floats, prediction: Floats) -> Prepared:
    """Return the mean over classes of F1; that of a class neither met nor answered is 0."""
    own, answered = indicators(y, prediction.shape[1]), _answers(prediction)
    return _mean(
        [
            prepare_ratio(2 * own[:, k] * answered[:, k], own[:, k] + answered[:, k], otherwise=0.0)
            for k in range(prediction.shape[1])
        ]
    )


def prepare_roc_auc(y: Floats, prediction: Floats) -> Prepared:
    """Return the mean over classes of the AUC of that class against all others; NaN where a class has no weight.

    Source: Provost and Domingos 2000, Well-trained PETs, with equal weights for the classes.
    """
    own = indicators(y, prediction.shape[1])
    return _mean([ranks.prepare_roc_auc(own[:, k], prediction[:, k]) for k in range(prediction.shape[1])])


def _answers(prediction: Floats) -> Floats:
    return indicators(prediction.argmax(axis=1).astype(np.float64), prediction.shape[1])


def _mean(parts: Sequence[Prepared]) -> Prepared:
    """Return the plain mean of statistics of the same rows."""

    def score(weights: Floats) -> Floats:
        total: Floats = np.mean([part.score(weights) for part in parts], axis=0)
        return total

    def influence() -> Floats:
        moved: Floats = np.mean([part.influence() for part in parts if part.influence], axis=0)
        return moved

    return Prepared(score, influence)
