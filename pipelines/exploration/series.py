"""A look at the training time of forecasts: seasons, trend, jumps, zeros, spread, and what the calendar leaves.

All on training rows. Each step of a series is a target once, so the rows of a series in time are the series itself.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from pipelines.core.keys import SERIES, TIME
from pipelines.core.table import Table
from pipelines.facts.define import ForecastFacts
from pipelines.facts.eda.series import (
    Autocorrelation,
    LevelShift,
    PlaceEffect,
    SeasonSeen,
    SeriesLook,
    Zeros,
)
from pipelines.inputs import is_category, level_codes, level_names
from pipelines.models.linear import fit_linear
from pipelines.series.frequency import Frequency
from pipelines.series.growth import growth
from pipelines.targets.arrays import Booleans, Floats
from pipelines.targets.forecast import CALENDAR, LEVEL_NAME, Forecast

SHIFTS, SHIFT_ERRORS = 3, 6.0  # jumps reported, and how many standard errors a jump has at least
STRETCH = 8  # units on either side of a jump
PLACES = 6  # reported
# Borders of demand (Syntetos, Boylan and Croston 2005, Journal of the Operational Research Society 56, 495-503):
# the mean interval between demands, and the squared coefficient of variation of their sizes.
INTERVAL, VARIATION = 1.32, 0.49
FEWEST_POINTS = 12  # pairs of a correlation


@dataclass(frozen=True)
class Grid:
    """The training time as series by step, NaN where there is no row."""

    target: Floats  # (series, steps)
    left: Floats  # what the calendar leaves, on the scale on which effects add up
    unit: np.ndarray  # (steps,) the unit of each step
    times: np.ndarray  # (steps,)
    names: list[str]

    @property
    def there(self) -> Booleans:
        """Which values are there."""
        return np.isfinite(self.target)


def look_at_series(train: Table, facts: ForecastFacts) -> SeriesLook:
    """Return the look at the training rows `train`."""
    target = cast("Forecast", train.target)
    raw, level = target.label(train.y), train.x[LEVEL_NAME].to_numpy(np.float64)
    pipeline = fit_linear(train.x, train.y, target)
    left = raw - target.raw_predicted(pipeline, train.x)
    grid = _grid(train, left)
    lags = sorted({1, 2, *facts["season"]})
    yearly = [name for name in train.features if name.startswith("year ")]
    return {
        "units": len(np.unique(grid.unit)),
        "seasons": _seasons(train, raw - level, facts),
        "year": _share_of_waves(train.x[yearly], raw - level) if yearly else None,
        "trend": _trend(grid, Frequency.of(facts["frequency"])),
        "shifts": _shifts(grid, Frequency.of(facts["frequency"])),
        "zeros": _zeros(grid),
        "growth": growth(grid.target, facts["season"][-1]),
        "places": _places(train, raw - level, facts),
        "autocorrelation": [_correlated(grid.left, lag) for lag in lags if lag < grid.left.shape[1] // 2],
        "together": _together(grid.left),
        "lopsided": _lopsided(train.y - target.inverse(raw - left)) if target.aim == "median" else None,
    }


def _grid(train: Table, left: Floats) -> Grid:
    """Return the rows as series by step."""
    series = level_codes(train.frame[SERIES]).astype(np.int64)
    times, place = np.unique(train.frame[TIME].to_numpy("datetime64[s]"), return_inverse=True)
    shape = (int(series.max()) + 1, len(times))
    values, rest, unit = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(len(times), np.int64)
    values[series, place], rest[series, place] = train.y, left
    unit[place] = train.frame["time_block"].to_numpy(np.int64)
    return Grid(values, rest, unit, times, level_names(train.frame[SERIES]))


def _calendar_titles(train: Table, facts: ForecastFacts) -> list[str]:
    """Return the features that hold the place in each season, the shortest season first."""
    roles = [one["name"] for one in facts["features"] if one["role"] == CALENDAR]
    places = [name for name in roles if is_category(train.x[name])]
    return places[: len(facts["season"])]


def _seasons(train: Table, about: Floats, facts: ForecastFacts) -> list[SeasonSeen]:
    """Return how much of the variance about the level each season's places explain."""
    found: list[SeasonSeen] = []
    for steps, name in zip(facts["season"], _calendar_titles(train, facts), strict=False):
        codes = level_codes(train.x[name]).astype(np.int64)
        own = level_codes(train.frame[SERIES]).astype(np.int64) * (int(codes.max()) + 1) + codes
        found.append({"steps": steps, "name": name, "share": _explained(about, _means(about, own))})
    return found


def _means(values: Floats, group: np.ndarray) -> Floats:
    _, place = np.unique(group, return_inverse=True)
    return (np.bincount(place, values) / np.bincount(place))[place]


def _explained(values: Floats, fitted: Floats) -> float:
    spread = float(np.square(values - values.mean()).sum())
    return 1 - float(np.square(values - fitted).sum()) / spread if spread > 0 else 0.0


def _share_of_waves(waves: pd.DataFrame, about: Floats) -> float:
    """Return the share of the variance about the level that a line through the year's waves explains."""
    matrix = np.column_stack([np.ones(len(waves)), waves.to_numpy(np.float64)])
    found = np.linalg.lstsq(matrix, about, rcond=None)[0]
    return _explained(about, matrix @ found)


def _trend(grid: Grid, frequency: Frequency) -> float | None:
    """Return by what share the mean of the last year is above that of the first; None with less than two years."""
    year = round(frequency.per_year)
    total = np.nansum(grid.target, axis=0)
    if len(total) < 2 * year or year < 1:
        return None
    first, last = float(total[:year].mean()), float(total[-year:].mean())
    return last / first - 1 if first > 0 else None


def _shifts(grid: Grid, frequency: Frequency) -> list[LevelShift]:
    """Return the largest jumps between the STRETCH units before and after a moment, at most one a series.

    The standard error is that of a difference of two means of so many units, from the units' spread on both sides.
    """
    units, first = np.unique(grid.unit, return_index=True)
    if len(units) < 2 * STRETCH + 1:
        return []
    place = np.searchsorted(units, grid.unit)
    found: list[LevelShift] = []
    for one, name in enumerate(grid.names):
        there = grid.there[one]
        count = np.bincount(place[there], minlength=len(units))
        mean = np.divide(
            np.bincount(place[there], grid.target[one, there], minlength=len(units)), count,
            out=np.full(len(units), np.nan), where=count > 0,
        )  # fmt: skip
        best = _largest_jump(mean)
        if best is None:
            continue
        at, before, after, errors = best
        if errors >= SHIFT_ERRORS:
            found.append({
                "series": name, "time": frequency.label(grid.times[first[at]]), "before": before, "after": after,
                "errors": errors,
            })  # fmt: skip
    return sorted(found, key=lambda shift: -shift["errors"])[:SHIFTS]


def _largest_jump(mean: Floats) -> tuple[int, float, float, float] | None:
    """Return where the means of STRETCH units before and after differ most, in standard errors; None of no two."""
    windows = np.lib.stride_tricks.sliding_window_view(mean, STRETCH)
    before, after = windows[:-STRETCH], windows[STRETCH:]
    spread = np.sqrt((before.var(axis=1, ddof=1) + after.var(axis=1, ddof=1)) / STRETCH)
    size = np.abs(after.mean(axis=1) - before.mean(axis=1))
    errors = np.divide(size, spread, out=np.zeros(len(size)), where=np.isfinite(spread) & (spread > 0))
    if not len(errors) or not errors.max() > 0:
        return None
    at = int(np.argmax(errors))
    return at + STRETCH, float(before[at].mean()), float(after[at].mean()), float(errors[at])


def _zeros(grid: Grid) -> Zeros:
    """Return how often values are 0, and how many series are of each kind of demand."""
    counts = {"smooth": 0, "erratic": 0, "intermittent": 0, "lumpy": 0}
    for values in grid.target:
        known = values[np.isfinite(values)]
        sold = known[known > 0]
        if not len(sold):
            counts["lumpy"] += 1
            continue
        rare = len(known) / len(sold) > INTERVAL
        uneven = float(np.square(sold.std() / sold.mean())) > VARIATION
        counts[("lumpy" if uneven else "intermittent") if rare else ("erratic" if uneven else "smooth")] += 1
    share = float((grid.target[grid.there] == 0).mean())
    return cast("Zeros", {"share": share, **counts})


def _places(train: Table, about: Floats, facts: ForecastFacts) -> list[PlaceEffect]:
    """Return the places of the longest season whose mean lies farthest from the level."""
    titles = _calendar_titles(train, facts)
    if not titles:
        return []
    column = train.x[titles[-1]]
    codes, names = level_codes(column).astype(np.int64), level_names(column)
    mean = np.bincount(codes, about, minlength=len(names)) / np.maximum(np.bincount(codes, minlength=len(names)), 1)
    order = np.argsort(-np.abs(mean), kind="stable")[:PLACES]
    return [{"place": names[one], "effect": float(mean[one])} for one in order]


def _correlated(left: Floats, lag: int) -> Autocorrelation:
    """Return the correlation of what is left of two moments so many steps apart."""
    return {"lag": lag, "value": _correlation(left[:, :-lag].ravel(), left[:, lag:].ravel())}


def _correlation(a: Floats, b: Floats) -> float:
    both = np.isfinite(a) & np.isfinite(b)
    if both.sum() < FEWEST_POINTS or np.ptp(a[both]) == 0 or np.ptp(b[both]) == 0:
        return 0.0
    return float(np.corrcoef(a[both], b[both])[0, 1])


def _together(left: Floats) -> float | None:
    """Return the correlation of what is left of a series and of the mean of all others, at the same step."""
    if len(left) == 1:
        return None
    spread = np.nanstd(left, axis=1, keepdims=True)
    scaled = left / np.where(spread > 0, spread, 1.0)
    there = np.isfinite(scaled)
    total, count = np.where(there, scaled, 0).sum(axis=0), there.sum(axis=0)
    others = np.divide(total - np.where(there, scaled, 0), count - there, out=np.full(left.shape, np.nan),
                       where=count - there > 0)  # fmt: skip
    return _correlation(scaled.ravel(), others.ravel())


def _lopsided(error: Floats) -> float:
    """Return how far mean and median of the errors lie apart, as a share of their mean size."""
    size = float(np.abs(error).mean())
    return abs(float(error.mean() - np.median(error))) / size if size > 0 else 0.0
