"""A number: squared error, and the value itself as the raw prediction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from pipelines.targets.target import START_DIGITS, Ability, Floats, Integers, Target, TargetWords


@dataclass(frozen=True)
class Number(Target):
    """A regression: the target, or its natural logarithm, is a number."""

    name: ClassVar[str] = "regression"
    can: ClassVar[frozenset[Ability]] = frozenset({"residuals", "intervals", "log_scale"})
    column_types: ClassVar[tuple[str, ...]] = ("integer", "number")
    words: ClassVar[TargetWords] = TargetWords(
        average="mean", linear_model="ridge regression", loss="squared error", raw_unit="value"
    )
    engines: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "lightgbm": {"objective": "regression", "metric": "l2"},
        "xgboost": {"objective": "reg:squarederror", "eval_metric": "rmse"},
        "sklearn": {"suffix": "Regressor"},
    }
    outputs: int = 1

    def loss(self, y: Floats, prediction: Floats) -> Floats:
        """Return the squared errors."""
        return self.judged_loss(y, prediction)

    def judged(self, y: Floats, prediction: Floats) -> Floats:  # noqa: ARG002 - the value is judged as it is
        """Return the value."""
        return prediction

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

    def start(self, y: Floats, raw: Floats) -> Floats:
        """Return the values with START_DIGITS digits of their standard deviation."""
        spread = float(y.std())
        return np.round(raw, START_DIGITS - int(np.floor(np.log10(spread))) if spread > 0 else START_DIGITS)

    def constant(self, y: Floats, rows: int) -> Floats:
        """Return the mean."""
        return np.full(rows, y.mean())

    def one_hot(self, y: Floats) -> Floats:
        """Return `y` itself."""
        return y

    def strata(self, y: Floats) -> Integers:
        """Return zeros: all rows are of one stratum."""
        return np.zeros(len(y), np.int64)

    def evidence(self, y: Floats) -> int:
        """Return the number of rows: a regression learns from each."""
        return len(y)
