"""Whether there are groups at all, as facts; and the same asked of tables of which something was taken away."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np

from pipelines.core.submit import apart
from pipelines.core.table import Table
from pipelines.experiments.groups.along import along
from pipelines.facts.reflect.groups import GroupsHalving, GroupsNull, GroupsValley, GroupsVerdict
from pipelines.groups.columns import Scaling
from pipelines.groups.confirmation import Parting
from pipelines.groups.halving import Half, Halving
from pipelines.groups.nulls import gaussian_copula, one_gaussian
from pipelines.groups.verdict import verdict
from pipelines.targets.arrays import Floats

NULL_ROWS = 3_000  # of tables of which something was taken away
GROUPS = "groups"  # what a verdict says where there are some

Null = Literal["one Gaussian", "same marginals and rank correlation", "columns shuffled"]
NOTHING: Null = "one Gaussian"  # the one that has no groups, whatever the table is
APART: Null = "columns shuffled"


@apart
def table_verdict(table: Table, seed: int) -> GroupsVerdict:
    """Return whether the rows of the table form groups, by the halves that step 1 froze.

    The outcome plays no part, so test rows take part.
    """
    found = verdict(table.x.to_numpy(np.float64), seed, table.halvings)
    return {
        "says": found.says, "number": found.number, "close": found.close, "votes": found.votes, "rows": found.looked_at,
        "halvings": [_halving(one) for one in found.halvings],
        "nearest": valley_facts(found.nearest, confirmed=found.number > 0), "along": along(found),
    }  # fmt: skip


@apart
def null_verdicts(table: Table, seed: int) -> list[GroupsNull]:
    """Return what one halving says of tables like this one, of which something was taken away."""
    return [null_verdict(name, made, seed) for name, made in null_tables(table, seed).items()]


def null_tables(table: Table, seed: int) -> Mapping[Null, Floats]:
    """Return tables like this one, (rows, columns): of one Gaussian in scaled values, and with the values as they are.

    The copula's rank correlations and marginals are the table's; shuffled columns say nothing of each other. Where a
    column has a gap by itself, both have groups too: those that are seen without a look at any other column.
    """
    rng = np.random.default_rng([seed, 1])
    values = some(table.x.to_numpy(np.float64), NULL_ROWS, seed)
    scaled, _ = Scaling.fit(values, np.random.default_rng(seed)).apply(values, np.random.default_rng(seed))
    made: dict[Null, Callable[[], Floats]] = {
        "one Gaussian": lambda: one_gaussian(scaled, rng),
        "same marginals and rank correlation": lambda: gaussian_copula(values, rng),
        "columns shuffled": lambda: np.asarray(rng.permuted(values, axis=0)),
    }
    return {name: make() for name, make in made.items()}


def null_verdict(name: Null, values: Floats, seed: int) -> GroupsNull:
    """Return what one halving says of such a table."""
    found = verdict(values, seed, halvings=1)
    return {"name": name, "says": found.says, "number": found.number}


def said_groups(found: Sequence[GroupsNull], name: Null) -> bool:
    """Return whether groups are said of one of the tables."""
    return any(one["says"] == GROUPS for one in found if one["name"] == name)


def some(values: Floats, most: int, seed: int) -> Floats:
    """Return at most so many of the rows, drawn at random, in their order."""
    if len(values) <= most:
        return values
    return values[np.sort(np.random.default_rng(seed).choice(len(values), most, replace=False))]


def _halving(one: Halving) -> GroupsHalving:
    return {
        "says": one.says, "number": one.number, "alike": one.alike, "together": float(one.together),
        "ci": [float(end) for end in one.ci],
        "valleys": [valley for half in one.halves for valley in _valleys(half)],
    }  # fmt: skip


def _valleys(half: Half) -> list[GroupsValley]:
    return [valley_facts(one, confirmed=sure) for one, sure in zip(half.partings, half.confirmed, strict=True)]


def valley_facts(one: Parting, *, confirmed: bool) -> GroupsValley:
    """Return what rows that were not fitted say of a valley."""
    return {
        "at_lowest": one.at_lowest, "at_lower_peak": one.at_lower, "p_value": one.p, "depth": one.depth,
        "confirmed": confirmed,
    }  # fmt: skip
