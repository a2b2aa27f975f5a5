"""What several models' decisions cost on the same rows, each at the threshold that its own training rows choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.facts.compare.decisions import Decision, Saving
from pipelines.inference.bootstrap import REPLICATES, Replicates, resample
from pipelines.inference.cost import Costs, best_threshold, confusion, row_costs
from pipelines.inference.truth import Truth
from pipelines.metrics.prepared import Floats, prepare_ratio

PER = 1_000  # rows, for a saving in handy numbers


@dataclass(frozen=True)
class Paid:
    """What was decided, and what that cost on the same resamples."""

    y: Floats
    predictions: Mapping[str, Floats]
    thresholds: Mapping[str, float]
    drawn: Replicates  # of the cost per row

    def decision(self, name: str) -> Decision:
        """Return a model's threshold, its cost per row, and its right and wrong answers."""
        threshold = self.thresholds[name]
        return {
            "threshold": threshold,
            "expected_cost": self.drawn.point[name],
            "ci": list(self.drawn.score(name).ci),
            "confusion": confusion(self.y, self.predictions[name], threshold),
        }

    def saving(self, base: str, other: str, rows: int) -> Saving:
        """Return what the decisions of `other` save over those of `base` per so many rows; positive: they cost less."""
        saved = self.drawn.gain(base, other)
        ci = [end * rows for end in saved.ci]
        return {"value": saved.value * rows, "ci": ci, "p_value": saved.p_value, "rows": rows}


def paid(
    train_y: Floats, train: Mapping[str, Floats], truth: Truth, test: Mapping[str, Floats], costs: Costs,
    pairs: Sequence[tuple[str, str]],
) -> Paid:  # fmt: skip
    """Return what decisions by each model cost; `pairs` are the (base, other) whose savings will be asked for.

    `train` are out-of-fold predictions of the training rows, on which thresholds are chosen; `test` predictions of the
    test rows, whose `truth` is given and on which they are judged.
    """
    thresholds = {name: best_threshold(train_y, prediction, costs) for name, prediction in train.items()}
    each = {name: row_costs(truth.y, test[name], threshold, costs) for name, threshold in thresholds.items()}
    drawn = resample(
        {name: prepare_ratio(cost) for name, cost in each.items()}, len(truth.y), truth.draw(REPLICATES),
        pairs=pairs, greater_is_better=False, scale="error",
    )  # fmt: skip
    return Paid(truth.y, test, thresholds, drawn)
