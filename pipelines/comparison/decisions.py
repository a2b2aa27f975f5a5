"""Decisions of a binary model: the threshold that costs least on training rows, judged on the test rows."""

from collections.abc import Mapping

import numpy as np

from pipelines.comparison.scores import BASELINE, STRONG
from pipelines.facts.compare.decisions import CostPoint, Decision, Saving, Threshold
from pipelines.facts.shared import Compared
from pipelines.inference.bootstrap import REPLICATES, Estimate, resample
from pipelines.inference.cost import EVERYBODY, NOBODY, Costs, best_threshold, confusion, row_costs
from pipelines.inference.cost_band import cost_band
from pipelines.inference.truth import Truth
from pipelines.metrics.prepared import Floats, Integers, prepare_ratio

CURVE_POINTS = 101
SHOWN_TIMES = 5  # the cost curve reaches to so many times the ideal threshold: beyond, only misses are added
PER = 1_000  # rows, for a saving in handy numbers


def decide(
    train_y: Floats, train: Mapping[str, Floats], truth: Truth, test: Mapping[str, Floats], costs: Costs
) -> Threshold:
    """Return what decisions by either model cost.

    `train` are out-of-fold predictions of the training rows, on which thresholds are chosen; `test` predictions of the
    test rows, whose `truth` is given and on which they are judged with a paired interval. Costs are per row, savings
    positive where the strong model is cheaper.
    """
    y = truth.y
    thresholds = {name: best_threshold(train_y, train[name], costs) for name in (BASELINE, STRONG)}
    paid = {name: row_costs(y, test[name], thresholds[name], costs) for name in thresholds}
    drawn = resample(
        {name: prepare_ratio(cost) for name, cost in paid.items()}, len(y), truth.draw(REPLICATES),
        pairs=[(BASELINE, STRONG)], greater_is_better=False, scale="error",
    )  # fmt: skip
    saving = drawn.gain(BASELINE, STRONG)

    def judged(name: Compared) -> Decision:
        return {
            "threshold": thresholds[name],
            "expected_cost": drawn.point[name],
            "ci": list(drawn.score(name).ci),
            "confusion": confusion(y, test[name], thresholds[name]),
        }

    return {
        "by_cost": True,
        "chosen_on": "out-of-fold predictions of the training rows",
        "threshold_ideal": costs.ideal_threshold,
        "baseline": judged(BASELINE),
        "strong": judged(STRONG),
        "saving": _saving(saving, 1),
        "saving_per_thousand": _saving(saving, PER),
        "of_nobody": float(row_costs(y, test[BASELINE], NOBODY, costs).mean()),
        "of_everybody": float(row_costs(y, test[BASELINE], EVERYBODY, costs).mean()),
        "curve": _curve(y, test, truth.group, list(thresholds.values()), costs),
    }


def _saving(saving: Estimate, rows: int) -> Saving:
    ci = [end * rows for end in saving.ci]
    return {"value": saving.value * rows, "ci": ci, "p_value": saving.p_value, "rows": rows}


def _curve(
    y: Floats, test: Mapping[str, Floats], group: Integers | None, chosen: list[float], costs: Costs
) -> list[CostPoint]:
    """Return both models' cost per row, with intervals, from just above 0 to well beyond the ideal and chosen ones."""
    top = min(1.0, max(SHOWN_TIMES * (costs.ideal_threshold or 0.0), *(1.25 * threshold for threshold in chosen)))
    thresholds = np.linspace(0.0, top or 1.0, CURVE_POINTS + 1)[1:]
    band = cost_band(y, {name: test[name] for name in (BASELINE, STRONG)}, thresholds, costs, group)
    return [
        {
            "threshold": float(at),
            "baseline": float(band.cost[BASELINE][i]),
            "strong": float(band.cost[STRONG][i]),
            "baseline_ci": [float(band.low[BASELINE][i]), float(band.high[BASELINE][i])],
            "strong_ci": [float(band.low[STRONG][i]), float(band.high[STRONG][i])],
            "saving": float(band.saving[i]),
            "saving_ci": [float(band.saving_low[i]), float(band.saving_high[i])],
        }
        for i, at in enumerate(thresholds)
    ]
