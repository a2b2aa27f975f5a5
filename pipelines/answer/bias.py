"""Whether a model predicts too low or too high on the test rows, by more than anyone would accept."""

from typing import NamedTuple

from pipelines.facts.shared import Pointer
from pipelines.facts.steps import Facts
from pipelines.metrics import METRICS


class Bias(NamedTuple):
    """Where the mean error stands, and its direction."""

    where: Pointer
    too_low: bool


def bias(facts: Facts, model: str = "strong") -> Bias | None:
    """Return the model's mean error if its interval lies wholly beyond the margin; None where it does not.

    Asked only of metrics in the target's unit, whose margin is a size of error.
    """
    residuals = facts["compare"]["residuals"]
    if residuals is None or METRICS[facts["metric"]["primary"]].unit_power != 1:
        return None
    place = next(i for i, one in enumerate(residuals) if one["model"] == model)
    found, margin = residuals[place].get("mean"), facts["metric"]["margin"]
    if found is None:
        return None
    low, high = found["ci"]
    where = f"compare#/residuals/{place}/mean"
    return Bias(where, too_low=low > margin) if low > margin or high < -margin else None
