"""How well predictions tell the target, and how sure that is: one score a task, intervals without resampling.

Binary targets are scored by ROC AUC (it does not change when one class is sampled more densely than the other, so row
caps may keep every rare event), regression targets by R2. Out-of-fold predictions come from several models, and are
compared within each fold only: pooled, the AUC of pure noise lies below .5 (Parker, Guenter and Bedo 2007, BMC
Bioinformatics 8), and a better model would seem to gain by mere restraint.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from pipelines.project import Task

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
    """What predictions are held against: the targets, and which rows belong together."""

    task: Task
    y: np.ndarray  # (rows,) float64
    fold: np.ndarray  # (rows,) the model that predicts each row; only rows of one fold are ranked together
    group: np.ndarray | None = None  # (rows,) rows of one group are one observation to the intervals

    def take(self, rows: np.ndarray) -> "Truth":
        """Return some of the rows, by position or mask."""
        return Truth(self.task, self.y[rows], self.fold[rows], None if self.group is None else self.group[rows])

    def score(self, prediction: np.ndarray) -> Estimate:
        """Return the ROC AUC (binary) or R2 (regression) of `prediction` (rows,), with its interval.

        An AUC of .5 with an interval of no width where no fold holds both classes.
        """
        if self.task == "regression":
            return self._estimate(self._terms(prediction), 1.0)
        return self._estimate(self._terms(prediction), 0.0 if self._cells() else 0.5)

    def gain(self, before: np.ndarray, after: np.ndarray) -> Estimate:
        """Return how much better `after` scores than `before` on the same rows, with its interval.

        Binary: the placements of DeLong, DeLong and Clarke-Pearson (1988, Biometrics 44) within each fold, summed over
        the rows of a group as Obuchowski (1997, Biometrics 53) does for clustered rows. Regression: each row's squared
        error over the target's variance.
        """
        return self._estimate(self._terms(after) - self._terms(before), 0.0)

    def _estimate(self, terms: np.ndarray, constant: float) -> Estimate:
        """Return `constant` plus the weighted mean of `terms` over the cells, with its normal interval."""
        value, influence = constant, np.zeros(len(terms))
        for rows, weight, sides in self._cells():
            middle = float(terms[rows].mean())
            value += weight * middle / sides
            # The usual n - 1, which matters where a fold holds few events.
            correction = np.sqrt(len(rows) / max(len(rows) - 1, 1))
            influence[rows] = weight * correction * (terms[rows] - middle) / len(rows)
        if self.group is not None:
            influence = np.bincount(np.unique(self.group, return_inverse=True)[1], weights=influence)
        half = Z95 * float(np.sqrt(np.sum(influence**2)))
        return Estimate(value, value - half, value + half)

    def _cells(self) -> list[tuple[np.ndarray, float, int]]:
        """Return (rows to average over, weight, means that estimate the same number): a fold's classes, or all rows."""
        if self.task == "regression":
            return [(np.arange(len(self.y)), 1.0, 1)]
        positive = self.y > 0
        folds = [rows for rows in self._folds() if 0 < positive[rows].sum() < len(rows)]
        total = sum(len(rows) for rows in folds)
        return [(rows[positive[rows] == side], len(rows) / total, 2) for rows in folds for side in (True, False)]

    def _folds(self) -> list[np.ndarray]:
        return [np.flatnonzero(self.fold == fold) for fold in np.unique(self.fold)]

    def _terms(self, prediction: np.ndarray) -> np.ndarray:
        """Return one term a row: its placement in its fold, or less its squared error over the variance."""
        if self.task == "regression":
            variance = float(np.var(self.y))
            return -((self.y - prediction) ** 2) / variance if variance > 0 else np.full(len(self.y), -1.0)
        terms = np.zeros(len(self.y))
        for rows in self._folds():
            terms[rows] = placements(self.y[rows] > 0, prediction[rows])
        return terms


def placements(positive: np.ndarray, prediction: np.ndarray) -> np.ndarray:
    """Return for each row the share of the other class that it stands on the right side of, ties half.

    The mean over either class is the AUC. Zeros where a class is absent.
    """
    share = np.zeros(len(positive))
    for own, sign in ((positive, 1), (~positive, -1)):
        others = np.sort(sign * prediction[~own])
        if len(others):
            mine = sign * prediction[own]
            below, upto = np.searchsorted(others, mine, "left"), np.searchsorted(others, mine, "right")
            share[own] = (below + upto) / (2 * len(others))
    return share


def share_interval(positives: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95 % interval of a share by Wilson (1927, JASA 22): lower and upper ends, of the arguments' shape."""
    share, z2 = positives / rows, Z95**2
    middle = (share + z2 / (2 * rows)) / (1 + z2 / rows)
    half = Z95 * np.sqrt(share * (1 - share) / rows + z2 / (4 * rows**2)) / (1 + z2 / rows)
    return np.maximum(middle - half, 0), np.minimum(middle + half, 1)


def p_above_zero(estimate: Estimate) -> float:
    """Return the one-sided p-value of the hypothesis that the estimated number is not above 0 (normal)."""
    se = (estimate.hi - estimate.lo) / (2 * Z95)
    return float(ndtr(-estimate.value / se)) if se > 0 else float(estimate.value <= 0)
