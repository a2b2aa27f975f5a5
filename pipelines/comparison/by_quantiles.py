"""The outcome by quantiles of predictions: as many slices of a slope as there are groups."""

import numpy as np

from pipelines.facts.compare.by_quantiles import OutcomeQuantile
from pipelines.targets.arrays import Floats

SURE = 1.96  # standard deviations of an interval of 95 %


def by_quantiles(y: Floats, predicted: Floats, number: int) -> list[OutcomeQuantile]:
    """Return the outcome y (rows,) by `number` quantiles of the predictions (rows,), the lowest first.

    Rows with equal predictions are in one quantile, so that there may be fewer. Intervals are by the normal
    distribution: predictions are of rows that their model did not see, so that no mean is chosen by its size.
    """
    ends = np.unique(np.quantile(predicted, np.linspace(0, 1, number + 1)[1:-1]))
    place = np.searchsorted(ends, predicted, side="left")
    return [_of(y[place == one], predicted[place == one]) for one in np.unique(place)]


def _of(y: Floats, predicted: Floats) -> OutcomeQuantile:
    mean = float(y.mean())
    reach = SURE * float(y.std(ddof=1) / np.sqrt(len(y))) if len(y) > 1 else 0.0
    return {
        "rows": len(y), "predicted": float(predicted.mean()),
        "outcome": {"value": mean, "ci": [mean - reach, mean + reach]},
    }  # fmt: skip
