"""The linear rungs of the ladder: the baseline with one thing changed at a time.

Each change is a field of a `Plan`; the plan with no change is the baseline itself, fitted by the baseline's
own code.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from pipelines.models.linear import fit_coefficients, fit_linear
from pipelines.models.preparation import MAX_DENSE_COLUMNS, linear_preparation, one_hot_width
from pipelines.targets import Target
from pipelines.targets.target import Estimator, Matrix

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

MANY_LEVELS = 10  # one-hot loses nothing with fewer levels than this
ENOUGH_MISSING = 10  # rows with, and rows without a value, that an indicator needs
KNOTS = 2_000  # of a column's scores; other values are interpolated, to less than 0.005 of a standard deviation
TAIL = 1e-6  # ranks stay this far from 0 and 1, so normal scores stay within 4.75


@dataclass(frozen=True)
class Plan:
    """What is changed against the baseline; the default is the baseline."""

    pooling: float = 1.0  # the penalty on levels of many-levelled categories: more pulls them harder to the mean
    indicators: bool = False
    ranked: tuple[str, ...] = ()  # numeric features scaled by rank instead of by standard deviation

    def describe(self) -> str:
        """Return the plan's changes in words."""
        changes = []
        if self.pooling != 1:
            changes.append(f"levels of categories penalised {self.pooling:g} times as much")
        if self.indicators:
            changes.append("missing-value indicators")
        if self.ranked:
            changes.append(f"normal scores of the ranks of {len(self.ranked)} features")
        return ", ".join(changes) or "none"


class RankScaler:
    """Normal scores: each value becomes the normal quantile of its mid-rank among the fitted values.

    Equal values share the middle of their ranks (van der Waerden scores), values between two fitted ones are
    interpolated, missing values become 0, the median. Follows scikit-learn's transformer protocol.
    """

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002 - the protocol's signature
        """Return no settings: there are none."""
        return {}

    def fit(self, x: pd.DataFrame, y: object = None) -> Self:  # noqa: ARG002 - the protocol's signature
        """Learn the ranks of each column of `x`; every column needs a value."""
        self.knots_ = [_normal_scores(x[name].dropna().to_numpy(np.float64)) for name in x.columns]
        return self

    def transform(self, x: pd.DataFrame) -> np.ndarray:
        """Return the scores, float64 of shape (rows, columns)."""
        columns = [
            np.interp(np.nan_to_num(column, nan=values[0]), values, scores) * ~np.isnan(column)
            for column, (values, scores) in zip(x.to_numpy(np.float64).T, self.knots_, strict=True)
        ]
        return np.column_stack(columns)

    def fit_transform(self, x: pd.DataFrame, y: object = None) -> np.ndarray:
        """Fit, then transform the same rows."""
        return self.fit(x, y).transform(x)


def _normal_scores(column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return distinct values, ascending, at most KNOTS of them, and the normal quantile of the mid-rank of each."""
    from scipy.special import ndtri

    values, counts = np.unique(column, return_counts=True)
    middle = (np.cumsum(counts) - counts / 2) / len(column)
    scores = ndtri(np.clip(middle, TAIL, 1 - TAIL))
    if len(values) <= KNOTS:
        return values, scores
    # Evenly spaced scores, not ranks: the tails, where single rows may matter, keep every value.
    kept = np.unique(np.searchsorted(scores, np.linspace(scores[0], scores[-1], KNOTS)).clip(max=len(scores) - 1))
    return values[kept], scores[kept]


def many_levelled(x: pd.DataFrame) -> list[str]:
    """Return the categories with more than MANY_LEVELS levels in these rows."""
    return [
        str(name)
        for name in x.columns
        if isinstance(x[name].dtype, pd.CategoricalDtype) and x[name].nunique() > MANY_LEVELS
    ]


def partly_missing(x: pd.DataFrame) -> list[str]:
    """Return the features with enough missing and enough present values for an indicator."""
    missing = x.isna().sum()
    return [str(name) for name in x.columns if ENOUGH_MISSING <= missing[name] <= len(x) - ENOUGH_MISSING]


def is_missing(x: pd.DataFrame) -> np.ndarray:
    """Return 1.0 where a value is missing, of the shape of `x`."""
    return x.isna().to_numpy(np.float64)


def rank_advantage(x: pd.DataFrame, y: np.ndarray, target: Target) -> dict[str, float]:
    """Return, by numeric column of `x`, how much better `y` (rows,) correlates with its ranks than with its values.

    Several classes: the root of the share of their indicators' variance that a column explains.
    """
    goals = target.one_hot(y).reshape(len(y), -1)
    return {str(name): _rank_advantage(x[name].to_numpy(np.float64), goals) for name in x.columns}


def _rank_advantage(column: np.ndarray, y: np.ndarray) -> float:
    present = ~np.isnan(column)
    values, target = column[present], y[present]
    if len(values) < ENOUGH_MISSING or values.std() == 0 or target.var(axis=0).sum() == 0:
        return 0.0
    ranks = np.interp(values, *_normal_scores(values))
    return _correlation(ranks, target) - _correlation(values, target)


def _correlation(values: np.ndarray, target: np.ndarray) -> float:
    """Return the root of the share of the variance of `target` (rows, columns) that a line on `values` explains."""
    deviation = values - values.mean()
    explained = np.square(deviation @ (target - target.mean(axis=0)) / len(values)).sum() / deviation.var()
    return float(np.sqrt(explained / target.var(axis=0).sum()))


def fit_plan(plan: Plan, x: pd.DataFrame, y: np.ndarray, target: Target) -> "Pipeline":
    """Return the linear model of `plan` fitted to features `x` (rows, features) and target `y` (rows,).

    Raises what `fit_linear` raises.
    """
    from sklearn.pipeline import Pipeline

    if plan == Plan():
        return fit_linear(x, y, target)
    prepare = _preparation(plan, x, target)
    matrix = prepare.fit_transform(x, y)
    return Pipeline([("prepare", prepare), ("estimator", fit_coefficients(matrix, y, target))])


def _preparation(plan: Plan, x: pd.DataFrame, target: Target) -> Estimator:
    """Return the unfitted ColumnTransformer: the baseline's, with the plan's changes."""
    from sklearn.compose import ColumnTransformer
    from sklearn.preprocessing import FunctionTransformer

    encoded = many_levelled(x) if plan.pooling != 1 else []
    ranked = [name for name in plan.ranked if x[name].notna().any()]
    plain = [name for name in x.columns if name not in {*encoded, *ranked}]
    parts: list[tuple[str, Any, list[str]]] = []
    if any(x[name].notna().any() for name in plain):
        parts.append(("plain", linear_preparation(x[plain]), plain))
    if ranked:
        parts.append(("ranked", RankScaler(), ranked))
    if encoded:
        parts.append(("pooled", _pooled_levels(plan.pooling), encoded))
    if plan.indicators and partly_missing(x):
        parts.append(("missing", FunctionTransformer(is_missing), partly_missing(x)))
    # lbfgs is quick on sparse columns; ridge is quick, and exact, on dense ones, while they fit into memory.
    wide = one_hot_width(x) > MAX_DENSE_COLUMNS
    sparse = wide or (bool(encoded) and target.sparse_levels)
    return ColumnTransformer(parts, sparse_threshold=1.0 if sparse else 0.0)


def _pooled_levels(penalty: float) -> Estimator:
    """Return one-hot columns, shrunk so that the model's penalty of 1 weighs `penalty` on their coefficients."""
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

    # Missing categories stay what they are in the baseline: telling them apart is the next rung's change.
    return Pipeline(
        [
            ("impute", SimpleImputer(strategy="most_frequent")),
            ("encode", OneHotEncoder(handle_unknown="ignore", sparse_output=True)),
            ("shrink", FunctionTransformer(shrink, kw_args={"factor": penalty**-0.5})),
        ],
    )


def shrink(matrix: Matrix, factor: float) -> Matrix:
    """Return the matrix times a factor."""
    return matrix * factor
