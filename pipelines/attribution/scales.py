"""Which features' scale matters: what ranking one feature alone gains over the baseline."""

from typing import Any

import numpy as np

from pipelines.attribution.fitting import inside
from pipelines.attribution.gains import adjusted, both_sides, judge
from pipelines.attribution.ladder import Ladder, Standing, predict
from pipelines.attribution.linear_rungs import Plan, fit_plan, margin, rank_advantage
from pipelines.attribution.study import Study
from pipelines.table import Table

FEATURES = 6  # tested, those whose ranks follow the target best compared with their values
FIT_ROWS = 30_000  # a fold, evenly spaced


def scale_facts(study: Study, ladder: Ladder) -> list[dict[str, Any]]:
    """Return `{feature, gain, ci, p_adjusted, matters, close, rows}` for the features whose ranks help most.

    `gain` is out-of-fold: what scaling that feature alone by rank adds to the baseline, both fitted to `rows` rows
    a fold; it matters by the rule of `judge`. Best first; empty where the ladder kept no rank scaling. Gains of
    features that say the same need not add up to the rung's.
    """
    table = study.table
    ranked = ladder.standings["scale"].plan.ranked
    training = table.fold >= 0
    advantage = rank_advantage(table.x.loc[training, list(ranked)], table.y[training]) if ranked else {}
    names = sorted(advantage, key=lambda name: (-advantage[name], name))[:FEATURES]
    if not names:
        return []
    plans = {"": Plan()} | {name: Plan(ranked=(name,)) for name in names}
    folds = [fold for (fold,) in ladder.standings["baseline"].linear]
    pending = [
        study.submit(thinned_margins, table, fold, list(plans.values()), name=f"scale of single features: fold {fold}")
        for fold in folds
    ]
    margins = dict(zip(folds, [one.result() for one in pending], strict=True))
    predictions = {}
    for i, (name, plan) in enumerate(plans.items()):
        predictions[name] = predict(Standing(plan, {(fold,): margins[fold][i] for fold in folds}), table)
    pairs = [("", name) for name in names]
    train, test = both_sides(study, predictions, pairs, "scale of single features")
    rows = min(FIT_ROWS, *(int(inside(table, (fold,)).sum()) for fold in folds))
    facts = []
    for name, gain, on_test, p in zip(names, train, test, adjusted(train, [True] * len(names)), strict=True):
        judged = judge(gain, 1.0 if p is None else p, on_test, study.margin)
        facts.append({
            "feature": name, "gain": gain.value, "ci": list(gain.ci), "p_adjusted": p,
            "matters": judged.matters, "close": judged.close, "rows": rows,
        })  # fmt: skip
    return sorted(facts, key=lambda fact: -fact["gain"])


def thinned_margins(table: Table, fold: int, plans: list[Plan]) -> list[np.ndarray]:
    """Return the margins (rows,) of the whole table by each plan, fitted without a fold to at most FIT_ROWS rows."""
    fit = np.flatnonzero(inside(table, (fold,)))
    fit = fit[np.linspace(0, len(fit) - 1, min(len(fit), FIT_ROWS)).astype(np.int64)]
    x, y = table.x.iloc[fit], table.y[fit]
    return [margin(fit_plan(plan, x, y, table.task), table.x) for plan in plans]
