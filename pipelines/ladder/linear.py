"""Linear models by a plan: the baseline with changes to its matrix."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipelines.causes.groups.regrouped import way_of
from pipelines.causes.plan import Features, Plan
from pipelines.causes.texts.blocks import Read
from pipelines.core.table import Table
from pipelines.inputs import by_kind
from pipelines.models.grouped.grouped import GroupedModel
from pipelines.models.grouped.learner import fit_groups
from pipelines.models.grouped.way import grouped_target
from pipelines.models.linear import LinearModel, fit_coefficients, fit_linear
from pipelines.models.model import FoldData, FoldModel
from pipelines.models.preparation import MAX_DENSE_COLUMNS, linear_preparation, one_hot_width
from pipelines.models.worded.block import plain_blocks
from pipelines.models.worded.kinds import Block as BlockOfTexts
from pipelines.models.worded.stack import Rows, fit_stack
from pipelines.models.worded.stacked import StackedModel
from pipelines.targets import Target
from pipelines.targets.arrays import Estimator

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline


NEARLY = 0.99  # of the rows that a stack was fitted to: with so many the penalties are the same


@dataclass(frozen=True)
class FittedPlan:
    """One part's linear model by some plan."""

    model: Any  # a fitted scikit-learn pipeline, or a stack of blocks
    raw: np.ndarray  # its raw prediction of every row of the table, of stacks crosswise where the model knows the row

    def raw_of(self, seen: pd.DataFrame, target: Target) -> np.ndarray:
        """Return its raw prediction of any rows, given what models may ask for (see `Table.seen`)."""
        if isinstance(self.model, StackedModel):
            return self.model.raw(seen)
        if isinstance(self.model, GroupedModel):
            return self.model.predict(seen)
        return target.raw_predicted(self.model, seen)


@dataclass(frozen=True)
class PlannedLine:
    """The linear model of the numbers and categories by a plan, as a block of a stack."""

    plan: Plan

    def fit(self, x: pd.DataFrame, y: np.ndarray, target: Target) -> "Pipeline":
        """Return it fitted; raises what `fit_plan` raises."""
        return fit_plan(self.plan, x, y, target)


def blocks_of(plan: Plan, features: Sequence[str], texts: Sequence[str]) -> tuple[BlockOfTexts, ...]:
    """Return the blocks of a plan for a table with texts: those of the baseline as changed, and those added."""
    added = [change for change in plan.changes if isinstance(change, Read)]
    line = PlannedLine(Plan(tuple(change for change in plan.changes if not isinstance(change, Read))))
    return (*plain_blocks(features, texts, line), *(block for change in added for block in change.apart()))


def fit_rows(plan: Plan, table: Table, fit: np.ndarray, asked: np.ndarray | None = None) -> FittedPlan:
    """Return the model of a plan fitted to the rows in `fit` of the table (rows,), with texts a stack of blocks.

    Its raw predictions are of the rows in `asked`, zero elsewhere, or of all rows. Raises what `fit_linear` and
    `fit_stack` raise.
    """
    if table.texts:
        return _fit_blocks(plan, table, fit)
    if table.grouped:
        return _fit_groups(plan, table, fit)
    model = fit_plan(plan, table.x[fit], table.y[fit], table.target)
    if asked is None:
        return FittedPlan(model, table.target.raw_predicted(model, table.x))
    raw = table.target.zeros(len(table.y))
    raw[asked] = table.target.raw_predicted(model, table.x[asked])
    return FittedPlan(model, raw)


def _fit_blocks(plan: Plan, table: Table, fit: np.ndarray) -> FittedPlan:
    rows = Rows.of(table)
    stack = fit_stack(blocks_of(plan, table.features, table.texts), rows, fit)
    return FittedPlan(StackedModel(table.target, stack.fitted, stack.join, blocks=stack.settled), stack.raw)


def _fit_groups(plan: Plan, table: Table, fit: np.ndarray) -> FittedPlan:
    data = FoldData(table.x[fit], table.y[fit], table.x[:0], table.y[:0], seed=0, table=table, fitted=fit)
    target = grouped_target(table.target)
    model = fit_groups(target, way_of(plan, target), data)
    return FittedPlan(model, model.predict(table.x))


def raw_of_fewer(
    fitted: FittedPlan, table: Table, rows: np.ndarray, held: np.ndarray, *, whole: int
) -> np.ndarray | None:
    """Return the raw predictions of a model as it is fitted to some `rows` (places) of the `whole` number that it knew.

    They are of these rows and of those in `held` (places). A stack is fitted again, with the penalties that it chose;
    None where another model would have to be.
    """
    if (len(rows) >= NEARLY * whole and isinstance(fitted.model, StackedModel)) or len(rows) == whole:
        return fitted.raw
    if not isinstance(fitted.model, StackedModel):
        return None
    fit, asked = np.zeros((2, len(table.y)), bool)
    fit[rows] = asked[held] = True
    return fit_stack(fitted.model.blocks, Rows.of(table), fit, asked).raw


def as_model(fitted: FittedPlan, target: Target, rows: int) -> FoldModel:
    """Return a part's model as models of steps 4 and 5 are, fitted to so many rows."""
    if isinstance(fitted.model, StackedModel | GroupedModel):
        return replace(fitted.model, notes={**fitted.model.notes, "rows_used": rows})
    return LinearModel(type(target), fitted.model, {"rows_used": rows})


def fit_plan(plan: Plan, x: pd.DataFrame, y: np.ndarray, target: Target) -> "Pipeline":
    """Return the linear model of `plan` fitted to features `x` (rows, features) and target `y` (rows,).

    Raises what `fit_linear` raises.
    """
    from sklearn.pipeline import Pipeline

    if plan == Plan():
        return fit_linear(x, y, target)
    prepare = _preparation(plan, x, target)
    matrix, base = prepare.fit_transform(x, y), target.offset(x)
    estimator = fit_coefficients(matrix, target.label(y) - base if base is not None else y, target)
    return Pipeline([("prepare", prepare), ("estimator", estimator)])


def _preparation(plan: Plan, x: pd.DataFrame, target: Target) -> Estimator:
    """Return the unfitted ColumnTransformer: the baseline's, with the plan's changes.

    First what the baseline makes of the features that no change takes over, then what stands in place of others, the
    last change first, then what is added.
    """
    from sklearn.compose import ColumnTransformer

    features = Features(x, *by_kind(x))
    blocks = [block for change in plan.changes for block in change.blocks(features)]
    in_place = [block for block in reversed(blocks) if block.replaces]
    taken = {name for block in in_place for name in block.features}
    plain = [name for name in target.plain(x).columns if name not in taken]
    parts: list[tuple[str, Any, list[str]]] = []
    if any(x[name].notna().any() for name in plain):
        parts.append(("plain", linear_preparation(x[plain]), plain))
    added = [block for block in blocks if not block.replaces]
    parts += [(block.name, block.transformer, list(block.features)) for block in (*in_place, *added)]
    # lbfgs is quick on sparse columns; ridge is quick, and exact, on dense ones, while they fit into memory.
    wide = one_hot_width(x) > MAX_DENSE_COLUMNS
    sparse = wide or (target.sparse_levels and any(block.sparse for block in blocks))
    return ColumnTransformer(parts, sparse_threshold=1.0 if sparse else 0.0)
