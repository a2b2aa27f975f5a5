"""One halving of a table: what each half says, confirmed on the rows of the other."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from pipelines.groups.columns import Floats, Scaling
from pipelines.groups.confirmation import ALPHA, Parting, look_along
from pipelines.groups.mixtures import (
    Integers,
    Mixture,
    best_mixture,
    fit_mixture,
    log_density_of_columns,
)
from pipelines.groups.scales import choose_scaling
from pipelines.groups.valleys import Tree, valley_between, valley_tree
from pipelines.inference.multiple import holm

Says = Literal["groups", "a gradient", "nothing"]

ALIKE = 0.5  # adjusted Rand index above which the groups of both halves are the same ones
TOGETHER = 0.01  # nats a row that columns must say of each other


@dataclass(frozen=True)
class Half:
    """The density of one half of the rows, and which of its valleys the other half confirms."""

    scaling: Scaling
    columns: tuple[Mixture, ...]  # the density of each column alone
    mixture: Mixture
    tree: Tree
    partings: tuple[Parting, ...]  # of each valley, on the rows left out
    flat: Parting | None  # without any valley: between two components that are fitted all the same

    @cached_property
    def confirmed(self) -> list[bool]:
        """Whether the rows left out confirm each valley, at ALPHA for all of them (Holm)."""
        return [p <= ALPHA for p in holm([one.p for one in self.partings])]

    @cached_property
    def group(self) -> Integers:
        """The group of each component (components,), numbered from 0."""
        return self.tree.joined(self.confirmed)

    @property
    def number(self) -> int:
        """How many groups the half has, confirmed on the other."""
        return int(self.group.max()) + 1

    def shares(self, z: Floats) -> Floats:
        """Return how probable each group is for scaled rows (n, columns): (n, groups), which sum to 1."""
        return self.mixture.shares(z) @ np.eye(self.number)[self.group]

    def labels(self, z: Floats) -> Integers:
        """Return the most probable group of scaled rows (n, columns), (n,)."""
        return self.shares(z).argmax(axis=1).astype(np.int64)


@dataclass(frozen=True)
class Halving:
    """What two halves say of a table."""

    halves: tuple[Half, Half]
    alike: float  # adjusted Rand index of their groups on all rows
    together: float  # nats a row of rows left out, by which the joint density is better than that of columns alone
    ci: tuple[float, float]  # of that, 95 %

    @property
    def says(self) -> Says:
        """Return the verdict of this halving alone."""
        if self.number > 1 and self.alike > ALIKE:
            return "groups"
        return "a gradient" if self.joint else "nothing"

    @property
    def joint(self) -> bool:
        """Whether columns say something of each other: rows left out are denser jointly than column by column."""
        return self.ci[0] > 0 and self.together > TOGETHER

    @property
    def number(self) -> int:
        """How many groups both halves have."""
        return min(half.number for half in self.halves)


def deal(rows: int, rng: np.random.Generator) -> Integers:
    """Return the half of each of so many rows, 0 or 1, of shape (rows,): as many of each, or one more of the second."""
    half = np.ones(rows, np.int64)
    half[rng.permutation(rows)[: rows // 2]] = 0
    return half


def halve(values: Floats, half: Integers, rng: np.random.Generator) -> Halving:
    """Return what the two halves of rows (n, columns) say, each way; `half` is 0 or 1, of shape (n,)."""
    parts = np.flatnonzero(half == 0), np.flatnonzero(half == 1)
    halves, labels, gains = [], [], []
    for fitted, left_out in (parts, parts[::-1]):
        own, z = fit_half(values, fitted, left_out, rng)
        gains.append(own.mixture.log_density(z[left_out]) - log_density_of_columns(own.columns, z[left_out]))
        halves.append(own)
        labels.append(own.labels(z))
    gain = np.concatenate(gains)
    middle, reach = float(gain.mean()), 1.96 * float(gain.std(ddof=1)) / np.sqrt(len(gain))
    return Halving((halves[0], halves[1]), adjusted_rand(*labels), middle, (middle - reach, middle + reach))


def fit_half(values: Floats, fitted: Integers, left_out: Integers, rng: np.random.Generator) -> tuple[Half, Floats]:
    """Return the density of the rows `fitted`, confirmed on those `left_out`, and all rows as it scales them."""
    scaling, columns = choose_scaling(values[fitted], rng)
    z, _ = scaling.apply(values, rng)
    mixture = best_mixture(z[fitted], rng)
    tree = valley_tree(mixture)
    partings = tuple(look_along(mixture, valley, z[left_out]) for valley in tree.valleys)
    flat = None if partings else _between_two(z[fitted], z[left_out], rng)
    return Half(scaling, tuple(columns), mixture, tree, partings, flat), z


def _between_two(fitted: Floats, left_out: Floats, rng: np.random.Generator) -> Parting:
    """Return what rows left out say of the line between the two components of a mixture that has no more."""
    two = fit_mixture(fitted, 2, rng)
    return look_along(two, valley_between(two, 0, 1), left_out, flat=True)


def adjusted_rand(one: Integers, other: Integers) -> float:
    """Return the adjusted Rand index of two groupings of the same rows: 1 if alike, 0 as by chance.

    Source: Hubert and Arabie 1985, "Comparing partitions", Journal of Classification 2, 193-218.
    """
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(one, other))
