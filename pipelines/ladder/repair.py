"""The repaired baseline: the baseline with the ladder's linear changes that matter, and codes read as missing.

It is a linear model still: what it gains costs no more to keep and to explain than the baseline. A change that the
ladder kept without its gain mattering is not taken over. Codes become missing first, so that ranks, marks and medians
are learned without them; where a model with the other changes is better off with the codes as numbers, by its loss on
rows left out, they stay numbers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from pipelines.causes.codes import codes_as_missing
from pipelines.causes.groups.regrouped import way_of
from pipelines.causes.plan import Change, Plan
from pipelines.core.project import Project
from pipelines.core.table import Table
from pipelines.facts.reflect.attribution import Attribution
from pipelines.ladder.ladder import Ladder, Standing
from pipelines.ladder.linear import as_model, blocks_of, fit_plan
from pipelines.ladder.route import BASELINE
from pipelines.ladder.study import Study
from pipelines.models.folds import CrossFit, assemble, cross_fit, predict_fold
from pipelines.models.grouped.learner import GroupedLearner
from pipelines.models.grouped.way import grouped_target
from pipelines.models.linear import LinearModel
from pipelines.models.model import FoldData, Learner, Settings
from pipelines.models.saving import archive
from pipelines.models.worded.stacked import StackedLearner
from pipelines.targets import Target

REPAIRED = "repaired"  # what it is called among the models

Codes = Mapping[str, Sequence[float]]  # values, by feature


@dataclass(frozen=True)
class RepairedModel:
    """The repaired baseline; the baseline itself where there is nothing to repair."""

    causes: list[str]  # taken over, in the ladder's order
    codes: Codes  # read as missing
    fitted: CrossFit
    saved: bytes  # its archive

    @property
    def repairs(self) -> bool:
        """Whether it is another model than the baseline."""
        return bool(self.causes or self.codes)

    def at(self, rows: np.ndarray | None) -> "RepairedModel":
        """Return it with the predictions of some rows of its table alone; None: of all."""
        return (
            self
            if rows is None
            else replace(self, fitted=replace(self.fitted, prediction=self.fitted.prediction[rows]))
        )


@dataclass(frozen=True)
class RepairedLearner:
    """Fits the linear model of a plan to features whose codes are missing, as `cross_fit` wants it."""

    target: Target
    plan: Plan
    codes: Codes = field(default_factory=dict)
    name: str = REPAIRED

    @property
    def settings(self) -> Settings:
        """What is changed against the baseline."""
        return {**self.target.engines["linear"], "changes": self.plan.describe(), "codes": ", ".join(self.codes)}

    def fit(self, data: FoldData) -> LinearModel:
        """Return the model fitted to the fold, which itself reads the codes. The held-out rows are not looked at."""
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import FunctionTransformer

        pipeline = fit_plan(self.plan, codes_as_missing(data.x, self.codes), data.y, self.target)
        if self.codes:
            read = FunctionTransformer(codes_as_missing, kw_args={"codes": dict(self.codes)})
            pipeline = Pipeline([("codes", read), *pipeline.steps])
        return LinearModel(type(self.target), pipeline, {"rows_used": len(data.y)})


def repair(
    study: Study, project: Project, ladder: Ladder, attribution: Sequence[Attribution], codes: Codes,
    whole: Table | None = None,
) -> RepairedModel:  # fmt: skip
    """Return the baseline repaired by the causes that matter and by the `codes` that do; none of these: the baseline.

    A model that cannot be fitted does not count: the last one that can is kept. It is fitted to all rows of the `whole`
    table, where the ladder's models were not. Deterministic in the study's seed.
    """
    kept = dict(linear_changes(ladder))
    causes = [one["factor"] for one in attribution if one["matters"] and one["factor"] in kept]
    plan = Plan(tuple(kept[cause] for cause in causes))
    there = _of_a_rung(study, ladder, plan) if whole is None else None
    study = study if whole is None else replace(study, table=whole)
    fitted = there or _fitted(study, _learner(study.table, plan, name=_name(plan)))
    if fitted is None:
        causes, plan = [], Plan()
        fitted = _of_baseline(study, ladder) if whole is None else _baseline_again(study)
    read = _fitted(study, _learner(study.table, plan, codes)) if codes and not study.table.texts else None
    if read is None or (causes and _loss(study, read) >= _loss(study, fitted)):
        codes = {}
    else:
        fitted = read
    return RepairedModel(causes, codes, fitted, archive.save(fitted, study.table, project))


def linear_changes(ladder: Ladder) -> Iterator[tuple[str, Change]]:
    """Yield each cause for which the ladder kept a change to the linear model's matrix, with that change."""
    for below, cause in pairwise(ladder.route.linear_rungs):
        if ladder.standings[cause] is not ladder.standings[below]:
            yield cause, ladder.standings[cause].plan.changes[-1]


def _name(plan: Plan) -> str:
    return REPAIRED if plan.changes else BASELINE


def _baseline_again(study: Study) -> CrossFit:
    """Return the baseline fitted to the study's table, as step 4 fitted it; raise what that raises."""
    fitted = _fitted(study, _learner(study.table, Plan(), name=BASELINE))
    if fitted is None:
        message = "the baseline, which step 4 has fitted to these rows, cannot be fitted to them again"
        raise RuntimeError(message)
    return fitted


def _of_baseline(study: Study, ladder: Ladder) -> CrossFit:
    return _read_off(study, ladder.standings[BASELINE], BASELINE)


def _of_a_rung(study: Study, ladder: Ladder, plan: Plan) -> CrossFit | None:
    """Return the models of the rung that stands on exactly this plan, None where none does."""
    if plan == Plan():
        return _of_baseline(study, ladder)
    standings = [ladder.standings[rung] for rung in ladder.route.linear_rungs]
    return next((_read_off(study, one, REPAIRED) for one in standings if one.plan == plan), None)


def _read_off(study: Study, standing: Standing, name: str) -> CrossFit:
    """Return a linear rung as one model on all folds."""
    table = study.table
    pending = []
    for (fold,), one in sorted(standing.linear.items()):
        rows = int(table.fits(fold).sum())
        model = as_model(one, table.target, rows)
        pending.append(study.submit(predict_fold, model, table, fold, name=f"{name}: predict fold {fold}"))
    return assemble(name, table, [one.result() for one in pending])


def _learner(table: Table, plan: Plan, codes: Codes | None = None, name: str = REPAIRED) -> Learner:
    """Return what fits the linear model of a plan to a table, with texts a stack of blocks, or its groups."""
    if table.texts:
        return StackedLearner(table.target, blocks_of(plan, table.features, table.texts), name)
    if table.grouped:
        return GroupedLearner(grouped_target(table.target), way_of(plan, table.target), name)
    return RepairedLearner(table.target, plan, codes or {}, name)


def _fitted(study: Study, learner: Learner) -> CrossFit | None:
    """Return the model on all folds, None where it cannot be fitted."""
    done, _ = cross_fit([learner], study.table, study.seed, study.submit)
    return done[0] if done else None


def _loss(study: Study, fitted: CrossFit) -> float:
    """Return the mean loss of the training rows, each predicted by the model that did not see it."""
    rows = study.table.scored
    return float(study.table.target.loss(study.table.y[rows], fitted.prediction[rows]).mean())
