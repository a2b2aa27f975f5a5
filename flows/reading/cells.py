"""What all readers share: which names a file may have, which columns stay as written, which cells are missing."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.core.cells import ROWS
from pipelines.core.errors import InputError, quote
from pipelines.inputs.missing import WORDS

MOST_VALUES = 1_000_000_000  # 8 GB as numbers; a larger table is for `sevenfold partitioned`
PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}  # in what units Arrow counts durations, here in seconds
AGAIN = "fetch or export the file again"


@dataclass(frozen=True)
class Missing:
    """Which cells of a column hold no value."""

    texts: Collection[str] = WORDS
    numbers: Collection[float] = ()
    blank: bool = True  # those of blanks alone
    numeric: bool = False  # what remains may be numbers


@dataclass(frozen=True)
class Wanted:
    """What is known of a file before it is read; by default nothing."""

    check: Callable[[list[str]], None] = lambda _: None  # raises InputError for names that do not fit
    text: Collection[str] = ()  # columns kept as the file writes them: 007 is no number there
    dropped: Collection[str] = ()  # columns of which cells that cannot be read are missing
    null: Collection[str] = WORDS  # cells that hold no value in any column
    # What is known of single columns; of others, the words for "no value" are taken for it.
    missing: Mapping[str, Missing] = field(default_factory=dict)
    as_written: bool = False  # columns of text keep the words for "no value", and blanks


def check_names(names: list[str], where: str) -> None:
    """Raise InputError if there are no columns, a column has no name, or a name is given twice."""
    if not names:
        raise InputError("there is no header", where=where, allowed="a header and rows", todo=AGAIN)
    if "" in (stripped := [name.strip() for name in names]):
        found = f"column {stripped.index('') + 1} of {len(names)} has no name"
        raise InputError(found, where=where, allowed="a name for every column", todo="name it, or remove the column")
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        places = ", ".join(str(place) for place, name in enumerate(names, 1) if name == twice[0])
        found = f"the name {quote(twice[0])} is given to columns {places}"
        raise InputError(found, where=where, allowed="every name once", todo="rename or remove one of them")
    odd = next((name for name in names if "\0" in name or any("\ud800" <= sign <= "\udfff" for sign in name)), None)
    if odd is not None:
        found = f"the name {quote(odd)} holds an invalid character"
        raise InputError(
            found, where=where, allowed="names in UTF-8", todo="save the file as UTF-8, or rename the column"
        )


def check_size(rows: int, columns: int, where: str) -> None:
    """Raise InputError where the table would not fit into memory."""
    if rows * columns > MOST_VALUES:
        raise InputError(
            f"{rows:,} rows of {columns:,} columns",
            where=where,
            allowed=f"up to {MOST_VALUES:,} values",
            todo="take a sample of the rows; `sevenfold partitioned` fits boosted trees to larger tables",
        )


def not_text(name: str, row: int, where: str) -> InputError:
    """Return the error of a cell that holds what no text does."""
    return InputError(
        f"a text in column {quote(name)} holds an invalid character",
        where=f"{where}, row {row} ({ROWS})",
        allowed="UTF-8, without zero bytes",
        todo="fix the text, or save the file as UTF-8",
    )


def leave_out(name: str) -> str:
    """Return what to do about a column whose cells are no plain values."""
    return f"name {quote(name)} in columns.drop (`sevenfold new` takes --drop), or write its parts into columns"


def plain_column(column: pa.ChunkedArray, name: str, wanted: Wanted, where: str) -> pa.ChunkedArray:
    """Return a column that its file has typed as numbers, truth values or text; raise InputError if it is another.

    Where a column is dropped, its cells are missing instead.
    """
    if pa.types.is_decimal(column.type):
        column = pc.cast(column, pa.float64())
    elif pa.types.is_duration(column.type):
        column = pc.divide(pc.cast(pc.cast(column, pa.int64()), pa.float64()), float(PER_SECOND[column.type.unit]))
    if is_number(column.type) and name not in wanted.text:
        return column
    try:
        return pc.cast(column, pa.string())
    except pa.ArrowException:
        if name in wanted.dropped:
            return pa.chunked_array([pa.nulls(len(column), pa.string())])
        raise InputError(
            f"column {quote(name)} holds values of type {quote(str(column.type))}",
            where=where,
            allowed="numbers, truth values, dates and texts",
            todo=leave_out(name),
        ) from None


def is_number(kind: pa.DataType) -> bool:
    """Return whether Arrow's type is one of numbers or truth values, or of nothing at all."""
    tests = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_null)
    return any(test(kind) for test in tests)
