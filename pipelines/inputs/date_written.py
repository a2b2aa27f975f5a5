"""How a column of moments is written, as its cells and the dates beside it show."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.inputs.date_century import SPAN, Century, century_of
from pipelines.inputs.date_formats import COUNTED, SHORT_YEAR, clock_of, names_date, names_hour, read_dates
from pipelines.inputs.date_numbers import moments_among
from pipelines.inputs.date_order import Beside, Order, order_of
from pipelines.inputs.date_texts import text_format
from pipelines.inputs.guess import Cells

YEAR_OF_DIGITS = 2000  # any year that ends in 00: two digits mean one of the hundred years up to it


@dataclass(frozen=True)
class WrittenDates:
    """What was found of a column of moments."""

    form: str  # empty for ISO 8601
    order: Order
    century: Century | None  # of years of two digits
    timed: bool  # the time of day differs from row to row
    moments: pd.Series  # of the different cells, in UTC
    why: str = ""  # that they are moments, where this is not plain

    @property
    def latest(self) -> int | None:
        """The latest year, where two digits are surely of a few years; None of many, or where nothing is sure."""
        first, last = self.moments.min().year, self.moments.max().year
        return last if self.century is not None and self.century.sure and last - first <= SPAN else None

    @property
    def seen(self) -> str:
        """The range of the moments, and what decided how they are read, in words."""
        shown = "%Y-%m-%d" if names_date(self.form or None) else "%H:%M"
        first, last = (f"{moment:{shown}}" for moment in (self.moments.min(), self.moments.max()))
        words = [f"{first} to {last}, {len(self.moments):,} different"]
        words += [self.why] if self.why else []
        if self.order.other is not None:
            doubt = f"{self.order.other} would read it as well: make sure that {self.order.form} is meant"
            words.append(self.order.why or doubt)
        words += [self.century.why] if self.century is not None else []
        return "; ".join(words)


def dates_among(cells: Cells) -> WrittenDates | None:
    """Return how the cells are written as moments; None where they are no moments, or need not be."""
    if cells.truth:
        return None
    if not cells.numeric:
        form = text_format(cells.distinct)
        return None if form is None else written(cells.name, cells.texts, form)
    counted = moments_among(cells.present, cells.name)
    return None if counted is None else written(cells.name, cells.present, counted.form, why=counted.why)


def written(
    name: str, present: pd.Series, form: str, beside: Sequence[Beside] = (), latest: int | None = None, why: str = ""
) -> WrittenDates:
    """Return how the cells are written that `form` reads, by what they and the columns `beside` them show.

    `present` are the cells that hold something, in the file's order; `latest` is the latest year of other dates.
    """
    order = order_of(present, form, beside)
    form = order.form
    distinct = present.drop_duplicates()
    century = None
    if SHORT_YEAR in form:
        digits = read_dates(present, form, YEAR_OF_DIGITS).dt.year.to_numpy() % 100
        century = century_of(digits.astype(np.int64), name, latest)
    moments = read_dates(distinct, form or None, None if century is None else century.latest_year)
    return WrittenDates(form, order, century, times_differ(distinct, moments, form or None), moments, why)


def times_differ(distinct: pd.Series, moments: pd.Series, form: str | None) -> bool:
    """Return whether the time of day differs between cells, whose `moments` are in UTC."""
    if not names_hour(form):
        return False
    clock = None if form in COUNTED else clock_of(distinct, moments, form)
    shown = moments if clock is None else clock
    times = (shown - shown.dt.floor("D")).to_numpy()
    return bool((times != times[0]).any())
