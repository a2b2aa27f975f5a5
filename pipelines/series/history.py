"""What a forecast sees of its series' past, each feature with the last moment that it uses.

A feature is (series, blocks, horizon): one value for each target. Its *reach* is the last step that it uses less the
origin of the forecast, (horizon,): 0 or less for all that is honest, None for what is known ahead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.series.origins import Origins
from pipelines.series.panel import Panel
from pipelines.targets.arrays import Floats, Integers

WINDOWS = (1, 4)  # seasons over which means and spreads are taken
TURNS = 2  # seasonal values: one season back, and two
PLACES = 4  # seasons whose value at the same place is averaged


@dataclass(frozen=True)
class Seen:
    """One feature of all targets."""

    values: Floats  # (series, blocks, horizon)
    reach: Integers | None  # (horizon,)


def history(panel: Panel, origins: Origins, seasons: Sequence[int]) -> dict[str, Seen]:
    """Return the features that a series' own past makes; `seasons` are lengths in steps, the shortest first.

    The last value; for the longest season the values one and two seasons before the target (the nearest that the origin
    knows), and the mean of the four; means and spreads of the last one and four of the shortest seasons.
    """
    shortest, longest = seasons[0], seasons[-1]
    found = {"last value": last(panel.values, origins)}
    for turn in range(TURNS):
        found[f"{_back(turn)} season back"] = seasonal(panel.values, origins, longest, turn)
    found["mean of the same place"] = same_place(panel.values, origins, longest)
    for count in WINDOWS:
        mean, spread = window(panel.values, origins, count * shortest)
        found |= {f"mean of {count * shortest}": mean, f"spread of {count * shortest}": spread}
    return found


def past(panel: Panel, origins: Origins) -> dict[str, Seen]:
    """Return the last known values of the covariates whose future is unknown."""
    return {name: last(values, origins) for name, values in panel.past.items()}


def known_ahead(panel: Panel, origins: Origins) -> dict[str, Seen]:
    """Return the covariates of the target's own step."""
    return {name: Seen(values[:, origins.targets], None) for name, values in panel.known.items()}


def last(values: Floats, origins: Origins) -> Seen:
    """Return the value at the origin, the same for all steps."""
    return _of_origin(values[:, origins.origin], origins)


def seasonal(values: Floats, origins: Origins, period: int, turn: int = 0) -> Seen:
    """Return the value one season before the target, or as many as it takes to be known, and `turn` seasons more.

    NaN where that lies before the first step.
    """
    step = np.arange(1, origins.horizon + 1)
    reach = step - period * (-(-step // period) + turn)
    at = origins.origin[:, None] + reach
    found = values[:, np.maximum(at, 0)]
    return Seen(np.where(at >= 0, found, np.nan), reach)


def same_place(values: Floats, origins: Origins, period: int, turns: int = PLACES) -> Seen:
    """Return the mean of the last `turns` values at the target's place in the season, those that are there."""
    several = [seasonal(values, origins, period, turn) for turn in range(turns)]
    reach = several[0].reach
    return Seen(_mean(np.stack([one.values for one in several]), axis=0), reach)


def window(values: Floats, origins: Origins, length: int) -> tuple[Seen, Seen]:
    """Return mean and standard deviation of the last `length` values up to the origin, those that are there.

    NaN where none is there. The deviation is that of the values themselves (divided by their number).
    """
    at = origins.origin[:, None] - np.arange(length)
    taken = np.where(at >= 0, values[:, np.maximum(at, 0)], np.nan)  # (series, blocks, length)
    mean = _mean(taken, axis=2)
    spread = np.sqrt(_mean(np.square(taken - mean[..., None]), axis=2))
    return _of_origin(mean, origins), _of_origin(spread, origins)


def _of_origin(values: Floats, origins: Origins) -> Seen:
    """Return a value (series, blocks) of the origin as a feature, the same for all its targets."""
    shape = (*values.shape, origins.horizon)
    return Seen(np.broadcast_to(values[..., None], shape), np.zeros(origins.horizon, np.int64))


def _mean(values: Floats, axis: int) -> Floats:
    """Return the mean of what is there along an axis, NaN where nothing is."""
    there = np.isfinite(values)
    count = there.sum(axis=axis)
    total = np.where(there, values, 0.0).sum(axis=axis)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


def _back(turn: int) -> str:
    return ("one", "two", "three", "four")[turn]


def table_of(features: Mapping[str, Seen]) -> dict[str, Floats]:
    """Return the features as columns (rows,), rows by series, then block, then step."""
    return {name: np.ascontiguousarray(one.values).ravel() for name, one in features.items()}
