"""Reading Excel workbooks: their first sheet, its first row the names of columns."""

import zipfile
import zlib
from functools import cache
from pathlib import Path
from typing import IO
from xml.parsers import expat

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from flows.reading.cells import Wanted, check_names, check_size
from flows.reading.columns import to_column
from flows.reading.unpack import MOST_BYTES
from pipelines.core.errors import InputError, quote

ALLOWED = "a workbook whose first sheet has names of columns in its first row"
MOST_TIMES = 500  # its own size that a workbook may unpack to: sheets are wordy
MOST_CELLS = 100_000_000  # from the first to the last that is filled: the parser makes room for all between them
BROKEN = (
    CalamineError,
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    LookupError,
    ValueError,
    ArithmeticError,
    OSError,
    EOFError,
)
SHEET = "worksheet"  # the root of a sheet, wherever in the archive it lies
NO_SHEET = "no XML"
BLOCK = 1 << 20  # bytes of a member parsed at a time


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
    except BROKEN as error:
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
                f"the workbook unpacks to {size:,} bytes",
                where=str(path),
                allowed=f"up to {MOST_TIMES} times its size, and {MOST_BYTES >> 30} GiB",
                todo="check that it is the file you mean",
            )
        for name in archive.namelist():
            with archive.open(name) as member:
                rows, columns, last = _extent(member)
            if rows * columns > MOST_CELLS:
                raise InputError(
                    f"a sheet reaches over {rows:,} rows and {columns:,} columns, to cell {last}",
                    where=f"{path}, {name}",
                    allowed=f"up to {MOST_CELLS:,} cells",
                    todo="clear the cells far outside the table, or export the sheet as CSV",
                )


def _extent(member: IO[bytes]) -> tuple[int, int, str]:
    """Return how many rows and columns lie between a sheet's cells, and the end of them; 0 of what is no sheet.

    Raises ValueError for a sheet that is no XML, or has a cell at no place.
    """
    root, row, column = "", 0, 0
    rows: set[int] = set()
    columns: set[int] = set()

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal root, row, column
        name = tag.rpartition(":")[2]
        root = root or name
        if name == "row":
            row, column = int(attributes.get("r", row + 1)), 0
        elif name == "c":
            row, column = _place(attributes["r"]) if "r" in attributes else (row, column + 1)
            rows.add(row)
            columns.add(column)

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    while block := member.read(BLOCK):  # to the end: only there is the size that the archive claims found wrong
        try:
            if root in ("", SHEET):
                parser.Parse(block)
        except expat.ExpatError as error:
            if root == SHEET or (not root and (member.name or "").endswith(".xml")):
                message = f"{member.name}: {error}"
                raise ValueError(message) from None
            root = NO_SHEET
    if root != SHEET or not rows:
        return 0, 0, ""
    return max(rows) - min(rows) + 1, max(columns) - min(columns) + 1, f"{_letters(max(columns))}{max(rows)}"


def _place(cell: str) -> tuple[int, int]:
    """Return row and column of a cell by its name: (7, 1) of A7, (7, 27) of AA7."""
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :]), _column(letters)


@cache
def _column(letters: str) -> int:
    """Return the number of a column by its letters: 1 of A, 27 of AA."""
    column = 0
    for letter in letters.upper():
        column = 26 * column + ord(letter) - ord("A") + 1
    return column


def _letters(column: int) -> str:
    """Return a column's letters by its number."""
    letters = ""
    while column > 0:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters
