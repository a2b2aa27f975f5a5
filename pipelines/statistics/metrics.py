"""Every metric with one signature: `score(y, prediction, weights)`, declared with its name and direction.

Binary: `y` is 0/1 and `prediction` the probability of 1; label metrics call a row positive from 0.5 upwards.
Regression: both on the modelling scale. Definitions are scikit-learn's, held against it in the tests.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import overload

import numpy as np

from pipelines.project import Task
from pipelines.statistics.ranks import Floats, Prepared, prepare_average_precision, prepare_median, prepare_roc_auc

LABEL_THRESHOLD = 0.5
SMALLEST_PROBABILITY = float(np.finfo(np.float64).eps)  # log loss clips here, as scikit-learn does
SMALLEST_TARGET = float(np.finfo(np.float64).eps)  # MAPE divides by at least this, as scikit-learn does


@dataclass(frozen=True)
class Metric:
    """A metric: how it is called, which way is better, what it measures."""

    name: str
    label: str
    greater_is_better: bool
    tasks: tuple[Task, ...]
    perfect: float  # the score of a perfect prediction
    prepare: Callable[[Floats, Floats], Prepared]  # (y, prediction) -> function of weights (rows, B)
    needs_classes: tuple[int, ...] = ()  # classes without which the metric is undefined
    uses_threshold: bool = False  # judges yes/no answers at LABEL_THRESHOLD
    in_target_unit: bool = False  # an error in the target's own unit

    @overload
    def score(self, y: Floats, prediction: Floats, weights: None = None) -> float: ...

    @overload
    def score(self, y: Floats, prediction: Floats, weights: Floats) -> Floats: ...

    def score(self, y: Floats, prediction: Floats, weights: Floats | None = None) -> float | Floats:
        """Return the score of `prediction` (n,) for the truth `y` (n,), as a float.

        With `weights` (B, n), non-negative row counts or weights, one score a row of weights as an array (B,);
        fastest where they are the transpose of a C-ordered (n, B). Undefined scores (no positive row) are NaN.
        """
        prepared = self.prepare(np.asarray(y, np.float64), np.asarray(prediction, np.float64))
        if weights is None:
            return float(prepared(np.ones((len(y), 1)))[0])
        return prepared(np.ascontiguousarray(weights.T, np.float64))

    @overload
    def gain(self, score: float, other: float) -> float: ...

    @overload
    def gain(self, score: Floats, other: Floats) -> Floats: ...

    def gain(self, score: float | Floats, other: float | Floats) -> float | Floats:
        """Return how much better `other` is than `score`: positive is better, whatever the direction."""
        return other - score if self.greater_is_better else score - other


def _share(part: Floats, whole: Floats, otherwise: float) -> Floats:
    """Return part / whole, and `otherwise` where the whole is nothing."""
    share = np.full(part.shape, otherwise)
    np.divide(part, whole, out=share, where=whole > 0)
    return share


def _mean(of_row: Callable[[Floats, Floats], Floats]) -> Callable[[Floats, Floats], Prepared]:
    """Return the metric that is the weighted mean of a loss of single rows."""

    def prepare(y: Floats, prediction: Floats) -> Prepared:
        loss = of_row(y, prediction)
        return lambda weights: _share(loss @ weights, weights.sum(axis=0), np.nan)

    return prepare


def _log_loss(y: Floats, prediction: Floats) -> Floats:
    clipped = np.clip(prediction, SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY)
    loss: Floats = -np.where(y == 1, np.log(clipped), np.log1p(-clipped))
    return loss


def _squared_error(y: Floats, prediction: Floats) -> Floats:
    error = y - prediction
    return error * error


def _absolute_error(y: Floats, prediction: Floats) -> Floats:
    return np.abs(y - prediction)


def _relative_error(y: Floats, prediction: Floats) -> Floats:
    return np.abs(y - prediction) / np.maximum(np.abs(y), SMALLEST_TARGET)


def _right_label(y: Floats, prediction: Floats) -> Floats:
    return ((prediction >= LABEL_THRESHOLD) == (y == 1)).astype(np.float64)


def _labels(combine: Callable[..., Floats]) -> Callable[[Floats, Floats], Prepared]:
    """Return the metric that `combine` makes of the weights of true positives, false positives, positives and all."""

    def prepare(y: Floats, prediction: Floats) -> Prepared:
        positive, flagged = y == 1, prediction >= LABEL_THRESHOLD
        masks = np.stack([positive & flagged, ~positive & flagged, positive, np.ones(y.size, bool)]).astype(np.float64)
        return lambda weights: combine(*(masks @ weights))

    return prepare


def _precision(hits: Floats, false_alarms: Floats, *_: Floats) -> Floats:
    return _share(hits, hits + false_alarms, 0.0)


def _recall(hits: Floats, _false_alarms: Floats, positives: Floats, _all: Floats) -> Floats:
    return _share(hits, positives, 0.0)


def _f1(hits: Floats, false_alarms: Floats, positives: Floats, _all: Floats) -> Floats:
    return _share(2 * hits, hits + false_alarms + positives, 0.0)


def _balanced(hits: Floats, false_alarms: Floats, positives: Floats, everyone: Floats) -> Floats:
    negatives = everyone - positives
    return (_share(hits, positives, np.nan) + _share(negatives - false_alarms, negatives, np.nan)) / 2


def _prepare_rmse(y: Floats, prediction: Floats) -> Prepared:
    squared = _mean(_squared_error)(y, prediction)
    return lambda weights: np.sqrt(squared(weights))


def _prepare_r2(y: Floats, prediction: Floats) -> Prepared:
    centred = y - y.mean()  # so that the variance does not cancel in the last digits
    sums = np.stack([(y - prediction) ** 2, centred**2, centred, np.ones(y.size)])

    def r2(weights: Floats) -> Floats:
        error, square, total, weight = sums @ weights
        spread = square - _share(total**2, weight, 0.0)
        return np.asarray(1 - _share(error, spread, np.nan))

    return r2


def _prepare_median_ae(y: Floats, prediction: Floats) -> Prepared:
    return prepare_median(_absolute_error(y, prediction))


_BINARY: tuple[Task, ...] = ("binary",)
_REGRESSION: tuple[Task, ...] = ("regression",)

METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("roc_auc", "ROC AUC", True, _BINARY, 1.0, prepare_roc_auc, needs_classes=(0, 1)),
        Metric("average_precision", "average precision", True, _BINARY, 1.0, prepare_average_precision, (1,)),
        Metric("log_loss", "log loss", False, _BINARY, 0.0, _mean(_log_loss)),
        Metric("brier", "Brier score", False, _BINARY, 0.0, _mean(_squared_error)),
        Metric("accuracy", "accuracy", True, _BINARY, 1.0, _mean(_right_label), uses_threshold=True),
        Metric(
            "balanced_accuracy",
            "balanced accuracy",
            True,
            _BINARY,
            1.0,
            _labels(_balanced),
            (0, 1),
            uses_threshold=True,
        ),
        Metric("precision", "precision", True, _BINARY, 1.0, _labels(_precision), (1,), uses_threshold=True),
        Metric("recall", "recall", True, _BINARY, 1.0, _labels(_recall), (1,), uses_threshold=True),
        Metric("f1", "F1", True, _BINARY, 1.0, _labels(_f1), (1,), uses_threshold=True),
        Metric("rmse", "RMSE", False, _REGRESSION, 0.0, _prepare_rmse, in_target_unit=True),
        Metric("mae", "mean absolute error", False, _REGRESSION, 0.0, _mean(_absolute_error), in_target_unit=True),
        Metric("mse", "MSE", False, _REGRESSION, 0.0, _mean(_squared_error)),
        Metric("r2", "R²", True, _REGRESSION, 1.0, _prepare_r2),
        Metric("median_ae", "median absolute error", False, _REGRESSION, 0.0, _prepare_median_ae, in_target_unit=True),
        Metric("mape", "MAPE", False, _REGRESSION, 0.0, _mean(_relative_error)),
    )
}
