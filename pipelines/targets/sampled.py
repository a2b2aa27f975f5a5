"""Which rows stand for all: samples that keep what a kind of target can least do without."""

from abc import ABC

import numpy as np

from pipelines.targets.arrays import Booleans, Floats, Integers


class Sampled(ABC):
    """What a kind of target says of samples of its rows. `y` is float64, (rows,), as `define` encodes it."""

    outputs: int  # numbers that a prediction has: 1, or one for each of several classes

    def sample(self, y: Floats, most: int, seed: int) -> Integers:
        """Return the places of at most `most` rows, ascending, drawn at random.

        Of an event as many of the rarer class as there are, at most half, and the rest of the other: this does not
        change ROC AUC, and rare events are worth more than the thousandth common one (see `weights`).
        """
        return at_random(len(y), most, seed)

    def weights(self, y: Floats, rows: Integers) -> Floats | None:  # noqa: ARG002 - each stands for as many
        """Return how many rows each of those that `sample` drew stands for; None: all for equally many."""
        return None

    def thin(self, y: Floats, most: int) -> tuple[Integers, Floats | None]:
        """Return the places of at most `most` rows, evenly spaced, and their weights (None: all alike).

        Of an event the rarer class is kept whole where it is rare, and the others weigh more.
        """
        return evenly(np.arange(len(y)), min(len(y), most)), None

    def spaced(self, y: Floats, most: int, few: int) -> Integers:
        """Return the places of at most `most` rows, evenly spaced, ascending.

        Of several classes the first `few` rows of each are added: raw predictions have a number for each.
        """
        take = evenly(np.arange(len(y)), min(len(y), most))
        return take if self.outputs == 1 or len(take) == len(y) else np.union1d(take, self.some_of_each(y, few))

    def some_of_each(self, y: Floats, few: int) -> Integers:  # noqa: ARG002 - a number has no classes
        """Return the places of the first `few` rows of each class, class by class; none of a number."""
        return np.empty(0, np.int64)

    def rare_first(self, y: Floats, most: int) -> Integers:
        """Return at most `most` places: as many of the rarer classes as an equal share allows, then in order."""
        return np.arange(min(len(y), most))

    def rarer(self, y: Floats) -> Booleans | None:  # noqa: ARG002 - of a number none is
        """Return which rows are of the rarer of two classes; None where there are not two."""
        return None


def at_random(rows: int, most: int, seed: int) -> Integers:
    """Return the places of at most `most` of so many rows, ascending, drawn without regard to the target."""
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def evenly(places: Integers, count: int) -> Integers:
    """Return `count` of the places, evenly spaced."""
    return places[np.linspace(0, len(places) - 1, count).astype(np.int64)]
