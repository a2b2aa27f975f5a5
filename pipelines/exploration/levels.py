"""Target means of category levels, pulled towards the overall mean where a level has few rows."""

from dataclasses import dataclass

import numpy as np

SHRINK = 10.0  # rows of the overall mean that a level's own mean is mixed with


@dataclass(frozen=True)
class LevelMeans:
    """Shrunken target means (Micci-Barreca 2001, SIGKDD Explorations 3). The last level stands for missing."""

    means: np.ndarray  # (levels + 1,), or (levels + 1, classes)

    def at(self, codes: np.ndarray) -> np.ndarray:
        """Return the mean of each row's level, float64 of shape (rows,) or (rows, classes); code -1 is missing."""
        means: np.ndarray = self.means[codes]
        return means


def level_means(codes: np.ndarray, y: np.ndarray, levels: int) -> LevelMeans:
    """Return the shrunken means of `y`, (rows,) or (rows, classes), by level.

    `codes` (rows,) are 0 to `levels` - 1, missing -1.
    """
    place = np.where(codes >= 0, codes, levels)
    columns = y.reshape(len(y), -1)
    totals = np.column_stack([np.bincount(place, weights=column, minlength=levels + 1) for column in columns.T])
    counts = np.bincount(place, minlength=levels + 1)[:, None]
    means = (totals + SHRINK * columns.mean(axis=0)) / (counts + SHRINK)
    return LevelMeans(means.reshape(levels + 1, *y.shape[1:]))
