"""Reading CSV and TSV, plain or packed.

Arrow parses, since it is fast and strict about the number of fields in a row. Only when it refuses is the file gone
through again, line by line, for the line to name.
"""

import csv
import io
from collections.abc import Collection
from pathlib import Path
from typing import TextIO

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow

from flows.reading.cells import AGAIN, Wanted, check_names, is_number
from flows.reading.unpack import packing, unpacked
from pipelines.core.errors import InputError, quote

COMMAS = "UTF-8 text with a header, columns separated by commas, as many fields in every row"
TABS = COMMAS.replace("commas", "tabs")
# Bytes that Arrow parses at a time; a longer row is refused. Packed files are parsed by one thread, no slower since
# unpacking takes as long: where the limit of what may be unpacked ends the reading, other threads would go on, and
# Arrow would wait for them without end when the process ends.
BLOCK = 4 << 20
LONGEST = 1 << 24  # characters of a field, when a file is gone through line by line
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def read_csv(path: Path, wanted: Wanted) -> pa.Table:
    """Return the file's table; a column that holds anything but numbers or truth values comes as text, as written."""
    return _read(path, wanted, ",")


def read_tsv(path: Path, wanted: Wanted) -> pa.Table:
    """Return the table of a file whose columns are separated by tabs, otherwise as `read_csv`."""
    return _read(path, wanted, "\t")


def zero_led(path: Path, names: Collection[str] | None = None) -> set[str]:
    """Return the columns, of `names` if given, of which a cell begins with a zero before another digit."""
    separator = "\t" if Path(path.stem if packing(path) else path.name).suffix.lower() == ".tsv" else ","
    asked = _header(path, separator) if names is None else list(names)
    found: set[str] = set()
    with (
        unpacked(path) as stream,
        arrow.open_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=arrow.ReadOptions(block_size=BLOCK, use_threads=False),
            parse_options=arrow.ParseOptions(delimiter=separator, newlines_in_values=True),
            convert_options=arrow.ConvertOptions(column_types=dict.fromkeys(asked, pa.string()), include_columns=asked),
        ) as reader,
    ):
        for block in reader:
            led = (name for name in asked if name not in found and _begins_with_zero(block[name]))
            found.update(led)
    return found


def _begins_with_zero(cells: pa.Array) -> bool:
    return bool(pc.any(pc.match_substring_regex(cells, r"^\s*0[0-9]+\s*$")).as_py())


def _read(path: Path, wanted: Wanted, separator: str) -> pa.Table:
    names = _header(path, separator)
    _check_separator(names, path, separator)
    check_names(names, f"{path}, header")
    wanted.check(names)
    text = {name for name in names if name in wanted.text or name in wanted.dropped}
    table = _parse(path, text, wanted.null, separator)
    odd = {field.name for field in table.schema if field.name not in text and not is_number(field.type)}
    return _parse(path, text | odd, wanted.null, separator) if odd else table


def _allowed(separator: str) -> str:
    return COMMAS if separator == "," else TABS


def _header(path: Path, separator: str) -> list[str]:
    """Return the names of the columns, as the first line that is not empty has them."""
    with unpacked(path) as stream:
        try:
            rows = csv.reader(io.TextIOWrapper(stream, encoding="utf-8-sig", newline=""), delimiter=separator)
            return next((row for row in rows if row), [])
        except (UnicodeDecodeError, csv.Error) as error:
            raise _explain(path, str(error), separator) from None


def _check_separator(names: list[str], path: Path, separator: str) -> None:
    """Raise InputError where the header is one name that holds another separator."""
    used = next((sign for sign in SEPARATORS if len(names) == 1 and sign in names[0]), None)
    if used is not None:
        found = f"the header {quote(names[0])} seems to be separated by {SEPARATORS[used]}"
        kind = {",": ", or name the file .csv", "\t": ", or name the file .tsv"}.get(used, "")
        todo = f"export the file with {SEPARATORS[separator]}{kind}"
        raise InputError(found, where=f"{path}, header", allowed=_allowed(separator), todo=todo)


def _parse(path: Path, text: Collection[str], null: Collection[str], separator: str) -> pa.Table:
    """Return the file's table; columns named in `text` as written, the types of others as Arrow infers them.

    In columns that are not text, cells of `null` are null. Raises InputError with file and line.
    """
    convert = arrow.ConvertOptions(
        column_types=dict.fromkeys(text, pa.string()), null_values=list(null), strings_can_be_null=False
    )
    try:
        with unpacked(path) as unpacking:
            stream = (
                pa.PythonFile(unpacking, mode="r") if packing(path) else pa.input_stream(str(path), compression=None)
            )
            table = arrow.read_csv(
                stream,
                read_options=arrow.ReadOptions(block_size=BLOCK, use_threads=not packing(path)),
                parse_options=arrow.ParseOptions(delimiter=separator, newlines_in_values=True),
                convert_options=convert,
            )
    except (pa.ArrowException, OSError) as error:
        raise _explain(path, str(error), separator) from None
    broken = any(pa.types.is_binary(field.type) for field in table.schema)  # not UTF-8
    if broken or any("\n" in text for text in _last_texts(table)):  # an unclosed quote swallows the rest of the file
        _check_lines(path, separator)
    return table


def _last_texts(table: pa.Table) -> list[str]:
    """Return the last row's texts; Python may not be able to write a moment that Arrow read as one."""
    columns = [column for column in table.columns if pa.types.is_string(column.type)]
    return [str(column[-1].as_py()) for column in columns] if table.num_rows else []


def _explain(path: Path, complaint: str, separator: str) -> InputError:
    """Return the error that names the line which Arrow refused."""
    try:
        rows = _check_lines(path, separator)
    except InputError as error:
        return error
    if rows == 1:
        return InputError("the file has a header but no rows", where=str(path), allowed="a header and rows", todo=AGAIN)
    return InputError(
        f"not readable as CSV: {quote(complaint)}",
        where=str(path),
        allowed=_allowed(separator),
        todo="export the file again",
    )


def _check_lines(path: Path, separator: str) -> int:
    """Return the number of rows, the header among them.

    Raises InputError at the first line that is not UTF-8, the first row of another width, or an unclosed quote.
    """
    with unpacked(path) as stream:
        for number, line in enumerate(stream, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                found = f"byte {error.start + 1} of the line, 0x{line[error.start]:02x}, is not UTF-8"
                raise InputError(
                    found, where=f"{path}, line {number}", allowed=_allowed(separator), todo="save the file as UTF-8"
                ) from None
    with unpacked(path) as stream:
        return _check_rows(io.TextIOWrapper(stream, encoding="utf-8-sig", newline=""), path, separator)


def _check_rows(stream: TextIO, path: Path, separator: str) -> int:
    """Return the number of rows; raise InputError at one of another width than the header, or that does not end."""
    csv.field_size_limit(LONGEST)
    rows = csv.reader(stream, delimiter=separator, strict=True)
    width, line, count = 0, 1, 0
    try:
        for row in rows:
            width = width or len(row)
            if row and len(row) != width:
                more = f"quote fields that hold {SEPARATORS[separator]}" if len(row) > width else "complete the row"
                more = "remove what stands above the header" if width == 1 else more
                raise InputError(
                    f"a row of {len(row)} fields under a header of {width}",
                    where=f"{path}, line {line}",
                    allowed=_allowed(separator),
                    todo=f"{more}, or remove the line",
                )
            line, count = rows.line_num + 1, count + bool(row)
    except csv.Error as error:
        raise InputError(
            f"a field that does not end, or is misquoted: {quote(str(error))}",
            where=f"{path}, row beginning on line {line}",
            allowed='quotes in pairs; a quote inside a quoted field doubled: ""',
            todo="fix the quotes",
        ) from None
    return count
