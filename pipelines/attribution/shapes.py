"""The additive effect of single features: its curve, with the baseline's straight line, and what bending it gains."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from pipelines.attribution.additive import Additive
from pipelines.attribution.fitting import Part, inside, part_matrix
from pipelines.attribution.gains import adjusted, both_sides, judge
from pipelines.attribution.ladder import Ladder, predict
from pipelines.attribution.linear_rungs import Plan, fit_plan, margin
from pipelines.attribution.study import Study
from pipelines.estimators.encode import TreeSchema, tree_matrix
from pipelines.submit import Submit
from pipelines.table import Table

FEATURES = 8  # whose curves are drawn and whose own gain is tested
POINTS = 41  # of a curve, at equally spaced quantiles
LEVELS = 12  # of a category that are drawn
TAILS = 0.005  # of the values, at either end, that a curve leaves out


@dataclass(frozen=True)
class Grid:
    """Where a feature's curve is read off."""

    points: pd.Series  # of the feature's own type
    weight: np.ndarray  # share of the training rows that each point stands for


def shape_facts(study: Study, ladder: Ladder) -> list[dict[str, Any]]:
    """Return, for the features whose effect bends most, `{feature, gain, ci, p_adjusted, matters, close, curve}`.

    `gain` is out-of-fold: what the feature's own trees add to the ladder's last linear rung when no other feature
    may bend; it matters by the rule of `judge`. `curve` is a list of `{x, effect, linear}`:
    x a number or a level; the whole additive effect (rank scaling and trees), and the baseline's own, on the
    modelling scale (log-odds or value), each with mean zero over the training rows. Best gain first; empty where
    the ladder kept neither scale nor shape.
    """
    if not ladder.additive and not ladder.standings["scale"].plan.ranked:
        return []
    table = study.table
    curves = _curves(table, ladder, study.submit)
    bend = {
        name: np.mean([abs(point["effect"] - point["linear"]) for point in curve]) for name, curve in curves.items()
    }
    names = sorted(bend, key=lambda name: (-bend[name], name))[:FEATURES]
    below = ladder.standings["scale"]
    predictions = {"": ladder.predictions["scale"]}
    for name in names:
        added = _bend(table, ladder, table.features.index(name))
        predictions[name] = predict(replace(below, added=added), table) if added else predictions[""]
    pairs = [("", name) for name in names]
    train, test = both_sides(study, predictions, pairs, "single features")
    facts = []
    for name, gain, on_test, p in zip(names, train, test, adjusted(train, [True] * len(names)), strict=True):
        judged = judge(gain, 1.0 if p is None else p, on_test, study.margin)
        facts.append({
            "feature": name, "gain": gain.value, "ci": list(gain.ci), "p_adjusted": p,
            "matters": judged.matters, "close": judged.close, "curve": curves[name],
        })  # fmt: skip
    return sorted(facts, key=lambda fact: -fact["gain"])


def _bend(table: Table, ladder: Ladder, column: int) -> dict[Part, np.ndarray]:
    """Return what one feature's own trees add to the margin of every row, by each chain; {} where it has none."""
    if not any(column in effects.steps for effects in ladder.additive.values()):
        return {}
    added = {}
    for part, effects in ladder.additive.items():
        _, matrix = part_matrix(table, part)
        effect = effects.steps[column].at(matrix[:, column]) if column in effects.steps else np.zeros(len(matrix))
        added[part] = effect - effect[inside(table, part)].mean()
    return added


def _curves(table: Table, ladder: Ladder, submit: Submit) -> dict[str, list[dict[str, Any]]]:
    """Return the curve of each feature that has a value, the mean over the folds' models."""
    training = table.x[table.fold >= 0]
    grids = {name: _grid(training[name]) for name in table.features if training[name].notna().any()}
    plans = [Plan(), ladder.standings["scale"].plan]
    parts: list[Part] = list(ladder.standings["baseline"].linear)
    pending = [
        submit(linear_effects, table, part, plans, grids, name=f"single features: read fold {part[0]}")
        for part in parts
    ]
    linear = [one.result() for one in pending]
    curves = {}
    schemas = {part: part_matrix(table, part)[0] for part in ladder.additive}
    for name, grid in grids.items():
        straight, last = (np.mean([one[plan][name] for one in linear], axis=0) for plan in range(2))
        steps = [_steps_at(effects, name, schemas[part], grid) for part, effects in ladder.additive.items()]
        bent = np.mean(steps, axis=0) if steps else 0.0
        whole, straight = (_centred(effect, grid.weight) for effect in (last + bent, straight))
        curves[name] = [
            {"x": x if isinstance(x, str) else float(x), "effect": float(effect), "linear": float(line)}
            for x, effect, line in zip(grid.points, whole, straight, strict=True)
        ]
    return curves


def linear_effects(table: Table, part: Part, plans: list[Plan], grids: dict[str, Grid]) -> list[dict[str, np.ndarray]]:
    """Return, for each plan fitted to a part's rows, the margin along each grid with the other features fixed."""
    fit = inside(table, part)
    x = table.x[fit]
    rows = []
    for name, grid in grids.items():
        block = x.iloc[[0] * len(grid.points)].reset_index(drop=True)
        levels = None if name in table.numeric else x[name].cat.categories
        block[name] = grid.points.to_numpy() if levels is None else pd.Categorical(grid.points, levels)
        rows.append(block)
    points = pd.concat(rows, ignore_index=True)
    ends = np.cumsum([len(grid.points) for grid in grids.values()])[:-1]
    effects = []
    for plan in plans:
        along = margin(fit_plan(plan, x, table.y[fit], table.task), points)
        effects.append(dict(zip(grids, np.split(along, ends), strict=True)))
    return effects


def _grid(column: pd.Series) -> Grid:
    """Return where to read a feature's curve: quantiles of its values, or its most frequent levels."""
    present = column.dropna()
    if isinstance(column.dtype, pd.CategoricalDtype):
        share = present.astype(str).value_counts(normalize=True, sort=False).sort_index()
        share = share.sort_values(ascending=False, kind="stable")[:LEVELS]
        return Grid(pd.Series(share.index.astype(object)), share.to_numpy() / share.sum())
    at = np.quantile(present.to_numpy(np.float64), np.linspace(TAILS, 1 - TAILS, POINTS), method="nearest")
    values, counts = np.unique(at, return_counts=True)
    return Grid(pd.Series(values), counts / counts.sum())


def _steps_at(effects: Additive, name: str, schema: TreeSchema, grid: Grid) -> np.ndarray:
    """Return what a chain's booster adds along a feature's grid."""
    steps = effects.steps.get(schema.features.index(name))
    if steps is None:
        return np.zeros(len(grid.points))
    typed = grid.points if name not in schema.categories else grid.points.astype("category")
    return steps.at(tree_matrix(typed.to_frame(name), replace(schema, features=(name,)))[:, 0])


def _centred(effect: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return effect - float(effect @ weight)
