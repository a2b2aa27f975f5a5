"""Reading CSV, plain or gzipped.

Arrow parses, since it is fast and strict about the number of fields in a row. Only when it refuses is the file gone
through again, line by line, for the line to name.
"""

import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

import pyarrow as pa
from pyarrow import csv as arrow

from pipelines.core.errors import InputError, quote

ALLOWED = "UTF-8 text with a header, columns separated by commas, as many fields in every row"
BLOCK = 4 << 20  # bytes that Arrow parses at a time; a longer row is refused
LONGEST = 1 << 24  # characters of a field, when a file is gone through line by line
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def read_header(path: Path) -> list[str]:
    """Return the names of the columns, as the first line that is not empty has them."""
    with _bytes(path) as stream:
        try:
            rows = csv.reader(io.TextIOWrapper(stream, encoding="utf-8-sig", newline=""))
            return next((row for row in rows if row), [])
        except (UnicodeDecodeError, csv.Error) as error:
            raise _explain(path, str(error)) from None


def check_names(names: list[str], path: Path) -> None:
    """Raise InputError if there are no columns, a column has no name, or a name is given twice."""
    where = f"{path}, header"
    if not names:
        raise InputError("there is no header", where=where, allowed=ALLOWED, todo="fetch or export the file again")
    twice = [name for name, count in Counter(names).items() if count > 1]
    used = next((sign for sign in SEPARATORS if len(names) == 1 and sign in names[0]), None)
    if used is not None:
        found = f"the header {quote(names[0])} seems to be separated by {SEPARATORS[used]}"
        raise InputError(found, where=where, allowed=ALLOWED, todo="export the file with commas")
    if "" in (stripped := [name.strip() for name in names]):
        found = f"column {stripped.index('') + 1} of {len(names)} has no name"
        raise InputError(found, where=where, allowed="a name for every column", todo="name it, or remove the column")
    if twice:
        places = ", ".join(str(place) for place, name in enumerate(names, 1) if name == twice[0])
        found = f"the name {quote(twice[0])} is given to columns {places}"
        raise InputError(found, where=where, allowed="every name once", todo="rename or remove one of them")


def parse_csv(path: Path, text: Collection[str], missing: Collection[str]) -> pa.Table:
    """Return the file's table; columns named in `text` as written, the types of others as Arrow infers them.

    In columns that are not text, cells of `missing` are null. Raises InputError with file and line.
    """
    convert = arrow.ConvertOptions(
        column_types=dict.fromkeys(text, pa.string()), null_values=list(missing), strings_can_be_null=False
    )
    try:
        with pa.input_stream(str(path), compression="detect") as stream:
            table = arrow.read_csv(
                stream,
                read_options=arrow.ReadOptions(block_size=BLOCK),
                parse_options=arrow.ParseOptions(newlines_in_values=True),
                convert_options=convert,
            )
    except (pa.ArrowException, OSError) as error:
        raise _explain(path, str(error)) from None
    broken = any(pa.types.is_binary(field.type) for field in table.schema)  # not UTF-8
    if broken or any("\n" in str(cell) for cell in _last_row(table)):  # an unclosed quote swallows the rest of the file
        _check_lines(path)
    return table


def _last_row(table: pa.Table) -> list[object]:
    return [column[-1].as_py() for column in table.columns] if table.num_rows else []


def _explain(path: Path, complaint: str) -> InputError:
    """Return the error that names the line which Arrow refused."""
    try:
        _check_lines(path)
    except InputError as error:
        return error
    return InputError(
        f"not readable as CSV: {quote(complaint)}", where=str(path), allowed=ALLOWED, todo="export the file again"
    )


def _check_lines(path: Path) -> None:
    """Raise InputError at the first line that is not UTF-8, the first row of another width, or an unclosed quote."""
    with _bytes(path) as stream:
        for number, line in enumerate(stream, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                found = f"byte {error.start + 1} of the line, 0x{line[error.start]:02x}, is not UTF-8"
                raise InputError(
                    found, where=f"{path}, line {number}", allowed=ALLOWED, todo="save the file as UTF-8"
                ) from None
    with _bytes(path) as stream:
        _check_rows(io.TextIOWrapper(stream, encoding="utf-8-sig", newline=""), path)


def _check_rows(stream: TextIO, path: Path) -> None:
    """Raise InputError at the first row that has not as many fields as the header, or that does not end."""
    csv.field_size_limit(LONGEST)
    rows = csv.reader(stream, strict=True)
    width, line = 0, 1
    try:
        for row in rows:
            width = width or len(row)
            if row and len(row) != width:
                more = "quote fields that hold commas" if len(row) > width else "complete the row"
                raise InputError(
                    f"a row of {len(row)} fields under a header of {width}",
                    where=f"{path}, line {line}",
                    allowed=ALLOWED,
                    todo=f"{more}, or remove the line",
                )
            line = rows.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"a field that does not end, or is misquoted: {quote(str(error))}",
            where=f"{path}, row beginning on line {line}",
            allowed='quotes in pairs; a quote inside a quoted field doubled: ""',
            todo="mend the quotes",
        ) from None


@contextmanager
def _bytes(path: Path) -> Iterator[BinaryIO]:
    """Open the file's bytes, unpacked; raise InputError where they cannot be unpacked."""
    packed = path.name.lower().endswith(".gz")
    try:
        with gzip.open(path) if packed else path.open("rb") as stream:
            yield stream  # type: ignore[misc]
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(
            f"the file cannot be unpacked: {error}", where=str(path), allowed="a whole gzip file", todo="fetch it again"
        ) from None
