"""Quick fits of the causes of texts on top of the words, one after the other: which of them could matter.

As of other tables: few rows, training rows only. The features that are no texts are looked at by themselves.
"""

from dataclasses import replace

import numpy as np

from pipelines.causes.plan import Plan
from pipelines.causes.texts import OF_TEXTS
from pipelines.core.submit import Submit
from pipelines.core.table import Table
from pipelines.exploration.intervals import QuickTruth
from pipelines.exploration.screens import NOT_APPLICABLE, beats_trivial, judge
from pipelines.facts.eda.screens import Screen, Screens
from pipelines.ladder.ladder import training_rows
from pipelines.ladder.linear import fit_rows
from pipelines.metrics import METRICS
from pipelines.models.folds import fold_numbers

ROWS = 3_000  # training rows: pieces of words take seconds beyond


def screen_texts(train: Table, found: Screens, seed: int, submit: Submit) -> Screens:
    """Return what each cause adds to a quick fit of the training rows: `found`, of the other features, with texts.

    `plain` is the fit of these features with the words, `best` that with all that helped on top of it.
    """
    rows = train.target.sample(train.y, ROWS, seed)
    small = replace(train, frame=train.frame.iloc[rows].reset_index(drop=True))
    truth = QuickTruth.of(train, rows, METRICS[found["metric"]])
    training = training_rows(small)

    def predicted(plan: Plan, name: str) -> np.ndarray:
        pending = {
            fold: submit(quick_texts, small, plan, fold, name=f"{name}: quick fit, fold {fold}")
            for fold in fold_numbers(small)
        }
        out = small.target.zeros(len(small.y))
        for fold, work in pending.items():
            out[small.fold == fold] = work.result()
        return out if truth.binary else small.target.inverse(out)

    plan, best = Plan(), predicted(Plan(), "words")
    start = truth.score(best)
    factors: dict[str, Screen] = dict(found["factors"])
    for cause in OF_TEXTS:
        plans = [] if cause.applies(training) else cause.tries(training, plan)
        if not plans:
            factors[cause.name] = NOT_APPLICABLE
            continue
        tried = predicted(plans[0], cause.name)
        factors[cause.name] = judge(truth, best, tried, found["material"])
        if factors[cause.name]["kept"]:
            plan, best = plans[0], tried
    end = truth.score(best)
    return {
        **found, "factors": factors, "plain": {"score": start.value, "ci": start.ci},
        "best": {"score": end.value, "ci": end.ci}, "signal": found["signal"] or beats_trivial(truth, end),
        "rows": len(rows),
    }  # fmt: skip


def quick_texts(table: Table, plan: Plan, fold: int) -> np.ndarray:
    """Return the raw predictions of a fold's rows by the model of a plan fitted to the other rows."""
    return fit_rows(plan, table, table.fits(fold)).raw[table.fold == fold]
