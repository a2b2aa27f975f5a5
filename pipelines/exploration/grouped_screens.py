"""Quick fits of the causes of groups, one on top of the other: a quick look at which of them could matter.

As of tables, few rows and training rows only. With an outcome a fit is scored by the share of its variance that group
means explain, without one by the log density of rows left out.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from pipelines.causes import causes_of
from pipelines.causes.plan import Plan
from pipelines.core.project import Project
from pipelines.core.submit import Submit
from pipelines.core.table import Table
from pipelines.exploration.intervals import QuickTruth
from pipelines.exploration.screens import NOT_APPLICABLE, beats_trivial, judge, smallest_material
from pipelines.facts.eda.screens import Screen, Screens
from pipelines.ladder.ladder import training_rows
from pipelines.ladder.linear import fit_rows
from pipelines.metrics import METRICS, look_at
from pipelines.models.folds import fold_numbers

ROWS = 3_000  # training rows of the quick fits


@dataclass(frozen=True)
class DensityTruth(QuickTruth):
    """Rows that densities are held against: a prediction is a log density, in nats, and its mean the score."""

    plain: np.ndarray = field(default_factory=lambda: np.empty(0))  # (rows,) log densities of independent columns

    @property
    def binary(self) -> bool:
        """Return that there is no class."""
        return False

    @property
    def trivial(self) -> float:
        """Return what a normal distribution for each column scores."""
        return float(self.plain.mean())

    @property
    def constant(self) -> np.ndarray:
        """Return its log densities."""
        return self.plain

    def _evaluate(self, prediction: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the mean log density, and each row's influence on it."""
        return float(prediction.mean()), (prediction - prediction.mean()) / len(prediction)


def screen_groups(train: Table, project: Project, submit: Submit) -> Screens:
    """Return what each cause adds to a quick fit of the training rows, from the baseline's groups on."""
    rows = train.target.sample(train.y, ROWS, project.seed)
    small = replace(train, frame=train.frame.iloc[rows].reset_index(drop=True))
    truth = _truth(train, rows, project)
    training = training_rows(small)

    def predicted(plan: Plan, name: str) -> np.ndarray:
        pending = {
            fold: submit(quick_groups, small, plan, fold, name=f"{name}: quick fit, fold {fold}")
            for fold in fold_numbers(small)
        }
        out = small.target.zeros(len(small.y))
        for fold, work in pending.items():
            out[small.fold == fold] = work.result()
        return out

    plan, best = Plan(), predicted(Plan(), "baseline")
    start = truth.score(best)
    material = smallest_material(project, truth, start)
    factors: dict[str, Screen] = {}
    for cause in causes_of(train.rows_are):
        if cause.grows == "rest":
            continue
        plans = [] if cause.applies(training) else cause.tries(training, plan)
        if not plans:
            factors[cause.name] = NOT_APPLICABLE
            continue
        tried = [(one, predicted(one, cause.name)) for one in plans]
        chosen, found = max(tried, key=lambda one: truth.score(one[1]).value)
        factors[cause.name] = judge(truth, best, found, material)
        if factors[cause.name]["kept"]:
            plan, best = chosen, found
    end = truth.score(best)
    return {
        "metric": truth.metric.name, "label": truth.metric.label if truth.metric.look is None else truth.look.label,
        "plain": {"score": start.value, "ci": start.ci}, "factors": factors,
        "best": {"score": end.value, "ci": end.ci}, "material": material, "signal": beats_trivial(truth, end),
        "rows": len(rows), "columns": len(train.features), "left_out": {"features": 0, "why": None},
    }  # fmt: skip


def quick_groups(table: Table, plan: Plan, fold: int) -> np.ndarray:
    """Return the raw predictions of a fold's rows by the groups of a plan, found in the other rows."""
    return fit_rows(plan, table, table.fits(fold)).raw[table.fold == fold]


def _truth(train: Table, rows: np.ndarray, project: Project) -> QuickTruth:
    """Return what quick fits are held against: the outcome, or the rows themselves where there is none."""
    if project.problem.outcome:
        return QuickTruth.of(train, rows, look_at(train.target.name))
    x = train.x.iloc[rows].to_numpy(np.float64)
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    plain = -(np.square(z) + np.log(2 * np.pi)).sum(axis=1) / 2
    return DensityTruth(METRICS[project.metric.primary], train.y[rows], train.fold[rows], plain=plain)
