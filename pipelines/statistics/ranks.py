"""Metrics that depend on the order of the predictions, for many weightings of the same rows at once.

Each `prepare_` function sorts once and returns a function of weights (rows, replicates) that costs one sparse
product and one cumulative sum. The cumulative sums run over the distinct predictions of the rarer class only,
so rare positives are cheap.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Prepared = Callable[[Floats], Floats]  # weights (rows, replicates) -> (replicates,)


def prepare_roc_auc(y: Floats, prediction: Floats) -> Prepared:
    """Return the area under the ROC curve as a function of weights: the weighted Mann-Whitney statistic.

    It is the weighted share of (positive, negative) pairs in which the positive has the higher prediction, ties
    counting half; NaN where a class has no weight. With integer weights every sum is exact.
    Source: Hanley and McNeil 1982, Radiology 143, 29-36.
    """
    group, groups = _dense_ranks(prediction)
    positive = y == 1
    held = [np.unique(group[positive]), np.unique(group[~positive])]
    flip = held[1].size < held[0].size
    pivots, is_pivot = (held[1], ~positive) if flip else (held[0], positive)
    # Even rows gather the other class between two pivots' predictions, odd rows the ties with one pivot.
    slot = np.zeros(groups, np.int64)
    slot[pivots] = 1
    row_of_group = 2 * (np.cumsum(slot) - slot) + slot
    pivot_of_group = np.cumsum(slot) - 1
    others = _gather(row_of_group[group[~is_pivot]], np.flatnonzero(~is_pivot), 2 * pivots.size + 1, y.size)
    own = _gather(pivot_of_group[group[is_pivot]], np.flatnonzero(is_pivot), pivots.size, y.size)

    def roc_auc(weights: Floats) -> Floats:
        below = np.cumsum(others @ weights, axis=0)
        weight = own @ weights
        pairs = below[-1] * weight.sum(axis=0)
        won = np.einsum("kb,kb->b", weight, below[0:-1:2] + below[1:-1:2]) / 2
        share = np.full(won.shape, np.nan)
        np.divide(won, pairs, out=share, where=pairs > 0)
        return 1 - share if flip else share

    return roc_auc


def prepare_average_precision(y: Floats, prediction: Floats) -> Prepared:
    """Return the average precision as a function of weights: the mean precision at each positive found.

    sum_k (R_k - R_(k-1)) P_k over the distinct predictions in falling order, without interpolation, as scikit-learn
    has it; NaN where no positive has weight. Thresholds that find no positive add nothing and are skipped.
    """
    group, groups = _dense_ranks(-prediction)
    positive = y == 1
    pivots = np.unique(group[positive])
    slot = np.zeros(groups, np.int64)
    slot[pivots] = 1
    row_of_group = np.cumsum(slot) - slot
    reached = row_of_group[group] < pivots.size
    everyone = _gather(row_of_group[group[reached]], np.flatnonzero(reached), max(pivots.size, 1), y.size)
    own = _gather(row_of_group[group[positive]], np.flatnonzero(positive), max(pivots.size, 1), y.size)

    def average_precision(weights: Floats) -> Floats:
        found = own @ weights
        flagged = np.cumsum(everyone @ weights, axis=0)
        hits = np.cumsum(found, axis=0)
        precision = np.zeros(hits.shape)
        np.divide(hits, flagged, out=precision, where=flagged > 0)
        mean = np.full(hits.shape[1], np.nan)
        np.divide(np.einsum("kb,kb->b", found, precision), hits[-1], out=mean, where=hits[-1] > 0)
        return mean

    return average_precision


def prepare_median(values: Floats) -> Prepared:
    """Return the weighted median of `values` (rows,) as a function of weights.

    With integer weights it is the median of the repeated values: the mean of the two middle ones where their
    number is even. NaN where there is no weight.
    """
    order = np.argsort(values, kind="stable")
    ordered = values[order]

    def median(weights: Floats) -> Floats:
        cumulated = np.cumsum(weights[order], axis=0)
        half = cumulated[-1] / 2
        lower = (cumulated < half).sum(axis=0)
        upper = np.minimum((cumulated <= half).sum(axis=0), values.size - 1)
        return np.where(half > 0, (ordered[lower] + ordered[upper]) / 2, np.nan)

    return median


def _dense_ranks(values: Floats) -> tuple[Integers, int]:
    """Return each value's place among the distinct values, and how many distinct values there are."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    place = np.concatenate([[0], np.cumsum(ordered[1:] != ordered[:-1])])
    ranks = np.empty(values.size, np.int64)
    ranks[order] = place
    return ranks, int(place[-1]) + 1


def _gather(row: Integers, column: Integers, rows: int, columns: int) -> Floats:
    """Return the sparse matrix (rows, columns) that adds up the weights of `column` in `row`."""
    # csr_array behaves as an array under `@`, which is all that is asked of it here.
    matrix: Floats = csr_array((np.ones(row.size), (row, column)), shape=(rows, columns))
    return matrix
