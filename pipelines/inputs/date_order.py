"""Which of two numbers is the day and which the month, by what a whole column and the columns beside it show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.inputs.date_formats import read_dates

TRIED = 1_000  # different dates that the other order is tried on first
FEW_DATES = 3  # different dates that show no regular step yet
STEPS = 6  # changes of the date from row to row that show an order
ORDERED, DISORDERED = 0.95, 0.8  # share of steps that go one way, of the reading that is in order and of the other
PAIRS = 20  # rows with a date beside that are compared
NEARER = 1 / 3  # of the other reading's median distance to the dates beside


@dataclass(frozen=True)
class Beside:
    """A column of dates that is read in one way alone, beside the column in question: the same rows."""

    name: str
    form: str | None
    moments: pd.Series


@dataclass(frozen=True)
class Order:
    """How dates are read, which other order of day and month would read them as well, and what speaks for the first."""

    form: str
    other: str | None = None  # None: only `form` reads all cells, or both read them alike
    why: str | None = None  # None beside another form: nothing decides


def swapped(form: str) -> str | None:
    """Return the format with day and month exchanged, where both are numbers."""
    if "%d" not in form or "%m" not in form:
        return None
    return form.replace("%d", "%?").replace("%m", "%d").replace("%?", "%m")


def order_of(texts: pd.Series, form: str, beside: Sequence[Beside] = ()) -> Order:
    """Return how the dates are to be read, of `form` and the one with day and month exchanged.

    `texts` are all cells that hold something, in the file's order, with the table's index; `form` reads them all. Four
    things decide, the first that speaks: a day that is the same in every date, as in monthly figures; the file's order;
    dates beside that lie near; dates beside that are written in the same way.
    """
    other = swapped(form)
    distinct = texts.drop_duplicates()
    if other is None or read_dates(distinct.iloc[:TRIED], other).isna().any():
        return Order(form)
    one, two = read_dates(distinct, form), read_dates(distinct, other)
    if two.isna().any() or (one == two).all():
        return Order(form)
    readings = {reading: dict(zip(distinct, moments, strict=True)) for reading, moments in ((form, one), (other, two))}
    rows = {reading: texts.map(known) for reading, known in readings.items()}
    claims: tuple[Callable[[], tuple[str, str] | None], ...] = (
        lambda: _same_day({form: one, other: two}),
        lambda: _in_order(rows),
        lambda: _near(rows, beside),
        lambda: _written_alike(form, other, beside),
    )
    found = next((claim for make in claims if (claim := make()) is not None), None)
    if found is None:
        return Order(form, other)
    chosen, why = found
    return Order(chosen, other if chosen == form else form, why)


def _same_day(distinct: Mapping[str, pd.Series]) -> tuple[str, str] | None:
    """Return the reading in which all dates are of one day of the month, as the first.

    The other one then has the first days of one month alone: of January, where the day is the first. Of another day
    several years are needed, since a few days of one month are no rarity.
    """
    for reading, moments in distinct.items():
        days, years = moments.dt.day.unique(), moments.dt.year.nunique()
        if len(days) == 1 and len(moments) >= FEW_DATES and (days[0] == 1 or years > 1):
            months = moments.dt.month.nunique()
            which = "the first" if days[0] == 1 else f"day {days[0]}"
            return reading, f"each is {which} of a month, of {months} months; the other order has one month alone"
    return None


def _in_order(rows: Mapping[str, pd.Series]) -> tuple[str, str] | None:
    """Return the reading in which the file's rows follow each other in time, or run back, where the other jumps."""
    shares = {}
    for reading, moments in rows.items():
        steps = np.diff(moments.to_numpy().astype("datetime64[us]").astype(np.int64))
        steps = steps[steps != 0]
        if len(steps) < STEPS:
            return None
        forward = float((steps > 0).mean())
        shares[reading] = max(forward, 1 - forward)
    worse, best = sorted(shares, key=lambda reading: shares[reading])
    if shares[best] < ORDERED or shares[worse] > DISORDERED:
        return None
    return best, f"the file is in order of time that way, and not the other ({100 * shares[worse]:.0f} % of its steps)"


def _near(rows: Mapping[str, pd.Series], beside: Sequence[Beside]) -> tuple[str, str] | None:
    """Return the reading whose dates lie nearer to those of a column beside, by the median."""
    for column in beside:
        distances = {}
        for reading, moments in rows.items():
            apart = (moments - column.moments.reindex(moments.index)).dropna()
            if len(apart) < PAIRS:
                break
            distances[reading] = float(apart.dt.total_seconds().abs().median())
        if len(distances) < len(rows):
            continue
        worse, best = sorted(distances, key=lambda reading: -distances[reading])
        if distances[best] < NEARER * distances[worse]:
            return best, f"that way the dates lie near those of {column.name}, and not the other"
    return None


def _written_alike(form: str, other: str, beside: Sequence[Beside]) -> tuple[str, str] | None:
    """Return the order of a column beside that is written in the same way, except for a time of day and short years."""
    for column in beside:
        if column.form is None or "%d" not in column.form or "%m" not in column.form:
            continue
        for reading in (form, other):
            if _day_alone(reading) == _day_alone(column.form):
                return reading, f"{column.name} is written so, where days above 12 show it"
    return None


def _day_alone(form: str) -> str:
    return form.split(" ", maxsplit=1)[0].lower()
