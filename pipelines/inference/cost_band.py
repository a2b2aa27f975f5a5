"""What decisions cost at each threshold, with the interval that a paired bootstrap would give."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from pipelines.inference.bootstrap import CONFIDENCE, standard_errors
from pipelines.inference.cost import Costs, row_costs
from pipelines.metrics.prepared import Floats, Integers, prepare_ratio


@dataclass(frozen=True)
class Band:
    """Cost per row at each threshold; all arrays are (thresholds,)."""

    cost: dict[str, Floats]  # by model
    low: dict[str, Floats]
    high: dict[str, Floats]
    saving: Floats  # of the second model against the first, at the same threshold; positive where it costs less
    saving_low: Floats
    saving_high: Floats


def cost_band(
    y: Floats, predictions: Mapping[str, Floats], thresholds: Floats, costs: Costs, group: Integers | None = None
) -> Band:
    """Return what two models' decisions cost per row, with pointwise 95 % intervals, of rows or of whole groups.

    `predictions` are probabilities (n,) of two models by name. A cost per row is a mean, whose bootstrap variance is
    known without drawing (Efron and Tibshirani 1993, An Introduction to the Bootstrap, section 5.2): these are the
    normal intervals of infinitely many paired resamples. Those of costs are taken on a logarithmic scale, since no cost
    is negative.
    """
    base, other = predictions
    contrasts = [(None, base), (None, other), (base, other)]
    means, errors = np.empty((2, thresholds.size)), np.empty((3, thresholds.size))
    for place, threshold in enumerate(thresholds):
        paid = {name: row_costs(y, prediction, float(threshold), costs) for name, prediction in predictions.items()}
        means[:, place] = [cost.mean() for cost in paid.values()]
        found = standard_errors({name: prepare_ratio(cost) for name, cost in paid.items()}, contrasts, group)
        errors[:, place] = [found[contrast] for contrast in contrasts]
    reach = float(ndtri((1 + CONFIDENCE) / 2)) * errors
    factor = np.exp(np.divide(reach[:2], means, out=np.zeros_like(means), where=means > 0))
    saving = means[0] - means[1]
    return Band(
        cost={base: means[0], other: means[1]},
        low={base: means[0] / factor[0], other: means[1] / factor[1]},
        high={base: means[0] * factor[0], other: means[1] * factor[1]},
        saving=saving,
        saving_low=saving - reach[2],
        saving_high=saving + reach[2],
    )
