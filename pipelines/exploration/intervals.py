"""How well predictions give the target, and how sure that is: scores with intervals, without resampling.

Several classes are treated as numbers, one a class: 1 for its rows and 0 for others. Their explained variance is that
of all these numbers together.

Out-of-fold predictions come from several models, and are ranked within each fold only: pooled, the AUC of pure noise
lies below .5 (Parker, Guenter and Bedo 2007, BMC Bioinformatics 8), and a better model would seem to gain by mere
restraint.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.special import ndtr

from pipelines.core.digits import without_noise
from pipelines.core.table import Table
from pipelines.metrics import Metric, look_of
from pipelines.metrics.looks import Look

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
class QuickTruth:
    """What predictions are held against: the targets, and which rows belong together. Arrays have shape (rows,)."""

    metric: Metric  # one with a look
    y: np.ndarray  # float64; 0 and 1 where it ranks; (rows, classes) where there are several
    fold: np.ndarray  # the model that predicts each row; only rows of one fold are ranked together
    group: np.ndarray | None = None  # rows of one group are one observation to the intervals
    weight: np.ndarray | None = None  # rows that each stands for, where one class is sampled more densely

    @classmethod
    def of(cls, train: Table, rows: np.ndarray, metric: Metric) -> Self:
        """Return the truth of some of the training rows, by position."""
        group = None if train.unit is None else train.unit[rows]
        weight = train.target.weights(train.y, rows)
        return cls(metric, train.target.one_hot(train.y)[rows], train.fold[rows], group, weight)

    @property
    def look(self) -> Look:
        """Return how quick looks use the metric."""
        return look_of(self.metric)

    @property
    def binary(self) -> bool:
        """Return whether the target is a class."""
        return self.look.ranks is not None

    @property
    def trivial(self) -> float:
        """Return what a constant scores: an AUC of .5, an R2 of 0, an average precision of the positives' share."""
        trivial = self.look.trivial
        return float(np.average(self.y > 0, weights=self.weight)) if trivial is None else trivial

    @property
    def constant(self) -> np.ndarray:
        """Return the constant prediction, in the shape of `y`: log-odds of zero, or the mean."""
        return np.zeros(len(self.y)) if self.binary else np.broadcast_to(self.y.mean(axis=0), self.y.shape)

    def by(self, metric: Metric) -> "QuickTruth":
        """Return the same rows, scored by another metric."""
        return QuickTruth(metric, self.y, self.fold, self.group, self.weight)

    def take(self, rows: np.ndarray) -> "QuickTruth":
        """Return some of the rows, by position or mask."""
        group, weight = (None if array is None else array[rows] for array in (self.group, self.weight))
        return QuickTruth(self.metric, self.y[rows], self.fold[rows], group, weight)

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
        return Estimate(*map(without_noise, (value, value - half, value + half)))

    def _evaluate(self, prediction: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the score and each row's influence on it (the linear part of its sampling error)."""
        influence, ranks = np.zeros(len(self.y)), self.look.ranks
        if ranks is None:
            table = (len(self.y), -1)
            spread = np.square(self.y - self.y.mean(axis=0)).reshape(table).sum(axis=1)
            if (variance := float(spread.mean())) == 0:
                return 0.0, influence
            terms = np.square(self.y - prediction).reshape(table).sum(axis=1) / variance
            return 1 - float(terms.mean()), (terms.mean() * spread / variance - terms) / len(terms)
        positive, value, weighed = self.y > 0, 0.0, 0
        for fold in np.unique(self.fold):
            rows = np.flatnonzero(self.fold == fold)
            if 0 < positive[rows].sum() < len(rows):
                weight = np.ones(len(rows)) if self.weight is None else self.weight[rows]
                part, influence[rows] = ranks(positive[rows], prediction[rows], weight)
                influence[rows] *= len(rows)
                value, weighed = value + part * len(rows), weighed + len(rows)
        return (value / weighed, influence / weighed) if weighed else (self.trivial, influence)


def one_sided_p(z: float) -> float:
    """Return the upper tail of the standard normal distribution beyond `z`."""
    return float(ndtr(-z))
