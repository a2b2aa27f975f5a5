"""The additive effect of single features: its curve, with the baseline's straight line, and what bending it gains."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipelines.causes.scale import advantages, ranked_in
from pipelines.core.table import Table
from pipelines.facts.reflect.effects import Shape, ShapePoint
from pipelines.inputs import kind_of
from pipelines.ladder.additive import Additive, most_moved
from pipelines.ladder.effects import Contrast, effects
from pipelines.ladder.fitting import Part, inside, part_matrix, part_schema
from pipelines.ladder.ladder import Ladder, Standing, predict, training_rows
from pipelines.ladder.route import BASELINE
from pipelines.ladder.study import Study
from pipelines.models.encode import TreeSchema, tree_matrix

FEATURES = 8  # whose curves are drawn and whose own gain is tested
MOST = 100  # features whose curves are worked out to find those
POINTS = 41  # of a curve, at equally spaced quantiles
LEVELS = 12  # of a category that are drawn
TAILS = 0.005  # of the values, at either end, that a curve leaves out


@dataclass(frozen=True)
class Grid:
    """Where a feature's curve is read off."""

    labels: Sequence[float | str]
    points: pd.Series  # the same as models see them
    weight: np.ndarray  # share of the training rows that each point stands for


def shape_facts(study: Study, ladder: Ladder) -> list[Shape]:
    """Return, for the features that bend most, `{feature, gain, ci, p_adjusted, matters, close, curve, class}`.

    `gain` is out-of-fold: what the feature's own trees add to the ladder's last linear rung when no other feature
    may bend; it matters by the rule of `judge`. `curve` is a list of `{x, effect, linear}`:
    x a number or a level; the whole additive effect (rank scaling and trees), and the baseline's own, on the
    modelling scale (log-odds or value), each with mean zero over the training rows. Of several classes the curve is
    that of the `class` (its number) whose effect bends most, against the mean of all classes. Best gain first; empty
    where the ladder kept neither scale nor shape.
    """
    if not ladder.additive and not ranked_in(ladder.linear_top.plan):
        return []
    table = study.table
    curves = _curves(table, ladder)
    bend = {
        name: np.mean([abs(point["effect"] - point["linear"]) for point in curve])
        for name, (curve, _) in curves.items()
    }
    names = sorted(bend, key=lambda name: (-bend[name], name))[:FEATURES]
    below, before = ladder.linear_top, ladder.predictions[ladder.route.linear_top]
    bent = dict.fromkeys(names, before)
    for name, added in _bends(table, ladder, names).items():
        bent[name] = predict(replace(below, added=added), table)
    found = effects(study, [Contrast(before, above) for above in bent.values()], "single features")
    facts: list[Shape] = [
        {"feature": name, **one.facts(), "curve": curves[name][0], "class": curves[name][1]}
        for name, one in zip(names, found, strict=True)
    ]
    return sorted(facts, key=lambda fact: -fact["gain"])


def _bends(table: Table, ladder: Ladder, names: list[str]) -> dict[str, dict[Part, np.ndarray]]:
    """Return what each feature's own trees add to every raw prediction, by chain; only features with trees."""
    used = {i for additive in ladder.additive.values() for i in additive.steps}
    place = {str(name): i for i, name in enumerate(table.in_trees.columns)}
    added: dict[str, dict[Part, np.ndarray]] = {name: {} for name in names if place[name] in used}
    for part, additive in ladder.additive.items():
        _, matrix = part_matrix(table, part)
        fit = inside(table, part)
        for name, by_part in added.items():
            i = place[name]
            effect = additive.steps[i].at(matrix[:, i]) if i in additive.steps else table.target.zeros(len(table.y))
            by_part[part] = effect - effect[fit].mean(axis=0)
    return added


def _curves(table: Table, ladder: Ladder) -> dict[str, tuple[list[ShapePoint], int | None]]:
    """Return the curve of each likely feature with a value, the mean over the folds' models, and the class it is of."""
    training = table.alone(_likely(table, ladder)).named[table.scored]
    grids = {str(name): _grid(values) for name, values in training.items() if values.notna().any()}
    straights, lasts = (_linear_effects(table, one, grids) for one in (ladder.standings[BASELINE], ladder.linear_top))
    curves = {}
    schemas = {part: part_schema(table, part) for part in ladder.additive}
    for name, grid in grids.items():
        steps = [
            _steps_at(additive, name, schemas[part], grid, straights[name])
            for part, additive in ladder.additive.items()
        ]
        bent = np.mean(steps, axis=0) if steps else 0.0
        whole, straight = (_centred(table, effect, grid.weight) for effect in (lasts[name] + bent, straights[name]))
        of_class = None
        if whole.ndim > 1:
            of_class = most_moved(whole if np.allclose(whole, straight) else whole - straight)
            whole, straight = whole[:, of_class], straight[:, of_class]
        curve: list[ShapePoint] = [
            {"x": x if isinstance(x, str) else float(x), "effect": float(effect), "linear": float(line)}
            for x, effect, line in zip(grid.labels, whole, straight, strict=True)
        ]
        curves[name] = curve, of_class
    return curves


def _likely(table: Table, ladder: Ladder) -> list[str]:
    """Return the features that may be among those that bend most; of more than MOST, as many.

    Half of them are those whose trees move the raw prediction most, half those numbers whose ranks say most beyond
    their values: computing a curve costs as much as there are features.
    """
    names = list(map(str, table.in_trees.columns))
    if len(names) <= MOST:
        return names
    moved = dict.fromkeys(names, 0.0)
    for part, additive in ladder.additive.items():
        _, matrix = part_matrix(table, part)
        for i, steps in additive.steps.items():
            moved[names[i]] += float(steps.at(matrix[inside(table, part), i]).std(axis=0).sum())
    advantage = advantages(training_rows(table), ranked_in(ladder.linear_top.plan))
    told = [sorted(by, key=lambda name: (-by[name], name))[: MOST // 2] for by in (moved, advantage)]
    return [name for name in names if name in {*told[0], *told[1]}]


def _linear_effects(table: Table, standing: Standing, grids: dict[str, Grid]) -> dict[str, np.ndarray]:
    """Return the linear raw prediction along each grid, all else fixed, the mean over the folds' models.

    What trees see of a text is fixed with it: no line reads these numbers.
    """
    rows = []
    for name, grid in grids.items():
        block = table.seen.iloc[[0] * len(grid.points)].reset_index(drop=True)
        rows.append(block.assign(**{name: grid.points}) if name in block else block)
    points = pd.concat(rows, ignore_index=True)
    along = np.mean([one.raw_of(points, table.target) for one in standing.linear.values()], axis=0)
    ends = np.cumsum([len(grid.points) for grid in grids.values()])[:-1]
    return dict(zip(grids, np.split(along, ends), strict=True))


def _grid(column: pd.Series) -> Grid:
    """Return where to read a feature's curve: quantiles of its values, or its most frequent levels."""
    kind = kind_of(column)
    along = kind.points(column, np.linspace(TAILS, 1 - TAILS, POINTS).tolist(), LEVELS)
    return Grid(along.at, kind.column_of(along.at, column), along.share)


def _steps_at(additive: Additive, name: str, schema: TreeSchema, grid: Grid, like: np.ndarray) -> np.ndarray:
    """Return what a chain's booster adds along a feature's grid, in the shape of `like`."""
    steps = additive.steps.get(schema.features.index(name))
    if steps is None:
        return np.zeros_like(like)
    return steps.at(tree_matrix(grid.points.to_frame(name), replace(schema, features=(name,)))[:, 0])


def _centred(table: Table, effect: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the effect with mean zero over the grid and over the classes."""
    return table.target.centred(effect - weight @ effect)
