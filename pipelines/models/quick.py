"""The quick model: a linear model, and boosters of any features on top of it.

It stands in for the strong model where an experiment needs many fits: what is left of a score without a column, without
near copies, or with fewer rows.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from pipelines.core.table import Table
from pipelines.models.encode import tree_matrix, tree_schema
from pipelines.models.linear import fit_linear
from pipelines.models.on_top import Boosted, GrowthRules, StartedRows, best_rounds, boost
from pipelines.targets import Floats, Target
from pipelines.targets.arrays import Integers

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

LEAVES = 15
ROUNDS, RATE = 100, 0.12  # half as fast again as the ladder's: what is asked are differences between such models
FIT_ROWS = 30_000  # that a booster is fitted to

Fit = Callable[[pd.DataFrame, Floats, Target], "Pipeline"]


class Rows(NamedTuple):
    """Which rows of a table one model is fitted to, and which it predicts, by their places."""

    fit: Integers
    held: Integers
    raw: Floats | None = None  # of the linear model, for every row of the table, where it is fitted already


class Quick(NamedTuple):
    """Predictions of every row of a table, (rows,) or (rows, classes); of rows that no part holds they mean nothing."""

    linear: Floats
    boosted: Floats  # on top of the linear one


def quick_model(
    table: Table, parts: Sequence[Rows], seed: int, fit_line: Fit = fit_linear, fit_rows: int = FIT_ROWS
) -> Quick:
    """Return the quick model's predictions, those of each part's held rows by the part's own fit.

    All parts' boosters grow for the number of rounds that is best over their held rows together. Deterministic in
    `seed`. Raises what the linear model raises.
    """
    target = table.target
    linear = target.zeros(len(table.y))
    grown = [_grown(table, part, seed, fit_line, fit_rows) for part in parts]
    for part, one in zip(parts, grown, strict=True):
        linear[part.held] = one.linear
    boosted = linear.copy()
    rounds = best_rounds([one.booster.losses for one in grown])
    for part, one in zip(parts, grown, strict=True):
        boosted[part.held] += one.booster.added(one.matrix, rounds) if rounds else 0.0
    return Quick(target.inverse(linear), target.inverse(boosted))


class _Grown(NamedTuple):
    """What is needed of one part; all else that it takes is as large as the table, and goes before the next part."""

    linear: Floats  # raw prediction of the held rows
    matrix: Floats  # of the held rows
    booster: Boosted


def _grown(table: Table, part: Rows, seed: int, fit_line: Fit, fit_rows: int) -> _Grown:
    """Return a part's models, and what the booster will be asked about."""
    target, spread = table.target, table.y[table.trained]
    x, y = table.in_trees.iloc[part.fit], table.y[part.fit]
    if part.raw is None:
        line = fit_line(x, y, target)
        below, linear = (target.raw_predicted(line, rows) for rows in (x, table.in_trees.iloc[part.held]))
    else:
        below, linear = part.raw[part.fit], part.raw[part.held]
    schema = tree_schema(x)
    take, weight = target.thin(y, fit_rows)
    fitted = StartedRows(tree_matrix(x.iloc[take], schema), y[take], target.start(spread, below)[take], weight)
    del x
    matrix = tree_matrix(table.in_trees.iloc[part.held], schema)
    held = StartedRows(matrix, table.y[part.held], target.start(spread, linear))
    rules = GrowthRules(
        target, LEAVES, seed, tuple(schema.categorical_positions), fit_rows=fit_rows, rounds=ROUNDS, rate=RATE
    )
    return _Grown(linear, matrix, boost(fitted, held, rules))
