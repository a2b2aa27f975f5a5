"""Dates that one column alone does not decide: by the columns beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from pipelines.inputs import Date, Guess
from pipelines.inputs.date import guess_of
from pipelines.inputs.date_century import is_to_come
from pipelines.inputs.date_formats import SHORT_YEAR, names_date, read_dates
from pipelines.inputs.date_order import Beside, order_of
from pipelines.inputs.date_written import WrittenDates, written
from pipelines.profiling.column import with_missing


@dataclass(frozen=True)
class Context:
    """What the dates of a table say of one that can be read in several ways."""

    beside: tuple[Beside, ...]
    latest: int | None  # year, of dates that have four digits of it and are not to come


def settle_dates(frame: pd.DataFrame, guesses: Mapping[str, Guess]) -> dict[str, Guess]:
    """Return the guesses, with dates of an undecided order or century as those beside them have it."""
    dates = {name: guess.format for name, guess in guesses.items() if guess.type == Date.name}
    settled = dict(guesses)
    open_ones = [name for name, form in dates.items() if form is not None and is_open(frame[name].dropna(), form)]
    if not open_ones:
        return settled
    context = context_of(frame, {name: form for name, form in dates.items() if name not in open_ones})
    readings = {name: _written(name, frame, dates, context) for name in open_ones}
    latest = [found.latest for name, found in readings.items() if found.latest is not None and not is_to_come(name)]
    if context.latest is None and latest:  # what a few years of two digits say of the many of another column
        context = replace(context, latest=max(latest))
        readings |= {name: _written(name, frame, dates, context) for name in open_ones if readings[name].latest is None}
    for name, found in readings.items():
        guess = guess_of(name, guesses[name].missing, found)
        settled[name] = with_missing(guess, float(frame[name].isna().mean()))
    return settled


def _written(name: str, frame: pd.DataFrame, forms: Mapping[str, str | None], context: Context) -> WrittenDates:
    return written(name, frame[name].dropna(), str(forms[name]), context.beside, context.latest)


def is_open(present: pd.Series, form: str) -> bool:
    """Return whether dates of that form could be of another order or century."""
    if SHORT_YEAR in form:
        return True
    order = order_of(present, form)
    return order.other is not None and order.why is None


def context_of(frame: pd.DataFrame, decided: Mapping[str, str | None]) -> Context:
    """Return what columns say whose dates are read in one way, by their formats."""
    beside = [Beside(name, form, read_dates(frame[name], form)) for name, form in decided.items() if names_date(form)]
    past = [one.moments.max() for one in beside if not is_to_come(one.name)]
    return Context(tuple(beside), max((one.year for one in past if not pd.isna(one)), default=None))
