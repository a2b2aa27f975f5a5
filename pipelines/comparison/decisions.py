"""Decisions of a binary model: the threshold that costs least on training rows, judged on the test rows."""

from collections.abc import Mapping

import numpy as np

from pipelines.comparison.scores import BASELINE, STRONG
from pipelines.facts.compare.decisions import CostPoint, Threshold
from pipelines.inference.cost import EVERYBODY, NOBODY, Costs, row_costs
from pipelines.inference.cost_band import cost_band
from pipelines.inference.paid import PER, paid
from pipelines.inference.truth import Truth
from pipelines.metrics.prepared import Floats, Integers

CURVE_POINTS = 101
SHOWN_TIMES = 5  # the cost curve reaches to so many times the ideal threshold: beyond, only misses are added


def decide(
    train_y: Floats, train: Mapping[str, Floats], truth: Truth, test: Mapping[str, Floats], costs: Costs
) -> Threshold:
    """Return what decisions by either model cost.

    `train` are out-of-fold predictions of the training rows, on which thresholds are chosen; `test` predictions of the
    test rows, whose `truth` is given and on which they are judged with a paired interval. Costs are per row, savings
    positive where the strong model costs less.
    """
    y, pair = truth.y, (BASELINE, STRONG)
    done = paid(train_y, {name: train[name] for name in pair}, truth, test, costs, [pair])
    return {
        "by_cost": True,
        "chosen_on": "out-of-fold predictions of the training rows",
        "threshold_ideal": costs.ideal_threshold,
        "baseline": done.decision(BASELINE),
        "strong": done.decision(STRONG),
        "saving": done.saving(BASELINE, STRONG, 1),
        "saving_per_thousand": done.saving(BASELINE, STRONG, PER),
        "of_nobody": float(row_costs(y, test[BASELINE], NOBODY, costs).mean()),
        "of_everybody": float(row_costs(y, test[BASELINE], EVERYBODY, costs).mean()),
        "curve": _curve(y, test, truth.group, list(done.thresholds.values()), costs),
    }


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
