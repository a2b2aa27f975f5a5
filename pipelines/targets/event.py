"""An event that happens or not: log loss, and log-odds as the raw prediction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy.special import expit

from pipelines.targets.labelled import FAR, SURE, evidence_outside_commonest
from pipelines.targets.target import START_DIGITS, Ability, Floats, Integers, Target, TargetWords


@dataclass(frozen=True)
class Event(Target):
    """Two classes, of which the one that `positive` names is the event: 1, and the other 0."""

    name: ClassVar[str] = "binary"
    can: ClassVar[frozenset[Ability]] = frozenset({"probabilities", "costs", "curves"})
    column_types: ClassVar[tuple[str, ...]] = ("integer", "number", "boolean", "category")
    words: ClassVar[TargetWords] = TargetWords(
        average="base rate", linear_model="logistic regression", loss="log loss", raw_unit="log-odds"
    )
    engines: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "lightgbm": {"objective": "binary", "metric": "binary_logloss"},
        "xgboost": {"objective": "binary:logistic", "eval_metric": "logloss"},
        "sklearn": {"suffix": "Classifier"},
    }
    outputs: int = 1

    def loss(self, y: Floats, prediction: Floats) -> Floats:
        """Return the log losses."""
        return self.judged_loss(y, self.judged(y, prediction))

    def judged(self, y: Floats, prediction: Floats) -> Floats:
        """Return the probability given to what happened."""
        return np.where(y == 1, prediction, 1 - prediction)

    def judged_loss(self, y: Floats, judgement: Floats) -> Floats:  # noqa: ARG002 - already in the judgement
        """Return the log losses, of probabilities kept SURE away from 0 and 1."""
        return np.asarray(-np.log(np.clip(judgement, SURE, 1 - SURE)))

    def raw_loss(self, y: Floats, raw: Floats) -> Floats:
        """Return the log losses of log-odds."""
        return np.asarray(np.logaddexp(0, raw) - y * raw)

    def inverse(self, raw: Floats) -> Floats:
        """Return the probability of the event."""
        return np.asarray(expit(raw))

    def gradient_hessian(self, y: Floats, raw: Floats) -> tuple[Floats, Floats]:
        """Return the derivatives of the log loss by the log-odds."""
        expected = self.inverse(raw)
        return expected - y, expected * (1 - expected)

    def start(self, y: Floats, raw: Floats) -> Floats:  # noqa: ARG002 - log-odds have their own scale
        """Return log-odds within FAR of zero, with START_DIGITS digits."""
        return np.asarray(np.round(np.clip(raw, -FAR, FAR), START_DIGITS))

    def constant(self, y: Floats, rows: int) -> Floats:
        """Return the share of events."""
        return np.full(rows, y.mean())

    def one_hot(self, y: Floats) -> Floats:
        """Return `y` itself: 0 and 1."""
        return y

    def strata(self, y: Floats) -> Integers:
        """Return each row's class."""
        return y.astype(np.int64)

    def evidence(self, y: Floats) -> int:
        """Return the number of rows of the rarer class."""
        return evidence_outside_commonest(y)
