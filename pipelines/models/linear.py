"""The linear model: median impute, standard scale, one-hot, then logistic or ridge regression.

It is the plain model that the others have to beat, so nothing here is clever on purpose: no missing
indicators, no rank scaling, no shared rare level. Each of those is a factor that the last step measures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

import numpy as np
import pandas as pd

from pipelines.core.project import Task
from pipelines.models.folds import FoldData
from pipelines.models.saving.skops_file import read_estimator, write_estimator

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

MODULES = (  # that a fit imports
    "sklearn.compose", "sklearn.impute", "sklearn.linear_model", "sklearn.pipeline", "sklearn.preprocessing",
)  # fmt: skip
MAX_ITERATIONS = 2_000  # lbfgs needs 20 to 2,000 on scaled columns; more means that it does not converge
MOST_NEWTON = 600  # coefficients up to which Newton's steps are quicker than lbfgs
TOLERANCE = 1e-6  # of the gradient: tight, so that coefficients agree between processors
RIDGE_PENALTY = 1.0
INVERSE_PENALTY = 1.0  # scikit-learn's C
MAX_DENSE_COLUMNS = 500  # wider one-hot tables are kept sparse: 500 columns of 200,000 rows are 0.8 GB


def fit_linear(x: pd.DataFrame, y: np.ndarray, task: Task) -> "Pipeline":
    """Return the fitted pipeline for features `x` (rows, features) and target `y` (rows,).

    Numeric columns: the median for missing values, then mean 0 and standard deviation 1. Categories: the most
    frequent one for missing values, then one column a category seen; unseen ones later are all zeros. Columns
    without a single value are left out. Classes: L2-penalised logistic (several:
    multinomial) regression, C = 1. Regression: ridge, penalty 1.

    Raises ValueError where no column has a value or the target has one class, RuntimeError where the
    logistic regression does not converge.
    """
    from sklearn.pipeline import Pipeline

    prepare = linear_preparation(x)
    matrix = prepare.fit_transform(x)
    estimator = fit_coefficients(matrix, y, task)
    return Pipeline([("prepare", prepare), ("estimator", estimator)])


def linear_preparation(x: pd.DataFrame) -> Any:  # noqa: ANN401 - scikit-learn is imported late and has no types
    """Return the unfitted ColumnTransformer that turns frames like `x` into the linear model's matrix."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numeric, categorical = _usable(x)
    if not numeric and not categorical:
        message = "no feature has a single value in these rows"
        raise ValueError(message)
    width = one_hot_width(x)
    numbers = Pipeline([("impute", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    categories = Pipeline(
        [
            ("impute", SimpleImputer(strategy="most_frequent")),
            ("encode", OneHotEncoder(handle_unknown="ignore", sparse_output=width > MAX_DENSE_COLUMNS)),
        ],
    )
    return ColumnTransformer(
        [("numeric", numbers, numeric), ("category", categories, categorical)],
        sparse_threshold=1.0 if width > MAX_DENSE_COLUMNS else 0.0,
        verbose_feature_names_out=False,
    )


def one_hot_width(x: pd.DataFrame) -> int:
    """Return how many columns the features become: one a number, one a level of a category; none without a value."""
    numeric, categorical = _usable(x)
    return len(numeric) + sum(x[name].nunique() for name in categorical)


def _usable(x: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the numbers and the categories that have a value."""
    is_category = np.array([isinstance(dtype, pd.CategoricalDtype) for dtype in x.dtypes], bool)
    known = x.notna().any().to_numpy(bool)
    return x.columns[known & ~is_category].tolist(), x.columns[known & is_category].tolist()


def fit_coefficients(matrix: Any, y: np.ndarray, task: Task) -> Any:  # noqa: ANN401 - dense or sparse matrix
    """Return the logistic or ridge regression fitted to a prepared `matrix` (rows, columns), dense or sparse.

    Raises RuntimeError where the logistic regression does not converge.
    """
    from scipy.sparse import issparse
    from sklearn.linear_model import LogisticRegression, Ridge

    if task == "regression":
        # Cholesky is exact; sparse tables need an iterative solver, run to near machine precision.
        settings = {"solver": "sparse_cg", "tol": 1e-10} if issparse(matrix) else {"solver": "cholesky"}
        return Ridge(alpha=RIDGE_PENALTY, **settings).fit(matrix, y)
    solver = logistic_solver(matrix, len(np.unique(y)))
    model = LogisticRegression(C=INVERSE_PENALTY, solver=solver, max_iter=MAX_ITERATIONS, tol=TOLERANCE)
    model.fit(matrix, y.astype(np.int64))
    if model.n_iter_.max() >= MAX_ITERATIONS:
        message = f"logistic regression did not converge in {MAX_ITERATIONS} iterations"
        raise RuntimeError(message)
    return model


def logistic_solver(matrix: Any, classes: int) -> str:  # noqa: ANN401 - dense or sparse matrix
    """Return scikit-learn's solver for a logistic regression on `matrix` (rows, columns).

    Newton's steps need a dozen passes where lbfgs needs hundreds, and end nearer to the optimum, but their cost grows
    with the square of the coefficients.
    """
    from scipy.sparse import issparse

    coefficients = matrix.shape[1] * (classes if classes > 2 else 1)  # noqa: PLR2004 - two classes share one set
    return "lbfgs" if issparse(matrix) or coefficients > MOST_NEWTON else "newton-cholesky"


def predict_linear(model: "Pipeline", x: pd.DataFrame) -> np.ndarray:
    """Return P(positive) (binary) or the value (regression) for each row, float64 of shape (rows,).

    With three classes or more the shape is (rows, classes).
    """
    return probabilities(model, x) if hasattr(model, "predict_proba") else np.asarray(model.predict(x), np.float64)


def probabilities(classifier: Any, x: Any) -> np.ndarray:  # noqa: ANN401 - scikit-learn has no types
    """Return P(positive), (rows,), of a scikit-learn classifier of two classes, else (rows, classes); float64."""
    probability = np.asarray(classifier.predict_proba(x), np.float64)
    return probability[:, 1] if probability.shape[1] == 2 else probability  # noqa: PLR2004 - two classes


class Coefficient(NamedTuple):
    """One coefficient of a linear model: of a number per standard deviation, of a level for having it."""

    feature: str
    level: str | None  # None for a number
    of_class: int | None  # the class whose log-odds it moves, where there are several
    value: float  # in log-odds (classes) or the target's modelling unit (regression)


def linear_coefficients(model: "Pipeline") -> list[Coefficient]:
    """Return the coefficients by class, then by matrix column."""
    prepare = model.named_steps["prepare"]
    columns: list[tuple[str, str | None]] = [(str(name), None) for name in prepare.transformers_[0][2]]
    categorical = prepare.transformers_[1][2]
    if len(categorical):
        encoder = prepare.named_transformers_["category"].named_steps["encode"]
        for name, levels in zip(categorical, encoder.categories_, strict=True):
            columns += [(str(name), str(level)) for level in levels]
    values = np.atleast_2d(model.named_steps["estimator"].coef_)
    return [
        Coefficient(name, level, of_class if len(values) > 1 else None, float(value))
        for of_class, row in enumerate(values)
        for (name, level), value in zip(columns, row, strict=True)
    ]


@dataclass(frozen=True)
class Linear:
    """The recipe of the linear model, as `cross_fit` wants it."""

    task: Task
    name: str = "baseline"

    @property
    def settings(self) -> dict[str, Any]:
        """What the facts tell of the recipe."""
        preparation = {
            "missing numbers": "median",
            "missing categories": "most frequent",
            "numbers": "mean 0, standard deviation 1",
            "categories": "one-hot, unseen ones ignored",
        }
        if self.task == "regression":
            return {"model": "ridge regression", "penalty": RIDGE_PENALTY, **preparation}
        return {"model": "logistic regression", "C": INVERSE_PENALTY, **preparation}

    def fit(self, data: FoldData) -> "LinearModel":
        """Return the model fitted to the fold. The held-out rows are not looked at."""
        return LinearModel(fit_linear(data.x, data.y, self.task), {"rows_used": len(data.y)})


@dataclass(frozen=True)
class LinearModel:
    """One fitted linear model."""

    family: ClassVar[str] = "linear"
    pipeline: Any
    notes: dict[str, Any] = field(default_factory=dict)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return what `predict_linear` returns."""
        return predict_linear(self.pipeline, x)

    def save(self) -> dict[str, bytes]:
        """Return the pipeline as a skops file."""
        return {"model.skops": write_estimator(self.pipeline)}

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> Self:
        """Return the model that `save` wrote."""
        return cls(read_estimator(files["model.skops"]))
