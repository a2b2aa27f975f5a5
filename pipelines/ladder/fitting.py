"""The ladder's pieces of work: fit, grow and read the models of some parts of the training rows.

A part is named by the folds that it leaves out. Each function here is handed to `submit` as it is.
"""

from dataclasses import dataclass, replace

import numpy as np

from pipelines.causes.cause import Trees
from pipelines.causes.plan import Plan
from pipelines.causes.series.aim import shift
from pipelines.core.table import Table
from pipelines.ladder.additive import Additive, additive
from pipelines.ladder.linear import FittedPlan, fit_rows
from pipelines.ladder.pairs import screen, standing_out
from pipelines.models.encode import TreeSchema, tree_matrix, tree_schema
from pipelines.models.on_top import Boosted, GrowthRules, StartedRows, boost

Part = tuple[int, ...]  # the folds left out
FEW_ROWS = 5  # of each class that a fit must see: it has a raw prediction for every class
PAIRS_ALLOWED = 8  # of which a booster of the strongest pairs may build its trees


@dataclass(frozen=True)
class Growth:
    """What the boosters of one part add."""

    added: np.ndarray  # to the raw prediction of every row of the table
    additive: Additive | None  # the same as a sum of one function a feature, where trees use one feature each


def inside(table: Table, part: Part) -> np.ndarray:
    """Return which rows a part's models are fitted to, bool of shape (rows,)."""
    if len(part) == 1:
        return table.fits(part[0])
    return table.scored & ~np.isin(table.fold, part)


def thinned(rows: np.ndarray, table: Table, most: int) -> np.ndarray:
    """Return at most `most` of the rows (numbers in the table), evenly spaced; of several classes, some of each."""
    return rows[table.target.spaced(table.y[rows], most, FEW_ROWS)]


def linear_fits(table: Table, parts: list[Part], plans: list[Plan]) -> dict[Part, list[FittedPlan]]:
    """Return each plan's linear model, fitted to each part, with its raw predictions of the whole table."""
    return {part: [fit_rows(plan, table, inside(table, part)) for plan in plans] for part in parts}


def boosters(
    table: Table, parts: list[Part], starts: dict[Part, np.ndarray], trees: Trees, seed: int, rounds: int | None = None
) -> dict[Part, Boosted]:
    """Return a booster for each part on top of its starting raw predictions, checked on the folds it leaves out.

    A part without a pair that stands out has no booster of that kind. With `rounds` nothing is checked: it grows so
    many.
    """
    grown = {}
    for part in parts:
        schema, matrix = part_matrix(table, part)
        fit, out = inside(table, part), np.isin(table.fold, part)
        start = starts[part]
        groups: tuple[tuple[int, ...], ...] | None = None
        if trees.together == "one feature":
            groups = table.target.alone(schema.features)
        elif trees.together == "strongest pairs":
            strength = _screen(table, fit, matrix, start, schema)
            groups = tuple(standing_out(strength, PAIRS_ALLOWED))
            if not groups:
                continue
        elif len(free := table.target.in_trees(schema.features)) < matrix.shape[1]:
            groups = (free,)
        rules = trees.changed(
            GrowthRules(table.target, trees.leaves, seed, tuple(schema.categorical_positions), groups)
        )
        fitted = StartedRows(matrix[fit], table.y[fit], start[fit])
        checked = None if rounds else StartedRows(matrix[out], table.y[out], start[out])
        grown[part] = boost(fitted, checked, replace(rules, rounds=rounds) if rounds else rules)
    return grown


def aimed(table: Table, parts: list[Part], starts: dict[Part, np.ndarray]) -> dict[Part, tuple[np.ndarray, np.ndarray]]:
    """Return what two lines add to each part's raw predictions, fitted to the part's rows.

    One has the least absolute errors of values, the other the least squared ones on the scale of the raw predictions.
    """
    added = {}
    for part in parts:
        fit, start = inside(table, part), starts[part]
        forecast = table.target.inverse(start)
        low, slope = shift(table.y[fit], forecast[fit])
        moved = low + slope * forecast
        kept = np.maximum(moved, float(min(table.y[fit].min(), 0.0)))  # a line must not lead below all that was seen
        added[part] = table.target.label(kept) - start, _straight(start[fit], table.target.label(table.y[fit]), start)
    return added


def _straight(seen: np.ndarray, truth: np.ndarray, raw: np.ndarray) -> np.ndarray:
    """Return what the line of least squares through (seen, truth) adds to raw predictions."""
    apart = seen - seen.mean()
    size = float(apart @ apart)
    slope = float(apart @ truth) / size if size > 0 else 1.0
    return np.asarray(truth.mean() + slope * (raw - seen.mean()) - raw)


def growths(
    table: Table, parts: list[Part], boosted: dict[Part, Boosted], rounds: int, trees: Trees, last: bool = False
) -> dict[Part, Growth]:
    """Return what the first `rounds` trees of each part's booster add to every row.

    Where they are the `last`, nothing grows on top of them: then they are read only for the rows that the part left out
    and the test rows, and add nothing elsewhere.
    """
    read = {}
    for part in parts:
        schema, matrix = part_matrix(table, part)
        if part not in boosted:
            read[part] = Growth(table.target.zeros(len(table.y)), None)
        elif trees.together == "one feature" and all(len(one) == 1 for one in table.target.alone(schema.features)):
            effects = additive(boosted[part], rounds)
            read[part] = Growth(effects.total(matrix), effects)
        else:
            rows = np.isin(table.fold, (*part, -1)) if last else np.ones(len(table.y), bool)
            added = table.target.zeros(len(table.y))
            added[rows] = boosted[part].added(matrix[rows], rounds)
            read[part] = Growth(added, None)
    return read


def strengths(table: Table, parts: list[Part], starts: dict[Part, np.ndarray]) -> dict[Part, np.ndarray]:
    """Return the screen of all pairs of features on each part's rows, (features, features)."""
    screened = {}
    for part in parts:
        schema, matrix = part_matrix(table, part)
        screened[part] = _screen(table, inside(table, part), matrix, starts[part], schema)
    return screened


def predicted(table: Table, fold: int) -> np.ndarray:
    """Return which rows the models fitted without a fold predict: that fold's and the test rows', bool (rows,)."""
    return (table.fold == fold) | table.tested


def part_matrix(table: Table, part: Part) -> tuple[TreeSchema, np.ndarray]:
    """Return the schema learned from a part's rows and the matrix of all rows."""
    schema = part_schema(table, part)
    return schema, tree_matrix(table.in_trees, schema)


def part_schema(table: Table, part: Part) -> TreeSchema:
    """Return the schema learned from a part's rows, which the table keeps: some ten pieces ask for it."""
    schema = table.tree_schemas.get(part)
    if not isinstance(schema, TreeSchema):
        schema = table.tree_schemas[part] = tree_schema(table.in_trees[inside(table, part)])
    return schema


def _screen(table: Table, fit: np.ndarray, matrix: np.ndarray, start: np.ndarray, schema: TreeSchema) -> np.ndarray:
    y = table.y[fit]
    gradient, weight = table.target.gradient_hessian(y, start[fit])
    found = screen(matrix[fit], table.target.one_hot(y), -gradient, weight, schema.categorical_positions)
    hidden = np.setdiff1d(np.arange(matrix.shape[1]), table.target.in_trees(schema.features))
    found[hidden], found[:, hidden] = -np.inf, -np.inf
    return np.triu(found, 1) if len(hidden) else found
