"""Metrics that depend on the order of the predictions, for many weightings of the same rows at once.

Each `prepare_` function sorts once; a block of weightings then costs one sparse product and one cumulative sum.
The cumulative sums run over the distinct predictions of the rarer class only, so rare positives are fast.
"""

import numpy as np

from pipelines.metrics.prepared import Floats, Integers, Prepared, divide


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

    def score(weights: Floats) -> Floats:
        below = np.cumsum(others @ weights, axis=0)
        weight = own @ weights
        won = np.einsum("kb,kb->b", weight, below[0:-1:2] + below[1:-1:2]) / 2
        share = divide(won, below[-1] * weight.sum(axis=0), np.nan)
        return 1 - share if flip else share

    return Prepared(score, lambda: _auc_influence(positive, prediction))


def placements(positive: np.ndarray, prediction: Floats) -> tuple[Floats, Floats]:
    """Return each positive's share of negatives below it, and each negative's share of positives above it.

    Ties count half; `positive` is a mask (rows,). The mean of either is the AUC.
    """
    ranks = mid_ranks(prediction)
    above = (ranks[positive] - mid_ranks(prediction[positive])) / (~positive).sum()
    below = 1 - (ranks[~positive] - mid_ranks(prediction[~positive])) / positive.sum()
    return above, below


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
    row_of_group = np.cumsum(slot) - slot  # the first threshold with a positive that flags the group
    height = max(pivots.size, 1)
    reached = row_of_group[group] < pivots.size
    everyone = _gather(row_of_group[group[reached]], np.flatnonzero(reached), height, y.size)
    own = _gather(row_of_group[group[positive]], np.flatnonzero(positive), height, y.size)

    def score(weights: Floats) -> Floats:
        found = own @ weights
        hits = np.cumsum(found, axis=0)
        precision = divide(hits, np.cumsum(everyone @ weights, axis=0), 0.0)
        return divide(np.einsum("kb,kb->b", found, precision), hits[-1], np.nan)

    def influence() -> Floats:
        one = np.ones((y.size, 1))
        found, seen = (own @ one)[:, 0], (everyone @ one)[:, 0]
        hits, flagged = np.cumsum(found), np.cumsum(seen)
        precision = hits / flagged
        mean = (found * precision).sum() / hits[-1]
        # A row changes the precision at its own threshold and at every later one.
        gained, lost = (_from_here_on(found * part) for part in (1 / flagged, precision / flagged))
        place = np.append(np.arange(height), height)[np.minimum(row_of_group[group], height)]
        later = [np.append(part, 0.0)[place] for part in (precision - mean + gained, lost)]
        moved: Floats = (positive * later[0] - later[1]) / hits[-1]
        return moved

    return Prepared(score, influence)


def prepare_median(values: Floats) -> Prepared:
    """Return the weighted median of `values` (rows,) as a function of weights.

    With integer weights it is the median of the repeated values: the mean of the two middle ones where their
    number is even. NaN where there is no weight.
    """
    order = np.argsort(values, kind="stable")
    ordered = values[order]

    def score(weights: Floats) -> Floats:
        cumulated = np.cumsum(weights[order], axis=0)
        half = cumulated[-1] / 2
        lower = (cumulated < half).sum(axis=0)
        upper = np.minimum((cumulated <= half).sum(axis=0), values.size - 1)
        return np.where(half > 0, (ordered[lower] + ordered[upper]) / 2, np.nan)

    return Prepared(score, None)


def _auc_influence(positive: np.ndarray, prediction: Floats) -> Floats:
    above, below = placements(positive, prediction)
    moved = np.empty(positive.size)
    moved[positive] = (above - above.mean()) / positive.sum()
    moved[~positive] = (below - below.mean()) / (~positive).sum()
    return moved


def _from_here_on(values: Floats) -> Floats:
    return np.cumsum(values[::-1])[::-1]


def _dense_ranks(values: Floats) -> tuple[Integers, int]:
    """Return each value's place among the distinct values, and how many distinct values there are."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    place = np.concatenate([[0], np.cumsum(ordered[1:] != ordered[:-1])])
    ranks = np.empty(values.size, np.int64)
    ranks[order] = place
    return ranks, int(place[-1]) + 1


def mid_ranks(values: Floats) -> Floats:
    """Return ranks from 1, ties sharing their mean rank."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(count) - (count - 1) / 2)[place]
    return ranks


def _gather(row: Integers, column: Integers, rows: int, columns: int) -> Floats:
    """Return the sparse matrix (rows, columns) that adds up the weights of `column` in `row`."""
    from scipy.sparse import csr_array

    # csr_array behaves as an array under `@`, which is all that is asked of it here.
    matrix: Floats = csr_array((np.ones(row.size), (row, column)), shape=(rows, columns))
    return matrix
