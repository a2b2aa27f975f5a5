"""Which features' scale matters: what ranking one feature alone gains over the baseline."""

import numpy as np

from pipelines.core.table import Table
from pipelines.facts.reflect import Scale
from pipelines.ladder.effects import Contrast, effects
from pipelines.ladder.fitting import FittedPlan, inside, predicted, thinned
from pipelines.ladder.ladder import Ladder, Standing, predict
from pipelines.ladder.linear import Plan, fit_plan, rank_advantage
from pipelines.ladder.study import Study

FEATURES = 6  # tested, those whose ranks follow the target best compared with their values
FIT_ROWS = 30_000  # a fold, evenly spaced
MIN_EVENTS = 100  # rows outside the commonest class that must be left among them


def scale_facts(study: Study, ladder: Ladder) -> list[Scale]:
    """Return `{feature, gain, ci, p_adjusted, matters, close, rows}` for the features whose ranks help most.

    `gain` is out-of-fold: what scaling that feature alone by rank adds to the baseline, both fitted to `rows` rows
    a fold; it matters by the rule of `judge`. Best first; empty where the ladder kept no rank scaling, or those rows
    hold too few events. Gains of features that say the same need not add up to the rung's.
    """
    table = study.table
    ranked = ladder.standings["scale"].plan.ranked
    training = table.fold >= 0
    x, y = table.x.loc[training, list(ranked)], table.y[training]
    advantage = rank_advantage(x, y, table.target) if ranked else {}
    names = sorted(advantage, key=lambda name: (-advantage[name], name))[:FEATURES]
    folds = [fold for (fold,) in ladder.standings["baseline"].linear]
    fitted_to = [table.y[_thinned(table, fold)] for fold in folds]
    too_few = min(table.target.evidence(y) for y in fitted_to) < MIN_EVENTS
    if not names or too_few:
        return []
    plans = {"": Plan()} | {name: Plan(ranked=(name,)) for name in names}
    pending = [
        study.submit(thinned_fits, table, fold, list(plans.values()), name=f"scale of single features: fold {fold}")
        for fold in folds
    ]
    fitted = dict(zip(folds, [one.result() for one in pending], strict=True))
    below, *ranked_alone = (
        predict(Standing(plan, {(fold,): fitted[fold][i] for fold in folds}), table)
        for i, plan in enumerate(plans.values())
    )
    found = effects(study, [Contrast(below, above) for above in ranked_alone], "scale of single features")
    rows = min(len(y) for y in fitted_to)
    facts: list[Scale] = [
        {"feature": name, **one.facts(), "rows": rows} for name, one in zip(names, found, strict=True)
    ]
    return sorted(facts, key=lambda fact: -fact["gain"])


def thinned_fits(table: Table, fold: int, plans: list[Plan]) -> list[FittedPlan]:
    """Return each plan's model, fitted without a fold to FIT_ROWS rows, with raw predictions of those it predicts."""
    fit = _thinned(table, fold)
    rows = predicted(table, fold)
    fitted = []
    for plan in plans:
        model = fit_plan(plan, table.x.iloc[fit], table.y[fit], table.target)
        raw = table.target.zeros(len(table.y))
        raw[rows] = table.target.raw_predicted(model, table.x[rows])
        fitted.append(FittedPlan(model, raw))
    return fitted


def _thinned(table: Table, fold: int) -> np.ndarray:
    """Return the rows to fit, evenly spaced."""
    return thinned(np.flatnonzero(inside(table, (fold,))), table, FIT_ROWS)
