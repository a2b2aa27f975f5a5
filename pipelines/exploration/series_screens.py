"""Quick fits of the causes of forecasts, one on top of the other: a quick look at which of them could matter.

As of tables, few rows and training rows only, and each part of the time predicted from what came before it. What is
scored is the distance from the level: the share of its variance that is explained.
"""

from dataclasses import replace

import numpy as np

from pipelines.causes import causes_of
from pipelines.causes.cause import Cause
from pipelines.causes.plan import Plan
from pipelines.core.project import Project
from pipelines.core.submit import Submit
from pipelines.core.table import Table
from pipelines.exploration.intervals import QuickTruth
from pipelines.exploration.screens import MATERIAL, NOT_APPLICABLE, beats_trivial, judge
from pipelines.facts.eda.screens import Screen, Screens
from pipelines.ladder.ladder import training_rows
from pipelines.ladder.linear import fit_plan
from pipelines.metrics import look_at
from pipelines.models.encode import tree_matrix, tree_schema
from pipelines.models.folds import fold_numbers
from pipelines.models.on_top import GrowthRules, StartedRows, boost
from pipelines.targets.forecast import LEVEL_NAME
from pipelines.targets.sampled import evenly

FIT_ROWS, HELD_ROWS = 12_000, 6_000  # of a fold, evenly spaced
ROUNDS = 60


def screen_series(table: Table, project: Project, submit: Submit) -> Screens:
    """Return what each cause adds to a quick fit of the training rows in `table`."""
    rows = training_rows(table)
    parts = [(fold, *_places(table, fold)) for fold in fold_numbers(table)]
    held = np.concatenate([held for _, _, held in parts])
    order = np.argsort(held, kind="stable")
    target = table.target
    level = table.x[LEVEL_NAME].to_numpy(np.float64)
    about = Table(table.frame.assign(y_true=target.label(table.y) - level), target)
    truth = QuickTruth.of(about, held[order], look_at(target.name))
    seed = project.seed

    def predicted(plan: Plan, name: str) -> np.ndarray:
        pending = [
            submit(quick_linear, table, plan, fit, held, name=f"{name}: quick fit, fold {fold}")
            for fold, fit, held in parts
        ]
        return np.concatenate([one.result() for one in pending])[order]

    plan, best = Plan(), predicted(Plan(), "plain")
    start = truth.score(best)
    found: dict[str, Screen] = {}
    for cause in causes_of(target.rows):
        if cause.grows != "matrix":
            continue
        plans = [] if cause.applies(rows) else cause.tries(rows, plan)
        if not plans:
            found[cause.name] = NOT_APPLICABLE
            continue
        tried = predicted(plans[0], cause.name)
        found[cause.name] = judge(truth, best, tried, MATERIAL)
        if found[cause.name]["kept"]:
            plan, best = plans[0], tried
    below = best
    for cause in (one for one in causes_of(target.rows) if one.trees):
        pending = [
            submit(quick_trees, table, plan, cause, fit, held, seed, name=f"{cause.name}: quick fit, fold {fold}")
            for fold, fit, held in parts
        ]
        tried = best + np.concatenate([one.result() for one in pending])[order]
        found[cause.name] = judge(truth, below, tried, MATERIAL)
        below = tried if found[cause.name]["kept"] else below
    end = truth.score(best)
    return {
        "metric": truth.metric.name, "label": truth.look.label,
        "plain": {"score": start.value, "ci": start.ci}, "factors": found, "best": {"score": end.value, "ci": end.ci},
        "material": MATERIAL, "signal": beats_trivial(truth, end),
        "rows": sum(len(fit) for _, fit, _ in parts), "columns": len(table.features),
        "left_out": {"features": 0, "why": None},
    }  # fmt: skip


def _places(table: Table, fold: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of the rows that a fold's quick fits learn from, and of those that they predict."""
    fit, held = np.flatnonzero(table.fits(fold)), np.flatnonzero(table.fold == fold)
    return evenly(fit, min(len(fit), FIT_ROWS)), evenly(held, min(len(held), HELD_ROWS))


def quick_linear(table: Table, plan: Plan, fit: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Return how far from the level a linear model of `plan` puts the rows `held`, fitted to the rows `fit`."""
    model = fit_plan(plan, table.x.iloc[fit], table.y[fit], table.target)
    x = table.x.iloc[held]
    return table.target.raw_predicted(model, x) - x[LEVEL_NAME].to_numpy(np.float64)


def quick_trees(table: Table, plan: Plan, cause: Cause, fit: np.ndarray, held: np.ndarray, seed: int) -> np.ndarray:
    """Return what a few trees of a cause add to that for the rows `held`."""
    model = fit_plan(plan, table.x.iloc[fit], table.y[fit], table.target)
    schema = tree_schema(table.x.iloc[fit])
    matrices = [tree_matrix(table.x.iloc[rows], schema) for rows in (fit, held)]
    start = table.target.start(table.y[fit], table.target.raw_predicted(model, table.x.iloc[fit]))
    trees = cause.trees[-1]
    alone = trees.together == "one feature"
    groups = table.target.alone(schema.features) if alone else (table.target.in_trees(schema.features),)
    rules = GrowthRules(table.target, trees.leaves, seed, tuple(schema.categorical_positions), groups, rounds=ROUNDS)
    grown = boost(StartedRows(matrices[0], table.y[fit], start), None, replace(rules, rate=0.1))
    return grown.added(matrices[1], ROUNDS)
