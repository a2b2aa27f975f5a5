"""The measures of forecasts that are always shown, in the target's own unit where they have one.

Each is a function of the values, the forecasts and each row's usual seasonal change of its series, all (rows,).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from pipelines.metrics import METRICS
from pipelines.metrics.prepared import Floats, Prepared, prepare_ratio


@dataclass(frozen=True)
class Measure:
    """One measure: its plain name, and itself as a function of the rows' weights."""

    label: str
    prepare: Callable[[Floats, Floats, Floats], Prepared]


def _as_metric(name: str) -> Measure:
    """Return a metric as a measure: where it judges each series by its usual change, of errors in units of that."""
    metric = METRICS[name]

    def prepare(y: Floats, forecast: Floats, change: Floats) -> Prepared:
        unit = change if metric.by_series else np.ones(len(y))
        return metric.prepare(y / unit, forecast / unit)

    return Measure(metric.label, prepare)


def _bias(y: Floats, forecast: Floats, change: Floats) -> Prepared:  # noqa: ARG001 - a share of all values
    """Return the sum of errors by that of values; of values from 0, forecasts by values, both summed, less 1."""
    return prepare_ratio(forecast - y, np.abs(y))


BIAS = "bias"
# What a draft proposes: of several series of counts, of series of many sizes, and of one.
OF_COUNTS, OF_ALL_SIZES, OF_ONE = "wape", "mase", "mae"
MEASURES: Mapping[str, Measure] = {
    **{name: _as_metric(name) for name in ("mae", "wape", "mase", "rmse")},
    BIAS: Measure("bias", _bias),
}
