"""Moments in time: for models the days since 1970, the month, the weekday and the hour."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Protocol, cast

import pandas as pd
from pydantic import Field

from pipelines.core.errors import quote
from pipelines.inputs.date_formats import (
    EPOCH,
    SHORT_YEAR,
    clock_of,
    names_date,
    names_day,
    names_hour,
    read_dates,
    wrong_format,
)
from pipelines.inputs.date_written import WrittenDates, dates_among
from pipelines.inputs.declared import Declared
from pipelines.inputs.guess import Cells, Guess
from pipelines.inputs.input import Input, Parsed, Part

DAY = pd.Timedelta(days=1)
HOUR = pd.Timedelta(hours=1)
DAY_LENGTH = len("2014-05-02")


class Moments(Declared, Protocol):
    """A declaration of moments."""

    @property
    def hour(self) -> bool | None:
        """Whether the time of day is a feature."""

    @property
    def latest_year(self) -> int | None:
        """The latest year that two digits may mean."""


@dataclass(frozen=True)
class Date(Input):
    """Moments of the years 1 to 9999, in UTC."""

    name: ClassVar[str] = "date"
    cells: ClassVar[str] = "dates of the years 1 to 9999, also with a time of day; UTC, unless they have a zone"
    features_are: ClassVar[str] = (
        "days since 1970-01-01, month, weekday (where a day is named) and, with `hour = true`, the time of day; by the "
        "clock of the cell where it has an offset, except the days"
    )
    parts: ClassVar[tuple[Part, ...]] = (
        Part("days", "days since 1970-01-01", lambda moments: (moments - EPOCH) / DAY, counts_days=True),
        Part("month", "month of the year", lambda moments: moments.dt.month, 1, 12, by_clock=True),
        Part("weekday", "day of the week, Monday 0", lambda moments: moments.dt.day_of_week, 0, 6, by_clock=True),
        Part("hour", "hours since midnight", lambda moments: (moments - moments.dt.floor("D")) / HOUR, 0, 24,
             by_clock=True),
    )  # fmt: skip
    unreadable: ClassVar[str | None] = "not a date"
    as_text: ClassVar[bool] = True
    bounded: ClassVar[bool] = True
    formatted: ClassVar[bool] = True
    exacting: ClassVar[int] = 4
    keys: ClassVar[Mapping[str, Any]] = {
        "hour": (bool | None, None),
        "latest_year": (Annotated[int, Field(ge=100, le=9999)] | None, None),
    }

    def read(self, raw: pd.Series, column: Declared) -> pd.Series:
        """Return datetime64 in UTC, without a zone."""
        return read_dates(raw, column.format, cast("Moments", column).latest_year)

    def parse(self, raw: pd.Series, column: Declared) -> Parsed:
        """Return the moments, with what the clocks showed where cells have an offset."""
        parsed = super().parse(raw, column)
        return replace(parsed, clock=clock_of(raw, parsed.typed, column.format))

    def parts_of(self, column: Declared) -> tuple[Part, ...]:
        """Return the features: what cells name, and beside a date the hour only where it is asked for."""
        dated = names_date(column.format)
        hour = bool(cast("Moments", column).hour) or not dated
        may = {"days": dated, "month": dated, "weekday": names_day(column.format), "hour": hour}
        return tuple(part for part in self.parts if may[part.name])

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
                raise ValueError(message)  # noqa: TRY004 - pydantic reports ValueErrors with their place
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
        """Return what is wrong with a format, or with the keys that it must bear out."""
        form, own = column.format, cast("Moments", column)
        if form is not None and (message := wrong_format(form)) is not None:
            return message
        if own.latest_year is not None and (form is None or SHORT_YEAR not in form):
            return f"`latest_year` is for formats with years of two digits ({SHORT_YEAR}); leave it out"
        if own.hour and not names_hour(form):
            return f"`hour` is for cells with a time of day, and `format` {quote(str(form))} names none; leave it out"
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
        latest = cast("Moments", column).latest_year
        years = [] if latest is None else [f"years of two digits up to {latest}"]
        return [f"written {column.format or 'as 2014-05-02 (ISO 8601)'}", *years]

    def guess(self, cells: Cells) -> Guess | None:
        """Return dates, where one format reads all cells and evidence says that they are dates."""
        found = dates_among(cells)
        return None if found is None else guess_of(cells.name, cells.missing, found)


def guess_of(name: str, missing: float, found: WrittenDates) -> Guess:
    """Return the declaration of a column of dates as they were found to be written."""
    keys: list[tuple[str, bool | int]] = [("hour", True)] if found.timed and names_date(found.form or None) else []
    keys += [("latest_year", found.century.latest_year)] if found.century is not None else []
    return Guess(name, Date.name, found.seen, missing, format=found.form or None, keys=tuple(keys))
