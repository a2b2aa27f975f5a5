"""Which columns make the groups, and how surely a row gets its own."""

from itertools import combinations

import numpy as np

from pipelines.core.steady import steady
from pipelines.core.submit import apart
from pipelines.core.table import Table
from pipelines.facts.reflect.groups import GroupsAssigned, GroupsColumn
from pipelines.facts.shared import Estimate
from pipelines.groups.halving import adjusted_rand
from pipelines.inference.truth import Truth
from pipelines.ladder.gains import paired_gains
from pipelines.metrics import Metric
from pipelines.models.grouped.grouped import GroupedModel
from pipelines.models.grouped.way import Way, grouped_target
from pipelines.models.grouped.whole import whole_model
from pipelines.targets.arrays import Floats, Integers

HALF = 0.5
HOW: dict[str, str] = {
    "quantiles": "by the quantile that a row's value lies in",
    "nearest": "the group of the nearest centre, or of the nearest row of a dense region",
    "likeliest": "the group that is likeliest by the mixture",
}


@apart
def columns_explained(
    table: Table, way: Way, model: GroupedModel, metric: Metric, seed: int
) -> list[GroupsColumn]:  # fmt: skip
    """Return what each column has to do with the groups of all training rows, the one that they explain most first.

    Without one of two columns a group has nothing left to be made of, so `alike` is of tables with more columns.
    """
    x = table.x[table.trained]
    labels = model.groups(x)
    scaled, _ = model.scaled(x)
    found: list[GroupsColumn] = []
    for place, name in enumerate(table.features):
        fewer = Table(table.frame.drop(columns=[name]), table.target)
        other = whole_model(fewer, way) if len(table.features) > 1 else model
        found.append({
            "column": name, "explained": explained(scaled[:, place], labels),
            "alike": adjusted_rand(labels, other.groups(fewer.x[table.trained])),
            "loss": _loss(table, fewer, model, other, metric, seed),
        })  # fmt: skip
    return sorted(found, key=lambda one: -one["explained"])


def explained(values: Floats, labels: Integers) -> float:
    """Return the share of the variance of values (rows,) that lies between the groups."""
    size = np.bincount(labels)
    means = np.divide(np.bincount(labels, values), size, out=np.zeros(len(size)), where=size > 0)
    within = float(np.square(values - means[labels]).sum())
    whole = float(np.square(values - values.mean()).sum())
    return float(steady(1 - within / whole)) if whole > 0 else 0.0


def _loss(
    table: Table, fewer: Table, model: GroupedModel, other: GroupedModel, metric: Metric, seed: int
) -> Estimate | None:  # fmt: skip
    """Return what is lost on the test rows without the column; densities of other columns do not compare."""
    if not grouped_target(table.target).scored:
        return None
    rows = table.tested
    known = {"without": other.predict(fewer.x[rows]), "with": model.predict(table.x[rows])}
    (gain,) = paired_gains(Truth.of(table, rows, metric, seed), known, [("without", "with")])
    return {"value": gain.value, "ci": list(gain.ci)}


def assigned(table: Table, model: GroupedModel, folds: tuple[GroupedModel, ...]) -> GroupsAssigned:
    """Return how the test rows get their groups; `folds` are the models fitted without one fold each."""
    x = table.x[table.tested]
    labels = model.groups(x)
    sure = model.belonging(x)[np.arange(len(labels)), labels]
    several = [one.groups(x) for one in folds]
    alike = [adjusted_rand(one, other) for one, other in combinations(several, 2)]
    return {
        "how": HOW[model.assignment.rule], "sure": float(sure.mean()), "unsure_share": float((sure < HALF).mean()),
        "steady": float(np.mean(alike)) if alike else 1.0, "rows": len(labels),
    }  # fmt: skip


def at_random(table: Table, number: int, metric: Metric, seed: int) -> float | None:
    """Return the score on the test rows of as many groups drawn at random; None without an outcome."""
    if not grouped_target(table.target).scored:
        return None
    drawn = np.random.default_rng(seed).integers(0, number, len(table.y))
    y = table.y[table.trained]
    means = np.array([y[drawn[table.trained] == group].mean() for group in range(number)])
    return metric.score(table.y[table.tested], means[drawn[table.tested]])
