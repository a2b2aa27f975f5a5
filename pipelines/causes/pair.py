"""Two numbers of every row, and the curves and columns that can be made of them.

A curve is a piecewise linear function of the normal scores of the ranks of a number.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

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
    learned: list[Floats] = field(default_factory=list)  # in the order in which it was asked for

    def scores(self, values: Floats) -> Floats:
        """Return the normal scores of the ranks of any values (rows,), by the fitting rows."""
        return normal_scores(self.of_fit(np.sort, values), values)

    def held(self, values: Floats) -> Floats:
        """Return the values, the outermost TAIL of them at either end where the next ones stand."""
        return np.clip(values, *self.of_fit(_ends, values))

    def positive(self, values: Floats) -> Floats:
        """Return the values, those that are not above zero as half the smallest that is among the fitting rows."""
        return np.maximum(values, self.of_fit(_half_the_smallest, values))

    def of_fit(self, learn: Callable[[Floats], Floats], values: Floats) -> Floats:
        """Return what there is to learn of values (rows,) in the fitting rows."""
        self.learned.append(learn(values[self.fit]))
        return self.learned[-1]


@dataclass(frozen=True)
class LaterPair(Pair):
    """Two numbers of rows that nothing is learned of: asked in the same order, it says what an earlier pair learned."""

    given: Iterator[Floats] = field(default_factory=lambda: iter(()))

    def of_fit(self, learn: Callable[[Floats], Floats], values: Floats) -> Floats:  # noqa: ARG002 - it is learned
        """Return the next of what was learned."""
        return next(self.given)


def _ends(fitted: Floats) -> Floats:
    return np.asarray(np.quantile(fitted, [TAIL, 1 - TAIL]))


def _half_the_smallest(fitted: Floats) -> Floats:
    positive = fitted[fitted > 0]
    return np.asarray(positive.min() / 2 if len(positive) else 1.0)


def curve(scores: Floats) -> list[Floats]:
    """Return the columns, each (rows,), whose weighted sums are the curves along normal scores."""
    return [scores, *(np.maximum(scores - knot, 0) for knot in KNOTS)]
