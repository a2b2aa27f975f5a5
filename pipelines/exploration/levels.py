"""Target means of category levels, pulled towards the overall mean where a level has few rows."""

from dataclasses import dataclass

import numpy as np

SHRINK = 10.0  # rows of the overall mean that a level's own mean is mixed with


@dataclass(frozen=True)
class LevelMeans:
    """Shrunken target means (Micci-Barreca 2001, SIGKDD Explorations 3). The last level stands for missing."""

    totals: np.ndarray
    counts: np.ndarray
    overall: float

    def at(self, codes: np.ndarray) -> np.ndarray:
        """Return the mean of each row's level, float64 of shape (rows,); code -1 is missing."""
        means: np.ndarray = ((self.totals + SHRINK * self.overall) / (self.counts + SHRINK))[codes]
        return means


def level_means(codes: np.ndarray, y: np.ndarray, levels: int) -> LevelMeans:
    """Return the shrunken means of `y` (rows,) by level; `codes` (rows,) are 0 to `levels` - 1, missing -1."""
    place = np.where(codes >= 0, codes, levels)
    totals = np.bincount(place, weights=y, minlength=levels + 1)
    return LevelMeans(totals, np.bincount(place, minlength=levels + 1), float(y.mean()))
