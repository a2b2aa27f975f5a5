"""Dates of another order, century or unit than a careless reader takes them for, and amounts that look like dates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from messy.case import Case, Judge, Outcome

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


def _days(rng: np.random.Generator, first: str, last: str, rows: int = ROWS) -> pd.DatetimeIndex:
    begin, end = pd.Timestamp(first), pd.Timestamp(last)
    return begin + pd.to_timedelta(rng.integers(0, (end - begin).days + 1, rows), unit="D")


def _moments(rng: np.random.Generator, first: str, last: str, step: int = 1, rows: int = ROWS) -> pd.DatetimeIndex:
    begin, end = pd.Timestamp(first), pd.Timestamp(last)
    places = rng.integers(0, int((end - begin).total_seconds()) // step, rows)
    return begin + pd.to_timedelta(places * step, unit="s")


def _low_days(rng: np.random.Generator, rows: int = ROWS) -> pd.DatetimeIndex:
    """Return days of the month up to 12 alone, which either order reads."""
    parts = zip(rng.integers(2018, 2022, rows), rng.integers(1, 13, rows), rng.integers(1, 13, rows), strict=True)
    return pd.DatetimeIndex([pd.Timestamp(year, month, day) for year, month, day in parts])


def _starts(rng: np.random.Generator, often: str, first: str, most: int) -> pd.DatetimeIndex:
    """Return the first days of months or quarters, drawn with replacement."""
    days = pd.date_range(first, periods=most, freq=often)
    return days[rng.integers(0, len(days), ROWS)]


def _seconds(moments: pd.DatetimeIndex) -> np.ndarray:
    return ((moments - pd.Timestamp(0)) // pd.Timedelta(seconds=1)).to_numpy(np.int64)


def _texts(values: np.ndarray | pd.Index) -> Cells:
    return [str(value) for value in values]


def _span(name: str, form: str, first: str, last: str, **more: object) -> Column:
    """Return a column of days between two, written in a form."""
    return Column(name, lambda rng: list(_days(rng, first, last).strftime(form)), **{"format": form, **more})  # type: ignore[arg-type]


def _whole(name: str, make: Callable[[np.random.Generator], np.ndarray]) -> Column:
    """Return a column of whole numbers that are no dates."""
    return Column(name, lambda rng: _texts(make(rng).astype(np.int64)), type=None)


def _sorted_low(form: str, rng: np.random.Generator) -> Cells:
    return list(pd.DatetimeIndex(np.sort(_low_days(rng, 60))).repeat(15).strftime(form))


def _beside(form: str, rng: np.random.Generator) -> dict[str, Cells]:
    """Return days that either order reads, a few days after others that are plain."""
    days = _low_days(rng)
    ordered = days - pd.to_timedelta(rng.integers(1, 9, ROWS), unit="D")
    return {"ordered": list(ordered.strftime("%Y-%m-%d")), "shipped": list(days.strftime(form))}


def _alike(form: str, rng: np.random.Generator) -> dict[str, Cells]:
    """Return days that either order reads, and births written in the same way."""
    births = _days(rng, "1950-01-01", "1999-12-31")
    return {"joined": list(_low_days(rng).strftime(form)), "born": list(births.strftime(form))}


def _visits(first: str, last: str, year: int, rng: np.random.Generator) -> dict[str, Cells]:
    """Return births with years of two digits, and visits of one year with four."""
    visits = _days(rng, f"{year}-01-01", f"{year}-12-31")
    return {"dob": list(_days(rng, first, last).strftime("%m/%d/%y")), "visit": list(visits.strftime("%Y-%m-%d"))}


def _expiry(first: str, last: str, rng: np.random.Generator) -> dict[str, Cells]:
    bought = _days(rng, "2023-01-01", "2024-12-31")
    ends = list(_days(rng, first, last).strftime("%m/%d/%y"))
    return {"expiry_date": ends, "bought": list(bought.strftime("%Y-%m-%d"))}


def _rhythm(rng: np.random.Generator) -> np.ndarray:
    """Return moments of no telling name that come about two in the afternoon."""
    hours = np.clip(rng.normal(14, 3, ROWS), 0, 23.99)
    return _seconds(_days(rng, "2021-01-01", "2024-06-30")) + (hours * 3600).astype(np.int64)


def _with_gaps(cells: Cells, rng: np.random.Generator) -> Cells:
    gaps = set(rng.integers(0, len(cells), len(cells) // 10).tolist())
    return ["" if place in gaps else cell for place, cell in enumerate(cells)]


def _hourly(zone: str | None, rng: np.random.Generator) -> Cells:
    """Return every hour of a year, shuffled, as a clock in that zone shows it, without its offset."""
    hours = pd.date_range("2023-01-01", periods=24 * 365, freq="h", tz="UTC")
    shown = (hours if zone is None else hours.tz_convert(zone)).tz_localize(None)
    return list(shown[rng.permutation(len(shown))].strftime("%Y-%m-%d %H:%M"))


def _period(form: str, rng: np.random.Generator) -> Cells:
    days = _days(rng, "2015-01-01", "2023-12-31")
    return [form.format(year=day.year, quarter=day.quarter) for day in days]


def _with_odd(cells: Cells, odd: Cells, rng: np.random.Generator, share: float = 0.04) -> Cells:
    """Return the cells with odd ones in a share of the rows, at least once each."""
    places = rng.permutation(len(cells))[: max(len(odd), int(share * len(cells)))]
    put = {int(place): odd[number % len(odd)] for number, place in enumerate(places)}
    return [put.get(place, cell) for place, cell in enumerate(cells)]


def _odd(name: str, form: str, odd: Cells, share: float = 0.04) -> tuple[Column, Column]:
    """Return days of four years with odd cells among them, and without."""

    def made(rng: np.random.Generator) -> Cells:
        return list(_days(rng, "2018-01-01", "2021-12-31").strftime(form))

    read = None if form == "%Y-%m-%d" else form
    return (
        Column(name, lambda rng: _with_odd(made(rng), odd, rng, share), format=read, years=(2018, 2021)),
        Column(name, made, format=read, years=(2018, 2021)),
    )


MONTHS, QUARTERS = ("MS", "2016-01-01", 50), ("QS", "2012-01-01", 30)
ORDER = {
    "month starts": (
        Column("month_start", lambda rng: list(_starts(rng, *MONTHS).strftime("%m/%d/%Y")), format="%m/%d/%Y"),
        Column("month_start", lambda rng: list(_starts(rng, *MONTHS).strftime("%d/%m/%Y")), format="%d/%m/%Y"),
    ),
    "quarter starts": (
        Column("quarter", lambda rng: list(_starts(rng, *QUARTERS).strftime("%m-%d-%Y")), format="%m-%d-%Y"),
        Column("quarter", lambda rng: list(_starts(rng, *QUARTERS).strftime("%d-%m-%Y")), format="%d-%m-%Y"),
    ),
    "twelve months of a year": (
        Column("period", lambda rng: list(_starts(rng, "MS", "2021-01-01", 12).strftime("%m/%d/%Y")),
               format="%m/%d/%Y"),
        Column("period", lambda rng: list(_starts(rng, "MS", "2021-01-01", 12).strftime("%d/%m/%Y")),
               format="%d/%m/%Y"),
    ),
    "the fifth of each month": (
        Column("paid", lambda rng: list((_starts(rng, *MONTHS) + pd.Timedelta(days=4)).strftime("%m/%d/%Y")),
               format="%m/%d/%Y"),
        Column("paid", lambda rng: list((_starts(rng, *MONTHS) + pd.Timedelta(days=4)).strftime("%d/%m/%Y")),
               format="%d/%m/%Y"),
    ),
    "any day": (
        _span("seen", "%m/%d/%Y", "2019-01-01", "2020-12-31"), _span("seen", "%d/%m/%Y", "2019-01-01", "2020-12-31"),
    ),
    "the file in order": (
        Column("read_on", lambda rng: _sorted_low("%m/%d/%Y", rng), format="%m/%d/%Y"),
        Column("read_on", lambda rng: _sorted_low("%d/%m/%Y", rng), format="%d/%m/%Y"),
    ),
    "near other dates": (
        Column("shipped", lambda rng: _beside("%m/%d/%Y", rng), format="%m/%d/%Y"),
        Column("shipped", lambda rng: _beside("%d/%m/%Y", rng), format="%d/%m/%Y"),
    ),
    "written as other dates": (
        Column("joined", lambda rng: _alike("%m/%d/%Y", rng), format="%m/%d/%Y"),
        Column("joined", lambda rng: _alike("%d/%m/%Y", rng), format="%d/%m/%Y"),
    ),
    "several ways": (
        Column("seen", lambda rng: [day.strftime(("%d/%m/%Y", "%Y-%m-%d", "%b %d, %Y")[place % 3]) for place, day
                                    in enumerate(_days(rng, "2019-01-01", "2020-12-31"))], type=None, doubted=True),
        Column("release", lambda rng: [".".join(map(str, parts)) for parts in rng.integers(0, 40, (ROWS, 3))],
               type=None),
    ),
    "both orders": (
        Column("seen", lambda rng: [day.strftime(("%d/%m/%Y", "%m/%d/%Y")[place % 2]) for place, day
                                    in enumerate(_days(rng, "2019-01-01", "2020-12-31"))], type=None, doubted=True),
        Column("size", lambda rng: [f"{a}/{b}/{c}" for a, b, c in rng.integers(150, 300, (ROWS, 3))], type=None),
    ),
    "nothing decides": (
        Column("seen", lambda rng: list(_low_days(rng).strftime("%m/%d/%Y")), format="%d/%m/%Y", doubted=True),
        _span("seen", "%d.%m.%Y", "2019-01-01", "2019-03-31"),
    ),
}  # fmt: skip
CENTURY = {
    "births": (
        _span("born", "%d/%m/%y", "1935-01-01", "2004-12-31", years=(1935, 2004)),
        _span("ordered", "%d/%m/%y", "2016-01-01", "2023-12-31", years=(2016, 2023)),
    ),
    "births of eighty years": (
        _span("birth_date", "%m/%d/%y", "1941-01-01", "2021-12-31", years=(1941, 2021)),
        _span("birth_date", "%m/%d/%Y", "1941-01-01", "2021-12-31", years=(1941, 2021)),
    ),
    "births of the old century": (
        _span("geboren", "%d.%m.%y", "1928-01-01", "1999-12-31", years=(1928, 1999)),
        _span("geboren", "%d.%m.%y", "1970-01-01", "1999-12-31", years=(1970, 1999)),
    ),
    "births beside visits": (
        Column("dob", lambda rng: _visits("1921-01-01", "2018-12-31", 2019, rng), format="%m/%d/%y",
               years=(1921, 2019)),
        Column("dob", lambda rng: _visits("1980-01-01", "2005-12-31", 2019, rng), format="%m/%d/%y",
               years=(1980, 2005)),
    ),
    "days to come": (
        Column("expiry_date", lambda rng: _expiry("2024-01-01", "2036-12-31", rng), format="%m/%d/%y",
               years=(2024, 2036), doubted=True),
        Column("expiry_date", lambda rng: _expiry("2015-01-01", "2022-12-31", rng), format="%m/%d/%y",
               years=(2015, 2022)),
    ),
    "months by name": (
        _span("born", "%d-%b-%y", "1930-01-01", "2005-12-31", years=(1930, 2005)),
        _span("admitted", "%d-%b-%y", "1998-01-01", "2003-12-31", years=(1998, 2003)),
    ),
    "the year first": (
        _span("day", "%y-%m-%d", "2018-01-01", "2023-12-31", years=(2018, 2023)),
        _span("day", "%d-%m-%y", "2018-01-01", "2023-12-31", years=(2018, 2023)),
    ),
}  # fmt: skip
HOUR = {
    "to the minute": (
        Column("called_at", lambda rng: list(_moments(rng, "2024-01-01", "2024-06-30", 60).strftime("%Y-%m-%d %H:%M")),
               hour=True),
        Column("called_at", lambda rng: list(_days(rng, "2024-01-01", "2024-06-30").strftime("%Y-%m-%d 00:00"))),
    ),
    "twelve hours": (
        Column("when", lambda rng: list(_moments(rng, "2024-01-01", "2024-06-30", 60).strftime("%m/%d/%Y %I:%M %p")),
               format="%m/%d/%Y %I:%M %p", hour=True),
        Column("when", lambda rng: list(_days(rng, "2024-01-01", "2024-06-30").strftime("%m/%d/%Y 12:00 AM")),
               format="%m/%d/%Y %I:%M %p"),
    ),
    "a time without a date": (
        Column("started", lambda rng: list(_moments(rng, "2024-01-01", "2024-06-30", 60).strftime("%H:%M")),
               format="%H:%M"),
        Column("result", lambda rng: [f"{home}:{away}" for home, away in rng.integers(0, 6, (ROWS, 2))], type=None),
    ),
    "with an offset": (
        Column("ts", lambda rng: list(_moments(rng, "2024-01-01", "2024-06-30").strftime("%Y-%m-%dT%H:%M:%S-05:00")),
               hour=True),
        Column("ts", lambda rng: list(_days(rng, "2024-01-01", "2024-06-30").strftime("%Y-%m-%dT00:00:00-05:00"))),
    ),
    "daylight saving": (
        Column("at", lambda rng: _hourly("Europe/Berlin", rng), hour=True, doubted=True),
        Column("at", lambda rng: _hourly(None, rng), hour=True),
    ),
    "daylight saving, America": (
        Column("reading", lambda rng: _hourly("America/New_York", rng), hour=True, doubted=True),
        Column("reading", lambda rng: _hourly("Asia/Tokyo", rng), hour=True),
    ),
}  # fmt: skip
NUMBERS = {
    "seconds by name": (
        Column("created_at", lambda rng: _texts(_seconds(_moments(rng, "2021-01-01", "2024-06-30"))),
               format="unix seconds", hour=True),
        _whole("market_cap", lambda rng: rng.lognormal(21, 0.4, ROWS)),
    ),
    "seconds of the hour": (
        Column("t", lambda rng: _texts(_seconds(_moments(rng, "2021-01-01", "2024-06-30", 3600))),
               format="unix seconds", hour=True),
        _whole("capacity", lambda rng: rng.integers(12_000, 35_000, ROWS) * 60_000),
    ),
    "seconds that prefer an hour": (
        Column("x7", lambda rng: _texts(_rhythm(rng)), format="unix seconds", hour=True),
        _whole("throughput", lambda rng: rng.normal(1.6e9, 2e7, ROWS)),
    ),
    "seconds with gaps": (
        Column("last_seen_ts", lambda rng: _with_gaps(_texts(_seconds(_moments(rng, "2021-01-01", "2024-06-30"))), rng),
               format="unix seconds", hour=True),
        _whole("serial", lambda rng: 1_700_000_000 + rng.integers(0, 10**7, ROWS)),
    ),
    "seconds of days": (
        Column("date", lambda rng: _texts(_seconds(_days(rng, "2021-01-01", "2024-06-30"))), format="unix seconds"),
        _whole("volume", lambda rng: rng.integers(700, 2_100, ROWS) * 10**6),
    ),
    "milliseconds": (
        Column("eventTime", lambda rng: _texts(_seconds(_moments(rng, "2021-01-01", "2024-06-30")) * 1000
                                               + rng.integers(0, 1000, ROWS)), format="unix milliseconds", hour=True),
        _whole("bytes_sent", lambda rng: rng.normal(1.6e12, 2e10, ROWS)),
    ),
    "months": (
        Column("month", lambda rng: list(_days(rng, "2019-01-01", "2023-12-31").strftime("%Y%m")), format="%Y%m"),
        _whole("loan", lambda rng: rng.integers(190_000, 210_000, ROWS)),
    ),
    "months without a name": (
        Column("a1", lambda rng: list(_days(rng, "2019-01-01", "2023-12-31").strftime("%Y%m")), format="%Y%m"),
        _whole("price", lambda rng: rng.integers(1_900, 2_100, ROWS) * 100),
    ),
    "months with gaps": (
        Column("period", lambda rng: _with_gaps([f"{one}.0" for one in _days(rng, "2019-01-01", "2023-12-31")
                                                 .strftime("%Y%m")], rng), format="%Y%m"),
        _whole("outlet", lambda rng: 200_100 + rng.integers(1, 13, ROWS)),
    ),
    "days": (
        Column("date", lambda rng: list(_days(rng, "2014-01-01", "2015-12-31").strftime("%Y%m%d")), format="%Y%m%d"),
        _whole("area", lambda rng: rng.integers(19_000_000, 21_000_000, ROWS)),
    ),
    "days without a name": (
        Column("v9", lambda rng: list(_days(rng, "2014-01-01", "2015-12-31").strftime("%Y%m%d")), format="%Y%m%d"),
        _whole("income", lambda rng: rng.normal(20_150_600, 90_000, ROWS)),
    ),
    "days of Excel": (
        Column("order_date", lambda rng: _texts((_days(rng, "2018-01-01", "2021-12-31") - pd.Timestamp("1899-12-30"))
                                                .days), format="excel days"),
        _whole("spend_to_date", lambda rng: rng.integers(33_000, 50_000, ROWS)),
    ),
}  # fmt: skip
PERIODS = {
    "weeks": (
        _span("week", "%G-W%V", "2020-01-01", "2023-12-31"),
        Column("lot", lambda rng: [f"2024-W{place:02d}" for place in rng.integers(1, 99, ROWS)], type=None),
    ),
    "quarters": (
        Column("quarter", lambda rng: _period("{year}Q{quarter}", rng), format="%YQ%Q"),
        Column("answer", lambda rng: [f"Q{place}" for place in rng.integers(1, 5, ROWS)], type=None),
    ),
    "quarters first": (
        Column("fiscal", lambda rng: _period("Q{quarter} {year}", rng), format="Q%Q %Y"),
        Column("version", lambda rng: [f"2024-W{week:02d}{'abc'[week % 3]}" for week in rng.integers(1, 53, ROWS)],
               type=None),
    ),
    "months by name": (
        _span("issue_d", "%b-%Y", "2007-06-01", "2018-12-31"),
        Column("pressure", lambda rng: [f"{high}/{low}" for high, low in zip(
            rng.integers(100, 180, ROWS), rng.integers(60, 99, ROWS), strict=True)], type=None),
    ),
}  # fmt: skip
NONE = {
    "zeros": _odd("paid_on", "%Y-%m-%d", ["0000-00-00"]),
    "a day that never was": _odd("due", "%d/%m/%Y", ["31/02/2020"], 0),
    "the end of time": _odd("valid_to", "%Y-%m-%d", ["9999-12-31"], 0.3),
    "the beginning of time": _odd("joined", "%d.%m.%Y", ["01.01.1900"]),
    "zero among digits": _odd("last_date", "%Y%m%d", ["0"]), "words": _odd("closed", "%Y/%m/%d", ["never", "open"]),
}  # fmt: skip
KINDS: Mapping[str, Mapping[str, tuple[Column, Column]]] = {
    "order of day and month": ORDER, "two-digit years": CENTURY, "time of day": HOUR,
    "numbers that are moments": NUMBERS, "months, quarters, weeks": PERIODS, "no date": NONE,
}  # fmt: skip


def _case(kind: str, name: str, faulty: Column, twin: Column) -> Case:
    def clean(outcome: Outcome) -> bool:
        return twin.judge(outcome) and not any(one["column"] == twin.name for one in outcome.doubts)

    judge: Judge = faulty.judge
    return Case(kind, name, faulty.table, judge, twin.table, clean, flags={"target": "sold"})


CASES = [_case(kind, name, *columns) for kind, cases in KINDS.items() for name, columns in cases.items()]
