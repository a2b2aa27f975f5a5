"""Dates that could be others: day and month exchanged, another century, a clock that is put forward and back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from pipelines.core.errors import quote
from pipelines.doubts.doubt import Doubting, Reading
from pipelines.facts.define import Doubt
from pipelines.inputs import Date, holds_numbers
from pipelines.inputs.date import Moments
from pipelines.inputs.date_century import PRESENT
from pipelines.inputs.date_clock import Changes, are_regular, changes_of_clock
from pipelines.inputs.date_formats import COUNTED, SHORT_YEAR, clock_of, names_date, names_hour, read_dates
from pipelines.inputs.date_odd import dates_in_several_ways
from pipelines.inputs.date_order import order_of
from pipelines.inputs.date_texts import TRIED, text_format
from pipelines.inputs.date_written import times_differ, written
from pipelines.inputs.missing import hold_text, missing_texts
from pipelines.profiling.dates import Context, context_of, is_open
from pipelines.validation.checks import kept_columns

SHOWN = 3  # ways of writing dates that are shown
LONGEST = 40  # characters of a date
# How much of an answer may depend on it: whole dates, where they split the rows or not; years; hours; one hour a year.
SPLITTING, ORDER, CENTURY, HOUR, CLOCK = 0.8, 0.5, 0.5, 0.3, 0.1


@dataclass(frozen=True)
class Dates:
    """A column of dates as the project file reads it."""

    name: str
    declared: Moments
    present: pd.Series  # the cells that hold something, as text

    def doubt(self, found: str, done: str, decide: str, weight: float) -> Doubt:
        """Return a doubt of the column."""
        return {
            "kind": DATES.name, "column": self.name, "found": found, "done": done, "decide": decide, "weight": weight,
        }  # fmt: skip


def _find(reading: Reading) -> list[Doubt]:
    """Return the doubts about each column of dates."""
    columns = {
        name: Dates(name, cast("Moments", column), _present(reading.raw[name], cast("Moments", column)))
        for name, column in kept_columns(reading.project).items()
        if column.type == Date.name
    }
    found = [doubt for one in columns.values() if len(one.present) for doubt in _doubts(one, columns, reading)]
    return [*found, *(_of_ways(name, reading) for name in _other_texts(reading))]


def _other_texts(reading: Reading) -> list[str]:
    """Return the columns of text that are dates written in several ways, so that no format reads them."""
    return [
        name for name, cells in reading.raw.items()
        if isinstance(name, str) and name != reading.project.problem.target and not holds_numbers(cells)
        and (name in reading.project.columns.drop or reading.project.columns.declared[name].type != Date.name)
        and dates_in_several_ways(_different(cells))
    ]  # fmt: skip


def _different(cells: pd.Series) -> pd.Series:
    """Return the different texts that hold a digit and are no longer than dates are; none where these are not most."""
    distinct = pd.Series(cells.dropna().unique(), dtype="str").str.strip()
    tried = distinct.iloc[:TRIED]
    fits = tried.str.contains(r"\d") & (tried.str.len() <= LONGEST)
    return distinct if fits.mean() > 1 / 2 else distinct[:0]


def _of_ways(name: str, reading: Reading) -> Doubt:
    examples = dates_in_several_ways(_different(reading.raw[name]))
    return {
        "kind": DATES.name,
        "column": name,
        "found": f"dates that are written in several ways, as {', '.join(map(quote, examples[:SHOWN]))}",
        "done": "dropped" if name in reading.project.columns.drop else "used as labels, not as dates",
        "decide": f"dates written in one way in the file; or sure = [{quote(name)}]",
        "weight": ORDER,
    }


def _present(cells: pd.Series, column: Moments) -> pd.Series:
    """Return the cells that hold something."""
    texts = cells.dropna().astype("str")
    return texts[~hold_text(texts, missing_texts(column, None), blank=True)]


def _doubts(one: Dates, columns: Mapping[str, Dates], reading: Reading) -> Iterator[Doubt]:
    form = one.declared.format
    if form is not None and is_open(one.present, form):
        context = _context(one, columns, reading)
        yield from _of_order(one, form, context, splitting=one.name == reading.project.split.column)
        yield from _of_century(one, form, context)
    if names_hour(form):
        distinct = one.present.drop_duplicates()
        moments = read_dates(distinct, form, one.declared.latest_year)
        yield from _of_hour(one, distinct, moments)
        regular = form not in COUNTED and names_date(form) and are_regular(moments)
        if regular and clock_of(distinct, moments, form) is None:
            yield from _of_clock(one, distinct, moments)


def _context(one: Dates, columns: Mapping[str, Dates], reading: Reading) -> Context:
    """Return what the other dates say that can be read in one way alone."""
    decided = {
        name: other.declared.format
        for name, other in columns.items()
        if name != one.name and (other.declared.format is None or not is_open(other.present, other.declared.format))
    }
    return context_of(reading.raw, decided)


def _of_order(one: Dates, form: str, context: Context, *, splitting: bool) -> Iterator[Doubt]:
    """Yield that nothing decides which number is the day, where the project file has what a draft has."""
    order = order_of(one.present, form, context.beside)
    if order.other is None or order.why is not None or form != text_format(one.present.drop_duplicates()):
        return
    example = next(
        text for text in one.present.drop_duplicates()
        if _moment(text, form) != _moment(text, order.other)
    )  # fmt: skip
    yield one.doubt(
        f"no number above 12 shows which is the day: {quote(example)} is {_moment(example, form)} or "
        f"{_moment(example, order.other)}",
        f"read as {form}",
        f'format = "{order.other}" in [columns], or sure = [{quote(one.name)}]',
        SPLITTING if splitting else ORDER,
    )


def _of_century(one: Dates, form: str, context: Context) -> Iterator[Doubt]:
    """Yield that years of two digits may be of another century, or lie in the future of the file."""
    if SHORT_YEAR not in form:
        return
    latest = one.declared.latest_year
    century = written(one.name, one.present, form, context.beside, context.latest).century
    if century is None:
        return
    moments = read_dates(one.present.drop_duplicates(), form, latest)
    span = f"{moments.min().year} to {moments.max().year}"
    if latest is None and moments.max().year > (context.latest or PRESENT):
        yield one.doubt(
            f"years of two digits reach {moments.max().year}, later than all else in the file",
            f"read as {span}",
            f"latest_year = {century.latest_year} in [columns], or sure = [{quote(one.name)}]",
            CENTURY,
        )
    elif latest == century.latest_year and not century.sure:
        yield one.doubt(
            f"years of two digits may be of another century: {century.why}",
            f"read as {span}",
            f"latest_year in [columns], the latest year that two digits may mean; or sure = [{quote(one.name)}]",
            CENTURY,
        )


def _of_hour(one: Dates, distinct: pd.Series, moments: pd.Series) -> Iterator[Doubt]:
    """Yield that the time of day differs and is no feature, unless the project file says so."""
    if (
        one.declared.hour is None
        and names_date(one.declared.format)
        and times_differ(distinct, moments, one.declared.format)
    ):
        yield one.doubt(
            "its cells hold a time of day that differs from row to row",
            "days, month and weekday are used, not the hour",
            "hour = true in [columns], or hour = false",
            HOUR,
        )


def _of_clock(one: Dates, distinct: pd.Series, moments: pd.Series) -> Iterator[Doubt]:
    """Yield that regular moments follow a clock that is put forward and back."""
    rows = one.present.map(dict(zip(distinct, moments, strict=True)))
    changes = changes_of_clock(rows)
    if changes is not None:
        yield one.doubt(
            f"{_told(changes)}: local time with daylight saving, without its offset from UTC",
            "read as UTC: hours and weekdays are right, days since 1970 an hour off in summer",
            f"cells with the offset, as 2024-10-27T02:30+01:00; or sure = [{quote(one.name)}]",
            CLOCK,
        )


def _told(changes: Changes) -> str:
    """Return the first skipped and the first doubled hour in words."""
    words = [] if changes.skipped is None else [f"the clock skips {changes.skipped:%Y-%m-%d %H:%M}"]
    words += [] if changes.doubled is None else [f"shows {changes.doubled:%Y-%m-%d %H:%M} twice"]
    told = " and ".join(words)
    return told if told.startswith("the clock") else f"the clock {told}"


def _moment(text: str, form: str) -> str:
    moment = pd.Timestamp(np.asarray(read_dates(pd.Series([text], dtype="str"), form))[0])
    return f"{moment.day} {moment:%B %Y}"


DATES = Doubting("dates", _find)
