"""Linear models by a plan: the baseline with changes to its matrix."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipelines.causes.plan import Features, Plan
from pipelines.inputs import by_kind
from pipelines.models.linear import fit_coefficients, fit_linear
from pipelines.models.preparation import MAX_DENSE_COLUMNS, linear_preparation, one_hot_width
from pipelines.targets import Target
from pipelines.targets.arrays import Estimator

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline


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
