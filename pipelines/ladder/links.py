"""From margins to predictions and losses: log-odds of two classes, of several, or the value itself.

A margin is (rows,), or (rows, classes) where there are several: then the softmax of a row's margins is its
probabilities, and only their differences mean anything.
"""

import numpy as np
from scipy.special import expit, logsumexp, softmax

from pipelines.core.project import Task
from pipelines.core.table import Table
from pipelines.metrics.metric import METRICS
from pipelines.targets.labelled import indicators

FAR = 12.0  # log-odds beyond this carry no information that a tree could use
QUANTILES = 101  # of the target, among which the best constant is looked for
DIGITS = 4  # of a starting margin, in standard deviations: later ones differ between processors and could flip splits


def to_prediction(margin: np.ndarray, task: Task) -> np.ndarray:
    """Return the probability of the event, those of the classes, or the value, in the margin's shape."""
    if task == "regression":
        return margin
    return np.asarray(expit(margin) if task == "binary" else softmax(margin, axis=1))


def row_losses(y: np.ndarray, margin: np.ndarray, task: Task) -> np.ndarray:
    """Return the log loss or the squared error of each row, (rows,)."""
    if task == "regression":
        return np.asarray((y - margin) ** 2)
    if task == "binary":
        return np.asarray(np.logaddexp(0, margin) - y * margin)
    return np.asarray(logsumexp(margin, axis=1) - margin[np.arange(len(y)), y.astype(np.int64)])


def derivatives(y: np.ndarray, margin: np.ndarray, task: Task) -> tuple[np.ndarray, np.ndarray]:
    """Return what the loss falls by with the margin, and its curvature, in the margin's shape."""
    expected = to_prediction(margin, task)
    truth = indicators(y, margin.shape[1]) if task == "multiclass" else y
    curvature = np.ones_like(expected) if task == "regression" else expected * (1 - expected)
    return truth - expected, curvature


def starting(margin: np.ndarray, y: np.ndarray, task: Task) -> np.ndarray:
    """Return a margin as boosters start from it: rounded, and log-odds kept within reason.

    `y` is the training target, whose spread says what a negligible digit is.
    """
    if task == "regression":
        spread = float(y.std())
        return np.round(margin, DIGITS - int(np.floor(np.log10(spread))) if spread > 0 else DIGITS)
    return np.round(np.clip(centred(margin), -FAR, FAR), DIGITS)


def centred(margin: np.ndarray) -> np.ndarray:
    """Return the margins with mean zero over the classes; of two classes, or of a value, as they are."""
    return margin if margin.ndim == 1 else margin - margin.mean(axis=1, keepdims=True)


def no_margin(table: Table) -> np.ndarray:
    """Return margins of nought for every row of the table."""
    several = table.task == "multiclass"
    return np.zeros((len(table.y), int(table.y.max()) + 1) if several else len(table.y))


def constant_prediction(table: Table) -> np.ndarray:
    """Return the prediction of every row that knows only the training target's mean, or its classes' shares."""
    y = table.y[table.fold >= 0]
    if table.task != "multiclass":
        return np.full(len(table.y), y.mean())
    classes = int(table.y.max()) + 1
    return np.broadcast_to(np.bincount(y.astype(np.int64), minlength=classes) / len(y), (len(table.y), classes))


def best_constant(table: Table, metric: str) -> np.ndarray:
    """Return the constant prediction that scores best on the training rows: their mean, or one of their quantiles.

    Where there are classes it is their shares, the best for every metric that judges probabilities.
    """
    constant, measure = constant_prediction(table), METRICS[metric]
    if table.task != "regression":
        return constant
    y = table.y[table.fold >= 0]
    tried = [float(constant[0]), *np.quantile(y, np.linspace(0, 1, QUANTILES), method="nearest").tolist()]
    scores = [measure.score(y, np.full(len(y), value)) for value in tried]
    best = max(range(len(tried)), key=lambda i: (measure.gain(scores[0], scores[i]), -i))
    return np.full(len(table.y), tried[best])


def most_moved(effect: np.ndarray) -> int:
    """Return the class whose effect (..., classes) varies most, of effects that have mean zero over the classes."""
    return int(np.argmax(effect.reshape(-1, effect.shape[-1]).var(axis=0)))
