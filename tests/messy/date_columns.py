"""Columns of dates for messy tables, and what their declarations should be."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from messy.case import Outcome

ROWS = 900
Cells = list[str]
Make = Callable[[np.random.Generator], Cells | dict[str, Cells]]


@dataclass(frozen=True)
class Column:
    """A column of cells, and what its declaration should be."""

    name: str
    make: Make
    type: str | None = "date"  # None: any but a date
    format: str | None = None
    hour: bool = False
    years: tuple[int, int] | None = None  # between which all moments lie
    doubted: bool = False

    def table(self, rng: np.random.Generator) -> pd.DataFrame:
        """Return a table with the column, one of amounts and a target that noise makes."""
        made = self.make(rng)
        cells = made if isinstance(made, dict) else {self.name: made}
        rows = len(cells[self.name])
        return pd.DataFrame(
            cells | {"weight": rng.gamma(2, 3, rows).round(2), "sold": rng.normal(50, 9, rows).round(1)}
        )

    def judge(self, outcome: Outcome) -> bool:
        """Return whether the column is declared as it should be, and doubted or not."""
        column = outcome.project.columns.declared.get(self.name)
        if self.doubted != outcome.doubted(self.name, "dates"):
            return False
        if column is None or column.type != "date" or self.type is None:
            return self.type is None and (column is None or column.type != "date")
        extra = column.model_dump()
        as_wanted = (column.format, bool(extra["hour"])) == (self.format, self.hour)
        return as_wanted and (self.years is None or self._within(outcome))

    def _within(self, outcome: Outcome) -> bool:
        """Return whether all moments lie in the years in which they were made."""
        assert self.years is not None
        days = outcome.draft.defined.table.frame[f"{self.name} (days)"].dropna()
        first, last = ((pd.Timestamp(year, 1, 1) - pd.Timestamp(0)).days for year in (self.years[0], self.years[1] + 1))
        return bool(days.min() >= first and days.max() < last)


def draw_days(rng: np.random.Generator, first: str, last: str, rows: int = ROWS) -> pd.DatetimeIndex:
    """Return days between two, both included."""
    begin, end = pd.Timestamp(first), pd.Timestamp(last)
    return begin + pd.to_timedelta(rng.integers(0, (end - begin).days + 1, rows), unit="D")


def draw_times(rng: np.random.Generator, first: str, last: str, step: int = 1, rows: int = ROWS) -> pd.DatetimeIndex:
    """Return moments between two, a multiple of `step` seconds after the first."""
    begin, end = pd.Timestamp(first), pd.Timestamp(last)
    places = rng.integers(0, int((end - begin).total_seconds()) // step, rows)
    return begin + pd.to_timedelta(places * step, unit="s")


def low_days(rng: np.random.Generator, rows: int = ROWS) -> pd.DatetimeIndex:
    """Return days of the month up to 12 alone, which either order reads."""
    parts = zip(rng.integers(2018, 2022, rows), rng.integers(1, 13, rows), rng.integers(1, 13, rows), strict=True)
    return pd.DatetimeIndex([pd.Timestamp(year, month, day) for year, month, day in parts])


def first_days(rng: np.random.Generator, often: str, first: str, most: int) -> pd.DatetimeIndex:
    """Return the first days of months or quarters, drawn with replacement."""
    days = pd.date_range(first, periods=most, freq=often)
    return days[rng.integers(0, len(days), ROWS)]


def seconds_of(moments: pd.DatetimeIndex) -> np.ndarray:
    """Return seconds since 1970."""
    return ((moments - pd.Timestamp(0)) // pd.Timedelta(seconds=1)).to_numpy(np.int64)


def as_texts(values: np.ndarray | pd.Index) -> Cells:
    """Return cells."""
    return [str(value) for value in values]


def span_of(name: str, form: str, first: str, last: str, **more: object) -> Column:
    """Return a column of days between two, written in a form."""
    return Column(name, lambda rng: list(draw_days(rng, first, last).strftime(form)), **{"format": form, **more})  # type: ignore[arg-type]


def whole_numbers(name: str, make: Callable[[np.random.Generator], np.ndarray]) -> Column:
    """Return a column of whole numbers that are no dates."""
    return Column(name, lambda rng: as_texts(make(rng).astype(np.int64)), type=None)


def in_order(form: str, rng: np.random.Generator) -> Cells:
    """Return days that either order reads, in the order of time."""
    return list(pd.DatetimeIndex(np.sort(low_days(rng, 60))).repeat(15).strftime(form))


def days_near(form: str, rng: np.random.Generator) -> dict[str, Cells]:
    """Return days that either order reads, a few days after others that are plain."""
    days = low_days(rng)
    ordered = days - pd.to_timedelta(rng.integers(1, 9, ROWS), unit="D")
    return {"ordered": list(ordered.strftime("%Y-%m-%d")), "shipped": list(days.strftime(form))}


def written_alike(form: str, rng: np.random.Generator) -> dict[str, Cells]:
    """Return days that either order reads, and births written in the same way."""
    births = draw_days(rng, "1950-01-01", "1999-12-31")
    return {"joined": list(low_days(rng).strftime(form)), "born": list(births.strftime(form))}


def births_and_visits(
    first: str, last: str, year: int, rng: np.random.Generator, form: str = "%Y-%m-%d"
) -> dict[str, Cells]:
    """Return births with years of two digits, and visits of one year in a form."""
    visits = draw_days(rng, f"{year}-01-01", f"{year}-12-31")
    return {
        "dob": list(draw_days(rng, first, last).strftime("%m/%d/%y")),
        "visit": list(visits.strftime(form)),
    }


def ends_and_purchases(first: str, last: str, rng: np.random.Generator) -> dict[str, Cells]:
    """Return days between two with years of two digits, and others with four."""
    bought = draw_days(rng, "2023-01-01", "2024-12-31")
    ends = list(draw_days(rng, first, last).strftime("%m/%d/%y"))
    return {"expiry_date": ends, "bought": list(bought.strftime("%Y-%m-%d"))}


def afternoons(rng: np.random.Generator) -> np.ndarray:
    """Return moments of no telling name that come about two in the afternoon."""
    hours = np.clip(rng.normal(14, 3, ROWS), 0, 23.99)
    return seconds_of(draw_days(rng, "2021-01-01", "2024-06-30")) + (hours * 3600).astype(np.int64)


def with_gaps(cells: Cells, rng: np.random.Generator) -> Cells:
    """Return the cells, a tenth of them empty."""
    gaps = set(rng.integers(0, len(cells), len(cells) // 10).tolist())
    return ["" if place in gaps else cell for place, cell in enumerate(cells)]


def hours_of_year(zone: str | None, rng: np.random.Generator) -> Cells:
    """Return every hour of a year, shuffled, as a clock in that zone shows it, without its offset."""
    hours = pd.date_range("2023-01-01", periods=24 * 365, freq="h", tz="UTC")
    shown = (hours if zone is None else hours.tz_convert(zone)).tz_localize(None)
    return list(shown[rng.permutation(len(shown))].strftime("%Y-%m-%d %H:%M"))


def periods(form: str, rng: np.random.Generator) -> Cells:
    """Return quarters in a form that names the year and the quarter."""
    days = draw_days(rng, "2015-01-01", "2023-12-31")
    return [form.format(year=day.year, quarter=day.quarter) for day in days]


def with_odd(cells: Cells, odd: Cells, rng: np.random.Generator, share: float = 0.04) -> Cells:
    """Return the cells with odd ones in a share of the rows, at least once each."""
    places = rng.permutation(len(cells))[: max(len(odd), int(share * len(cells)))]
    put = {int(place): odd[number % len(odd)] for number, place in enumerate(places)}
    return [put.get(place, cell) for place, cell in enumerate(cells)]


def odd_among(name: str, form: str, odd: Cells, share: float = 0.04) -> tuple[Column, Column]:
    """Return days of four years with odd cells among them, and without."""

    def made(rng: np.random.Generator) -> Cells:
        return list(draw_days(rng, "2018-01-01", "2021-12-31").strftime(form))

    read = None if form == "%Y-%m-%d" else form
    return (
        Column(name, lambda rng: with_odd(made(rng), odd, rng, share), format=read, years=(2018, 2021)),
        Column(name, made, format=read, years=(2018, 2021)),
    )
