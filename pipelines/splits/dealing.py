"""Units dealt at random to the test rows and the folds, from one seed.

A *unit* is what must not be torn apart: a row, the rows of one group, or the rows that share all features. Units are
dealt out so that rows (and, for classes, the rows of each class) are spread as evenly as the units' sizes allow.
"""

import numpy as np

from pipelines.core.table import FOLDS
from pipelines.splits.split import Splitting

DEALT = "at random, rows that belong together in one fold"


def split_by_units(units: np.ndarray, classes: np.ndarray, share: float, seed: int, *, stratify: bool) -> Splitting:
    """Return a split at random that keeps units whole.

    `units` and `classes` are int64 of shape (rows,), numbered from 0 (one class for regression); `share` is the share
    of rows to test on, met as nearly as whole units allow, within each class where `stratify`.
    """
    rng = np.random.default_rng(seed)
    sizes = np.bincount(units)
    strata = _strata(units, classes)
    test = _choose_test(sizes, strata if stratify else np.zeros_like(strata), share, rng)[units]
    return Splitting(test, deal_folds(units, classes, test, rng), DEALT)


def split_by_small_units(units: np.ndarray, classes: np.ndarray, share: float, seed: int) -> Splitting:
    """Return a split with the smallest units for testing, as many as fit into the share; equal ones at random."""
    rng = np.random.default_rng(seed)
    sizes = np.bincount(units)
    order = rng.permutation(len(sizes))
    order = order[np.argsort(sizes[order], kind="stable")]
    chosen = np.zeros(len(sizes), bool)
    chosen[order[: np.searchsorted(np.cumsum(sizes[order]), np.rint(share * sizes.sum()), side="right")]] = True
    return Splitting(chosen[units], deal_folds(units, classes, chosen[units], rng), DEALT)


def deal_folds(units: np.ndarray, classes: np.ndarray, test: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the fold of each row, -1 for test rows; units stay whole, classes are spread evenly over the folds."""
    present, local = np.unique(units[~test], return_inverse=True)
    sizes, strata = np.bincount(local, minlength=len(present)), _strata(local, classes[~test])
    fold_of_unit = np.zeros(len(present), np.int64)
    total = np.zeros(FOLDS, np.int64)
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        fold_of_unit[members] = _deal(sizes[members], total, rng)
        total += np.bincount(fold_of_unit[members], weights=sizes[members], minlength=FOLDS).astype(np.int64)
    fold = np.full(len(units), -1, np.int64)
    fold[~test] = fold_of_unit[local]
    return fold


def _strata(units: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Return each unit's stratum: its rarest class, since that is the one which must not pile up."""
    counts = np.bincount(classes)
    rank = np.argsort(np.argsort(counts, kind="stable"), kind="stable")
    strata = np.full(units.max(initial=-1) + 1, len(counts), np.int64)
    np.minimum.at(strata, units, rank[classes])
    return strata


def _choose_test(sizes: np.ndarray, strata: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Return which units are for testing: in each stratum shuffled units, each if it still fits into the share.

    When none fits any more, the smallest unit left is taken too if that comes nearer to the share.
    """
    chosen = np.zeros(len(sizes), bool)
    for stratum in np.unique(strata):
        everyone = rng.permutation(np.flatnonzero(strata == stratum))
        room = int(np.rint(share * sizes[everyone].sum()))
        members = everyone
        while len(members := members[sizes[members] <= room]):
            fitting = int(np.searchsorted(np.cumsum(sizes[members]), room, side="right"))
            chosen[members[:fitting]] = True
            room -= int(sizes[members[:fitting]].sum())
            members = members[fitting:]
        left = everyone[~chosen[everyone]]
        if len(left) and sizes[smallest := left[np.argmin(sizes[left])]] - room < room:
            chosen[smallest] = True
    return chosen


def _deal(sizes: np.ndarray, total: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a fold for each unit: the largest first, each into the emptiest fold; single rows level the folds.

    `total` holds the rows already in each fold and decides between equally empty ones.
    """
    order = rng.permutation(len(sizes))
    order = order[np.argsort(-sizes[order], kind="stable")]
    folds = np.empty(len(sizes), np.int64)
    loads = [0] * FOLDS
    several = int((sizes > 1).sum())
    for unit in order[:several]:
        fold = min(range(FOLDS), key=lambda f: (loads[f], total[f]))
        folds[unit] = fold
        loads[fold] += int(sizes[unit])
    fill = _levelling(np.array(loads), total, len(sizes) - several)
    folds[order[several:]] = np.repeat(np.arange(FOLDS), fill)
    return folds


def _levelling(loads: np.ndarray, total: np.ndarray, rows: int) -> np.ndarray:
    """Return how many of `rows` single rows each fold gets, so that the loads become as equal as they can."""
    order = np.lexsort((total, loads))
    for lowest in range(FOLDS, 0, -1):
        level, rest = divmod(rows + int(loads[order[:lowest]].sum()), lowest)
        if level >= loads[order[lowest - 1]]:
            break
    fill = np.zeros(FOLDS, np.int64)
    fill[order[:lowest]] = level - loads[order[:lowest]]
    emptiest = order[:lowest][np.argsort(total[order[:lowest]], kind="stable")]
    fill[emptiest[:rest]] += 1
    return fill
