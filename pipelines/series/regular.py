"""A file of moments becomes series on regular steps: what is missing, doubled or between steps is found, never fixed.

The one thing that may be filled is a step without a row, with zero, where the project file says that this is what it
means.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.core.cells import SHOWN
from pipelines.core.errors import InputError, quote
from pipelines.core.project import Forecast
from pipelines.facts.define import Filled
from pipelines.inputs import holds_numbers, level_codes, level_names
from pipelines.series.frequency import Frequency
from pipelines.series.panel import Panel
from pipelines.targets.arrays import Booleans, Floats, Integers

BETWEEN = " / "  # the parts of a series' name
CHANGES = {3: "spring", 4: "spring", 9: "autumn", 10: "autumn", 11: "autumn"}  # months in which clocks are changed
SUNDAY = 6
MOST_EMPTY = 50  # steps of series for each row of the file, where there are more than
FEW_CELLS = 200_000


@dataclass(frozen=True)
class Regular:
    """The series, and what was done to make them regular."""

    panel: Panel
    begin: Integers  # (series,) the first step of each
    filled: list[Filled]  # the series with most filled steps first, SHOWN of them
    filled_steps: int  # in all series
    left_out: list[str]


def regularise(
    values: Mapping[str, pd.Series], clocks: Mapping[str, pd.Series], y: Floats, asked: Forecast, where: str
) -> Regular:
    """Return the series of a file's rows: `values` and `clocks` by column (rows,), `y` (rows,) the target.

    Raises InputError where times are of several zones, no step begins, a series has two rows of one time, lacks a row,
    or does not vary.
    """
    frequency = Frequency.of(asked.frequency)
    check_keys(values, asked, where)
    _one_zone(values[asked.time], clocks.get(asked.time), asked.time, where)
    clock = clocks.get(asked.time)
    moments = (values[asked.time] if clock is None else clock).to_numpy("datetime64[s]")
    rows = values[asked.time].index.to_numpy()
    names, series = series_of(values, asked.series, len(y), where)
    kept = _without(names, series, asked.leave_out, where)
    moments, rows, y, series = moments[kept], rows[kept], y[kept], series[kept]
    present, series = np.unique(series, return_inverse=True)
    names = [names[one] for one in present]
    number, begins = frequency.numbers(moments)
    if not begins.all():
        raise _between(moments, rows, begins, frequency, asked, where)
    steps = int(number.max()) + 1
    check_span(steps, len(names), moments, rows, frequency, where)
    _no_doubles(series, number, moments, rows, names, frequency, asked, where)
    target = np.full((len(names), steps), np.nan)
    target[series, number] = y
    times = frequency.times(moments.min(), steps)
    begin = np.full(len(names), steps, np.int64)
    np.minimum.at(begin, series, number)
    gaps = np.isnan(target) & (np.arange(steps) >= begin[:, None])
    if gaps.any() and asked.fill == "refuse":
        raise _gap(gaps, times, names, frequency, asked, where)
    target[gaps] = 0.0
    columns = {
        name: _spread(values[name][kept], series, number, gaps, shape=target.shape)
        for name in (*asked.known, *asked.past, *asked.oracle)
    }
    known, past, oracle = (
        {name: columns[name][0] for name in of_list} for of_list in (asked.known, asked.past, asked.oracle)
    )
    levels = {name: found for name, (_, found) in columns.items() if found}
    panel = Panel(target, known, past, oracle, times, tuple(names), levels)
    order = np.argsort(-gaps.sum(axis=1), kind="stable")
    filled: list[Filled] = [
        {
            "series": names[one], "steps": int(gaps[one].sum()),
            "first": frequency.label(times[int(np.argmax(gaps[one]))]),
        }
        for one in order[:SHOWN] if gaps[one].any()
    ]  # fmt: skip
    return Regular(panel, begin, filled, int(gaps.sum()), list(asked.leave_out))


def check_keys(values: Mapping[str, pd.Series], asked: Forecast, where: str) -> None:
    """Raise InputError where a row says no time, or does not say which series it is of."""
    for key, name in (("time", asked.time), *(("series", name) for name in asked.series)):
        absent = values[name].index[values[name].isna()]
        if len(absent):
            others = [one for one in (asked.time, *asked.series) if one != name]
            said = [f"{one} {quote(_cell(values[one][absent[0]]))}" for one in others]
            raise InputError(
                f"column {quote(name)} (forecast.{key}) is empty in {len(absent):,} row(s)",
                where=f"{where}, row {', '.join(map(str, absent[:SHOWN]))}" + (f" ({', '.join(said)})" if said else ""),
                allowed="a time and a series in every row",
                todo="fill the cells in, or take these rows out of the file",
            )


def series_of(values: Mapping[str, pd.Series], by: Sequence[str], rows: int, where: str) -> tuple[list[str], Integers]:
    """Return the names of the series, sorted, and the place of each row's series among them.

    Raises InputError where two series would have one name.
    """
    if not by:
        return [""], np.zeros(rows, np.int64)
    parts = [values[name].astype(object).map(_text).to_numpy(object) for name in by]
    joined = parts[0] if len(parts) == 1 else np.array([BETWEEN.join(one) for one in zip(*parts, strict=True)], object)
    codes, names = pd.factorize(joined, sort=True)
    _one_name_each(parts, codes, names, by, where)
    return [str(name) for name in names], codes.astype(np.int64)


def _one_name_each(
    parts: Sequence[np.ndarray], codes: np.ndarray, names: np.ndarray, by: Sequence[str], where: str
) -> None:
    """Raise InputError where two series would have one name, as "a / b" and "c", and "a" and "b / c"."""
    by_parts, _ = pd.factorize(pd.MultiIndex.from_arrays(parts))
    distinct = pd.DataFrame({"series": by_parts, "name": codes}).drop_duplicates()
    twice = distinct[distinct.duplicated("name")]
    if len(twice):
        name = str(names[twice["name"].iloc[0]])
        raise InputError(
            f"{len(distinct):,} series have {len(names):,} names: more than one would be called {quote(name)}",
            where=f"{where}, columns {', '.join(map(quote, by))}",
            allowed=f"values that stay distinct when they are joined by {quote(BETWEEN)}",
            todo="rename one of them in the file",
        )


def _cell(cell: object) -> str:
    return str(cell).removesuffix(" 00:00:00")


def _text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _without(names: list[str], series: Integers, left_out: Sequence[str], where: str) -> Booleans:
    """Return which rows are of series that are kept."""
    unknown = next((name for name in left_out if name not in names), None)
    if unknown is not None:
        raise InputError(
            f"forecast.leave_out names {quote(unknown)}, and no series has that name",
            where=where,
            allowed=", ".join(map(quote, names[:SHOWN])) + (" ..." if len(names) > SHOWN else ""),
            todo="correct forecast.leave_out",
        )
    if names and len(set(left_out)) == len(names):
        raise InputError("forecast.leave_out names every series", where=where, todo="keep at least one")
    return ~np.isin(series, [names.index(name) for name in left_out])


def _one_zone(times: pd.Series, clock: pd.Series | None, name: str, where: str) -> None:
    """Raise InputError where the times have offsets that differ."""
    if clock is None:
        return
    offset = (clock - times).to_numpy("timedelta64[s]").astype(np.int64)
    other = np.flatnonzero(offset != offset[0])
    if not len(other):
        return
    raise InputError(
        f"column {quote(name)} (forecast.time) has times of several offsets: {_hours(offset[0])} and "
        f"{_hours(offset[other[0]])}",
        where=f"{where}, row {times.index[other[0]]}: {_shown(clock.to_numpy('datetime64[s]')[other[0]])}",
        allowed="one offset, or none",
        todo="write all times in one zone without summer time, such as UTC",
    )


def _hours(seconds: int) -> str:
    return f"{seconds / 3600:+g} h"


def _between(
    moments: np.ndarray, rows: np.ndarray, begins: Booleans, frequency: Frequency, asked: Forecast, where: str
) -> InputError:
    """Return the error of a time that lies between two steps."""
    first = int(np.flatnonzero(~begins)[0])
    count = int((~begins).sum())
    return InputError(
        f"{count:,} time(s) lie no whole number of steps of {frequency.spell(1)} after the first, "
        f"{_shown(moments.min())}",
        where=f"{where}, row {rows[first]}: {_shown(moments[first])}",
        allowed=f"times that lie whole steps of forecast.frequency = {quote(asked.frequency)} apart",
        todo="correct forecast.frequency, or bring the times onto one grid (changing clocks moves them by an hour)",
    )


def check_span(
    steps: int, series: int, moments: np.ndarray, rows: np.ndarray, frequency: Frequency, where: str
) -> None:
    """Raise InputError where almost no step of the series has a row: a time is wrong, or the frequency."""
    if steps * series <= max(MOST_EMPTY * len(moments), FEW_CELLS):
        return
    first, last = int(np.argmin(moments)), int(np.argmax(moments))
    raise InputError(
        f"{len(moments):,} row(s) are spread over {frequency.spell(steps)} of {series:,} series, from "
        f"{_shown(moments[first])} to {_shown(moments[last])}",
        where=f"{where}, rows {rows[first]} and {rows[last]}",
        allowed=f"at most {MOST_EMPTY} steps a row",
        todo="correct these two times, or take a longer forecast.frequency",
    )


def _no_doubles(  # noqa: PLR0913, PLR0917 - all that the message says
    series: Integers, number: Integers, moments: np.ndarray, rows: np.ndarray, names: Sequence[str],
    frequency: Frequency, asked: Forecast, where: str,
) -> None:  # fmt: skip
    """Raise InputError where a series has two rows of one time."""
    place = series * (number.max() + 1) + number
    order = np.argsort(place, kind="stable")
    same = np.flatnonzero(np.diff(place[order]) == 0)
    if not len(same):
        return
    first, second = order[same[0]], order[same[0] + 1]
    time = moments[second]
    several = f" (and {len(same) - 1:,} more time(s))" if len(same) > 1 else ""
    raise InputError(
        f"{_shown(time)} has two rows{_of_series(names[series[second]])}{several}{_clock_change(time, frequency)}",
        where=f"{where}, rows {rows[first]} and {rows[second]}",
        allowed="one row for each series and time",
        todo="name the columns that distinguish series in forecast.series, add the rows up, or write times in UTC"
        if not asked.series else "add the rows up, or write times in UTC",
    )  # fmt: skip


def _gap(
    gaps: Booleans, times: np.ndarray, names: Sequence[str], frequency: Frequency, asked: Forecast, where: str
) -> InputError:
    """Return the error of a series that lacks rows."""
    one = int(np.argmax(gaps.any(axis=1)))
    at = int(np.argmax(gaps[one]))
    ends = bool(gaps[one, at:].all())
    of = _of(names[one])
    how = f"ends before {_shown(times[at])}, and others go on" if ends else f"has no row of {_shown(times[at])}"
    series = int(gaps.any(axis=1).sum())
    return InputError(
        f"{int(gaps.sum()):,} step(s) of {series:,} series have no row; the series{of} {how}"
        f"{'' if ends else _clock_change(times[at], frequency)}",
        where=f"{where}, column {quote(asked.time)}",
        allowed="a row for each step of a series, from its first to the last of the file",
        todo='if a missing row means that nothing happened, set forecast.fill = "zero"; else fill the rows in, write '
        "times in UTC, or name the series in forecast.leave_out",
    )


def _clock_change(time: np.datetime64, frequency: Frequency) -> str:
    """Return that a double or a hole of one hour looks like a change to or from summer time, where it does."""
    if frequency.unit != "h":
        return ""
    moment = pd.Timestamp(time)
    season = CHANGES.get(moment.month)
    if moment.day_of_week != SUNDAY or moment.hour > 3 or season is None:  # noqa: PLR2004 - o'clock
        return ""
    return f" (the night in {season} in which clocks are changed)"


def _spread(
    column: pd.Series, series: Integers, number: Integers, gaps: Booleans, shape: tuple[int, ...]
) -> tuple[Floats, tuple[str, ...]]:
    """Return a covariate (series, steps) and its levels, where it is a category.

    At a step that was filled it has the value that all other series have then, if they have one and the same.
    """
    levels: tuple[str, ...] = ()
    if not holds_numbers(column):
        column = pd.Series(pd.Categorical(column), index=column.index)  # as read it is text
        levels = tuple(level_names(column))
        codes = level_codes(column).astype(np.float64)
        numbers = np.where(codes < 0, np.nan, codes)
    else:
        numbers = column.to_numpy(np.float64, na_value=np.nan)
    found = np.full(shape, np.nan)
    found[series, number] = numbers
    if gaps.any():
        known = np.isfinite(found)
        low = np.where(known, found, np.inf).min(axis=0)
        high = np.where(known, found, -np.inf).max(axis=0)
        common = np.where(low == high, low, np.nan)
        found = np.where(gaps, common, found)
    return found, levels


def _shown(time: np.datetime64) -> str:
    return str(time.astype("datetime64[s]")).replace("T", " ").removesuffix(" 00:00:00")


def _of_series(name: str) -> str:
    return f" of series {quote(name)}" if name else ""


def _of(name: str) -> str:
    return f" of {quote(name)}" if name else ""
