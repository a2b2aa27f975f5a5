"""The classics on one fold: lasso, linear on ranks, nearest neighbours, a tree, histogram boosting, support vectors.

Each has one setting that matters most; of a few values the one is taken whose loss on the fold's held-out rows is
smallest, as boosting chooses its number of trees there. Where cost grows faster than n log n, a fit sees at most
`max_rows` rows of its fold, drawn with the fold's seed. Penalties are on the mean loss, so they mean the same at any
number of rows.
"""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from threading import Lock
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd

from pipelines.core.project import Task
from pipelines.models.folds import FoldData
from pipelines.models.linear import (
    MAX_DENSE_COLUMNS,
    MAX_ITERATIONS,
    LinearModel,
    linear_preparation,
    logistic_solver,
    predict_linear,
)
from pipelines.models.losses import row_losses

JUDGED_ROWS = 5_000  # of the held-out rows, by which a setting is chosen
QUANTILES = 1_000  # of a ranked column
SMOOTHING = 20.0  # rows of the overall mean mixed into each category's mean
KERNEL_CACHE = 500  # MiB
FEW_ROWS = 5  # of each class that every fit sees; calibration by three folds needs three


class Given(NamedTuple):
    """What an estimator depends on, besides its setting."""

    task: Task
    rows: int  # that it will be fitted to
    solver: str  # of a logistic regression with an L2 penalty
    seed: int


class Kind(NamedTuple):
    """One kind of model."""

    words: str  # what it is
    setting: str  # the one that is chosen
    choices: tuple[float, ...]  # its values
    make: Callable[["Given", float], Any]  # the unfitted estimator, with a value of the setting
    preparation: str  # a key of PREPARATIONS
    max_rows: int | None = None


@dataclass(frozen=True)
class Classic:
    """The recipe of one classic, a key of KINDS."""

    name: str
    task: Task

    @property
    def settings(self) -> dict[str, Any]:
        """What the facts tell of the recipe."""
        kind = KINDS[self.name]
        told = {
            "model": kind.words,
            "columns": PREPARATIONS[kind.preparation][0],
            f"{kind.setting} of": list(kind.choices),
        }
        return told if kind.max_rows is None else told | {"max_rows": kind.max_rows}

    def fit(self, data: FoldData) -> "ClassicModel":
        """Return the model with the value of its setting that does best on (some of) the held-out rows."""
        from sklearn.pipeline import Pipeline

        kind = KINDS[self.name]
        rng = np.random.default_rng(data.seed)
        wanted = None if self.task == "regression" else _of_each_class(data.y)
        fit, judged = _some(len(data.y), kind.max_rows, rng, wanted), _some(len(data.held_y), JUDGED_ROWS, rng)
        x, y, held_y = data.x.iloc[fit], data.y[fit], data.held_y[judged]
        y = y if self.task == "regression" else y.astype(np.int64)
        prepare = PREPARATIONS[kind.preparation][1](x, self.task, data.seed)
        matrix, held = prepare.fit_transform(x, y), prepare.transform(data.held_x.iloc[judged])
        given = Given(self.task, len(y), logistic_solver(matrix, len(np.unique(y))), data.seed)
        with LIBLINEAR if kind.make is _lasso and self.task != "regression" else nullcontext():
            fitted = {value: kind.make(given, value).fit(matrix, y) for value in kind.choices}
        losses = {
            value: row_losses(held_y, predict_linear(estimator, held), self.task).mean()
            for value, estimator in fitted.items()
        }
        best = min(losses, key=lambda value: losses[value])
        pipeline = Pipeline([("prepare", prepare), ("estimator", fitted[best])])
        skipped = "drawn at random, since its cost grows faster than rows" if len(y) < len(data.y) else None
        return ClassicModel(pipeline, {"rows_used": len(y), "skipped": skipped, "chosen": {kind.setting: best}})


# liblinear visits columns in a random order, and all threads of a process draw from one stream: two at a time would
# end at coefficients that differ from run to run.
LIBLINEAR = Lock()


@dataclass(frozen=True)
class ClassicModel(LinearModel):
    """One fitted classic: a pipeline, as the linear model is."""

    family: ClassVar[str] = "classic"


def _some(rows: int, most: int | None, rng: np.random.Generator, wanted: np.ndarray | None = None) -> np.ndarray:
    """Return at most `most` of `rows` places, ascending: those `wanted`, and the rest drawn at random."""
    if most is None or rows <= most:
        return np.arange(rows)
    first = np.empty(0, np.int64) if wanted is None else wanted
    others = np.setdiff1d(np.arange(rows), first, assume_unique=True)
    return np.sort(np.concatenate([first, rng.choice(others, max(most - len(first), 0), replace=False)]))


def _of_each_class(y: np.ndarray) -> np.ndarray:
    """Return the places of the first FEW_ROWS rows of each class: a rare one may be missing among some rows."""
    return np.concatenate([np.flatnonzero(y == label)[:FEW_ROWS] for label in np.unique(y)])


def _scaled(x: pd.DataFrame, _: Task, __: int) -> Any:  # noqa: ANN401 - scikit-learn is imported late and has no types
    return linear_preparation(x)


def _ranked(x: pd.DataFrame, _: Task, seed: int) -> Any:  # noqa: ANN401 - as above
    """Return normal scores of the numbers, an indicator where a value was missing, and categories one-hot."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import MissingIndicator, SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder, QuantileTransformer

    numeric, categorical = _columns(x)
    ranks = QuantileTransformer(
        n_quantiles=min(QUANTILES, len(x)), output_distribution="normal", subsample=None, random_state=seed
    )
    width = len(numeric) + sum(x[name].nunique() for name in categorical)
    dense = width <= MAX_DENSE_COLUMNS
    return ColumnTransformer(
        [
            ("numeric", Pipeline([("impute", SimpleImputer(strategy="median")), ("ranks", ranks)]), numeric),
            ("missing", MissingIndicator(error_on_new=False), numeric),
            ("category", OneHotEncoder(handle_unknown="ignore", min_frequency=2, sparse_output=not dense), categorical),
        ],
        sparse_threshold=0.0 if dense else 1.0,
    )


def _coded(x: pd.DataFrame, task: Task, seed: int) -> Any:  # noqa: ANN401 - as above
    """Return numbers as they are, missing ones too, and of categories the cross-fitted mean of the target.

    Several classes: the cross-fitted share of each class.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.model_selection import KFold
    from sklearn.preprocessing import TargetEncoder

    numeric, categorical = _columns(x)
    folds = KFold(5, shuffle=True, random_state=seed)
    goal = "continuous" if task == "regression" else task  # else guessed, and whole numbers are taken for classes
    encode = TargetEncoder(target_type=goal, smooth=SMOOTHING, cv=folds)
    return ColumnTransformer([("numeric", "passthrough", numeric), ("category", encode, categorical)])


def _columns(x: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the numeric and the categorical columns that hold a value."""
    usable = [name for name in x.columns if x[name].notna().any()]
    if not usable:
        message = "no feature has a single value in these rows"
        raise ValueError(message)
    categorical = [name for name in usable if isinstance(x[name].dtype, pd.CategoricalDtype)]
    return [name for name in usable if name not in set(categorical)], categorical


def _linear(given: Given, penalty: float) -> Any:  # noqa: ANN401 - as above
    from sklearn.linear_model import LogisticRegression, Ridge

    if given.task == "regression":
        return Ridge(alpha=penalty * given.rows, random_state=given.seed)
    return LogisticRegression(C=1 / (penalty * given.rows), solver=given.solver, max_iter=MAX_ITERATIONS)


def _lasso(given: Given, penalty: float) -> Any:  # noqa: ANN401 - as above
    """Return a lasso whose penalty is in standard deviations of the target, or an L1-penalised logistic regression.

    Several classes: one such regression for each against all others, which is what its solver can do.
    """
    from sklearn.linear_model import Lasso, LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    if given.task == "regression":
        return _in_units(Lasso(alpha=penalty, max_iter=MAX_ITERATIONS))
    machine = LogisticRegression(
        l1_ratio=1.0, solver="liblinear", C=1 / (penalty * given.rows), max_iter=MAX_ITERATIONS, tol=1e-3,
        random_state=given.seed,
    )  # fmt: skip
    return machine if given.task == "binary" else OneVsRestClassifier(machine)


def _nearest(given: Given, neighbours: float) -> Any:  # noqa: ANN401 - as above
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

    kind = KNeighborsRegressor if given.task == "regression" else KNeighborsClassifier
    # Every pair's distance: among few rows in many columns quicker than a tree of them.
    return kind(n_neighbors=min(int(neighbours), given.rows), algorithm="brute", n_jobs=1)


def _tree(given: Given, leaf: float) -> Any:  # noqa: ANN401 - as above
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    kind = DecisionTreeRegressor if given.task == "regression" else DecisionTreeClassifier
    return kind(min_samples_leaf=int(leaf), random_state=given.seed)


def _histogram(given: Given, leaves: float) -> Any:  # noqa: ANN401 - as above
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    kind = HistGradientBoostingRegressor if given.task == "regression" else HistGradientBoostingClassifier
    return kind(max_leaf_nodes=int(leaves), l2_regularization=10.0, early_stopping=False, random_state=given.seed)


def _support_vectors(given: Given, penalty: float) -> Any:  # noqa: ANN401 - as above
    """Return a support vector machine; its scores become probabilities by Platt's sigmoid, cross-fitted."""
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.svm import SVC, SVR

    if given.task == "regression":
        return _in_units(SVR(C=penalty, cache_size=KERNEL_CACHE))
    machine = SVC(C=penalty, cache_size=KERNEL_CACHE, random_state=given.seed)
    return CalibratedClassifierCV(machine, method="sigmoid", cv=3, ensemble=False)


def _in_units(estimator: Any) -> Any:  # noqa: ANN401 - as above
    """Return the estimator on a target in standard deviations, as its settings want it."""
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.preprocessing import StandardScaler

    return TransformedTargetRegressor(estimator, transformer=StandardScaler())


PREPARATIONS: Mapping[str, tuple[str, Callable[[pd.DataFrame, Task, int], Any]]] = {
    "scaled": ("mean 0, standard deviation 1; missing: the median; categories one-hot", _scaled),
    "ranked": ("normal scores; missing: the median and an indicator; categories one-hot", _ranked),
    "coded": ("as they are, missing too; categories by their mean of the target", _coded),
}
KINDS: Mapping[str, Kind] = {
    "lasso": Kind("linear, L1 penalty", "penalty", (1e-3, 3e-3, 1e-2), _lasso, "scaled"),
    "linear_ranks": Kind("linear, L2 penalty", "penalty", (1e-6, 1e-5, 1e-4, 1e-3), _linear, "ranked"),
    "k_nearest": Kind("mean of the nearest rows", "neighbours", (15, 50, 150), _nearest, "scaled", 3_000),
    "decision_tree": Kind("one tree", "smallest leaf", (10, 30, 100), _tree, "coded", 30_000),
    "hist_boosting": Kind("histogram boosting of 100 trees", "leaves", (31,), _histogram, "coded"),
    "svm": Kind("support vectors, Gaussian kernel", "C", (1.0, 10.0), _support_vectors, "scaled", 2_000),
}
