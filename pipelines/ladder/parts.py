"""What the parts of a cause gain, each alone: one feature, or two, changed and nothing else."""

from typing import Any

import numpy as np

from pipelines.causes.cause import Cause
from pipelines.causes.plan import Plan
from pipelines.core.table import Table
from pipelines.facts.reflect.effects import PartEffect, Scale
from pipelines.ladder.effects import Contrast, effects
from pipelines.ladder.fitting import inside, predicted, thinned
from pipelines.ladder.ladder import Ladder, Standing, predict, training_rows
from pipelines.ladder.linear import FittedPlan, fit_rows
from pipelines.ladder.route import BASELINE
from pipelines.ladder.study import Study

FIT_ROWS = 30_000  # a fold, evenly spaced
MIN_EVENTS = 100  # rows outside the commonest class that must be left among them


def part_facts(study: Study, ladder: Ladder) -> dict[str, Any]:
    """Return the effects of the parts of each cause that has some, under the keys that its detail names."""
    found: dict[str, Any] = {"scales": [], "details": {}}
    for cause in ladder.route.causes:
        if cause.detail is not None and (cause.detail.parts is not None or cause.joint is not None):
            *folders, key = cause.detail.where.removeprefix("reflect#/").split("/")
            place = found
            for folder in folders:
                place = place.setdefault(folder, {})
            place[key] = pair_effects(study, ladder, cause) if cause.joint else part_effects(study, ladder, cause)
    return found


def pair_effects(study: Study, ladder: Ladder, cause: Cause) -> list[PartEffect]:
    """Return what the pair whose columns the ladder kept for a cause gains on its rung; nothing where it kept none."""
    if cause.name not in ladder.pairs:
        return []
    below = ladder.route.below(cause.name)
    contrast = Contrast(ladder.predictions[below], ladder.predictions[cause.name])
    (one,) = effects(study, [contrast], f"pair of {cause.name}")
    rows = max(decision.rows for decision in ladder.decisions if decision.rung == cause.name and decision.kept)
    return [PartEffect(features=list(ladder.pairs[cause.name]), **one.facts(), rows=rows)]


def part_effects(study: Study, ladder: Ladder, cause: Cause) -> list[Scale] | list[PartEffect]:
    """Return what each part of a cause's change, the only one made, adds to the baseline; best first.

    `gain` is out-of-fold, both fitted to `rows` rows a fold; it matters by the rule of `judge`. Empty where the ladder
    kept nothing of the cause, or those rows hold too few events. Gains of features that say the same need not add up
    to the rung's.
    """
    table, detail = study.table, cause.detail
    kept = ladder.standings[cause.name].plan
    parts = detail.parts(training_rows(table), kept) if detail is not None and detail.parts is not None else {}
    folds = [fold for (fold,) in ladder.standings[BASELINE].linear]
    fitted_to = [table.y[_thinned(table, fold)] for fold in folds]
    too_few = min(table.target.evidence(y) for y in fitted_to) < MIN_EVENTS
    if not parts or too_few:
        return []
    plans = [Plan(), *parts.values()]
    pending = [
        study.submit(thinned_fits, table, fold, plans, name=f"parts of {cause.name}: fold {fold}") for fold in folds
    ]
    fitted = dict(zip(folds, [one.result() for one in pending], strict=True))
    below, *alone = (
        predict(Standing(plan, {(fold,): fitted[fold][i] for fold in folds}), table) for i, plan in enumerate(plans)
    )
    found = effects(study, [Contrast(below, above) for above in alone], f"parts of {cause.name}")
    rows = min(len(y) for y in fitted_to)
    best = sorted(zip(parts, found, strict=True), key=lambda part: -part[1].gain.value)
    if all(len(features) == 1 for features in parts):
        return [Scale(feature=features[0], **one.facts(), rows=rows) for features, one in best]
    return [PartEffect(features=list(features), **one.facts(), rows=rows) for features, one in best]


def thinned_fits(table: Table, fold: int, plans: list[Plan]) -> list[FittedPlan]:
    """Return each plan's model, fitted without a fold to FIT_ROWS rows, with raw predictions of those it predicts."""
    fit = np.zeros(len(table.y), bool)
    fit[_thinned(table, fold)] = True
    return [fit_rows(plan, table, fit, predicted(table, fold)) for plan in plans]


def _thinned(table: Table, fold: int) -> np.ndarray:
    """Return the rows to fit, evenly spaced."""
    return thinned(np.flatnonzero(inside(table, (fold,))), table, FIT_ROWS)
