"""The rung of a pair: special columns of two features on top of what stands, and what else explains their effect.

The columns' models are fitted to each part's rows, like boosters, and judged on the rows that it leaves out.
"""

from collections.abc import Sequence

import numpy as np

from pipelines.causes.cause import Columns
from pipelines.causes.joint import beyond_curves, coefficients_on_top
from pipelines.causes.pair import Pair
from pipelines.core.table import Table
from pipelines.ladder.fitting import Part, inside
from pipelines.ladder.pairs import standing_out
from pipelines.targets import Floats

FIT_ROWS = 20_000  # a part, rare events kept: two features need no more
PENALTIES = (10.0, 100.0)  # of which the better one is taken, of a cause's columns and of their rivals alike

Raws = dict[Part, Floats]  # the raw predictions of every row of the table, by part
Names = tuple[str, str]


def joint_fits(
    table: Table, parts: list[Part], starts: Raws, pair: Names, columns: Columns
) -> dict[Part, list[Floats]]:  # fmt: skip
    """Return what the columns of a pair add to the raw prediction of every row, fitted to each part with each penalty.

    Rows in which either value is missing get nothing.
    """
    values = table.x[list(pair)].to_numpy(np.float64)
    known = ~np.isnan(values).any(axis=1)
    first, second = values[known].T
    added: dict[Part, list[Floats]] = {}
    for part in parts:
        fit = np.flatnonzero(inside(table, part) & known)
        take, weight = table.target.thin(table.y[fit], FIT_ROWS)
        rows = fit[take]
        made = Pair(first, second, np.isin(np.flatnonzero(known), rows))
        x = beyond_curves(made, columns)
        weights = np.ones(len(rows)) if weight is None else weight
        added[part] = []
        for penalty in PENALTIES:
            found = coefficients_on_top(x[made.fit], table.y[rows], starts[part][rows], weights, penalty, table.target)
            whole = table.target.zeros(len(table.y))
            whole[known] = x @ found
            added[part].append(whole)
    return added


def acting_together(table: Table, strengths: np.ndarray, features: Sequence[str]) -> Names | None:
    """Return the pair of these features that acts together most, if any does beyond chance."""
    among = np.isin(table.features, features)
    strength = np.where(np.outer(among, among), strengths, -np.inf)
    return next(((table.features[a], table.features[b]) for a, b in standing_out(strength, 1)), None)
