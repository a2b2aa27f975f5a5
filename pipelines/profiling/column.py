"""What one column seems to be: its type, how much of it is missing, and what was seen of it."""

import math
import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from pipelines.core.agreement import EXACT
from pipelines.core.errors import quote
from pipelines.core.project import ColumnType
from pipelines.validation.parse import FALSE, TRUE, read_dates

SHOWN = 5  # values that a remark names
MANY_WORDS = 3.0  # words a cell, on average, from which a column of many values is text
NEARLY_ALL = 0.95  # share of rows with a value of their own from which a column names rows
MOSTLY = 0.9  # share of cells that are numbers from which the others look like slips
TRIED = 100  # texts that a format is tried on first
STEP = 0.05  # declared shares of missing cells are rounded up to such steps
LABEL = re.compile(r"(?i:(^|[ _.-])(zip|zipcode|postcode|postal|code)$)|[a-z](Code|Zip)$")
IDENTIFIER = re.compile(r"(?i:^(id|uuid|guid|index|row|key|unnamed: \d+)$|[ _.-](id|uuid|guid|key)$)|[a-z](Id|ID)$")
ISO = re.compile(r"\d{4}-\d{2}-\d{2}([ T].*)?")
DAYS = (
    "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y.%m.%d", "%d-%m-%Y", "%m-%d-%Y", "%d %b %Y", "%d-%b-%Y",
    "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%Y-%m",
)  # fmt: skip
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")


@dataclass(frozen=True)
class Guess:
    """One column's declaration, and why; a column of no type is dropped."""

    name: str
    type: ColumnType | None
    seen: str  # what was seen of it, in words
    missing: float = 0.0  # the declared largest share
    least: int | None = None  # the declared minimum
    format: str | None = None  # of dates and amounts


def guess_column(name: str, values: pd.Series, *, codes: bool = False) -> Guess:
    """Return what the column seems to be.

    `values` are as the reader gives them: numbers, truth values or text. `codes`: its numbers are written with leading
    zeros, so they are labels. Nothing raises.
    """
    present = values.dropna()
    share = 1 - len(present) / len(values)
    missing = min(1.0, round(math.ceil(round(share / STEP, 9)) * STEP, 2))
    if present.empty:
        return Guess(name, None, "no value in any row")
    if not share and (present == present.iloc[0]).all():
        return Guess(name, None, f"the same value in every row: {_shown(present.iloc[0])}")
    if codes:
        return Guess(name, "category", f"{_several(present)}; leading zeros, so labels rather than amounts", missing)
    guess = _numbers if pd.api.types.is_numeric_dtype(present.dtype) else _texts
    found = guess(name, present, missing)
    if share:
        found = replace(found, seen=f"{found.seen}; {100 * share:.3g} % missing")
    return found


def written_as(guess: Guess, form: str, other: str | None) -> Guess:
    """Return the guess of a column of numbers whose cells are written in a form, which `other` would read as well."""
    if not form or guess.type not in ("integer", "number"):
        return guess
    doubt = f"; {other} would read it as well: make sure that {form} is meant" if other else ""
    return replace(guess, format=form, seen=f"{guess.seen}; written as {form}{doubt}")


def _numbers(name: str, present: pd.Series, missing: float) -> Guess:
    if pd.api.types.is_bool_dtype(present.dtype) or present.isin([0, 1]).all():
        return Guess(name, "boolean", f"{100 * present.mean():.3g} % are 1", missing)
    values = present.to_numpy(np.float64)
    low, high = values.min(), values.max()
    seen = f"{low:.10g} to {high:.10g}, {present.nunique():,} different"
    whole = bool(np.isfinite(values).all() and (values == np.floor(values)).all())
    if whole and not missing and present.nunique() == len(present):
        counted = high - low == len(present) - 1
        if counted or IDENTIFIER.search(name) or max(abs(low), abs(high)) >= EXACT:
            return Guess(name, None, f"{seen}: a number of its own in every row, so it names rows")
    if whole and max(abs(low), abs(high)) >= EXACT:
        return Guess(name, "category", f"{seen}; too long to be an amount", missing)
    if whole and LABEL.search(name):
        return Guess(name, "category", f"{seen}; by its name a label rather than an amount: a guess", missing)
    from_zero = 0 <= low <= high - low  # an amount that begins near zero; a year or a latitude does not
    return Guess(name, "integer" if whole else "number", seen, missing, least=0 if from_zero else None)


def _texts(name: str, present: pd.Series, missing: float) -> Guess:
    texts = present.astype("str")
    distinct = texts.drop_duplicates()
    if set(distinct.str.strip().str.lower()) <= {*TRUE, *FALSE}:
        return Guess(name, "boolean", _several(present), missing)
    dates = _dates(distinct)
    if dates is not None:
        return _date(name, distinct, dates, missing)
    words = float(distinct.str.count(r"\S+").mean())
    share = len(distinct) / len(texts)
    if share > 1 / 2 and words >= MANY_WORDS:
        return Guess(name, "text", f"{len(distinct):,} different, {words:.1f} words on average", missing)
    if share >= NEARLY_ALL and len(distinct) > SHOWN:
        seen = f"a text of its own in {100 * share:.3g} % of the rows, so it names rows"
        return Guess(name, None, seen + _remark(texts))
    return Guess(name, "category", _several(present) + _remark(texts), missing)


def _dates(distinct: pd.Series) -> str | None:
    """Return the format that reads all of the texts, empty for ISO 8601; None if none does."""
    first = str(distinct.iloc[0])
    if not any(sign.isdigit() for sign in first):
        return None
    if distinct.str.fullmatch(ISO).all() and _reads(None, distinct):
        return ""
    formats = [day + time for day in DAYS for time in TIMES]
    tried = distinct.iloc[:TRIED]
    return next((form for form in formats if _reads(form, tried) and _reads(form, distinct)), None)


def odd_moment(values: pd.Series) -> tuple[int, str] | None:
    """Return the first cell, with its row, that is not written as most of the column's dates are; None if none is."""
    texts = values.astype("str").where(values.notna()).reset_index(drop=True)
    tried = texts.dropna().iloc[:TRIED]
    formats = [None, *(day + time for day in DAYS for time in TIMES)]
    shares = {form: read_dates(tried, form).notna().mean() for form in formats}
    form = max(formats, key=lambda one: shares[one])
    if not shares[form] > 1 / 2:
        return None
    odd = texts[texts.notna() & read_dates(texts, form).isna()]
    return (int(odd.index[0]), str(odd.iloc[0])) if len(odd) else None


def _reads(form: str | None, texts: pd.Series) -> bool:
    return bool(read_dates(texts, form).notna().all())


def _date(name: str, distinct: pd.Series, form: str, missing: float) -> Guess:
    times = read_dates(distinct, form or None)
    seen = f"{times.min():%Y-%m-%d} to {times.max():%Y-%m-%d}, {len(distinct):,} different"
    other = form.replace("%d", "%?").replace("%m", "%d").replace("%?", "%m")
    if other != form and other in {day + time for day in DAYS for time in TIMES} and _reads(other, distinct):
        seen += f"; {other} would read it as well: make sure that {form} is meant"
    return Guess(name, "date", seen, missing, format=form or None)


def _remark(texts: pd.Series) -> str:
    """Return what to say of labels that are nearly all numbers, dates written in several ways, or nearly alike."""
    numbers = pd.to_numeric(texts, errors="coerce").notna()
    if MOSTLY <= numbers.mean() < 1:
        odd = texts[~numbers]
        return f"; numbers but for {len(odd):,} cell(s), as {_shown(odd.iloc[0])}: empty those to have it as a number"
    dated = texts.str.match(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
    if dated.mean() >= MOSTLY:
        return "; dates written in several ways: write them in one to have it as a date"
    distinct = texts.drop_duplicates()
    alike = distinct.groupby(distinct.str.strip().str.casefold(), sort=False).agg(list)
    twins = next((group for group in alike if len(group) > 1), None)
    if twins is not None:
        return f"; {_shown(twins[0])} and {_shown(twins[1])} differ in case or blanks alone: are they one?"
    return ""


def _several(present: pd.Series) -> str:
    counts = present.value_counts()
    shown = ", ".join(_shown(value) for value in counts.index[:SHOWN])
    return f"{len(counts):,} different: {shown}" + (", …" if len(counts) > SHOWN else "")


def _shown(value: Any) -> str:  # noqa: ANN401 - a cell
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return quote(value) if isinstance(value, str) else str(value)
