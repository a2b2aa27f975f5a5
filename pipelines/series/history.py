"""What a forecast sees of its series' past, each feature with the last moment that it uses.

A feature is (series, blocks, horizon): one value for each target. Its *reach* is the last step that it uses less the
origin of the forecast, (horizon,): 0 or less for all that is honest, None for what is known ahead. Values of the past
are less the *level*, the mean of a long window that ends at the origin: so is the target, and what is left says how far
the last days were from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipelines.series.origins import Origins
from pipelines.series.panel import Panel
from pipelines.targets.arrays import Floats, Integers

WINDOWS = (1, 4)  # seasons over which means and spreads are taken
TURNS = 2  # seasonal values: one season back, and two
PLACES = 4  # seasons whose value at the same place is averaged
SHOCKS = 3  # last values of the neighbours


@dataclass(frozen=True)
class Seen:
    """One feature of all targets."""

    values: Floats  # (series, blocks, horizon)
    reach: Integers | None  # (horizon,)

    def less(self, level: Floats) -> "Seen":
        """Return the feature less the level (series, blocks) of each origin."""
        return replace(self, values=self.values - level[..., None])


def level(values: Floats, origins: Origins, length: int) -> Floats:
    """Return the mean of the last `length` values up to each origin, those that are there, (series, blocks)."""
    there = np.isfinite(values)
    total = np.cumsum(np.pad(np.where(there, values, 0.0), ((0, 0), (1, 0))), axis=1)
    count = np.cumsum(np.pad(there, ((0, 0), (1, 0))), axis=1)
    last = origins.origin + 1
    first = np.maximum(last - length, 0)
    number = count[:, last] - count[:, first]
    whole = total[:, last] - total[:, first]
    return np.divide(whole, number, out=np.full(whole.shape, np.nan), where=number > 0)


def history(panel: Panel, origins: Origins, seasons: Sequence[int], base: Floats) -> dict[str, Seen]:
    """Return the features that a series' own past makes; `seasons` are lengths in steps, the shortest first.

    The last value; for each season the value one season before the target (the nearest that the origin knows), for the
    longest that two seasons before as well, and the mean of the last four; means and spreads of the last one and four
    of the shortest seasons. All less the level `base` (series, blocks), but the spreads.
    """
    shortest, longest = seasons[0], seasons[-1]
    found = {"last value": last(panel.target, origins).less(base)}
    for period in seasons:
        for turn in range(TURNS if period == longest else 1):
            back = f"{_back(turn)} season{'s' if turn else ''}"
            name = f"{back} back" if len(seasons) == 1 else f"{back} of {period} back"
            found[name] = seasonal(panel.target, origins, period, turn).less(base)
    found["mean of the same place"] = same_place(panel.target, origins, longest).less(base)
    for count in WINDOWS:
        mean, spread = window(panel.target, origins, count * shortest)
        found |= {f"mean of last {count * shortest}": mean.less(base), f"spread of last {count * shortest}": spread}
    return found


def past(panel: Panel, origins: Origins) -> dict[str, Seen]:
    """Return the last known values of the covariates whose future is unknown."""
    return {f"{name}, last known": last(values, origins) for name, values in panel.past.items()}


def known_ahead(panel: Panel, origins: Origins) -> dict[str, Seen]:
    """Return the covariates of the target's own step."""
    return {name: Seen(values[:, origins.targets], None) for name, values in panel.known.items()}


def known_before(panel: Panel, origins: Origins, length: int) -> dict[str, Seen]:
    """Return the covariates' means over the last `length` steps, the window of the level, by the covariate's name.

    What moved the target moved the level as well: a forecast of the distance from it needs both.
    """
    numbers = {name: values for name, values in panel.known.items() if name not in panel.levels}
    return {name: _of_origin(level(values, origins, length), origins) for name, values in numbers.items()}


def neighbours(panel: Panel, origins: Origins, seasons: Sequence[int], length: int) -> dict[str, Seen]:
    """Return what the other series' mean was: its last values, means of the last seasons, and its seasonal value.

    All less the level of that mean, over the last `length` steps. Nothing where there is one series. Series that have
    not begun are left out of the mean; a step at which no other has a value is missing.
    """
    if len(panel.target) == 1:
        return {}
    others = _of_others(panel.target)
    theirs = level(others, origins, length)
    shortest, longest = seasons[0], seasons[-1]
    found = {}
    for back in range(min(SHOCKS, shortest)):
        name = "others' last value" if back == 0 else f"others' value {back} before the last"
        found[name] = _at(others, origins, back).less(theirs)
    for count in WINDOWS:
        found[f"others' mean of last {count * shortest}"] = window(others, origins, count * shortest)[0].less(theirs)
    found["others' one season back"] = seasonal(others, origins, longest).less(theirs)
    return found


def _of_others(values: Floats) -> Floats:
    """Return the mean of all other series at each step, those that are there."""
    there = np.isfinite(values)
    total = np.where(there, values, 0.0).sum(axis=0) - np.where(there, values, 0.0)
    count = there.sum(axis=0) - there
    return np.divide(total, count, out=np.full(values.shape, np.nan), where=count > 0)


def last(values: Floats, origins: Origins) -> Seen:
    """Return the value at the origin, the same for all steps."""
    return _of_origin(values[:, origins.origin], origins)


def _at(values: Floats, origins: Origins, back: int) -> Seen:
    """Return the value so many steps before the origin, the same for all steps; NaN before the first step."""
    at = origins.origin - back
    one = _of_origin(np.where(at >= 0, values[:, np.maximum(at, 0)], np.nan), origins)
    return replace(one, reach=np.full(origins.horizon, -back, np.int64))


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
