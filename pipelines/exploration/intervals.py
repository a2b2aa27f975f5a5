"""How well predictions tell the target, and how sure that is: scores with intervals, without resampling.

Several classes are told as numbers, one a class: 1 for its rows and 0 for others. Their explained variance is that of
all these numbers together.

Out-of-fold predictions come from several models, and are ranked within each fold only: pooled, the AUC of pure noise
lies below .5 (Parker, Guenter and Bedo 2007, BMC Bioinformatics 8), and a better model would seem to gain by mere
restraint.
"""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from scipy.special import ndtr

from pipelines.core.project import Task
from pipelines.core.table import Table
from pipelines.exploration.sampling import class_weights
from pipelines.metrics.ranks import placements
from pipelines.targets.labelled import indicators

Metric = Literal["roc_auc", "average_precision", "r2"]
LABELS: dict[Metric, str] = {
    "roc_auc": "ROC AUC", "average_precision": "average precision", "r2": "explained variance",
}  # fmt: skip
Z95 = 1.959963984540054  # standard normal quantile of a two-sided 95 % interval


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    lo: float
    hi: float

    @property
    def ci(self) -> list[float]:
        """Return the interval as a list of two."""
        return [self.lo, self.hi]


@dataclass(frozen=True)
class Truth:
    """What predictions are held against: the targets, and which rows belong together. Arrays have shape (rows,)."""

    metric: Metric
    y: np.ndarray  # float64; 0 and 1 but for r2; (rows, classes) where there are several
    fold: np.ndarray  # the model that predicts each row; only rows of one fold are ranked together
    group: np.ndarray | None = None  # rows of one group are one observation to the intervals
    weight: np.ndarray | None = None  # rows that each stands for, where one class is sampled more densely

    @classmethod
    def of(cls, train: Table, rows: np.ndarray, metric: Metric) -> Self:
        """Return the truth of some of the training rows, by position."""
        group = None if train.group is None else train.group[rows]
        weight = class_weights(train.y, rows, train.task)
        return cls(metric, goals(train.y, train.task)[rows], train.fold[rows], group, weight)

    @property
    def binary(self) -> bool:
        """Return whether the target is a class."""
        return self.metric != "r2"

    @property
    def trivial(self) -> float:
        """Return what a constant scores: an AUC of .5, an R2 of 0, an average precision of the positives' share."""
        if self.metric == "average_precision":
            return float(np.average(self.y > 0, weights=self.weight))
        return {"roc_auc": 0.5, "r2": 0.0}[self.metric]

    @property
    def constant(self) -> np.ndarray:
        """Return the prediction that knows nothing, in the shape of `y`: log-odds of nought, or the mean."""
        return np.zeros(len(self.y)) if self.binary else np.broadcast_to(self.y.mean(axis=0), self.y.shape)

    def by(self, metric: Metric) -> "Truth":
        """Return the same rows, scored by another metric."""
        return Truth(metric, self.y, self.fold, self.group, self.weight)

    def take(self, rows: np.ndarray) -> "Truth":
        """Return some of the rows, by position or mask."""
        group, weight = (None if array is None else array[rows] for array in (self.group, self.weight))
        return Truth(self.metric, self.y[rows], self.fold[rows], group, weight)

    def score(self, prediction: np.ndarray) -> Estimate:
        """Return the score of `prediction` (rows,), with its interval.

        The trivial score with an interval of no width where no fold holds both classes.
        """
        return self._estimate(*self._evaluate(prediction))

    def gain(self, before: np.ndarray, after: np.ndarray) -> Estimate:
        """Return how much better `after` scores than `before` on the same rows, with its interval.

        Each row's influence on the two scores is subtracted; rows of one group are summed (Obuchowski 1997, Biometrics
        53). The interval is normal.
        """
        (old, old_influence), (new, new_influence) = self._evaluate(before), self._evaluate(after)
        return self._estimate(new - old, new_influence - old_influence)

    def _estimate(self, value: float, influence: np.ndarray) -> Estimate:
        if self.group is not None:
            influence = np.bincount(np.unique(self.group, return_inverse=True)[1], weights=influence)
        half = Z95 * float(np.sqrt(np.sum(influence**2)))
        return Estimate(value, value - half, value + half)

    def _evaluate(self, prediction: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the score and each row's influence on it (the linear part of its sampling error)."""
        influence = np.zeros(len(self.y))
        if not self.binary:
            table = (len(self.y), -1)
            spread = np.square(self.y - self.y.mean(axis=0)).reshape(table).sum(axis=1)
            if (variance := float(spread.mean())) == 0:
                return 0.0, influence
            terms = np.square(self.y - prediction).reshape(table).sum(axis=1) / variance
            return 1 - float(terms.mean()), (terms.mean() * spread / variance - terms) / len(terms)
        positive, value, weighed = self.y > 0, 0.0, 0
        evaluate = _evaluate_auc if self.metric == "roc_auc" else _evaluate_precision
        for fold in np.unique(self.fold):
            rows = np.flatnonzero(self.fold == fold)
            if 0 < positive[rows].sum() < len(rows):
                weight = np.ones(len(rows)) if self.weight is None else self.weight[rows]
                part, influence[rows] = evaluate(positive[rows], prediction[rows], weight)
                influence[rows] *= len(rows)
                value, weighed = value + part * len(rows), weighed + len(rows)
        return (value / weighed, influence / weighed) if weighed else (self.trivial, influence)


def goals(y: np.ndarray, task: Task) -> np.ndarray:
    """Return the target as what least squares can fit: `y` (rows,) itself, or 0 and 1 by class, (rows, classes)."""
    return y if task != "multiclass" else indicators(y, int(y.max()) + 1)


def _evaluate_auc(positive: np.ndarray, prediction: np.ndarray, _: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the AUC and influences: the placements of DeLong, DeLong and Clarke-Pearson (1988, Biometrics 44).

    The classes' weights do not change it.
    """
    influence = np.empty(len(positive))
    influence[positive], influence[~positive] = placements(positive, prediction)
    value = float(influence[positive].mean())
    influence -= value
    for own in (positive, ~positive):
        influence[own] /= np.sqrt(max(own.sum() - 1, 1) * own.sum())  # the usual n - 1
    return value, influence


def _evaluate_precision(positive: np.ndarray, prediction: np.ndarray, weight: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the weighted average precision and its derivative by each row's weight (infinitesimal jackknife).

    Efron 1982, The Jackknife, the Bootstrap and Other Resampling Plans, chapter 6. Equal predictions share a threshold,
    as in scikit-learn.
    """
    place = np.unique(-prediction, return_inverse=True)[1]  # thresholds from the highest prediction down
    found = np.bincount(place, weights=weight * positive)
    hits, alarms = np.cumsum(found), np.cumsum(np.bincount(place, weights=weight * ~positive))
    flagged, total = hits + alarms, float(hits[-1])
    value = float(np.sum(found * hits / flagged) / total)
    # A row counts at its own threshold and at every lower one.
    helps = np.cumsum((found * alarms / flagged**2)[::-1])[::-1][place] / total
    harms = np.cumsum((found * hits / flagged**2)[::-1])[::-1][place] / total
    own = (hits / flagged)[place] / total - value / total
    return value, weight * np.where(positive, own + helps, -harms)


def one_sided_p(z: float) -> float:
    """Return the upper tail of the standard normal distribution beyond `z`."""
    return float(ndtr(-z))
