"""The rung of a pair: special columns of two features on top of what stands, and what else explains their effect.

The columns' models are fitted to each part's rows, like boosters, and judged on the rows that it leaves out.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipelines.causes.cause import Columns
from pipelines.causes.joint import Beyond, beyond_curves, coefficients_on_top, learn_beyond
from pipelines.causes.pair import Pair
from pipelines.core.table import Table
from pipelines.ladder.fitting import Part, inside
from pipelines.ladder.pairs import standing_out
from pipelines.targets import Floats

FIT_ROWS = 20_000  # a part, rare events kept: two features need no more
PENALTIES = (10.0, 100.0)  # of which the better one is taken, of a cause's columns and of their rivals alike

Raws = dict[Part, Floats]  # the raw predictions of every row of the table, by part
Names = tuple[str, str]


class JointFit(NamedTuple):
    """One part's model of a pair's columns."""

    added: Floats  # to the raw prediction of every row of the table
    coefficients: Floats  # of the columns, (columns,) or (columns, classes)


def joint_fits(
    table: Table, parts: list[Part], starts: Raws, pair: Names, columns: Columns
) -> dict[Part, list[JointFit]]:
    """Return what the columns of a pair add to the raw prediction of every row, fitted to each part with each penalty.

    Rows in which either value is missing get nothing.
    """
    values, known = _known(table, pair)
    fits: dict[Part, list[JointFit]] = {}
    for part in parts:
        made, rows, weight = _fitting(table, part, values, known)
        x = beyond_curves(made, columns)
        weights = np.ones(len(rows)) if weight is None else weight
        fits[part] = []
        for penalty in PENALTIES:
            found = coefficients_on_top(x[made.fit], table.y[rows], starts[part][rows], weights, penalty, table.target)
            whole = table.target.zeros(len(table.y))
            whole[known] = x @ found
            fits[part].append(JointFit(whole, found))
    return fits


def learned_of(table: Table, part: Part, pair: Names, columns: Columns) -> Beyond:
    """Return what the columns of a pair learned of a part's rows when `joint_fits` fitted their model."""
    values, known = _known(table, pair)
    made, *_ = _fitting(table, part, values, known)
    return learn_beyond(made, columns)[1]


def _known(table: Table, pair: Names) -> tuple[Floats, np.ndarray]:
    """Return both features' values in the rows that have both, (rows, 2), and which rows these are, (all rows,)."""
    values = table.x[list(pair)].to_numpy(np.float64)
    known = ~np.isnan(values).any(axis=1)
    return values[known], known


def _fitting(
    table: Table, part: Part, values: Floats, known: np.ndarray
) -> tuple[Pair, np.ndarray, Floats | None]:  # fmt: skip
    """Return the pair, with the rows marked that a part's model is fitted to, these rows, and their weights."""
    fit = np.flatnonzero(inside(table, part) & known)
    take, weight = table.target.thin(table.y[fit], FIT_ROWS)
    rows = fit[take]
    first, second = values.T
    return Pair(first, second, np.isin(np.flatnonzero(known), rows)), rows, weight


def acting_together(table: Table, strengths: np.ndarray, features: Sequence[str]) -> Names | None:
    """Return the pair of these features that acts together most, if any does beyond chance."""
    names = list(table.in_trees.columns)
    among = np.isin(names, features)
    strength = np.where(np.outer(among, among), strengths, -np.inf)
    return next(((names[a], names[b]) for a, b in standing_out(strength, 1)), None)
