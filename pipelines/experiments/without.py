"""The quick models without some of the features: what is left of their scores where a column is not there."""

from typing import NamedTuple

import numpy as np

from pipelines.causes.plan import Plan
from pipelines.core.submit import Pending
from pipelines.core.table import Table
from pipelines.ladder.fitting import Part, inside, thinned
from pipelines.ladder.ladder import Standing
from pipelines.ladder.linear import FittedPlan, fit_rows
from pipelines.ladder.study import Study
from pipelines.models.folds import fold_numbers
from pipelines.models.quick import FIT_ROWS, Rows, quick_model

ENOUGH = 1_000  # rows outside the commonest class, with which a linear model is settled too


class Refit(NamedTuple):
    """Out-of-fold predictions of the training rows, (rows,) or (rows, classes)."""

    baseline: np.ndarray
    strong: np.ndarray  # boosting on top of the baseline's raw prediction


def refit_with_all(study: Study, baseline: Standing) -> Pending[Refit]:
    """Hand out the quick models with all features, on top of the `baseline`, the ladder's first rung."""
    return study.submit(refit_without, study.table, (), baseline.linear, study.seed, name="refit with everything")


def refit_without(table: Table, dropped: tuple[str, ...], fitted: dict[Part, FittedPlan] | None, seed: int) -> Refit:
    """Return the predictions of the baseline and of a quick strong model, fitted without some features.

    Each fold's models are fitted to at most FIT_ROWS rows, evenly spaced, while those hold ENOUGH rows outside the
    commonest class. `fitted` are the folds' baselines, where they are there already, of all rows. Where nothing is left
    to fit to, both predict what a constant does.
    """
    training = table.scored
    left = [name for name in table.features if name not in dropped]
    folds = fold_numbers(table)
    if not all(table.x.loc[inside(table, (fold,)), left].notna().any(axis=None) for fold in folds):
        return Refit(*[constant(table)[training]] * 2)
    kept = Table(table.frame[training].drop(columns=list(dropped)), table.target)
    parts = []
    for fold in folds:
        fit, held = np.flatnonzero(kept.fold != fold), np.flatnonzero(kept.fold == fold)
        few = thinned(fit, kept, FIT_ROWS)
        if len(few) < len(fit) and kept.target.evidence(kept.y[few]) >= ENOUGH:
            parts.append(Rows(few, held))
            continue
        if fitted is None:
            rows = np.zeros(len(kept.y), bool)
            rows[fit] = True
            raw = fit_rows(Plan(), kept, rows).raw
        else:
            raw = fitted[fold,].raw[training]
        parts.append(Rows(fit, held, raw))
    return Refit(*quick_model(kept, parts, seed))


def constant(table: Table) -> np.ndarray:
    """Return the prediction of every row that knows only the training target's mean, or its classes' shares."""
    return table.target.constant(table.y[table.trained], len(table.y))
