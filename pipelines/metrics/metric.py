"""Every metric with one signature: `score(y, prediction, weights)`, declared with its name and direction.

Binary: `y` is 0/1 and `prediction` the probability of 1; label metrics call a row positive from 0.5 upwards. Several
classes: see `classes.py`. Regression: both on the modelling scale. Definitions are scikit-learn's, held against it in
the tests.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, overload

import numpy as np

from pipelines.core.project import Task
from pipelines.metrics import of_classes as classes
from pipelines.metrics.prepared import Floats, Prepared, divide, prepare_ratio
from pipelines.metrics.ranks import prepare_average_precision, prepare_median, prepare_roc_auc

LABEL_THRESHOLD = 0.5
SMALLEST_TARGET = float(np.finfo(np.float64).eps)  # MAPE divides by at least this, as scikit-learn does

Preparation = Callable[[Floats, Floats], Prepared]  # of y (n,) and the prediction
Scale = Literal["share", "error", "tailed", "explained", "real"]


@dataclass(frozen=True)
class Metric:
    """A metric: how it is called, which way is better, what it measures."""

    name: str
    label: str
    greater_is_better: bool
    tasks: tuple[Task, ...]
    # "share": 0 to 1; "error": 0 and up; "tailed": an error of which few rows may decide; "explained": up to 1
    scale: Scale
    prepare_single: Preparation  # prediction (n,)
    needs_classes: tuple[int, ...] = ()  # classes of a binary target without which the metric is undefined
    uses_threshold: bool = False  # judges answers: yes from LABEL_THRESHOLD on, or the likeliest class
    in_target_unit: bool = False  # an error in the target's own unit
    prepare_classes: Preparation | None = None  # prediction (n, K), where there are several classes

    @property
    def perfect(self) -> float:
        """The score of the truth itself."""
        return 1.0 if self.greater_is_better else 0.0

    def prepare(self, y: Floats, prediction: Floats) -> Prepared:
        """Return the metric of `prediction`, (n,) or (n, classes), for the truth `y` (n,) as a function of weights."""
        if prediction.ndim == 1:
            return self.prepare_single(y, prediction)
        if self.prepare_classes is None:
            message = f"{self.name} is not defined for several classes"
            raise ValueError(message)
        return self.prepare_classes(y, prediction)

    def needed(self, y: Floats) -> tuple[int, ...]:
        """Return the classes without a row of which the metric is undefined, given all of the target's values."""
        several = self.prepare_classes is not None and y.max(initial=0) > 1
        return tuple(range(int(y.max()) + 1)) if several and self.needs_classes else self.needs_classes

    @overload
    def score(self, y: Floats, prediction: Floats, weights: None = None) -> float: ...

    @overload
    def score(self, y: Floats, prediction: Floats, weights: Floats) -> Floats: ...

    def score(self, y: Floats, prediction: Floats, weights: Floats | None = None) -> float | Floats:
        """Return the score of `prediction`, (n,) or (n, classes), for the truth `y` (n,), as a float.

        With `weights` (B, n), non-negative row counts or weights, one score a row of weights as an array (B,);
        fastest where they are the transpose of a C-ordered (n, B). Undefined scores (no positive row) are NaN.
        """
        prepared = self.prepare(np.asarray(y, np.float64), np.asarray(prediction, np.float64))
        if weights is None:
            return float(prepared.score(np.ones((len(y), 1)))[0])
        return prepared.score(np.ascontiguousarray(weights.T, np.float64))

    @overload
    def gain(self, score: float, other: float) -> float: ...

    @overload
    def gain(self, score: Floats, other: Floats) -> Floats: ...

    def gain(self, score: float | Floats, other: float | Floats) -> float | Floats:
        """Return how much better `other` is than `score`: positive is better, whatever the direction."""
        return other - score if self.greater_is_better else score - other


def _log_loss(y: Floats, prediction: Floats) -> Prepared:
    clipped = np.clip(prediction, classes.SMALLEST_PROBABILITY, 1 - classes.SMALLEST_PROBABILITY)
    return prepare_ratio(-np.where(y == 1, np.log(clipped), np.log1p(-clipped)))


def _squared_error(y: Floats, prediction: Floats) -> Prepared:
    return prepare_ratio(np.square(y - prediction))


def _absolute_error(y: Floats, prediction: Floats) -> Prepared:
    return prepare_ratio(np.abs(y - prediction))


def _relative_error(y: Floats, prediction: Floats) -> Prepared:
    return prepare_ratio(np.abs(y - prediction) / np.maximum(np.abs(y), SMALLEST_TARGET))


def _median_error(y: Floats, prediction: Floats) -> Prepared:
    return prepare_median(np.abs(y - prediction))


def _root_squared_error(y: Floats, prediction: Floats) -> Prepared:
    squared = _squared_error(y, prediction)

    def influence() -> Floats:
        root = float(np.sqrt(np.mean(np.square(y - prediction))))
        moved = squared.influence() if squared.influence else np.zeros(y.size)
        return moved / (2 * root) if root > 0 else np.zeros(y.size)

    return Prepared(lambda weights: np.sqrt(squared.score(weights)), influence)


def _explained(y: Floats, prediction: Floats) -> Prepared:
    centred = y - y.mean()  # so that the variance does not cancel in the last digits
    error, square = np.square(y - prediction), np.square(centred)
    sums = np.stack([error, square, centred, np.ones(y.size)])

    def score(weights: Floats) -> Floats:
        unexplained, squares, total, weight = sums @ weights
        return 1 - divide(unexplained, squares - divide(np.square(total), weight, 0.0), np.nan)

    def influence() -> Floats:
        spread = square.sum()
        return (error.sum() / spread * square - error) / spread if spread > 0 else np.zeros(y.size)

    return Prepared(score, influence)


def _flags(y: Floats, prediction: Floats) -> tuple[Floats, Floats]:
    """Return which rows are called positive, and which of them are, as 0/1."""
    flagged = (prediction >= LABEL_THRESHOLD).astype(np.float64)
    return flagged, flagged * (y == 1)


def _accuracy(y: Floats, prediction: Floats) -> Prepared:
    return prepare_ratio(((prediction >= LABEL_THRESHOLD) == (y == 1)).astype(np.float64))


def _precision(y: Floats, prediction: Floats) -> Prepared:
    flagged, hits = _flags(y, prediction)
    return prepare_ratio(hits, flagged, otherwise=0.0)


def _recall(y: Floats, prediction: Floats) -> Prepared:
    return prepare_ratio(_flags(y, prediction)[1], (y == 1).astype(np.float64), otherwise=0.0)


def _f1(y: Floats, prediction: Floats) -> Prepared:
    flagged, hits = _flags(y, prediction)
    return prepare_ratio(2 * hits, flagged + (y == 1), otherwise=0.0)


def _balanced_accuracy(y: Floats, prediction: Floats) -> Prepared:
    flagged, hits = _flags(y, prediction)
    negative = (y != 1).astype(np.float64)
    parts = prepare_ratio(hits, 1 - negative), prepare_ratio(negative * (1 - flagged), negative)

    def influence() -> Floats:
        moved: Floats = sum((part.influence() / 2 for part in parts if part.influence), start=np.zeros(y.size))
        return moved

    return Prepared(lambda weights: (parts[0].score(weights) + parts[1].score(weights)) / 2, influence)


def _answer(
    name: str, label: str, prepare: Preparation, *needs_classes: int, several: Preparation | None = None
) -> Metric:
    """Declare a metric of answers; `several` is its form for several classes, if there is one."""
    return Metric(
        name, label, True, CLASSES if several else CLASSES[:1], "share", prepare, needs_classes,
        uses_threshold=True, prepare_classes=several,
    )  # fmt: skip


def _error(name: str, label: str, prepare: Preparation, *, in_unit: bool = False) -> Metric:
    """Declare an error of a regression."""
    return Metric(name, label, False, ("regression",), "tailed", prepare, in_target_unit=in_unit)


CLASSES: tuple[Task, ...] = ("binary", "multiclass")
METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "roc_auc",
            "ROC AUC",
            True,
            CLASSES,
            "share",
            prepare_roc_auc,
            needs_classes=(0, 1),
            prepare_classes=classes.prepare_class_auc,
        ),
        Metric("average_precision", "average precision", True, CLASSES[:1], "share", prepare_average_precision, (1,)),
        Metric("log_loss", "log loss", False, CLASSES, "error", _log_loss, prepare_classes=classes.prepare_log_loss),
        Metric("brier", "Brier score", False, CLASSES, "error", _squared_error, prepare_classes=classes.prepare_brier),
        _answer("accuracy", "accuracy", _accuracy, several=classes.prepare_accuracy),
        _answer(
            "balanced_accuracy",
            "balanced accuracy",
            _balanced_accuracy,
            0,
            1,
            several=classes.prepare_balanced_accuracy,
        ),
        _answer("precision", "precision", _precision, 1),
        _answer("recall", "recall", _recall, 1),
        _answer("f1", "F1", _f1, 1, several=classes.prepare_f1),
        _error("rmse", "RMSE", _root_squared_error, in_unit=True),
        _error("mae", "mean absolute error", _absolute_error, in_unit=True),
        _error("mse", "MSE", _squared_error),
        Metric("r2", "R²", True, ("regression",), "explained", _explained),
        _error("median_ae", "median absolute error", _median_error, in_unit=True),
        _error("mape", "MAPE", _relative_error),
    )
}
