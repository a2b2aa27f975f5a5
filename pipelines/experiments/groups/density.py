"""The ladder of densities: what each change is worth in nats a row left out, whatever the project's metric."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from pipelines.causes.groups import OF_GROUPS
from pipelines.core.submit import Submit
from pipelines.core.table import Table
from pipelines.facts.reflect.groups import GroupsRung
from pipelines.inference.truth import Truth
from pipelines.ladder.gains import paired_gains
from pipelines.metrics import Metric, metrics_for
from pipelines.models.folds import fold_data, fold_numbers
from pipelines.models.grouped.fitting import with_outcome
from pipelines.models.grouped.learner import fit_groups, one_hump
from pipelines.models.grouped.way import Way, grouped_target
from pipelines.targets import Density
from pipelines.targets.arrays import Floats

FIRST = "k-means"  # the first rung


def rung_ways(count: int) -> dict[str, Way]:
    """Return each rung's way: the first with `count` groups by k-means on raw values, the others named as causes."""
    _, scaling, correlation, number, method = (cause.name for cause in OF_GROUPS)
    return {
        FIRST: Way("k-means", count),
        scaling: Way("k-means", count, bent=True),
        correlation: Way("mixture", count, bent=True, spread="shared"),
        number: Way("mixture", None, bent=True, spread="shared"),
        method: Way("mixture", None, bent=True, spread="free"),
    }


def predicted(table: Table, fold: int, ways: Mapping[str, Way]) -> dict[str, tuple[Floats, Floats | None]]:
    """Return what each way, fitted without a fold, says of its rows: log densities, and outcomes where there are."""
    data, target = fold_data(table, fold, 0), grouped_target(table.target)
    found: dict[str, tuple[Floats, Floats | None]] = {}
    for name, way in ways.items():
        model = fit_groups(Density(), way, data)
        outcome = with_outcome(model, data.x, data.y).predict(data.held_x) if target.scored else None
        found[name] = model.predict(data.held_x), outcome
    return found


def density_rungs(
    table: Table, metric: Metric, seed: int, submit: Submit
) -> tuple[list[GroupsRung], float, float]:  # fmt: skip
    """Return the rungs, and the densities of one Gaussian and of one normal distribution a column."""
    target = grouped_target(table.target)
    ways = rung_ways(target.count)
    one, apart = "one", "apart"
    all_ways = ways | {one: one_hump("shared"), apart: one_hump("columns")}
    pending = {
        fold: submit(predicted, table, fold, all_ways, name=f"densities of groups, fold {fold}")
        for fold in fold_numbers(table)
    }
    density = {name: np.zeros(len(table.y)) for name in all_ways}
    outcome = {name: np.zeros(len(table.y)) for name in all_ways}
    for fold, work in pending.items():
        for name, (dense, said) in work.result().items():
            density[name][table.fold == fold] = dense
            if said is not None:
                outcome[name][table.fold == fold] = said
    rows = table.scored
    (judge,) = metrics_for(Density.name)
    names = list(ways)
    pairs = list(pairwise(names))
    truth = Truth.of(table, rows, judge, seed)
    gains = dict(zip(names[1:], paired_gains(truth, {name: density[name][rows] for name in names}, pairs), strict=True))
    rungs: list[GroupsRung] = [
        {
            "rung": name, "way": way.describe(), "density": float(density[name][rows].mean()),
            "gain": {"value": gains[name].value, "ci": list(gains[name].ci)} if name in gains else None,
            "score": metric.score(table.y[rows], outcome[name][rows]) if target.scored else None,
        }
        for name, way in ways.items()
    ]  # fmt: skip
    return rungs, float(density[one][rows].mean()), float(density[apart][rows].mean())
