"""Ranks in place of values: normal scores, and how much better the target follows them.

There are two of them. `RankScaler` is what a fitted model keeps and applies to any later row: at most KNOTS values, the
mid-rank over the number of rows, held within TAIL of 0 and 1. `normal_scores` is for quick fits, which keep nothing:
all values, and one row more than there are, which holds the ends inward (van der Waerden's own form).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from scipy.special import ndtri

from pipelines.core.steady import steady

if TYPE_CHECKING:
    from pipelines.targets.target import Target

ENOUGH = 10  # values that a comparison with ranks needs
KNOTS = 2_000  # of a column's scores; other values are interpolated, to less than 0.005 of a standard deviation
TAIL = 1e-6  # ranks stay this far from 0 and 1, so normal scores stay within 4.75


class RankScaler:
    """Normal scores: each value becomes the normal quantile of its mid-rank among the fitted values.

    Equal values share the middle of their ranks (van der Waerden scores), values between two fitted ones are
    interpolated, missing values become 0, the median. Follows scikit-learn's transformer protocol.
    """

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002 - the protocol's signature
        """Return no settings: there are none."""
        return {}

    def fit(self, x: pd.DataFrame, y: object = None) -> Self:  # noqa: ARG002 - the protocol's signature
        """Learn the ranks of each column of `x`; every column needs a value."""
        self.knots_ = [_knots(x[name].dropna().to_numpy(np.float64)) for name in x.columns]
        return self

    def transform(self, x: pd.DataFrame) -> np.ndarray:
        """Return the scores, float64 of shape (rows, columns)."""
        return scores_of(x.to_numpy(np.float64), self.knots_)

    def fit_transform(self, x: pd.DataFrame, y: object = None) -> np.ndarray:
        """Fit, then transform the same rows."""
        return self.fit(x, y).transform(x)


def scores_of(matrix: np.ndarray, knots: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Return the scores of a matrix (rows, columns) by the `knots_` of a fitted RankScaler, in its shape."""
    columns = [
        np.interp(np.nan_to_num(column, nan=values[0]), values, scores) * ~np.isnan(column)
        for column, (values, scores) in zip(matrix.T, knots, strict=True)
    ]
    return np.column_stack(columns)


def _knots(column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return distinct values, ascending, at most KNOTS of them, and the normal quantile of the mid-rank of each."""
    values, counts = np.unique(column, return_counts=True)
    middle = (np.cumsum(counts) - counts / 2) / len(column)
    scores = steady(ndtri(np.clip(middle, TAIL, 1 - TAIL)))
    if len(values) <= KNOTS:
        return values, scores
    # Evenly spaced scores, not ranks: the tails, where single rows may matter, keep every value.
    kept = np.unique(np.searchsorted(scores, np.linspace(scores[0], scores[-1], KNOTS)).clip(max=len(scores) - 1))
    return values[kept], scores[kept]


def rank_advantage(x: pd.DataFrame, y: np.ndarray, target: "Target") -> dict[str, float]:
    """Return, by numeric column of `x`, how much better `y` (rows,) correlates with its ranks than with its values.

    Several classes: the root of the share of their indicators' variance that a column explains.
    """
    goals = target.one_hot(y).reshape(len(y), -1)
    return {str(name): _rank_advantage(x[name].to_numpy(np.float64), goals) for name in x.columns}


def _rank_advantage(column: np.ndarray, y: np.ndarray) -> float:
    present = ~np.isnan(column)
    values, target = column[present], y[present]
    if len(values) < ENOUGH or values.std() == 0 or target.var(axis=0).sum() == 0:
        return 0.0
    ranks = np.interp(values, *_knots(values))
    return _correlation(ranks, target) - _correlation(values, target)


def follows(column: np.ndarray, goals: np.ndarray) -> float:
    """Return how well `goals`, (rows,) or (rows, several), follow the ranks of a column: 0 not at all, 1 exactly."""
    present = ~np.isnan(column)
    values, target = column[present], goals.reshape(len(goals), -1)[present]
    if len(values) < ENOUGH or values.std() == 0 or target.var(axis=0).sum() == 0:
        return 0.0
    return _correlation(np.interp(values, *_knots(values)), target)


def _correlation(values: np.ndarray, target: np.ndarray) -> float:
    """Return the root of the share of the variance of `target` (rows, columns) that a line on `values` explains."""
    deviation = values - values.mean()
    explained = np.square(deviation @ (target - target.mean(axis=0)) / len(values)).sum() / deviation.var()
    return float(np.sqrt(explained / target.var(axis=0).sum()))


def normal_scores(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the normal score of each of `at` by its mid-rank among `values` (both without missing ones).

    Ranks between 0 and 1 through the inverse normal distribution (van der Waerden 1952).
    """
    ordered = np.sort(values)
    rank = (np.searchsorted(ordered, at, "left") + np.searchsorted(ordered, at, "right")) / 2
    scores: np.ndarray = ndtri((rank + 0.5) / (len(ordered) + 1))
    return scores
