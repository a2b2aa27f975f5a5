"""A number of events: Poisson deviance, and the logarithm of the mean as the raw prediction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from pipelines import inputs
from pipelines.core.cells import value_label
from pipelines.core.errors import InputError, quote
from pipelines.core.steady import steady
from pipelines.facts.metric import TargetLook
from pipelines.targets.amount import BINS, Amount, held_by_the_tail
from pipelines.targets.arrays import Booleans, Estimator, Floats, Matrix
from pipelines.targets.declared import Declared
from pipelines.targets.target import FEW_NUMBERS, MAX_ITERATIONS, START_DIGITS, TOLERANCE, Ability, linear_solver
from pipelines.targets.words import TargetWords

LEAST = 1e-6  # means stay this far above 0: one row with an event where none was thought possible should not decide
MOST = 1e30  # and below this, where the largest count that a model was fitted to is not known
FAR = -12.0  # logarithms of means below this carry no information that a tree could use
SMALL = 10  # half of the counts lie below this where a draft takes whole numbers for counts


@dataclass(frozen=True)
class Count(Amount):
    """How often something happened: whole numbers, 0 and up, whose spread grows with their mean."""

    name: ClassVar[str] = "count"
    can: ClassVar[frozenset[Ability]] = frozenset({"residuals"})
    column_types: ClassVar[tuple[str, ...]] = (inputs.Integer.name, inputs.Number.name)
    words: ClassVar[TargetWords] = TargetWords(
        encoded="a whole number from 0",
        average="mean",
        constant="the mean of the target over the training rows",
        knows="average",
        each_class="",
        linear_model="Poisson regression",
        loss="Poisson loss",
        raw_unit="logarithm of the mean",
        unit="value",
        mean="target's mean",
        evidence="training rows",
        predictions="predictions one by one",
        distribution="a Poisson distribution",
    )
    engines: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "lightgbm": {"objective": "poisson", "metric": "poisson"},
        "lightgbm_large": {"min_data_in_leaf": 5, "feature_fraction": 0.9},
        "xgboost": {"objective": "count:poisson", "eval_metric": "poisson-nloglik"},
        "sklearn": {"suffix": "Regressor"},
        "forest": {"max_features": 1 / 3, "min_samples_leaf": (3, 3), "arguments": {"criterion": "poisson"}},
        "histogram": {"loss": "poisson"},
        "target_encoder": {"target_type": "continuous"},
        "linear": {"model": "Poisson regression", "penalty": 1.0},
        "classic": {"without": ("lasso", "svm")},
    }
    hessian_counts_rows: ClassVar[bool] = False
    outputs: int = 1

    @classmethod
    def encode(cls, values: pd.Series, labels: list[str] | None, declared: Declared, where: str) -> Floats:
        """Return the values; raise InputError where one is negative or no whole number."""
        y = super().encode(values, labels, declared, where)
        if (wrong := np.flatnonzero((y < 0) | (y % 1 != 0))).size:
            raise InputError(
                f"{wrong.size} value(s) of the target {quote(declared.target)} are no counts",
                where=f"{where}, row {values.index[wrong[0]]}: {value_label(y[wrong[0]])}",
                allowed=f"for task {cls.name!r}: whole numbers, 0 and up",
                todo=_set_aside(y[wrong], quote(declared.target)),
            )
        return y

    @classmethod
    def valid(cls, y: pd.Series) -> pd.Series:
        """Return which values are whole numbers from 0."""
        return (y >= 0) & (y % 1 == 0) & (y < np.inf)

    @classmethod
    def edges(cls, y: Floats) -> Floats:
        """Return edges between whole numbers, as many in each bin: other bins would show peaks that are not there."""
        width = np.ceil((y.max() - y.min() + 1) / BINS)
        return np.arange(y.min() - 0.5, y.max() + width, width)

    @classmethod
    def guess(cls, values: pd.Series, column_type: str | None) -> str | None:
        """Return that whole numbers begin at 0 and most are small, where they are too many for classes."""
        if column_type != inputs.Integer.name or values.nunique() <= FEW_NUMBERS:
            return None
        numbers = values.to_numpy(np.float64)
        small = numbers.min() == 0 and np.median(numbers) < SMALL
        return "a guess: whole numbers from 0, most of them small; --task regression otherwise" if small else None

    @classmethod
    def declared_type(cls, column_type: str | None, *, amounts: bool) -> str | None:  # noqa: ARG003 - they are checked
        """Return a type of numbers."""
        return inputs.Integer.name if column_type in (inputs.Boolean.name, inputs.Category.name) else column_type

    def judged_loss(self, y: Floats, judgement: Floats) -> Floats:
        """Return the Poisson losses of means, kept above LEAST, as `raw_loss` has them."""
        from scipy.special import xlogy

        mean = np.maximum(judgement, LEAST)
        return np.asarray(mean - xlogy(y if mean.ndim == 1 else y[:, None], mean))

    def raw_loss(self, y: Floats, raw: Floats) -> Floats:
        """Return half the Poisson deviances, without the part that the truth alone decides."""
        return np.asarray(np.exp(raw) - y * raw)

    def inverse(self, raw: Floats) -> Floats:
        """Return the mean."""
        return np.asarray(np.exp(raw))

    def gradient_hessian(self, y: Floats, raw: Floats) -> tuple[Floats, Floats]:
        """Return the derivatives of the Poisson loss by the logarithm of the mean."""
        expected = self.inverse(raw)
        return expected - y, expected

    def simulate(self, raw: Floats, rng: np.random.Generator) -> Floats:
        """Return Poisson counts of those logarithms of the mean."""
        return rng.poisson(self.inverse(raw)).astype(np.float64)

    def start(self, y: Floats, raw: Floats) -> Floats:  # noqa: ARG002 - logarithms have their own scale
        """Return logarithms of means above FAR, with START_DIGITS digits."""
        return np.asarray(np.round(np.maximum(raw, FAR), START_DIGITS))

    def traits(self, y: Floats, declared: Declared) -> TargetLook:
        """Return what amounts look at, and how much of the deviance from the mean the most extreme rows hold."""
        look = super().traits(y, declared)
        deviances = self.loss(y, self.constant(y, y.size)) - self.loss(y, y)
        return look | {"tails": look["tails"] | {"deviance": held_by_the_tail(deviances)}}

    def learnable(self, y: Floats) -> bool:
        """Return whether anything happened: the logarithm of a mean of zero has no end."""
        return bool(y.any())

    def indispensable(self, y: Floats) -> Booleans:
        """Return which rows hold an event."""
        return np.asarray(y > 0)

    def dispersion(self, y: Floats, prediction: Floats) -> float:
        """Return Pearson's statistic a row (McCullagh and Nelder 1989, Generalized Linear Models, section 6.2)."""
        mean = np.maximum(prediction, LEAST)
        return float(np.mean((y - mean) ** 2 / mean))

    def linear_estimator(
        self,
        matrix: Matrix,
        penalty: float = 1.0,
        *,
        exact: bool = True,
        seed: int | None = None,  # noqa: ARG002 - it draws nothing
    ) -> Estimator:
        """Return the Poisson regression, whose logarithm of the mean is linear."""
        from sklearn.linear_model import PoissonRegressor

        solver = linear_solver(matrix, matrix.shape[1])
        settings = {"tol": TOLERANCE} if exact else {}
        return PoissonRegressor(alpha=penalty / matrix.shape[0], solver=solver, max_iter=MAX_ITERATIONS, **settings)

    def remember(self, estimator: Estimator, y: Floats) -> None:
        """Keep the largest count: a line in logarithms leads far beyond it on rows with extreme features."""
        estimator.largest_count_ = float(y.max())

    @classmethod
    def predicted(cls, estimator: Estimator, x: Matrix) -> Floats:
        """Return the mean, kept above LEAST and up to the largest count that the model was fitted to.

        No mean of counts like the training rows' lies above their largest one. Without this, a Poisson regression on a
        feature with a heavy tail predicted means of 1e12 for counts of at most 13.
        """
        fitted = estimator[-1] if hasattr(estimator, "steps") else estimator
        with np.errstate(over="ignore"):  # an infinite mean is held as any other
            return np.clip(super().predicted(estimator, x), LEAST, getattr(fitted, "largest_count_", MOST))

    def raw_predicted(self, estimator: Estimator, x: Matrix) -> Floats:
        """Return the logarithm of the mean."""
        return steady(np.log(self.predicted(estimator, x)))


def _set_aside(wrong: Floats, target: str) -> str:
    """Return what sets rows with values that are no counts aside."""
    if (wrong % 1 == 0).all():
        return f"declare `min = 0` for {target}, which sets such rows aside, or take another task"
    counts = "declare the counts that may occur, as `allowed = [0, 1, 2]`"
    return f"{counts}, for {target}, which sets other rows aside, or take another task"
