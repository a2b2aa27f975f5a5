"""Moments in time: for models the days since 1970, the month and the weekday."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

import pandas as pd

from pipelines.core.errors import quote
from pipelines.inputs.declared import Declared
from pipelines.inputs.guess import Cells, Guess
from pipelines.inputs.input import Input, Part

EPOCH = pd.Timestamp("1970-01-01")
DAY = pd.Timedelta(days=1)
DAY_LENGTH = len("2014-05-02")
YEARS = (pd.Timestamp(1, 1, 1), pd.Timestamp("9999-12-31T23:59:59.999999"))  # that Python can tell
DATE_FORMAT = "ISO8601"  # 2014-05-02, also with a time of day
TRIED = 100  # texts that a format is tried on first
ISO = re.compile(r"\d{4}-\d{2}-\d{2}([ T].*)?")
DAYS = (
    "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y.%m.%d", "%d-%m-%Y", "%m-%d-%Y", "%d %b %Y", "%d-%b-%Y",
    "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%Y-%m",
)  # fmt: skip
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
FORMATS = tuple(day + time for day in DAYS for time in TIMES)


@dataclass(frozen=True)
class Date(Input):
    """Moments of the years 1 to 9999, in UTC."""

    name: ClassVar[str] = "date"
    cells: ClassVar[str] = "dates of the years 1 to 9999, also with a time of day; UTC, unless they have a zone"
    features_are: ClassVar[str] = "days since 1970-01-01, month and weekday"
    parts: ClassVar[tuple[Part, ...]] = (
        Part("days", "days since 1970-01-01", lambda moments: (moments - EPOCH) / DAY, counts_days=True),
        Part("month", "month of the year", lambda moments: moments.dt.month, 1, 12),
        Part("weekday", "day of the week, Monday 0", lambda moments: moments.dt.day_of_week, 0, 6),
    )
    unreadable: ClassVar[str | None] = "not a date"
    as_text: ClassVar[bool] = True
    bounded: ClassVar[bool] = True
    formatted: ClassVar[bool] = True
    exacting: ClassVar[int] = 4

    def read(self, raw: pd.Series, column: Declared) -> pd.Series:
        """Return datetime64 in UTC, without a zone."""
        return read_dates(raw, column.format)

    def declare(self, column: dict[str, object]) -> dict[str, object]:
        """Return the declaration with `min` and `max` as moments.

        They are quoted: DVC, which keeps the declaration, cannot hold a TOML date.
        """
        declared = dict(column)
        for key in ("min", "max"):
            limit = column.get(key)
            if isinstance(limit, date):
                message = (
                    f'`{key}` is a date without quotes, which DVC cannot keep; write {key} = "{limit.isoformat()}"'
                )
                raise ValueError(message)  # noqa: TRY004 - pydantic tells ValueErrors with their place
            if isinstance(limit, str):
                try:
                    whole_day = len(limit) == DAY_LENGTH
                    declared[key] = date.fromisoformat(limit) if whole_day else datetime.fromisoformat(limit)
                except ValueError:
                    message = f'`{key}` is {quote(limit)}; a date is written as "2014-05-02"'
                    raise ValueError(message) from None
        return declared

    def check_bound(self, key: str, limit: float | date) -> str | None:
        """Return what is wrong with a bound: it is no date, or has a zone."""
        if not isinstance(limit, date):
            return f'`{key}` of a column of type {self.name!r} is a date, as "2014-05-02"'
        zoned = isinstance(limit, datetime) and limit.tzinfo is not None
        return f"`{key}` has a time zone; give the moment in UTC, without one" if zoned else None

    def check_format(self, column: Declared) -> str | None:
        """Return what is wrong with a format that strptime does not read."""
        if column.format is None:
            return None
        try:
            datetime.strptime(datetime(2014, 5, 2).strftime(column.format), column.format)  # noqa: DTZ001, DTZ007 - no zone
        except (ValueError, re.error):
            return f'`format` {quote(column.format)} is not one that strptime reads; as "%d/%m/%Y"'
        return None

    def check_allowed(self, column: Declared) -> str | None:
        """Return that a set of dates is no declaration."""
        return None if column.allowed is None else f"`allowed` is not for type {self.name!r}; take `min` and `max`"

    def bound(self, limit: Any) -> Any:  # noqa: ANN401 - as the base class has it
        """Return a moment without a zone."""
        moment = pd.Timestamp(limit)
        return moment if moment.tz is None else moment.tz_convert(None)

    def in_words(self, column: Declared) -> list[str]:
        """Return how the dates are written."""
        return [f"written {column.format or 'as 2014-05-02 (ISO 8601)'}"]

    def guess(self, cells: Cells) -> Guess | None:
        """Return dates, where one format reads all texts."""
        if cells.numeric or (form := _format(cells.distinct)) is None:
            return None
        times = read_dates(cells.distinct, form or None)
        seen = f"{times.min():%Y-%m-%d} to {times.max():%Y-%m-%d}, {len(cells.distinct):,} different"
        other = form.replace("%d", "%?").replace("%m", "%d").replace("%?", "%m")
        if other != form and other in FORMATS and _reads(other, cells.distinct):
            seen += f"; {other} would read it as well: make sure that {form} is meant"
        return Guess(cells.name, self.name, seen, cells.missing, format=form or None)


def read_dates(texts: pd.Series, form: str | None) -> pd.Series:
    """Return moments as datetime64 in UTC, without a zone; missing where a text is none of the years 1 to 9999.

    `form` is as strptime has it, None for ISO 8601. Of a text without a zone UTC is assumed.
    """
    try:
        parsed = pd.to_datetime(texts, errors="coerce", format=form or DATE_FORMAT, utc=True)
    except ValueError:  # a format that pandas knows to name no day, as "%U %Y"
        return pd.Series(pd.NaT, index=texts.index, dtype="datetime64[us]")
    moments = parsed.dt.tz_localize(None).astype("datetime64[us]")
    return moments.where(moments.between(*YEARS))


def odd_moment(values: pd.Series) -> tuple[int, str] | None:
    """Return the first cell, with its row, that is not written as most of the column's dates are; None if none is."""
    texts = values.astype("str").where(values.notna()).reset_index(drop=True)
    tried = texts.dropna().iloc[:TRIED]
    formats = [None, *FORMATS]
    shares = {form: read_dates(tried, form).notna().mean() for form in formats}
    form = max(formats, key=lambda one: shares[one])
    if not shares[form] > 1 / 2:
        return None
    odd = texts[texts.notna() & read_dates(texts, form).isna()]
    return (int(odd.index[0]), str(odd.iloc[0])) if len(odd) else None


def _format(distinct: pd.Series) -> str | None:
    """Return the format that reads all of the texts, empty for ISO 8601; None if none does."""
    first = str(distinct.iloc[0])
    if not any(sign.isdigit() for sign in first):
        return None
    if distinct.str.fullmatch(ISO).all() and _reads(None, distinct):
        return ""
    tried = distinct.iloc[:TRIED]
    return next((form for form in FORMATS if _reads(form, tried) and _reads(form, distinct)), None)


def _reads(form: str | None, texts: pd.Series) -> bool:
    return bool(read_dates(texts, form).notna().all())
