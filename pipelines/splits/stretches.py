"""Stretches of time that count as one observation each: neighbours are alike in what no model sees."""

import numpy as np

from pipelines.core.table import FOLDS

# Stretches of the test rows, and of each fold, from those for rows that are almost independent to those for slow
# series: of 500 rows with an autocorrelation of .8, .95 and .98 from one to the next, 95 % intervals by eight covered
# 93, 91 and 84 % in simulations (as if rows were independent: 48, 21, 13). Where rows are independent, eight would make
# intervals a quarter wider than they need be. There are five folds, so each needs fewer.
COUNTS = ((128, 64), (64, 32), (32, 16), (16, 8), (8, 5))
ALIKE = 0.1  # correlation of neighbouring stretches, beyond chance: less makes intervals a tenth too narrow at most


def stretches(moment: np.ndarray, fold: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the number of each row's stretch of time, int64 (rows,): of equally many rows of one fold, or of the test.

    `moment` (rows,) orders the rows in time, those of one moment in the file's order; `y` is the target. There are as
    many stretches as COUNTS allows so that the target's sums over neighbours, and those of its distance from its mean,
    go together hardly more than by chance; the fewest where they always do.
    """
    order = np.argsort(moment, kind="stable")
    about = y[order] - y.mean()
    tested = max(int((fold < 0).sum()), 1)
    chosen = next(
        (counts for counts in COUNTS[:-1] if _apart(about, tested / counts[0])),
        COUNTS[-1],
    )
    return _numbered(order, fold, chosen)


def _apart(about: np.ndarray, length: float) -> bool:
    """Return whether stretches of so many rows are almost independent of their neighbours."""
    place = (np.arange(len(about)) / max(length, 1.0)).astype(np.int64)
    count = int(place[-1]) + 1
    for series in (about, np.abs(about)):
        mean = np.bincount(place, series - series.mean()) / np.bincount(place)
        spread = float(np.square(mean).sum())
        if spread > 0 and float(mean[1:] @ mean[:-1]) / spread > ALIKE + 1 / np.sqrt(count):
            return False
    return True


def _numbered(order: np.ndarray, fold: np.ndarray, counts: tuple[int, int]) -> np.ndarray:
    """Return the stretches' numbers, so many of the test rows and of each fold, ascending in time within each."""
    block, first = np.empty(len(order), np.int64), 0
    for part in (*range(FOLDS), -1):
        rows = order[fold[order] == part]
        count = min(counts[part >= 0], max(len(rows), 1))
        block[rows] = first + np.arange(len(rows)) * count // max(len(rows), 1)
        first += count
    return block
