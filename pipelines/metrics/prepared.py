"""A statistic of fixed rows as a function of the rows' weights, and how much each row moves it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Prepared:
    """A statistic whose sorting and losses are computed once, for any number of weightings."""

    score: Callable[[Floats], Floats]  # weights (rows, replicates) -> (replicates,); NaN where undefined
    # () -> (rows,): the derivative of the statistic by each row's weight, at weight 1 for all (the infinitesimal
    # jackknife, Jaeckel 1972); it sums to 0, and the sum of its squares estimates the statistic's variance.
    # None: not differentiable.
    influence: Callable[[], Floats] | None


def prepare_ratio(numerator: Floats, denominator: Floats | None = None, otherwise: float = np.nan) -> Prepared:
    """Return the statistic sum(w * numerator) / sum(w * denominator), `otherwise` where the denominator is 0.

    Without a denominator it is the weighted mean. Both are (rows,).
    """
    below = np.ones(numerator.size) if denominator is None else denominator
    both = np.stack([numerator, below])

    def score(weights: Floats) -> Floats:
        above, total = both @ weights
        return divide(above, total, otherwise)

    def influence() -> Floats:
        total = below.sum()
        return (numerator - numerator.sum() / total * below) / total if total else np.zeros(numerator.size)

    return Prepared(score, influence)


def divide(part: Floats, whole: Floats, otherwise: float) -> Floats:
    """Return part / whole, and `otherwise` where the whole is not positive."""
    share = np.full(part.shape, otherwise)
    np.divide(part, whole, out=share, where=whole > 0)
    return share
