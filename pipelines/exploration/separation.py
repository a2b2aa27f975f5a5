"""How well values give a target: the variance that a line explains, or how cleanly their ranges separate classes."""

import numpy as np

KNOWN = 0.5  # share of rows that must have a value
TINY = 1e-12  # of the squares of the values themselves: less variance than rounding leaves


def explained(values: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the share of the variance of `y` (rows,) that a line on each column of `values` (rows, columns) explains.

    Of the rows where the column has a finite value; 0 where these are fewer than half, or it does not vary.
    """
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    rows = known.sum(axis=0)
    count = np.maximum(rows, 1)
    size = np.maximum(np.abs(filled).max(axis=0), np.finfo(np.float64).tiny)
    filled = filled / size  # squares of large values stay finite
    away = np.where(known, filled - filled.sum(axis=0) / count, 0.0)
    spread = np.square(away).sum(axis=0)
    middle, varied = y - y.mean(), known.astype(np.float64)
    of_target = np.maximum(np.square(middle) @ varied - np.square(middle @ varied) / count, 0.0)
    usable = (rows >= KNOWN * len(y)) & (spread > TINY * np.square(filled).sum(axis=0)) & (of_target > 0)
    shared = np.square(middle @ away)
    return np.divide(shared, spread * of_target, out=np.zeros(values.shape[1]), where=usable)


def told_at_most(values: np.ndarray, y: np.ndarray, classes: int) -> np.ndarray:
    """Return for each column of `values` (rows, columns) what `told` does, ties in any order."""
    known = np.isfinite(values)
    order = np.argsort(np.where(known, values, np.inf), axis=0, kind="stable")
    sorted_class = np.where(np.take_along_axis(known, order, axis=0), y[order], -1)
    place = np.arange(len(y))[:, None]
    own = [sorted_class == number for number in range(classes)]
    counts = np.array([mask.sum(axis=0) for mask in own])
    middle = np.array([(mask * place).sum(axis=0) for mask in own]) / np.maximum(counts, 1)
    share = np.zeros(values.shape[1])
    for number, mask in enumerate(own):
        start = np.where(middle < middle[number], counts, 0).sum(axis=0)
        in_range = mask & (place >= start) & (place < start + counts[number])
        share += in_range.sum(axis=0) / np.maximum(counts[number], 1)
    usable = (counts.min(axis=0) > 0) & (counts.sum(axis=0) >= KNOWN * len(y))
    return np.where(usable, share / classes, 0.0)


def told(x: np.ndarray, y: np.ndarray, classes: int) -> float:
    """Return the mean over classes of the share of a class's rows that lie in its range of `x`; all are (rows,).

    The classes' ranges follow one another in order of their rows' mean rank, each as long as the class has rows. Rows
    with the same value count against it: those of the class with the higher range come first.
    """
    place = np.argsort(np.argsort(x, kind="stable"), kind="stable")
    counts = np.bincount(y, minlength=classes)
    if counts.min() == 0:
        return 0.0
    by_place = np.argsort(np.bincount(y, weights=place, minlength=classes) / counts, kind="stable")
    rank = np.argsort(by_place, kind="stable")[y]
    order = np.lexsort((-rank, x))
    expected = np.repeat(np.arange(classes), counts[by_place])
    right = np.bincount(expected[rank[order] == expected], minlength=classes)
    return float(np.mean(right / counts[by_place]))
