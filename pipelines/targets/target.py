"""What every kind of target can say of itself, so that no step needs to know which kind it has.

A *raw prediction* is what a linear model or a booster adds up: log-odds, one a class, or the value itself (the word is
scikit-learn's, `sklearn/_loss/loss.py`). A *prediction* is what a step writes down: a probability, one a class, or the
value. Both are (rows,), or (rows, classes) where there are several classes: then only differences between a row's raw
predictions mean anything.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# What a kind of target can do; steps, sections and pictures ask for these.
# probabilities: a prediction is a probability, or one for each class; costs: a wrong decision of either sort has a
# price; curves: ROC and precision-recall; confusion: which class is taken for which; residuals: errors have a size and
# a sign; intervals: a prediction has a lower and an upper end; log_scale: the logarithm may be modelled.
Ability = Literal["probabilities", "costs", "curves", "confusion", "residuals", "intervals", "log_scale"]
START_DIGITS = 4  # of a starting raw prediction: later ones differ between processors and could flip splits


@dataclass(frozen=True)
class TargetWords:
    """What pages and pictures call things of this kind of target."""

    average: str  # what a constant predicts
    linear_model: str  # the baseline
    loss: str  # what models are fitted by
    raw_unit: str  # of a raw prediction


class Target(ABC):
    """One kind of target; subclasses are frozen dataclasses. `y` is float64, (rows,), as `define` encodes it."""

    name: ClassVar[str]  # in the project file: `task = "..."`
    can: ClassVar[frozenset[Ability]]
    column_types: ClassVar[tuple[str, ...]]  # of [columns], that the target's column may have
    words: ClassVar[TargetWords]
    engines: ClassVar[Mapping[str, Mapping[str, Any]]]  # each library's settings for this kind; "sklearn": its suffix
    outputs: int  # numbers that a prediction has: 1, or one for each of several classes

    @classmethod
    def of(cls, y: Floats) -> Self:  # noqa: ARG003 - most kinds have one output whatever the values
        """Return the target with as many outputs as the values `y` of all rows need."""
        return cls()

    @abstractmethod
    def loss(self, y: Floats, prediction: Floats) -> Floats:
        """Return each row's loss, (rows,): the one by which settings, numbers of trees and weights are chosen."""

    @abstractmethod
    def judged(self, y: Floats, prediction: Floats) -> Floats:
        """Return what a prediction is judged by, (rows,): the probability given to what happened, or the value.

        A weighted mean of models is judged by the weighted mean of theirs.
        """

    @abstractmethod
    def judged_loss(self, y: Floats, judgement: Floats) -> Floats:
        """Return the losses of `judged` predictions, (rows,) or (rows, several), in their shape."""

    @abstractmethod
    def raw_loss(self, y: Floats, raw: Floats) -> Floats:
        """Return each row's loss of a raw prediction, (rows,)."""

    @abstractmethod
    def inverse(self, raw: Floats) -> Floats:
        """Return the prediction of a raw prediction (the inverse link), in its shape."""

    @abstractmethod
    def gradient_hessian(self, y: Floats, raw: Floats) -> tuple[Floats, Floats]:
        """Return the first and second derivative of the loss by the raw prediction, in its shape."""

    @abstractmethod
    def start(self, y: Floats, raw: Floats) -> Floats:
        """Return a raw prediction as boosters start from it: rounded, and kept within reason.

        `y` is the training target, whose spread says what a negligible digit is.
        """

    def centred(self, raw: Floats) -> Floats:
        """Return raw predictions whose mean over the classes is zero; those of one output as they are."""
        return raw if raw.ndim == 1 else raw - raw.mean(axis=1, keepdims=True)

    def zeros(self, rows: int) -> Floats:
        """Return raw predictions of zero."""
        return np.zeros(rows if self.outputs == 1 else (rows, self.outputs))

    @abstractmethod
    def constant(self, y: Floats, rows: int) -> Floats:
        """Return the prediction for `rows` rows that knows only the mean of `y`, or the shares of its classes."""

    @abstractmethod
    def one_hot(self, y: Floats) -> Floats:
        """Return the target as what least squares can fit: `y` itself, or 0 and 1 by class, (rows, classes)."""

    @abstractmethod
    def strata(self, y: Floats) -> Integers:
        """Return the stratum of each row that a split may keep in equal shares: its class, or zero."""

    @abstractmethod
    def evidence(self, y: Floats) -> int:
        """Return how many rows teach something: all, or of classes those outside the commonest one."""
