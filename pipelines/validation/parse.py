"""What a raw column means: the values as read in, typed values and the cells that cannot be read out."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.core.agreement import EXACT, LARGEST
from pipelines.core.project import Column
from pipelines.validation.amounts import read_amounts

TRUE, FALSE = ("true", "yes", "t", "y", "1"), ("false", "no", "f", "n", "0")  # whatever their case
SMALLEST = 1e-200  # in size, of a number that is not 0: differences of much smaller ones overflow as divisors
UNREADABLE = {
    "number": "not a number",
    "integer": "not a whole number",
    "boolean": "not true or false",
    "date": "not a date",
}
YEARS = (pd.Timestamp(1, 1, 1), pd.Timestamp("9999-12-31T23:59:59.999999"))  # that Python can tell
DATE_FORMAT = "ISO8601"  # 2014-05-02, also with a time of day


@dataclass(frozen=True)
class Parsed:
    """One column, typed: float64 (numbers, booleans), datetime64 (dates) or str, missing also where unreadable."""

    typed: pd.Series
    missing: np.ndarray  # (rows,) bool: the raw cell is empty
    unreadable: np.ndarray  # (rows,) bool: the raw cell holds something that is not of the declared type


def parse(raw: pd.Series, column: Column) -> Parsed:
    """Return the column's values as its declared type reads them; nothing raises, unreadable cells are marked."""
    missing = raw.isna().to_numpy()
    values = _PARSERS[column.type](raw, column)
    unreadable = values.isna().to_numpy() & ~missing
    return Parsed(values, missing, unreadable)


def _numbers(raw: pd.Series, column: Column) -> pd.Series:
    """Read numbers up to LARGEST in size, in the declared format; a column of true and false holds none.

    Numbers below SMALLEST in size are read as 0.
    """
    if pd.api.types.is_bool_dtype(raw.dtype):
        return pd.Series(np.nan, index=raw.index)
    numbers = pd.to_numeric(raw, errors="coerce") if column.format is None else read_amounts(raw, column.format)
    values = numbers.astype(np.float64)
    values = values.mask((values != 0) & (values.abs() < SMALLEST), 0.0)
    return values.where(values.abs() <= LARGEST)


def _integers(raw: pd.Series, column: Column) -> pd.Series:
    """Read whole numbers below EXACT in size: of longer ones the last digits would be lost."""
    values = _numbers(raw, column)
    return values.where((values == np.floor(values)) & (values.abs() < EXACT))


def _booleans(raw: pd.Series, _: Column) -> pd.Series:
    if pd.api.types.is_numeric_dtype(raw.dtype):  # bool counts as numeric here
        values = raw.astype(np.float64)
        return values.where(values.isin([0.0, 1.0]))
    meaning = dict.fromkeys(TRUE, 1.0) | dict.fromkeys(FALSE, 0.0)
    return raw.astype("str").str.strip().str.lower().map(meaning).astype(np.float64)


def _dates(raw: pd.Series, column: Column) -> pd.Series:
    return read_dates(raw, column.format)


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


def _texts(raw: pd.Series, _: Column) -> pd.Series:
    return raw.astype("str")


_PARSERS = {
    "number": _numbers,
    "integer": _integers,
    "boolean": _booleans,
    "date": _dates,
    "category": _texts,
    "text": _texts,
}
