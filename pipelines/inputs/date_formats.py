"""Reading moments: as strptime has them, by quarter or week, and as numbers that count from a fixed day."""

import re
from contextlib import suppress
from datetime import datetime

import numpy as np
import pandas as pd

from pipelines.core.errors import quote

EPOCH = pd.Timestamp("1970-01-01")
YEARS = (pd.Timestamp(1, 1, 1), pd.Timestamp("9999-12-31T23:59:59.999999"))  # that Python can hold
DATE_FORMAT = "ISO8601"  # 2014-05-02, also with a time of day

# By format: how many there are in a second since 1970.
UNIX = {"unix seconds": 1, "unix milliseconds": 10**3, "unix microseconds": 10**6, "unix nanoseconds": 10**9}
MICROSECONDS = 10**6  # in a second
SECONDS = 86_400  # in a day
EXCEL = "excel days"
EXCEL_START = pd.Timestamp(
    "1899-12-30"
)  # day 0, so that days from March 1900 on are right: Excel has a 29 February 1900
COUNTED = (*UNIX, EXCEL)  # formats of numbers

QUARTER = "%Q"  # of ours: 1 to 4
WEEK = ("%G", "%V")  # of ISO 8601
OF_QUARTERS = {"%Q": "(?P<quarter>[1-4])", "%Y": r"(?P<year>\d{4})", "%y": r"(?P<year>\d{2})"}
NAMES_DATE = re.compile("%[YyGmbBdjcxDFQ]")
NAMES_DAY = re.compile("%[djuwacxDF]")
NAMES_HOUR = re.compile("%[HIcX]")
IN_UTC = ("UTC", "GMT")  # which ISO 8601 does not know, and databases write
SHORT_YEAR = "%y"
PLAIN_DIGITS = re.compile("(%[YymdHMSjGV])+")  # cells that a program may have written as numbers: 202401.0
ZONED = re.compile(r"\d[T ]?\s*(?:Z|UTC|GMT|(?P<sign>[+-])(?P<hours>\d{2})(?::?(?P<minutes>\d{2}))?)$", re.IGNORECASE)
HAS_TIME = r"\d[T ]\s*\d{1,2}:?\d{2}"
EXAMPLE = '"%d/%m/%Y"'


def read_dates(texts: pd.Series, form: str | None, latest_year: int | None = None) -> pd.Series:
    """Return moments as datetime64 in UTC, without a zone; missing where a text is none of the years 1 to 9999.

    `form` is as strptime has it, with %Q for a quarter, or one of COUNTED; None for ISO 8601. A month, quarter or week
    is its first day. Of a text without a zone UTC is assumed. `latest_year` says which hundred years two digits mean:
    those up to it; without it 69 to 99 are of the 20th century and 00 to 68 of the 21st, as strptime has it.
    """
    try:
        parsed = _parsed(texts, form)
    except ValueError:  # a format that pandas knows to name no day, as "%U %Y"
        return pd.Series(pd.NaT, index=texts.index, dtype="datetime64[us]")
    moments = parsed.astype("datetime64[us]")
    if latest_year is not None:
        moments = _within_hundred_years(moments, latest_year)
    return moments.where(moments.between(*YEARS))


def clock_of(texts: pd.Series, moments: pd.Series, form: str | None) -> pd.Series | None:
    """Return the moments as the clocks showed them that the cells were written by; None where none has an offset.

    `moments` are those of `texts`, in UTC. A cell without an offset keeps its moment.
    """
    if form is not None and "%z" not in form:
        return None
    known = texts.dropna()
    distinct = pd.Series(known.unique(), dtype="str")
    distinct = distinct[distinct.str.contains(HAS_TIME)].str.strip()
    parts = distinct.str.extract(ZONED)
    sized = parts["hours"].notna()
    if not sized.any():
        return None
    minutes = parts["hours"].astype(np.float64) * 60 + parts["minutes"].astype(np.float64).fillna(0)
    offset = minutes.where(parts["sign"] != "-", -minutes)[sized]
    if not offset.any():
        return None
    by_text = dict(zip(pd.Series(known.unique(), dtype="str")[offset.index], offset, strict=True))
    behind = texts.astype("str").map(by_text).fillna(0.0)
    return moments + pd.to_timedelta(behind, unit="m").astype("timedelta64[us]")


def names_date(form: str | None) -> bool:
    """Return whether cells of that format name a date, and not only a time of day."""
    return form is None or form in COUNTED or NAMES_DATE.search(form) is not None


def names_day(form: str | None) -> bool:
    """Return whether cells of that format name a day, and not only a month, a quarter or a week."""
    return form is None or form in COUNTED or NAMES_DAY.search(form) is not None


def names_hour(form: str | None) -> bool:
    """Return whether cells of that format may hold a time of day."""
    return form is None or form in COUNTED or NAMES_HOUR.search(form) is not None


def wrong_format(form: str) -> str | None:
    """Return what is wrong with a format that nothing reads."""
    if form in COUNTED or (QUARTER in form and _of_quarters(form)):
        return None
    if "%" in form and QUARTER not in form:
        whole = f"{form}-%u" if _of_weeks(form) else form
        with suppress(ValueError, re.error):
            datetime.strptime(datetime(2014, 5, 2).strftime(whole), whole)  # noqa: DTZ001, DTZ007 - no zone
            return None
    others = ", ".join(f'"{one}"' for one in ("%Y-Q%Q", "%G-W%V", *COUNTED))
    return f"`format` {quote(form)} is not one that strptime reads, as {EXAMPLE}, nor as {others}"


def _parsed(texts: pd.Series, form: str | None) -> pd.Series:
    """Return the moments without a zone, before any look at their years."""
    if form in UNIX:
        return _counted(texts, MICROSECONDS / UNIX[form], EPOCH)
    if form == EXCEL:
        return _counted(texts, MICROSECONDS * SECONDS, EXCEL_START)
    if form is not None:
        if QUARTER in form:
            return _quarters(texts, form)
        if PLAIN_DIGITS.fullmatch(form):
            texts = texts.astype("str").str.replace(r"\.0+$", "", regex=True).where(texts.notna())
        if _of_weeks(form):
            texts, form = texts.astype("str") + "-1", f"{form}-%u"
    elif pd.api.types.is_string_dtype(texts.dtype) and texts.str.endswith(IN_UTC).any():
        texts = texts.str.replace(r"\s*(UTC|GMT)$", "Z", regex=True)
    return pd.to_datetime(texts, errors="coerce", format=form or DATE_FORMAT, utc=True).dt.tz_localize(None)


def _counted(texts: pd.Series, size: float, start: pd.Timestamp) -> pd.Series:
    """Return the moments so many units of `size` microseconds after the start, to the microsecond."""
    numbers = pd.to_numeric(texts, errors="coerce")
    if not pd.api.types.is_integer_dtype(numbers.dtype):
        numbers = numbers.astype(np.float64)
    most = (YEARS[1] - EPOCH) / pd.Timedelta(microseconds=1) / size
    within = numbers.where(numbers.abs() <= most)
    microseconds = within // round(1 / size) if size < 1 else (within * size).round()
    since = pd.Series(microseconds, index=texts.index).astype("Int64").astype("timedelta64[us]")
    return start.as_unit("us") + since


def _quarters(texts: pd.Series, form: str) -> pd.Series:
    """Return the first day of each quarter."""
    pattern = re.escape(form)
    for sign, group in OF_QUARTERS.items():
        pattern = pattern.replace(re.escape(sign), group, 1)
    found = texts.astype("str").where(texts.notna()).str.strip().str.extract(f"^{pattern}$", flags=re.IGNORECASE)
    month = found["quarter"].astype(np.float64) * 3 - 2
    text = found["year"] + "-" + month.astype("Int64").astype("str")
    year = SHORT_YEAR if SHORT_YEAR in form else "%Y"
    return pd.to_datetime(text, errors="coerce", format=f"{year}-%m")


def _of_quarters(form: str) -> bool:
    """Return whether the format names a quarter and a year, each once, and nothing else."""
    return sorted(re.findall("%.?", form)) in ([QUARTER, "%Y"], [QUARTER, SHORT_YEAR])


def _of_weeks(form: str) -> bool:
    return all(sign in form for sign in WEEK) and not NAMES_DAY.search(form)


def _within_hundred_years(moments: pd.Series, latest_year: int) -> pd.Series:
    """Return each moment in the year that ends alike and is at most `latest_year`; missing where it has no such day."""
    years = moments.dt.year
    behind = years - (latest_year - (latest_year - years) % 100)
    moved = moments
    for step in behind.dropna().unique():
        if step:
            rows = behind == step
            there = moments[rows] - pd.DateOffset(years=int(step))
            moved = moved.mask(rows, there.where(there.dt.day == moments[rows].dt.day))
    return moved
