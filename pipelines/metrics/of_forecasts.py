"""The measures of forecasts that are always shown, in the target's own unit where they have one.

Each is a function of the values, the forecasts and each row's usual seasonal change of its series, all (rows,).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from pipelines.metrics.prepared import Floats, Prepared, prepare_ratio


@dataclass(frozen=True)
class Measure:
    """One measure: its plain name, and itself as a function of the rows' weights."""

    label: str
    prepare: Callable[[Floats, Floats, Floats], Prepared]


def _absolute(y: Floats, forecast: Floats, change: Floats) -> Prepared:  # noqa: ARG001 - in the target's unit
    return prepare_ratio(np.abs(y - forecast))


def _share(y: Floats, forecast: Floats, change: Floats) -> Prepared:  # noqa: ARG001 - a share of all values
    return prepare_ratio(np.abs(y - forecast), np.abs(y))


def _scaled(y: Floats, forecast: Floats, change: Floats) -> Prepared:
    return prepare_ratio(np.abs(y - forecast) / change)


def _root(y: Floats, forecast: Floats, change: Floats) -> Prepared:  # noqa: ARG001 - in the target's unit
    squared = prepare_ratio(np.square(y - forecast))
    root = float(np.sqrt(np.square(y - forecast).mean()))

    def influence() -> Floats:
        moved = squared.influence() if squared.influence else np.zeros(len(y))
        return moved / (2 * root) if root > 0 else np.zeros(len(y))

    return Prepared(lambda weights: np.sqrt(squared.score(weights)), influence)


def _bias(y: Floats, forecast: Floats, change: Floats) -> Prepared:  # noqa: ARG001 - a share of all values
    """Return the sum of errors by that of values; of values from 0, forecasts by values, both summed, less 1."""
    return prepare_ratio(forecast - y, np.abs(y))


BIAS = "bias"
OF_SEVERAL, OF_ONE = "wape", "mae"  # that a draft proposes, of several series and of one
MEASURES: Mapping[str, Measure] = {
    "mae": Measure("mean absolute error", _absolute),
    "wape": Measure("WAPE", _share),
    "mase": Measure("MASE", _scaled),
    "rmse": Measure("RMSE", _root),
    BIAS: Measure("bias", _bias),
}
