"""Texts that are moments: the format that reads all cells of a column."""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

import pandas as pd

from pipelines.inputs.date_formats import SHORT_YEAR, read_dates

TRIED = 100  # texts that a format is tried on first
ISO = re.compile(r"\d{4}-\d{2}-\d{2}([ T].*)?")
DAYS = (
    "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y.%m.%d", "%d-%m-%Y", "%m-%d-%Y", "%d %b %Y", "%d-%b-%Y",
    "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%Y-%m", "%d-%m-%y", "%m-%d-%y",
    "%d-%b-%y", "%d %b %y", "%d%b%Y", "%d%b%y", "%b %d %Y", "%B %d %Y", "%y-%m-%d", "%y/%m/%d", "%y.%m.%d",
)  # fmt: skip
TIMES = (
    "", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p", " %H:%M:%S.%f", ", %H:%M", ", %H:%M:%S",
    ", %I:%M %p", " %H:%M:%S %z", " %H:%M %z",
)  # fmt: skip
YEAR_MONTH = "%Y-%m"
PERIODS = (
    "%Y-Q%Q", "%YQ%Q", "%Y Q%Q", "%Y/Q%Q", "Q%Q %Y", "Q%Q-%Y", "Q%Q/%Y", "%QQ%Y", "%QQ %Y", "Q%Q %y", "Q%Q-%y",
    "Q%Q'%y", "%QQ%y",
    "%G-W%V", "%GW%V", "%G W%V", "%G/W%V", "W%V %G", "W%V-%G", "W%V/%G", "%G-W%V-%u",
    "%m/%Y", "%Y/%m", "%b %Y", "%B %Y", "%b-%Y", "%b-%y", "%b %y",
)  # fmt: skip
OF_LOGS = (
    "%d/%b/%Y:%H:%M:%S %z", "%a, %d %b %Y %H:%M:%S %z", "%a %b %d %H:%M:%S %z %Y", "%a %b %d %H:%M:%S %Y",
)  # fmt: skip
OF_DAY = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p", "%H:%M:%S.%f")  # times without a date
TIME = r"\d{1,2}:\d{2}(\D.*)?"  # 3:2 is a score
FORMATS = (*(day + time for day in DAYS for time in TIMES), *OF_LOGS, *PERIODS, *OF_DAY)
FEWEST = dict.fromkeys(PERIODS, 3) | dict.fromkeys(OF_DAY, 10)  # different ones that are no labels
OF_PERIODS = (pd.Timestamp("1900-01-01"), pd.Timestamp("2100-12-31"))  # 3/1200 is no month
TIMES_AS_MANY = 2  # days, of the reading that begins with the year, where another one fits as well


def text_format(distinct: pd.Series) -> str | None:
    """Return the first format that reads all of the different texts, empty for ISO 8601; None if none does."""
    first = str(distinct.iloc[0])
    if not any(sign.isdigit() for sign in first):
        return None
    if distinct.str.fullmatch(ISO).all() and reads(None, distinct):
        return ""
    tried = distinct.iloc[:TRIED]
    may = [form for form in BY_SHAPE.get(_shape(first), ()) if len(distinct) >= FEWEST.get(form, 1)]
    fits = (form for form in may if reads(form, tried) and reads(form, distinct))
    form = next(fits, None)
    if form in PERIODS and not read_dates(distinct, form).between(*OF_PERIODS).all():
        return None
    if form == YEAR_MONTH and _are_seasons(read_dates(distinct, form)):
        return None
    if form in OF_DAY and not distinct.str.fullmatch(TIME).all():
        return None
    return form if form is None or SHORT_YEAR not in form else _likelier([form, *fits], distinct)


def _are_seasons(moments: pd.Series) -> bool:
    """Return whether all are of two years in a row, as 2010-11 and 2011-12, and several."""
    following = moments.dt.month == (moments.dt.year + 1) % 100
    return len(moments) > 1 and bool(following.all())


def _likelier(forms: Sequence[str], distinct: pd.Series) -> str:
    """Return the first of the formats, or the one that begins with the year where it alone has days all over months.

    Of 01/03/19 and 01/04/19 the first is the first of a month, not the year 2001.
    """
    year_first = next((form for form in forms if form.startswith(SHORT_YEAR)), None)
    if year_first is None or year_first == forms[0]:
        return forms[0]
    usual, other = read_dates(distinct, forms[0]).dt, read_dates(distinct, year_first).dt
    firsts = (usual.day == 1).all() or (other.month == other.month.iloc[0]).all()
    return year_first if not firsts and other.day.nunique() > TIMES_AS_MANY * usual.day.nunique() else forms[0]


def reads(form: str | None, texts: pd.Series) -> bool:
    """Return whether the format reads all of the texts."""
    return bool(read_dates(texts, form).notna().all())


def odd_moment(values: pd.Series) -> tuple[int, str] | None:
    """Return the first cell, with its row, that is not written as most of the column's dates are; None if none is."""
    texts = values.astype("str").where(values.notna()).reset_index(drop=True)
    tried = texts.dropna().iloc[:TRIED]
    shares = {form: read_dates(tried, form).notna().mean() for form in formats_alike(tried)}
    form = max(shares, key=lambda one: shares[one], default=None)
    if not shares or not shares[form] > 1 / 2:
        return None
    odd = texts[texts.notna() & read_dates(texts, form).isna()]
    return (int(odd.index[0]), str(odd.iloc[0])) if len(odd) else None


def formats_alike(texts: pd.Series) -> list[str | None]:
    """Return the formats that could read one of the texts by its shape, None for ISO 8601; nothing is read."""
    shapes = sorted({_shape(str(text)) for text in texts})
    iso: list[str | None] = [None] if texts.str.fullmatch(ISO).any() else []
    return iso + [form for shape in shapes for form in BY_SHAPE.get(shape, ())]


def _shape(text: str) -> str:
    """Return a text with 9 for each number and a for each word, so that few formats need to be tried on it."""
    return re.sub("[^\\W\\d_]+", "a", re.sub(r"\d+", "9", text))


def _shape_of_format(form: str) -> str:
    written = re.sub("%[abBp]", "a", form.replace("%z", "+9"))
    return _shape(re.sub("%[A-Za-z]", "9", written))


def _by_shape(formats: Sequence[str]) -> Mapping[str, list[str]]:
    """Return the formats by the shape of their texts, in their order."""
    shaped = sorted(((_shape_of_format(form), place) for place, form in enumerate(formats)))
    return {shape: [formats[place] for _, place in found] for shape, found in groupby(shaped, key=lambda one: one[0])}


BY_SHAPE = _by_shape(FORMATS)
