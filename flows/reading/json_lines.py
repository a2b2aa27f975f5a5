"""Reading JSON lines: one object a line, its keys the names of columns.

Arrow parses. Only where it refuses, as it does where a key holds a number in one line and a text in another, are the
lines gone through one by one: slower, but a column of both is text then, and a broken line can be named.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
from pyarrow import json as arrow

from flows.reading.cells import Wanted, check_names, is_number, plain_column
from flows.reading.columns import to_column
from flows.reading.unpack import packing, unpacked
from pipelines.core.errors import InputError, quote

ALLOWED = 'UTF-8 text with one JSON object a line, as {"age": 41, "town": "Bern"}'
BEFORE = b"\xef\xbb\xbf \t\n"  # what may stand before a line's object: blanks, and a mark
BLOCK = 4 << 20  # bytes that Arrow parses at a time; a longer line is gone through alone


def read_json_lines(path: Path, wanted: Wanted) -> pa.Table:
    """Return the file's table; a key that a line does not have is missing there, columns in order of appearance."""
    if _has_null(path):
        return _line_by_line(path, wanted)
    try:
        table = _parse(path, {})
        odd = {field.name: pa.string() for field in table.schema if not _lasting(field.type)}
        table = _parse(path, odd) if odd else table
        names = table.column_names
    except (pa.ArrowException, UnicodeDecodeError):  # Arrow takes keys that are not UTF-8
        return _line_by_line(path, wanted)
    check_names(names, f"{path}, keys")
    wanted.check(names)
    columns = [plain_column(table[name], name, wanted, str(path)) for name in names]
    return pa.table(columns, names=names)


def _has_null(path: Path) -> bool:
    """Return whether a line may begin with null instead of an object: of a block that does, Arrow's parser dies."""
    with unpacked(path) as stream:
        return any(part.lstrip(BEFORE).startswith(b"n") for line in stream for part in line.split(b"\r"))


def _lasting(kind: pa.DataType) -> bool:
    """Return whether Arrow's guess of a type may stay; texts that look like dates are read again, as written."""
    return pa.types.is_nested(kind) or pa.types.is_string(kind) or is_number(kind)


def _parse(path: Path, types: Mapping[str, pa.DataType]) -> pa.Table:
    with unpacked(path) as stream:
        return arrow.read_json(
            pa.PythonFile(stream, mode="r"),
            read_options=arrow.ReadOptions(block_size=BLOCK, use_threads=not packing(path)),  # as in separated.py
            parse_options=arrow.ParseOptions(explicit_schema=pa.schema(list(types.items())) if types else None),
        )


def _line_by_line(path: Path, wanted: Wanted) -> pa.Table:
    cells: dict[str, dict[int, object]] = {}
    count = 0
    with unpacked(path) as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                for key, value in _record(line, f"{path}, line {number}").items():
                    cells.setdefault(key, {})[count] = value
                count += 1
    check_names(list(cells), f"{path}, keys")
    wanted.check(list(cells))
    columns = [
        to_column([held.get(row) for row in range(count)], name, wanted, str(path)) for name, held in cells.items()
    ]
    return pa.table(columns, names=list(cells))


def _record(line: bytes, where: str) -> dict[str, object]:
    """Return one line's object; raise InputError if the line is not an object."""
    try:
        record = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise _broken(f"no JSON object: {quote(str(error))}", where) from None
    if not isinstance(record, dict):
        raise _broken(f"{'null' if record is None else quote(record)} is no object", where)
    return record


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the object; raise ValueError for a key that it holds twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        message = f"the key {twice!r} is there twice"
        raise ValueError(message)
    return made


def _broken(found: str, where: str) -> InputError:
    return InputError(found, where=where, allowed=ALLOWED, todo="fix or remove the line")
