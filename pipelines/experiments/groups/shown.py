"""What is shown of a table beside the same of tables like it: maps, and the usual checks."""

from collections.abc import Mapping

import numpy as np

from pipelines.core.submit import apart
from pipelines.core.table import Table
from pipelines.experiments.groups.checks import checks
from pipelines.experiments.groups.maps import maps
from pipelines.experiments.groups.verdicts import null_tables
from pipelines.facts.reflect.groups_shown import GroupsCheck, GroupsMaps, Without
from pipelines.targets.arrays import Floats

BESIDE: tuple[Without, ...] = ("one Gaussian", "same marginals and rank correlation")


@apart
def maps_of(table: Table, number: int, seed: int) -> GroupsMaps:
    """Return the maps of the table and of tables like it, coloured by k-means of so many groups."""
    return maps(table.x.to_numpy(np.float64), _nulls(table, seed), number, seed)


@apart
def checks_of(table: Table, seed: int) -> list[GroupsCheck]:
    """Return the usual checks of the table and of tables like it."""
    return checks(table.x.to_numpy(np.float64), _nulls(table, seed), seed)


def _nulls(table: Table, seed: int) -> Mapping[Without, Floats]:
    made = null_tables(table, seed)
    return {name: made[name] for name in BESIDE}
