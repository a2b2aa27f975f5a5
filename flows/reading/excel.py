"""Reading Excel workbooks: their first sheet, its first row the names of columns."""

import zipfile
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from flows.reading.cells import Wanted, check_names, check_size
from flows.reading.columns import to_column
from flows.reading.unpack import MOST_BYTES
from pipelines.core.errors import InputError, quote

ALLOWED = "a workbook whose first sheet has names of columns in its first row"
MOST_TIMES = 500  # its own size that a workbook may unpack to: sheets are wordy


def read_excel(path: Path, wanted: Wanted) -> pa.Table:
    """Return the first sheet as a table, empty cells as missing; raise InputError if there is none."""
    try:
        _check_unpacked_size(path)
        with CalamineWorkbook.from_path(path) as book:
            sheet = book.get_sheet_by_index(0)
            check_size(sheet.total_height, sheet.total_width, str(path))
            rows = sheet.to_python()
    except (CalamineError, zipfile.BadZipFile, NotImplementedError, IndexError, ValueError, OSError) as error:
        found = f"not readable as Excel: {quote(str(error))}"
        raise InputError(found, where=str(path), allowed=ALLOWED, todo="export the file again") from None
    if not rows:
        raise InputError(f"the sheet {quote(sheet.name)} is empty", where=str(path), allowed=ALLOWED, todo="fill it")
    names = [str(name) for name in rows[0]]
    check_names(names, f"{path}, sheet {quote(sheet.name)}, first row")
    wanted.check(names)
    columns = []
    for place, name in enumerate(names):
        cells = [None if row[place] == "" else row[place] for row in rows[1:]]
        columns.append(to_column([_whole(cell) for cell in cells], name, wanted, str(path)))
    return pa.table(columns, names=names)


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
