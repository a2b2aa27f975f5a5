"""What the times and values of series seem to be: their step, their seasons, whether effects multiply, what is missing.

A draft says each of these with its reason; nothing here changes a value.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.core.errors import InputError, quote
from pipelines.inputs import Guess, Integer
from pipelines.inputs.date_formats import clock_of, read_dates
from pipelines.profiling.asked import Asked
from pipelines.series.checks import MOST_SEASON
from pipelines.series.frequency import NAMES, Frequency
from pipelines.series.growth import growth
from pipelines.series.origins import TEST_SHARE
from pipelines.targets.arrays import Floats, Integers

HOUR, DAY, WEEK = 3600, 86_400, 604_800  # seconds
SHORTEST_MONTH = 28  # days
LONGEST_COUNT = 999  # of a frequency
# What returns, in hours, days, weeks or months: a day and a week, a week, a year, a year.
CYCLES: dict[str, tuple[int, ...]] = {"h": (24, 168), "d": (7,), "w": (52,), "mo": (12,)}
SHORTEST_SEASON = 2  # steps
HALF = 0.5


@dataclass(frozen=True)
class Times:
    """The rows of a file as moments of series; arrays are (rows,)."""

    series: Integers  # numbered from 0
    moment: np.ndarray  # datetime64[s], by the clock of the cell


@dataclass(frozen=True)
class Guessed:
    """Settings of [forecast] with their reasons."""

    frequency: tuple[str, str]
    season: tuple[list[int], str]
    effects: tuple[str, str]
    fill: tuple[str, str]
    series: int  # how many there are
    counts: bool  # whether the target counts something
    sizes: tuple[float, float]  # the least and the largest median of a series, without signs


def times_of(frame: pd.DataFrame, asked: Asked, time: Guess) -> Times:
    """Return the rows' series and moments; raise InputError where a cell of `time` holds no date."""
    cells = frame[time.name]
    latest = dict(time.keys).get("latest_year")
    moments = read_dates(cells, time.format, latest if isinstance(latest, int) else None)
    if moments.isna().any():
        raise InputError(
            f"{int(moments.isna().sum()):,} row(s) have no time, the first is row {int(np.argmax(moments.isna()))}",
            where=f"--time {quote(time.name)}, {asked.file}",
            allowed="a time in every row",
            todo="fill the cells in, or leave the rows out",
        )
    clock = clock_of(cells, moments, time.format)
    shown = (moments if clock is None else clock).to_numpy("datetime64[s]")
    if not asked.series:
        return Times(np.zeros(len(frame), np.int64), shown)
    number: Integers = frame.groupby(list(asked.series), dropna=False, sort=False).ngroup().to_numpy().astype(np.int64)
    return Times(number, shown)


def guess_series(frame: pd.DataFrame, asked: Asked, guesses: Mapping[str, Guess], times: Times) -> Guessed:
    """Return what the series of a file seem to be; `times` are its rows', and its target is one of amounts.

    Raises InputError where no frequency fits.
    """
    text, why = _frequency(times, asked)
    frequency = Frequency.of(text)
    number, begins = frequency.numbers(times.moment)
    values = frame[asked.target].to_numpy(np.float64, na_value=np.nan)
    grid = _grid(times.series[begins], number[begins], values[begins])
    season = _season(frequency, grid.shape[1])
    least = float(np.nanmin(values))
    counts = guesses[asked.target].type == Integer.name and least >= 0
    fill = _fill(grid, asked, counts=counts)
    if fill[0] == "zero":
        grid = np.where(np.isnan(grid) & _begun(grid), 0.0, grid)
    effects = _effects(grid, season[0][-1], least)
    medians = np.nanmedian(np.abs(grid), axis=1)
    sizes = (float(medians.min()), float(medians.max()))
    return Guessed((text, why), season, effects, fill, len(grid), counts, sizes)


def _frequency(times: Times, asked: Asked) -> tuple[str, str]:
    """Return the commonest difference of consecutive times of a series, and the reason."""
    order = np.lexsort((times.moment, times.series))
    moment, series = times.moment[order], times.series[order]
    apart = np.diff(moment).astype(np.int64)[np.diff(series) == 0]
    apart = apart[apart > 0]
    where = f"--time {quote(str(asked.time))}, {asked.file}"
    if not len(apart):
        raise InputError(
            "no series has two different times",
            where=where,
            allowed="series of many steps",
            todo="name the column of time, or fewer columns with --series",
        )
    commonest, share = _commonest(apart)
    if commonest >= SHORTEST_MONTH * DAY and (found := _months(moment, series)) is not None:
        count, share = found
        text = f"{count}mo"
    elif commonest >= SHORTEST_MONTH * DAY and _ends_of_months(moment):
        raise InputError(
            "the times are the last days of months",
            where=where,
            allowed="the same day in every month, such as the first, or a month without a day (2024-01)",
            todo="write each month as its first day",
        )
    else:
        text = _fixed(commonest, where)
    step = Frequency.of(text)
    return text, f"a guess: {100 * share:.3g} % of the times are {step.spell(1)} after the one before in their series"


def _commonest(values: Integers) -> tuple[int, float]:
    """Return the commonest of some values, the smallest of several, and its share."""
    found, counts = np.unique(values, return_counts=True)
    at = int(np.argmax(counts))
    return int(found[at]), float(counts[at] / len(values))


def _months(moment: np.ndarray, series: Integers) -> tuple[int, float] | None:
    """Return the commonest distance in months and its share, where all times are of one day of their months."""
    months = moment.astype("datetime64[M]")
    within = (moment - months).astype("timedelta64[s]").astype(np.int64)
    if (within != within[0]).any():
        return None
    apart = np.diff(months).astype(np.int64)[np.diff(series) == 0]
    return _commonest(apart[apart > 0])


def _ends_of_months(moment: np.ndarray) -> bool:
    """Return whether all times are of the last days of months."""
    day = moment.astype("datetime64[D]")
    return bool(((day + 1).astype("datetime64[M]") > day.astype("datetime64[M]")).all())


def _fixed(seconds: int, where: str) -> str:
    """Return a difference in weeks, days or hours, whichever is the longest that divides it."""
    for length, unit in ((WEEK, "w"), (DAY, "d"), (HOUR, "h")):
        if seconds % length == 0 and seconds // length <= LONGEST_COUNT:
            return f"{seconds // length}{unit}"
    raise InputError(
        f"consecutive times of a series are mostly {seconds / 60:g} minutes apart",
        where=where,
        allowed="whole hours, days, weeks or months",
        todo="add the rows up to hours (of a file of events [panel] does it: docs/forecasts.md), or round the times",
    )


def _grid(series: Integers, number: Integers, values: Floats) -> Floats:
    """Return the target (series, steps), NaN where no row is; of two rows of one time the later one."""
    grid = np.full((int(series.max()) + 1, int(number.max()) + 1), np.nan)
    grid[series, number] = values
    return grid


def _begun(grid: Floats) -> np.ndarray:
    """Return which steps lie at or after the first row of their series."""
    begun: np.ndarray = np.logical_or.accumulate(np.isfinite(grid), axis=1)
    return begun


def _season(frequency: Frequency, steps: int) -> tuple[list[int], str]:
    """Return the usual seasons of such steps of which the history holds MOST_SEASON, and the reason."""
    unit, count = frequency.unit, frequency.count
    usual = [cycle // count for cycle in CYCLES[unit] if cycle % count == 0 and cycle // count >= SHORTEST_SEASON]
    found = [one for one in usual if one * MOST_SEASON <= steps]
    if not found:
        why = "no usual season is short enough" if usual else f"steps of {frequency.spell(1)} have no usual season"
        return [SHORTEST_SEASON], f"a guess: {why}, so the shortest that can be said; correct it"
    said = " and ".join(_spelled(one * count, unit) for one in found)
    long = [one for one in usual if one not in found]
    why = f"; not {_spelled(long[0] * count, unit)}, of which the history does not hold {MOST_SEASON}" if long else ""
    return found, f"a guess: {said}{why}"


def _spelled(length: int, unit: str) -> str:
    """Return the length of a season in words."""
    names = {("h", 24): "a day", ("h", 168): "a week", ("d", 7): "a week", ("w", 52): "a year", ("mo", 12): "a year"}
    return names.get((unit, length), f"{length} {NAMES[unit][1]}")


def _effects(grid: Floats, season: int, least: float) -> tuple[str, str]:
    """Return whether effects add up or multiply, and the reason; what will be tested is not looked at."""
    if least < 0:
        return "absolute", "values below 0 have no relative effects"
    before = grid[:, : round((1 - TEST_SHARE) * grid.shape[1])]
    found = growth(before, season)
    if found["power"] is None:
        return "absolute", "a guess: too few whole seasons to see how the spread grows with the level"
    grows = f"the spread grows with the level to the power {found['power']:.2g}"
    if found["says"] == "relative":
        return "relative", f"a guess: never below 0, and {grows}: effects multiply"
    doubt = "" if found["says"] == "absolute" else ", which does not decide"
    return "absolute", f"a guess: {grows}{doubt}"


def _fill(grid: Floats, asked: Asked, *, counts: bool) -> tuple[str, str]:
    """Return what a missing row means, and the reason; nothing is assumed unless most series of counts have some."""
    if asked.fill is not None:
        return asked.fill, "--fill says so"
    gaps = np.isnan(grid) & _begun(grid)
    having = int(gaps.any(axis=1).sum())
    if counts and having > HALF * len(grid):
        share = 100 * float(gaps.sum() / _begun(grid).sum())
        of = f"{having:,} of {len(grid):,} series lack rows" if len(grid) > 1 else "rows are missing"
        why = f"a question: {of} ({share:.2g} % of the steps); is a missing row a 0? If not, fill them in and refuse"
        return "zero", why
    return "refuse", 'a step without a row is refused; "zero" if it means that nothing happened'


def moves_together(frame: pd.DataFrame, name: str, times: Times) -> bool:
    """Return whether all series have the same value of a column at each time."""
    value = pd.factorize(frame[name], use_na_sentinel=False)[0]
    pairs = pd.DataFrame({"moment": times.moment, "value": value}).drop_duplicates()
    return len(pairs) == len(np.unique(times.moment))
