"""Columns out of Python's own values, for files whose cells have a type each."""

import math
from collections.abc import Sequence
from datetime import timedelta

import pyarrow as pa

from flows.reading.cells import Wanted, leave_out, not_text
from pipelines.core.cells import written
from pipelines.core.errors import InputError, quote

LARGEST_INTEGER = 2**63 - 1


def to_column(values: Sequence[object], name: str, wanted: Wanted, where: str) -> pa.Array:
    """Return a column of truth values or numbers where every cell is one, otherwise of text; None is missing.

    Durations are numbers of seconds. Raises InputError for a cell that holds a list or a table; where the column is
    dropped, all its cells are missing instead.
    """
    try:
        return _to_column(values, name, wanted, where)
    except InputError:
        if name in wanted.dropped:
            return pa.nulls(len(values), pa.string())
        raise


def _to_column(values: Sequence[object], name: str, wanted: Wanted, where: str) -> pa.Array:
    if any(isinstance(value, timedelta) for value in values):
        values = [value.total_seconds() if isinstance(value, timedelta) else value for value in values]
    present = [value for value in values if value is not None]
    row = next((row for row, value in enumerate(values) if isinstance(value, (list, dict))), None)
    if row is not None:
        raise InputError(
            f"column {quote(name)} holds {quote(values[row])}",
            where=f"{where}, row {row}",
            allowed="numbers, truth values, dates and texts",
            todo=leave_out(name),
        )
    if name not in wanted.text:
        if all(isinstance(value, bool) for value in present):
            return pa.array(values, pa.bool_() if present else pa.null())
        if all(type(value) is int and abs(value) <= LARGEST_INTEGER for value in present):
            return pa.array(values, pa.int64())
        if all(type(value) in (int, float) for value in present):
            return pa.array([None if value is None else _number(value) for value in values], pa.float64())
    try:
        return pa.array([None if value is None else written(value) for value in values], pa.string())
    except UnicodeEncodeError as error:  # JSON can hold half a character
        row = next(row for row, value in enumerate(values) if value is not None and written(value) == error.object)
        raise not_text(name, row, where) from None


def _number(value: object) -> float | None:
    """Return the number as a float, infinite where no float is as large; None for "not a number"."""
    try:
        number = float(str(value))
    except OverflowError:
        return math.inf
    return None if math.isnan(number) else number
