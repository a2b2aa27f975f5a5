"""Two numbers of every row, and the curves and columns that can be made of them.

A curve is a piecewise linear function of the normal scores of the ranks of a number.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.causes.ranks import normal_scores
from pipelines.targets import Floats

KNOTS = np.linspace(-2, 2, 9)  # of curves, in normal scores
TAIL = 0.01  # of a column's values, at either end, that stands where the next ones stand


@dataclass(frozen=True)
class Pair:
    """Two numbers of every row, both known; what is learned of them is learned from the fitting rows."""

    first: Floats
    second: Floats
    fit: np.ndarray  # bool: which rows are fitting rows

    def scores(self, values: Floats) -> Floats:
        """Return the normal scores of the ranks of any values (rows,), by the fitting rows."""
        return normal_scores(values[self.fit], values)

    def held(self, values: Floats) -> Floats:
        """Return the values, the outermost TAIL of them at either end where the next ones stand."""
        return np.clip(values, *np.quantile(values[self.fit], [TAIL, 1 - TAIL]))


def curve(scores: Floats) -> list[Floats]:
    """Return the columns, each (rows,), whose weighted sums are the curves along normal scores."""
    return [scores, *(np.maximum(scores - knot, 0) for knot in KNOTS)]
