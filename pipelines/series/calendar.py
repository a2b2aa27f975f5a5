"""What the calendar says of a target's step, all of it known ahead: its place in the season, and the time of the year.

Places are named as a reader would: a weekday, an hour of a weekday, a month; else they are numbered from 1.
"""

import numpy as np

from pipelines.core.table import WARM_UP
from pipelines.series.frequency import Frequency
from pipelines.series.history import Seen
from pipelines.series.origins import Origins
from pipelines.targets.arrays import Floats, Integers

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MOST_OWN = 400  # levels of series and place together, up to which each is a column of the linear model
WAVES = 4  # sine and cosine of the year, once to so many times a year
YEARS = 2  # that the first fold must have seen for the year to be in the baseline


class Season:
    """One season: which place of it each step is at, and what the places are called."""

    def __init__(self, period: int, frequency: Frequency, times: np.ndarray) -> None:
        """Take the season's length in steps, and the times of the steps, datetime64[s]."""
        self.period = period
        named = _named(period, frequency, times)
        if named is None:
            self.place: Integers = np.arange(len(times)) % period
            self.names = tuple(str(number + 1) for number in range(period))
            self.title = f"place in a season of {period}"
        else:
            self.place, self.names, self.title = named


def _named(period: int, frequency: Frequency, times: np.ndarray) -> tuple[Integers, tuple[str, ...], str] | None:
    """Return places by the clock or the calendar with their names and a title; None where neither names them."""
    seconds = times.astype("datetime64[s]").astype(np.int64)
    hours = seconds // 3600
    if frequency.unit == "mo" and period * frequency.count == len(MONTHS):
        month = times.astype("datetime64[M]").astype(np.int64) % len(MONTHS)
        at = month // frequency.count
        if frequency.count == 1:
            return at, MONTHS, "month"
        return at, tuple(f"from {MONTHS[int(month[at == one].min())]}" for one in range(period)), "part of the year"
    if frequency.per_week == period and frequency.unit in ("h", "d"):
        day = (hours // 24 + 3) % 7  # 1970-01-01 was a Thursday
        if frequency.unit == "d":
            return day, WEEKDAYS, "weekday"
        length = frequency.count
        at = day * (24 // length) + hours % 24 // length if 24 % length == 0 else (hours - hours[0]) // length % period
        names = tuple(f"{WEEKDAYS[day[one]]} {_clock(seconds[one])}" for one in _first_of(at, period))
        return at, names, "hour of the week"
    if frequency.unit == "h" and period * frequency.count == 24:  # noqa: PLR2004 - a day
        at = hours % 24 // frequency.count
        return at, tuple(_clock(seconds[one]) for one in _first_of(at, period)), "hour of the day"
    return None


def _first_of(places: Integers, period: int) -> list[int]:
    """Return the first step at each place, by which it is named: the steps of two hours may begin at odd ones."""
    return [int(np.argmax(places == one)) for one in range(period)]


def _clock(seconds: int) -> str:
    """Return what a clock shows, "05:30", at so many seconds since 1970."""
    return f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}"


def has_years(origins: Origins, frequency: Frequency) -> bool:
    """Return whether the models of the first fold have seen YEARS whole years, so that the year can be learned."""
    warm = np.flatnonzero(origins.fold == WARM_UP)
    return bool(len(warm) and origins.origin[warm[-1]] + origins.horizon + 1 >= YEARS * frequency.per_year)


def year_waves(times: np.ndarray, origins: Origins) -> dict[str, Seen]:
    """Return sine and cosine of the time of the year at each target, once to WAVES times a year."""
    begin = times.astype("datetime64[Y]")
    length = ((begin + 1).astype("datetime64[s]") - begin.astype("datetime64[s]")).astype(np.float64)
    share = (times.astype("datetime64[s]") - begin.astype("datetime64[s]")).astype(np.float64) / length
    found = {}
    for times_a_year in range(1, WAVES + 1):
        for name, wave in (("sine", np.sin), ("cosine", np.cos)):
            values = wave(2 * np.pi * times_a_year * share)[origins.targets]
            found[f"year {name} {times_a_year}"] = Seen(values[None], None)
    return found


def own_profile(values: Floats, place: Integers, origins: Origins) -> Floats:
    """Return each series' mean distance from its mean at each target's place, learned in the warm-up alone.

    `values` is (series, steps), `place` (steps,); the profile is (series, blocks, horizon). Zero where the warm-up
    holds no value of that place.
    """
    warm = np.flatnonzero(origins.fold == WARM_UP)
    last = int(origins.origin[warm[-1]] + origins.horizon) if len(warm) else 0
    some, at = values[:, : last + 1], place[: last + 1]
    there = np.isfinite(some)
    mean = np.divide(
        np.where(there, some, 0).sum(axis=1), there.sum(axis=1), out=np.zeros(len(values)), where=there.any(axis=1)
    )
    profile = np.zeros((len(values), int(place.max()) + 1))
    for one in range(profile.shape[1]):
        of_place, known = some[:, at == one], there[:, at == one]
        total = np.where(known, of_place - mean[:, None], 0).sum(axis=1)
        profile[:, one] = np.divide(total, known.sum(axis=1), out=np.zeros(len(values)), where=known.any(axis=1))
    return profile[:, place[origins.targets]]
