"""The verdict on a table: groups, a gradient or nothing, by several halvings of its rows.

`groups` needs a valley in the density that rows left out confirm, found alike in both halves, in all halvings. Without
one, columns that go together are `a gradient`, and independent ones `nothing`. Rows in another order, and the same seed
on another day, give the same verdict: rows are sorted first, and one thread computes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from pipelines.groups.columns import Floats
from pipelines.groups.confirmation import Parting
from pipelines.groups.halving import Half, Halving, Says, adjusted_rand, deal, halve
from pipelines.groups.mixtures import Integers

HALVINGS = 3
MOST_ROWS = 20_000  # more are thinned: each halving would take minutes, and no test lacks rows


@dataclass(frozen=True)
class Verdict:
    """What several halvings of a table say together."""

    halvings: tuple[Halving, ...]
    rows: int  # of the table
    looked_at: int  # of these, after thinning
    half: Half  # whose groups speak for all; where there are groups, it has as many as are claimed
    order: Integers  # (groups of the half,) its groups from the largest to the smallest

    @property
    def votes(self) -> int:
        """How many halvings say `groups`."""
        return sum(one.says == "groups" for one in self.halvings)

    @property
    def says(self) -> Says:
        """Return `groups` if all halvings do, else what most of them say of the columns."""
        if self.votes == len(self.halvings):
            return "groups"
        return "a gradient" if 2 * sum(one.joint for one in self.halvings) > len(self.halvings) else "nothing"

    @property
    def close(self) -> bool:
        """Whether some halvings, but not all, say `groups`."""
        return 0 < self.votes < len(self.halvings)

    @property
    def number(self) -> int:
        """How many groups there are at least, 0 without: the median of the halvings."""
        return number_of(self.halvings) if self.says == "groups" else 0

    @cached_property
    def valleys(self) -> tuple[tuple[int, int, Parting], ...]:
        """The two groups that face each other across each confirmed valley, and its rows left out."""
        place, half = np.argsort(self.order), self.half
        found = []
        for valley, parting, confirmed in zip(half.tree.valleys, half.partings, half.confirmed, strict=True):
            if confirmed:
                one, other = (int(place[half.group[i]]) for i in valley.components)
                found.append((one, other, parting))
        return tuple(found)

    @cached_property
    def nearest(self) -> Parting:
        """The line along which rows left out come nearest to a valley: what to show where there are no groups."""
        halves = [half for halving in self.halvings for half in halving.halves]
        valleys = [parting for half in halves for parting in half.partings]
        return min(valleys or [half.flat for half in halves if half.flat], key=lambda one: one.p)

    def assign(self, values: ArrayLike) -> tuple[Integers, Floats]:
        """Return the group of rows (n, columns), 0 being the largest, and how sure it is (n,), between 0 and 1.

        Values are those of the table, not scaled; equal rows get equal answers. Without groups all rows are of one.
        """
        table = np.asarray(values, np.float64)
        if self.says != "groups":
            return np.zeros(len(table), np.int64), np.ones(len(table))
        z, _ = self.half.scaling.apply(table, None)
        shares = self.half.shares(z)[:, self.order]
        return shares.argmax(axis=1).astype(np.int64), shares.max(axis=1)


def verdict(
    values: ArrayLike, seed: int, halvings: int | Sequence[Integers] = HALVINGS, most_rows: int = MOST_ROWS
) -> Verdict:
    """Return the verdict on rows (n, columns) of numbers without missing ones, none of which columns is constant.

    Halvings are given, each as the half of every row, 0 or 1 of shape (n,), or drawn, so many. Draw none where rows of
    a table are copies of others: each half would confirm on the copies of its own rows.
    """
    from threadpoolctl import threadpool_limits

    table = np.asarray(values, np.float64)
    dealt = [] if isinstance(halvings, int) else [np.asarray(half, np.int64) for half in halvings]
    order = np.lexsort([*dealt, *table.T[::-1]])
    if len(table) > most_rows:
        order = order[np.sort(np.random.default_rng(seed).choice(len(table), most_rows, replace=False))]
    table, dealt = table[order], [half[order] for half in dealt]
    with threadpool_limits(1):
        found: list[Halving] = []
        for number in range(halvings if isinstance(halvings, int) else len(dealt)):
            rng = np.random.default_rng([seed, number])
            found.append(halve(table, dealt[number] if dealt else deal(len(table), rng), rng))
        half, labels = _speaker(found, table)
    counts = np.bincount(labels, minlength=half.number)
    return Verdict(tuple(found), len(np.asarray(values)), len(table), half, np.argsort(-counts, kind="stable"))


def number_of(halvings: Sequence[Halving]) -> int:
    """Return the median number of groups of halvings, the lower of two in the middle."""
    return sorted(one.number for one in halvings)[(len(halvings) - 1) // 2]


def _speaker(halvings: Sequence[Halving], table: Floats) -> tuple[Half, Integers]:
    """Return the half with as many groups as are claimed whose groups are most like those of the others, and these."""
    number = number_of(halvings)
    halves = [half for one in halvings for half in one.halves if half.number == number]
    labels = [half.labels(half.scaling.apply(table, None)[0]) for half in halves]
    alike = [sum(adjusted_rand(one, other) for other in labels) for one in labels]
    best = int(np.argmax(alike))
    return halves[best], labels[best]
