"""What decisions cost: a row is acted on where its predicted probability reaches a threshold."""

from dataclasses import dataclass

import numpy as np

from pipelines.facts.compare.decisions import Answers
from pipelines.metrics.prepared import Floats

EVERYBODY = 0.0  # the threshold that acts on every row
NOBODY = float(np.nextafter(1.0, 2.0))  # just above every probability: acts on no row


@dataclass(frozen=True)
class Costs:
    """The price of a wrong decision, in one currency; right ones are free."""

    false_positive: float  # acted on a negative
    false_negative: float  # left a positive alone

    @property
    def ideal_threshold(self) -> float | None:
        """The threshold that costs least where probabilities are right; None if errors cost nothing.

        Source: Elkan 2001, The foundations of cost-sensitive learning (IJCAI).
        """
        total = self.false_positive + self.false_negative
        return self.false_positive / total if total > 0 else None


def row_costs(y: Floats, prediction: Floats, threshold: float, costs: Costs) -> Floats:
    """Return what the decision on each row costs, (n,)."""
    acted, positive = prediction >= threshold, y == 1
    return costs.false_positive * (acted & ~positive) + costs.false_negative * (~acted & positive)


def confusion(y: Floats, prediction: Floats, threshold: float) -> Answers:
    """Return the rows by decision and truth: tp, fp, fn, tn."""
    acted, positive = prediction >= threshold, y == 1
    return {
        "tp": int((acted & positive).sum()),
        "fp": int((acted & ~positive).sum()),
        "fn": int((~acted & positive).sum()),
        "tn": int((~acted & ~positive).sum()),
    }


def best_threshold(y: Floats, prediction: Floats, costs: Costs) -> float:
    """Return the threshold with the least total cost on these rows, which must not be the ones it is judged on.

    It lies half-way between two neighbouring predictions, or flags all rows or none; of equal costs, it is the lowest.
    """
    levels, level = np.unique(prediction, return_inverse=True)
    positives = np.bincount(level, weights=y == 1, minlength=levels.size)
    negatives = np.bincount(level, minlength=levels.size) - positives
    # The total when everything from each level upwards is acted on, and last when nothing is.
    missed = np.concatenate([[0.0], np.cumsum(positives)])
    alarms = np.concatenate([np.cumsum(negatives[::-1])[::-1], [0.0]])
    place = int(np.argmin(costs.false_positive * alarms + costs.false_negative * missed))
    if place == 0:
        return EVERYBODY
    return NOBODY if place == levels.size else float((levels[place - 1] + levels[place]) / 2)
