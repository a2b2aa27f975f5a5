"""What each metric is held against: one row a metric, scikit-learn's function where it has one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from sklearn import metrics as oracle
from sklearn.preprocessing import label_binarize

from pipelines.metrics import METRICS, Metric

CLASSES = [0, 1, 2, 3]
Score = Callable[..., float]  # of y (n,), the prediction and the rows' weights (n,) or None


@dataclass(frozen=True)
class Oracle:
    """The oracle of a metric of one number a row, and of one a class where it has such a form."""

    single: Score
    several: Score | None = None
    parameters: Mapping[str, float] = field(default_factory=dict)


def _plain(function: Score, **settings: object) -> Score:
    return lambda y, p, w: function(y, p, sample_weight=w, **settings)


def _labels(function: Score, **settings: object) -> Score:
    return lambda y, p, w: function(y, p >= 0.5, sample_weight=w, **settings)


def _answers(function: Score, **settings: object) -> Score:
    return lambda y, p, w: function(y, p.argmax(axis=1), sample_weight=w, **settings)


def _auc(y: np.ndarray, p: np.ndarray, w: np.ndarray | None) -> float:
    return float(oracle.roc_auc_score(label_binarize(y, classes=CLASSES), p, average="macro", sample_weight=w))


def _median(y: np.ndarray, p: np.ndarray, w: np.ndarray | None) -> float:
    """Return the median of the repeated rows: that of an even number is the mean of the two middle ones."""
    return float(np.median(np.abs(y - p) if w is None else np.repeat(np.abs(y - p), w.astype(int))))


def _wape(y: np.ndarray, p: np.ndarray, w: np.ndarray | None) -> float:
    weight = np.ones(len(y)) if w is None else w
    return float((weight * np.abs(y - p)).sum() / (weight * np.abs(y)).sum())


ORACLES: dict[str, Oracle] = {
    "wape": Oracle(_wape),
    "mase": Oracle(_plain(oracle.mean_absolute_error)),  # the table's values are divided by what each series changes
    "roc_auc": Oracle(_plain(oracle.roc_auc_score), _auc),
    "average_precision": Oracle(_plain(oracle.average_precision_score)),
    "log_loss": Oracle(_plain(oracle.log_loss), _plain(oracle.log_loss, labels=CLASSES)),
    "brier": Oracle(
        _plain(oracle.brier_score_loss), _plain(oracle.brier_score_loss, labels=CLASSES, scale_by_half=False)
    ),
    "accuracy": Oracle(_labels(oracle.accuracy_score), _answers(oracle.accuracy_score)),
    "balanced_accuracy": Oracle(_labels(oracle.balanced_accuracy_score), _answers(oracle.balanced_accuracy_score)),
    "precision": Oracle(_labels(oracle.precision_score, zero_division=0)),
    "recall": Oracle(_labels(oracle.recall_score, zero_division=0)),
    "f1": Oracle(
        _labels(oracle.f1_score, zero_division=0),
        _answers(oracle.f1_score, average="macro", labels=CLASSES, zero_division=0),
    ),
    "mcc": Oracle(_labels(oracle.matthews_corrcoef), _answers(oracle.matthews_corrcoef)),
    "poisson_deviance": Oracle(_plain(oracle.mean_poisson_deviance)),
    "d2_poisson": Oracle(_plain(oracle.d2_tweedie_score, power=1)),
    "rmse": Oracle(_plain(oracle.root_mean_squared_error)),
    "mae": Oracle(_plain(oracle.mean_absolute_error)),
    "mse": Oracle(_plain(oracle.mean_squared_error)),
    "r2": Oracle(_plain(oracle.r2_score)),
    "median_ae": Oracle(_median),
    "mape": Oracle(_plain(oracle.mean_absolute_percentage_error)),
    "log_density": Oracle(lambda _, p, w: float(np.average(p, weights=w))),
    "pinball": Oracle(_plain(oracle.mean_pinball_loss, alpha=0.8), parameters={"level": 0.8}),
}


def bound(name: str) -> Metric:
    """Return the metric with the parameters of its oracle."""
    return METRICS[name].bind(ORACLES[name].parameters)
