"""The linear model: median impute, standard scale, one-hot, then logistic or ridge regression.

It is the plain model that the others have to beat, so nothing here is clever on purpose: no missing
indicators, no rank scaling, no shared rare level. Each of those is a cause that the last step measures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np
import pandas as pd

from pipelines.core.steady import steady_together
from pipelines.models.family import Family, Loading, Variant
from pipelines.models.model import FoldData, Notes, Settings
from pipelines.models.predicting.linear import fast_linear
from pipelines.models.preparation import linear_preparation
from pipelines.models.saving.skops_file import read_estimator, write_estimator
from pipelines.targets import Target
from pipelines.targets.arrays import Estimator, Matrix

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline


def fit_linear(x: pd.DataFrame, y: np.ndarray, target: Target) -> "Pipeline":
    """Return the fitted pipeline for features `x` (rows, features) and target `y` (rows,).

    Numeric columns: the median for missing values, then mean 0 and standard deviation 1. Categories: the most
    frequent one for missing values, then one column a category seen; unseen ones later are all zeros. Columns
    without a single value are left out. The model is the target's `linear_estimator`, with a penalty of 1: logistic
    (several classes: multinomial) or ridge regression.

    Raises ValueError where no column has a value or the target has one class, RuntimeError where the
    logistic regression does not converge.
    """
    from sklearn.pipeline import Pipeline

    seen, base = target.plain(x), target.offset(x)
    prepare = linear_preparation(seen)
    matrix = prepare.fit_transform(seen)
    estimator = fit_coefficients(matrix, target.label(y) - base if base is not None else y, target)
    return Pipeline([("prepare", prepare), ("estimator", estimator)])


def fit_coefficients(matrix: Matrix, y: np.ndarray, target: Target, penalty: float = 1.0) -> Estimator:
    """Return the target's linear model fitted to a prepared `matrix` (rows, columns), dense or sparse.

    Raises RuntimeError where it does not converge.
    """
    estimator = target.linear_estimator(matrix, penalty).fit(matrix, target.as_fitted(y))
    target.check_converged(estimator)
    target.remember(estimator, y)
    _make_steady(estimator)
    return estimator


def _make_steady(estimator: Estimator) -> None:
    """Round the coefficients and the intercept of a fitted linear model alike, in place."""
    slopes, intercept = np.asarray(estimator.coef_, np.float64), np.atleast_1d(estimator.intercept_)
    rounded = steady_together(np.concatenate([slopes.ravel(), intercept]))
    estimator.coef_ = rounded[: slopes.size].reshape(slopes.shape)
    single = np.ndim(estimator.intercept_) == 0
    estimator.intercept_ = float(rounded[-1]) if single else rounded[slopes.size :]


@dataclass(frozen=True)
class LinearLearner:
    """Fits the linear model, as `cross_fit` wants it."""

    target: Target
    name: str = "baseline"

    @property
    def settings(self) -> Settings:
        """What the facts say about how it is fitted."""
        return {
            **self.target.engines["linear"],
            "missing numbers": "median",
            "missing categories": "most frequent",
            "numbers": "mean 0, standard deviation 1",
            "categories": "one-hot, unseen ones ignored",
        }

    def fit(self, data: FoldData) -> "LinearModel":
        """Return the model fitted to the fold. The held-out rows are not looked at."""
        pipeline = fit_linear(data.x, data.y, self.target)
        return LinearModel(type(self.target), pipeline, {"rows_used": len(data.y)})


@dataclass(frozen=True)
class LinearModel:
    """One fitted linear model."""

    family: ClassVar[str] = "linear"
    target: type[Target]
    pipeline: "Pipeline"
    notes: Notes = field(default_factory=Notes)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return P(positive) or the value, float64 of shape (rows,), or (rows, classes) of several classes."""
        return self.target.predicted(self.pipeline, x)

    def save(self) -> dict[str, bytes]:
        """Return the pipeline as a skops file."""
        return {"model.skops": write_estimator(self.pipeline)}

    @classmethod
    def load(cls, files: Mapping[str, bytes], given: Loading) -> Self:
        """Return the model that `save` wrote."""
        return cls(given.target, read_estimator(files["model.skops"]))


FAMILY = Family(
    name=LinearModel.family,
    title="linear",
    load=LinearModel.load,
    fast=fast_linear,
    libraries=("sklearn", "skops"),
    imports=(
        "sklearn.compose", "sklearn.impute", "sklearn.linear_model", "sklearn.pipeline", "sklearn.preprocessing",
    ),
    variants=(
        Variant(
            "baseline", "baseline", "baseline", "logistic or ridge regression on scaled and one-hot columns",
            lambda size, _: LinearLearner(size.target),
        ),
    ),
)  # fmt: skip
