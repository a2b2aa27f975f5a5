"""Which pairs of features act together: what each of the strongest pairs gains when it alone may interact."""

from dataclasses import replace

import numpy as np

from pipelines.causes.interaction import PAIRS
from pipelines.core.table import Table
from pipelines.facts.reflect.effects import Interaction, Surface
from pipelines.inputs import kind_of
from pipelines.ladder.additive import most_moved
from pipelines.ladder.effects import Contrast, effects
from pipelines.ladder.fitting import Part, inside, part_matrix, part_schema, predicted
from pipelines.ladder.ladder import Ladder, fold_raw, predict
from pipelines.ladder.pairs import MOST_COLUMNS, strongest
from pipelines.ladder.study import Study
from pipelines.models.encode import tree_matrix
from pipelines.models.on_top import Boosted, GrowthRules, StartedRows, best_rounds, boost

TESTED = 5  # pairs, the strongest of the screen
FIT_ROWS = 20_000  # a fold, rare events kept: two features need no more
SURFACES = 3  # pairs whose joint effect is drawn
CELLS = 9  # of a surface, along each feature
LEVELS = 8  # of a category on a surface


def interaction_facts(study: Study, ladder: Ladder) -> list[Interaction]:
    """Return, for the strongest pairs, `{features, gain, ci, p_adjusted, matters, close, screen, surface}`.

    `gain` is out-of-fold: what the pair adds to the ladder's additive rung when no other pair may interact; best
    first. `screen` is the pair's strength there in standard errors. `surface` (None beyond the first three) is
    `{x, y, effect, class}`, the joint effect on the modelling scale at the levels x of the first and y of the second
    feature, `effect[i][j]` belonging to `x[i]`, `y[j]`.
    """
    table = study.table
    names = list(table.in_trees.columns)
    if len(names) < 2:  # noqa: PLR2004 - a pair
        return []
    below, before = ladder.standings[ladder.route.free_below], ladder.predictions[ladder.route.free_below]
    starts = fold_raw(below)
    # A constant or empty column cannot interact: its strength is minus infinity.
    pairs = [pair for pair in strongest(ladder.strengths, TESTED) if np.isfinite(ladder.strengths[pair])]
    pending = [
        study.submit(pair_effects, table, starts, pair, study.seed, name=f"pair {number}")
        for number, pair in enumerate(pairs, 1)
    ]
    grown = [one.result() for one in pending]
    contrasts = []
    for added, _ in grown:
        whole: dict[Part, np.ndarray] = {
            (fold,): starts[fold] - below.linear[fold,].raw + extra for fold, extra in added.items()
        }
        together = predict(replace(below, added=whole), table) if added else before
        contrasts.append(Contrast(before, together))
    facts: list[Interaction] = [
        {
            "features": [names[i] for i in pair],
            **one.facts(),
            "screen": float(ladder.strengths[pair]),
            "surface": surface,
        }
        for pair, (_, surface), one in zip(pairs, grown, effects(study, contrasts, "pairs"), strict=True)
    ]
    facts.sort(key=lambda fact: (-fact["gain"], -fact["screen"]))
    for fact in facts[SURFACES:]:
        fact["surface"] = None
    return facts


def screened_facts(study: Study) -> dict[str, int]:
    """Return `{features, of}`: among how many of the features the strongest pairs were looked for."""
    columns = study.table.in_trees.shape[1]
    return {"features": min(columns, MOST_COLUMNS), "of": columns}


def pair_effects(
    table: Table, starts: dict[int, np.ndarray], pair: tuple[int, int], seed: int
) -> tuple[dict[int, np.ndarray], Surface | None]:
    """Return what trees of one pair add to the raw predictions of each fold's models, and the pair's joint effect.

    The number of trees is the one that is best over all held-out folds; ({}, None) where no tree is best.
    """
    both = table.alone([str(table.in_trees.columns[i]) for i in pair])
    y, target, training = both.y, both.target, both.scored
    boosted, matrices = {}, {}
    for fold, raw in starts.items():
        schema, matrices[fold] = part_matrix(both, (fold,))
        matrix, start = matrices[fold], target.start(y[training], raw)
        fit, out = inside(both, (fold,)), both.fold == fold
        rules = GrowthRules(target, PAIRS.leaves, seed, tuple(schema.categorical_positions), fit_rows=FIT_ROWS)
        fitted, checked = (StartedRows(matrix[side], y[side], start[side]) for side in (fit, out))
        boosted[fold] = boost(fitted, checked, rules)
    rounds = best_rounds([one.losses for one in boosted.values()])
    if rounds == 0:
        return {}, None
    added = {}
    for fold, one in boosted.items():
        held = predicted(both, fold)
        added[fold] = target.zeros(len(y))
        added[fold][held] = one.added(matrices[fold][held], rounds)
    return added, _surface(both, boosted, rounds)


def _surface(both: Table, boosted: dict[int, Boosted], rounds: int) -> Surface:
    """Return the joint effect of a pair, the mean over the folds' boosters, with mean zero over the cells.

    Of several classes, the effect on the one (`class`, its number) that it moves most, against the mean of all.
    """
    axes = [_axis(both, name) for name in both.features]
    found = []
    for fold, one in boosted.items():
        schema = part_schema(both, (fold,))
        columns = []
        for axis, name in zip(axes, both.features, strict=True):
            points = kind_of(both.named[name]).column_of(axis, both.named[name])
            columns.append(tree_matrix(points.to_frame(name), replace(schema, features=(name,)))[:, 0])
        grid = np.array([(a, b) for a in columns[0] for b in columns[1]], np.float64)
        found.append(both.target.centred(one.added(grid, rounds)))
    effect = np.mean(found, axis=0)
    of_class = most_moved(effect) if effect.ndim > 1 else None
    effect = effect if of_class is None else effect[:, of_class]
    cells = (effect - effect.mean()).reshape(len(axes[0]), len(axes[1]))
    return {"x": axes[0], "y": axes[1], "effect": cells.tolist(), "class": of_class}


def _axis(table: Table, name: str) -> list[float] | list[str]:
    """Return where a surface is read along a feature: quantiles, or the most frequent levels."""
    column = table.named.loc[table.scored, name].dropna()
    return kind_of(column).points(column, np.linspace(0.02, 0.98, CELLS).tolist(), LEVELS).at
