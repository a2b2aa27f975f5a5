"""A prediction in the user's terms: on the original scale, as a class, with an interval, a decision and its cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NotRequired

import numpy as np
from typing_extensions import TypedDict

from pipelines.facts.compare.intervals import Promise
from pipelines.inference.cost import Costs
from pipelines.targets.arrays import Floats


class Interval(TypedDict):
    """Where the value lies in a share `level` of rows, by out-of-fold errors, and what test rows show."""

    low: float
    high: float
    level: float  # share of rows that the intervals promise to hold
    coverage: float  # share of the test rows that they held
    coverage_ci: list[float]  # its interval, at 95 %
    promise: Promise  # held, broken or exceeded on the test rows


class Decision(TypedDict):
    """What is done about a row where wrong decisions have a price."""

    act: bool
    threshold: float  # from which probability on: chosen on training rows


class Answer(TypedDict):
    """What a model says of a row."""

    prediction: float | str  # probability of the event, value in its own unit, or the likeliest class
    interval: Interval | None
    decision: Decision | None
    expected_cost: float | None  # of that decision, by the model's own probability
    probabilities: NotRequired[dict[str, float]]  # of several classes


class IntervalTerms(TypedDict):
    """The intervals that a model's answers have."""

    level: float
    reach: float  # half their width on the modelling scale
    factor: float | None  # of a logarithm
    coverage: float
    ci: list[float]
    promise: Promise


@dataclass(frozen=True)
class Terms:
    """What one model's predictions mean to the user."""

    log: bool = False  # the logarithm of the target is modelled
    labels: Sequence[str] = ()  # of several classes, by their numbers
    interval: IntervalTerms | None = None
    threshold: float | None = None
    costs: Costs | None = None

    def values(self, prediction: Floats) -> Floats:
        """Return predictions on the user's scale, in their shape: values of a logarithm, else as they are."""
        return np.exp(prediction) if self.log else prediction

    def modelled(self, values: Floats) -> Floats:
        """Return values of the user's scale on the modelling one, (rows,), NaN where they have none there."""
        if not self.log:
            return values
        return np.log(values, out=np.full(len(values), np.nan), where=values > 0)

    def answers(self, prediction: Floats) -> list[Answer]:
        """Return the answers of predictions, (rows,) or (rows, classes)."""
        if prediction.ndim > 1:
            return [self._of_classes(row) for row in prediction.tolist()]
        values = self.values(prediction).tolist()
        lows, highs = self._ends(prediction)
        return [self._of_value(*one) for one in zip(values, lows, highs, strict=True)]

    def _ends(self, prediction: Floats) -> tuple[list[float], list[float]]:
        """Return the ends of the intervals on the user's scale."""
        if self.interval is None:
            nothing = [0.0] * len(prediction)
            return nothing, nothing
        reach = self.interval["reach"]
        return self.values(prediction - reach).tolist(), self.values(prediction + reach).tolist()

    def _of_value(self, value: float, low: float, high: float) -> Answer:
        told = self.interval
        interval: Interval | None = told and {
            "low": low, "high": high, "level": told["level"], "coverage": told["coverage"],
            "coverage_ci": told["ci"], "promise": told["promise"],
        }  # fmt: skip
        if self.threshold is None:
            return {"prediction": value, "interval": interval, "decision": None, "expected_cost": None}
        act = value >= self.threshold
        cost = None
        if self.costs is not None:
            cost = (1 - value) * self.costs.false_positive if act else value * self.costs.false_negative
        return {
            "prediction": value,
            "interval": interval,
            "decision": {"act": act, "threshold": self.threshold},
            "expected_cost": cost,
        }

    def _of_classes(self, probabilities: list[float]) -> Answer:
        by_label = dict(zip(self.labels, probabilities, strict=True))
        likeliest = max(by_label, key=by_label.__getitem__)
        return {
            "prediction": likeliest, "interval": None, "decision": None, "expected_cost": None,
            "probabilities": by_label,
        }  # fmt: skip
