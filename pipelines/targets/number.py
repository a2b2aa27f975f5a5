"""A number: squared error, and the value itself as the raw prediction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from pipelines import inputs
from pipelines.core.cells import value_label
from pipelines.core.errors import InputError, quote
from pipelines.core.steady import steady
from pipelines.targets.amount import Amount
from pipelines.targets.arrays import Estimator, Floats, Matrix
from pipelines.targets.declared import Declared
from pipelines.targets.target import FEW_NUMBERS, START_DIGITS, Ability
from pipelines.targets.words import TargetWords


@dataclass(frozen=True)
class Number(Amount):
    """A regression: the target, or its natural logarithm, is a number."""

    name: ClassVar[str] = "regression"
    can: ClassVar[frozenset[Ability]] = frozenset({"residuals", "intervals", "log_scale"})
    column_types: ClassVar[tuple[str, ...]] = (inputs.Integer.name, inputs.Number.name)
    words: ClassVar[TargetWords] = TargetWords(
        encoded="finite",
        average="mean",
        constant="the mean of the target over the training rows",
        knows="average",
        each_class="",
        linear_model="ridge regression",
        loss="squared error",
        raw_unit="value",
        unit="value",
        mean="target's mean",
        evidence="training rows",
        predictions="predictions one by one",
    )
    engines: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "lightgbm": {"objective": "regression", "metric": "l2"},
        "lightgbm_large": {"min_data_in_leaf": 5, "feature_fraction": 0.9},
        "xgboost": {"objective": "reg:squarederror", "eval_metric": "rmse"},
        "sklearn": {"suffix": "Regressor"},
        "forest": {"max_features": 1 / 3, "min_samples_leaf": (3, 3), "arguments": {}},
        "histogram": {},
        "target_encoder": {"target_type": "continuous"},
        "linear": {"model": "ridge regression", "penalty": 1.0},
        "classic": {"without": ()},
    }
    hessian_counts_rows: ClassVar[bool] = True
    raw_in_unit: ClassVar[bool] = True
    outputs: int = 1

    @classmethod
    def encode(cls, values: pd.Series, labels: list[str] | None, declared: Declared, where: str) -> Floats:
        """Return the values or their logarithms; raise InputError where a value has none."""
        y = super().encode(values, labels, declared, where)
        if declared.target_scale == "linear":
            return y
        if (low := np.flatnonzero(y <= 0)).size:
            raise InputError(
                f"{low.size} value(s) of the target {quote(declared.target)} have no logarithm",
                where=f"{where}, row {values.index[low[0]]}: {value_label(y[low[0]])}",
                allowed="values above 0 with problem.target_scale = 'log'",
                todo=f"declare a `min` above 0 for {quote(declared.target)}, or take target_scale = 'linear'",
            )
        return steady(np.log(y))

    @classmethod
    def guess(cls, values: pd.Series, column_type: str | None) -> str | None:
        """Return how many numbers there are, of whole ones more than would be taken for classes."""
        different = values.nunique()
        many = column_type == inputs.Integer.name and different > FEW_NUMBERS
        return f"a guess: {different:,} different numbers" if many or column_type == inputs.Number.name else None

    @classmethod
    def declared_type(cls, column_type: str | None, *, amounts: bool) -> str | None:  # noqa: ARG003 - they are checked
        """Return a type of numbers."""
        if column_type == inputs.Boolean.name:
            return inputs.Integer.name
        return inputs.Number.name if column_type == inputs.Category.name else column_type

    def judged_loss(self, y: Floats, judgement: Floats) -> Floats:
        """Return the squared errors."""
        truth = y if judgement.ndim == 1 else y[:, None]
        return np.asarray((truth - judgement) ** 2)

    def raw_loss(self, y: Floats, raw: Floats) -> Floats:
        """Return the squared errors."""
        return np.asarray((y - raw) ** 2)

    def inverse(self, raw: Floats) -> Floats:
        """Return the value as it is."""
        return raw

    def gradient_hessian(self, y: Floats, raw: Floats) -> tuple[Floats, Floats]:
        """Return the derivatives of half the squared error."""
        return raw - y, np.ones_like(raw)

    def simulate(self, raw: Floats, rng: np.random.Generator) -> Floats:
        """Return the values plus standard normal noise."""
        return raw + rng.standard_normal(len(raw))

    def start(self, y: Floats, raw: Floats) -> Floats:
        """Return the values with START_DIGITS digits of their standard deviation."""
        spread = float(y.std())
        return np.round(raw, START_DIGITS - int(np.floor(np.log10(spread))) if spread > 0 else START_DIGITS)

    def linear_estimator(
        self, matrix: Matrix, penalty: float = 1.0, *, exact: bool = True, seed: int | None = None
    ) -> Estimator:
        """Return the ridge regression."""
        from scipy.sparse import issparse
        from sklearn.linear_model import Ridge

        if not exact:
            return Ridge(alpha=penalty, random_state=seed)
        # Cholesky is exact; sparse tables need an iterative solver, run to near machine precision.
        settings = {"solver": "sparse_cg", "tol": 1e-10} if issparse(matrix) else {"solver": "cholesky"}
        return Ridge(alpha=penalty, **settings)

    def check_converged(self, estimator: Estimator) -> None:
        """Raise nothing: a ridge regression is solved in one step."""

    def raw_predicted(self, estimator: Estimator, x: Matrix) -> Floats:
        """Return the value."""
        return self.predicted(estimator, x)
