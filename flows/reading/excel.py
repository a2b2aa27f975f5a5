"""Reading Excel workbooks: their first sheet, its first row the names of columns."""

import re
import zipfile
from pathlib import Path
from typing import IO

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from flows.reading.cells import Wanted, check_names, check_size
from flows.reading.columns import to_column
from flows.reading.unpack import MOST_BYTES
from pipelines.core.errors import InputError, quote

ALLOWED = "a workbook whose first sheet has names of columns in its first row"
MOST_TIMES = 500  # its own size that a workbook may unpack to: sheets are wordy
MOST_CELLS = 100_000_000  # from the first to the last that is filled: the parser makes room for all between them
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
CELL = re.compile(rb'<c [^>]{0,99}?\br="([A-Z]{1,3})([0-9]{1,7})"')
BLOCK = 1 << 20  # bytes of a sheet looked through at a time
OVERLAP = 128  # bytes of the block before that are looked through again, since a cell may begin there


def read_excel(path: Path, wanted: Wanted) -> pa.Table:
    """Return the first sheet as a table, without its empty rows and empty cells as missing.

    Raises InputError if there is none.
    """
    try:
        _check_unpacked_size(path)
        with CalamineWorkbook.from_path(path) as book:
            sheet = book.get_sheet_by_index(0)
            others = book.sheet_names[1:]
            check_size(sheet.total_height, sheet.total_width, str(path))
            rows = [row for row in sheet.to_python() if not all(map(_is_blank, row))]
    except (CalamineError, zipfile.BadZipFile, NotImplementedError, IndexError, ValueError, OSError) as error:
        found = f"not readable as Excel: {quote(str(error))}"
        raise InputError(found, where=str(path), allowed=ALLOWED, todo="export the file again") from None
    if len(rows) <= 1:
        found = f"the sheet {quote(sheet.name)} {'has a header but no rows' if rows else 'is empty'}"
        todo = f"fill it, or put another sheet first, as {quote(others[0])}" if others else "fill it"
        raise InputError(found, where=str(path), allowed=ALLOWED, todo=todo)
    names = [str(_whole(name)) for name in rows[0]]
    check_names(names, f"{path}, sheet {quote(sheet.name)}, first row")
    wanted.check(names)
    columns = []
    for place, name in enumerate(names):
        cells = [None if row[place] == "" else row[place] for row in rows[1:]]
        columns.append(to_column([_whole(cell) for cell in cells], name, wanted, str(path)))
    return pa.table(columns, names=names)


def _is_blank(cell: object) -> bool:
    return isinstance(cell, str) and not cell.strip()


def _whole(cell: object) -> object:
    """Return a number without fraction as an integer: a workbook has only one kind of number."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _check_unpacked_size(path: Path) -> None:
    """Raise InputError for a workbook, which is an archive, that unpacks to far more than a table would."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        size, most = sum(one.file_size for one in archive.infolist()), MOST_TIMES * path.stat().st_size
        if size > min(most, MOST_BYTES):
            raise InputError(
                f"the workbook unpacks to {size:,} bytes", where=str(path),
                allowed=f"up to {MOST_TIMES} times its size, and {MOST_BYTES >> 30} GiB",
                todo="make sure that it is what you think",
            )  # fmt: skip
        for name in filter(SHEET.fullmatch, archive.namelist()):
            with archive.open(name) as sheet:
                rows, columns, last = _extent(sheet)
            if rows * columns > MOST_CELLS:
                raise InputError(
                    f"a sheet reaches over {rows:,} rows and {columns:,} columns, to cell {last}",
                    where=f"{path}, {name}", allowed=f"up to {MOST_CELLS:,} cells",
                    todo="clear what stands far off the table, or export the sheet as CSV",
                )  # fmt: skip


def _extent(sheet: IO[bytes]) -> tuple[int, int, str]:
    """Return how many rows and columns lie between a sheet's cells, and the cell that is furthest from the first."""
    rows: set[int] = set()
    columns: set[bytes] = set()
    block = b""
    while more := sheet.read(BLOCK):
        block = block[-OVERLAP:] + more
        for column, row in CELL.findall(block):
            columns.add(column)
            rows.add(int(row))
    places = [_place(column) for column in columns]
    if not places:
        return 0, 0, ""
    last = max(columns, key=_place).decode()
    return max(rows) - min(rows) + 1, max(places) - min(places) + 1, f"{last}{max(rows)}"


def _place(column: bytes) -> int:
    """Return the number of a column by its letters: 1 of A, 27 of AA."""
    place = 0
    for letter in column:
        place = 26 * place + letter - ord("A") + 1
    return place
