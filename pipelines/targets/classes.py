"""One of several classes: log loss, and one raw prediction a class, whose softmax is the probabilities."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from scipy.special import logsumexp, softmax

from pipelines.targets.labelled import FAR, SURE, chance_of_truth, evidence_outside_commonest, indicators
from pipelines.targets.target import START_DIGITS, Ability, Floats, Integers, Target, TargetWords


@dataclass(frozen=True)
class Classes(Target):
    """Three classes or more: `y` is a class's number, 0 to `outputs` - 1."""

    name: ClassVar[str] = "multiclass"
    can: ClassVar[frozenset[Ability]] = frozenset({"probabilities", "confusion"})
    column_types: ClassVar[tuple[str, ...]] = ("integer", "category")
    words: ClassVar[TargetWords] = TargetWords(
        average="base rate", linear_model="logistic regression", loss="log loss", raw_unit="log-odds"
    )
    engines: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "lightgbm": {"objective": "multiclass", "metric": "multi_logloss"},
        "xgboost": {"objective": "multi:softprob", "eval_metric": "mlogloss"},
        "sklearn": {"suffix": "Classifier"},
    }
    outputs: int

    @classmethod
    def of(cls, y: Floats) -> Self:
        """Return the target with an output a class."""
        return cls(int(y.max()) + 1)

    def loss(self, y: Floats, prediction: Floats) -> Floats:
        """Return the log losses."""
        return self.judged_loss(y, self.judged(y, prediction))

    def judged(self, y: Floats, prediction: Floats) -> Floats:
        """Return the probability given to the row's own class."""
        return chance_of_truth(y, prediction)

    def judged_loss(self, y: Floats, judgement: Floats) -> Floats:  # noqa: ARG002 - already in the judgement
        """Return the log losses, of probabilities kept SURE away from 0 and 1."""
        return np.asarray(-np.log(np.clip(judgement, SURE, 1 - SURE)))

    def raw_loss(self, y: Floats, raw: Floats) -> Floats:
        """Return the log losses of the softmax."""
        return np.asarray(logsumexp(raw, axis=1) - raw[np.arange(len(y)), y.astype(np.int64)])

    def inverse(self, raw: Floats) -> Floats:
        """Return the probabilities of the classes."""
        return np.asarray(softmax(raw, axis=1))

    def gradient_hessian(self, y: Floats, raw: Floats) -> tuple[Floats, Floats]:
        """Return the derivatives of the log loss, of the second ones those of each class by itself."""
        expected = self.inverse(raw)
        return expected - self.one_hot(y), expected * (1 - expected)

    def start(self, y: Floats, raw: Floats) -> Floats:  # noqa: ARG002 - log-odds have their own scale
        """Return centred log-odds within FAR of zero, with START_DIGITS digits."""
        return np.asarray(np.round(np.clip(self.centred(raw), -FAR, FAR), START_DIGITS))

    def constant(self, y: Floats, rows: int) -> Floats:
        """Return the shares of the classes, (rows, classes)."""
        share = np.bincount(y.astype(np.int64), minlength=self.outputs) / len(y)
        return np.broadcast_to(share, (rows, self.outputs))

    def one_hot(self, y: Floats) -> Floats:
        """Return 0 and 1 by class, (rows, classes)."""
        return indicators(y, self.outputs)

    def strata(self, y: Floats) -> Integers:
        """Return each row's class."""
        return y.astype(np.int64)

    def evidence(self, y: Floats) -> int:
        """Return the number of rows outside the commonest class."""
        return evidence_outside_commonest(y)
