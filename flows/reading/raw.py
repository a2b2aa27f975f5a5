"""Reading a raw file whole: every row and column as the file has it, or an error that says where it is broken."""

import difflib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from flows.reading.cells import AGAIN, Missing, Wanted, check_size, not_text
from flows.reading.excel import read_excel
from flows.reading.json_lines import read_json_lines
from flows.reading.parquet import read_parquet
from flows.reading.separated import read_csv, read_tsv
from flows.reading.unpack import MOST_BYTES, packing
from pipelines.core.cells import ROWS
from pipelines.core.errors import InputError, quote
from pipelines.core.project import Column, Project
from pipelines.inputs import INPUTS
from pipelines.inputs.conditions import LEFT_OUT, Condition
from pipelines.inputs.missing import NO_VALUE, WORDS, count_texts, hold_text, missing_numbers, missing_texts
from pipelines.validation.checks import check_header

READERS: Mapping[str, Callable[[Path, Wanted], pa.Table]] = {
    ".csv": read_csv,
    ".tsv": read_tsv,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".parquet": read_parquet,
    ".xlsx": read_excel,
    ".xls": read_excel,
}
PACKED = (".csv", ".tsv", ".jsonl", ".ndjson")  # kinds that may be packed
KINDS = ".csv, .tsv, .jsonl (each also .gz, .bz2, .zst or .xz), .parquet, .xlsx, .xls"


def read_raw(path: Path, project: Project) -> pd.DataFrame:
    """Return the raw file at `path`: the rows that meet the conditions of [source], numbered from 0.

    Columns declared as category, text or date, or with a format, come as text, as the file writes them; the others as
    numbers or truth values where every cell is one, otherwise as text too. Cells that hold no value are missing. Raises
    InputError with the file and, where it is known, the line: unknown kind of file, empty, not UTF-8, a row with too
    many or too few fields, names missing or given twice, columns other than the declared ones.
    """
    columns = project.columns
    everywhere = [value for value in columns.missing_values if isinstance(value, str)]
    wanted = Wanted(
        check=lambda names: check_header(names, project, str(path)),
        text=frozenset(
            name for name, column in columns.declared.items() if INPUTS[column.type].as_text or column.format
        ),
        dropped=frozenset(columns.drop),
        null=list(dict.fromkeys([*WORDS, *everywhere])),
        missing={name: _missing(columns.with_missing(name)) for name in columns.declared},
    )
    return _rows_where(read_table(path, wanted), project, str(path))


def _rows_where(frame: pd.DataFrame, project: Project, where: str) -> pd.DataFrame:
    """Return the rows that meet every condition of [source]; how many each leaves out is an attribute of the frame.

    Raises InputError where a condition names no column of the file, cannot be compared, or none is met by any row.
    """
    conditions = [Condition.read(text, "source.where") for text in project.raw.where]
    if not conditions:
        return frame
    kept, left = np.ones(len(frame), bool), {}
    for condition in conditions:
        met = condition.holds(_typed(frame, condition.column, project, where), where)
        left[condition.text] = int((kept & ~met).sum())
        kept &= met
    if not kept.any():
        counted = "; ".join(f"not {text}: {rows:,}" for text, rows in left.items())
        todo = "correct source.where"
        raise InputError(f"no row is left of {len(frame):,} ({counted})", where=where, allowed="some rows", todo=todo)
    frame = frame[kept].reset_index(drop=True)
    frame.attrs[LEFT_OUT] = left
    return frame


def _typed(frame: pd.DataFrame, name: str, project: Project, where: str) -> pd.Series:
    """Return a column as its declaration has it; one that is dropped, as it was read."""
    if name not in frame.columns:
        near = difflib.get_close_matches(name, map(str, frame.columns), n=1)
        raise InputError(
            f"source.where names {quote(name)}, which is no column of the file",
            where=where,
            allowed=", ".join(quote(str(one)) for one in frame.columns),
            todo=f"did you mean {quote(near[0])}?" if near else "correct source.where",
        )
    if name not in project.columns.declared:
        return frame[name]
    column = project.columns.with_missing(name)
    return INPUTS[column.type].parse(frame[name], column).typed


def _missing(column: Column) -> Missing:
    """Return which cells of a declared column hold no value."""
    kind = INPUTS[column.type]
    return Missing(
        texts=missing_texts(column, kind.declared_values(column)),
        numbers=missing_numbers(column),
        blank=kind.blank_is_missing,
        numeric=not (kind.as_text or column.format),
    )


def read_table(path: Path, wanted: Wanted) -> pd.DataFrame:
    """Return the file's table as `read_raw` does, of which `wanted` says what is known."""
    reader = READERS[suffix(path)]
    size = path.stat().st_size
    if size == 0:
        raise _empty(path, "the file is empty: 0 bytes")
    if size > MOST_BYTES:
        todo = "take a sample of the rows; `sevenfold partitioned` fits boosted trees to larger tables"
        raise InputError(f"{size:,} bytes", where=str(path), allowed=f"up to {MOST_BYTES:,}", todo=todo)
    table = reader(path, wanted)
    if table.num_rows == 0:
        raise _empty(path, "the file has a header but no rows")
    check_size(table.num_rows, table.num_columns, str(path))
    table = _check_cells(table, wanted, str(path))
    return _to_pandas(table, wanted)


def suffix(path: Path) -> str:
    """Return the suffix that says what kind of table the file holds; raise InputError if none can be read."""
    inner = Path(path.stem).suffix.lower() if packing(path) else path.suffix.lower()
    if inner in READERS and (not packing(path) or inner in PACKED):
        return inner
    found = "".join(path.suffixes[-2:] if packing(path) else path.suffixes[-1:])
    raise InputError(
        f"cannot read a file of kind {quote(found)}", where=str(path), allowed=KINDS, todo="convert the file"
    )


def _empty(path: Path, found: str) -> InputError:
    return InputError(found, where=str(path), allowed="a header and rows", todo=AGAIN)


def _check_cells(table: pa.Table, wanted: Wanted, where: str) -> pa.Table:
    """Return the table; raise InputError where a cell holds what is no character, or a row repeats the header.

    Where the column is dropped, all its cells are missing instead.
    """
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type) and (row := _odd_row(table[field.name])) is not None:
            if field.name not in wanted.dropped:
                raise not_text(field.name, row, where)
            table = table.set_column(place, field.name, pa.nulls(table.num_rows, pa.string()))
    kept = [field for field in table.schema if field.name not in wanted.dropped]
    texts = [field.name for field in kept if pa.types.is_string(field.type)]
    repeated = _repeated_header(table.select(texts)) if len(texts) == len(kept) > 1 else None
    if repeated is not None:
        raise InputError(
            "a row repeats the header, as where files were put together",
            where=f"{where}, row {repeated} ({ROWS})",
            allowed="one header",
            todo="remove that line",
        )
    return table


def _odd_row(texts: pa.ChunkedArray) -> int | None:
    """Return the first row that is not UTF-8 or holds a zero byte; None if there is none."""
    try:
        texts.validate(full=True)
        odd = pc.match_substring(texts, "\0")
        return pc.index(odd, True).as_py() if pc.any(odd).as_py() else None
    except pa.ArrowInvalid:
        return next(row for row, text in enumerate(texts) if not _is_utf8(text))


def _is_utf8(text: pa.StringScalar) -> bool:
    try:
        text.as_py()
    except UnicodeDecodeError:
        return False
    return True


def _repeated_header(table: pa.Table) -> int | None:
    """Return the first row whose cells are the columns' names; None if there is none."""
    same = pa.chunked_array([pa.repeat(True, table.num_rows)])
    for name in table.column_names:
        same = pc.and_(same, pc.equal(table[name], name))
        if not pc.any(same).as_py():
            return None
    return int(pc.index(same, True).as_py())


def _to_pandas(table: pa.Table, wanted: Wanted) -> pd.DataFrame:
    """Return the table as a frame; empty and half-empty columns of numbers and truth values as float64."""
    for place, field in enumerate(table.schema):
        if pa.types.is_null(field.type):
            table = table.set_column(place, field.name, pc.cast(table.column(place), pa.float64()))
        elif pa.types.is_boolean(field.type) and table.column(place).null_count:
            table = table.set_column(place, field.name, pc.cast(pc.cast(table.column(place), pa.int8()), pa.float64()))
    frame: pd.DataFrame = table.to_pandas(ignore_metadata=True, split_blocks=True)
    held: dict[str, dict[str, int]] = {}
    for name in frame.columns:
        known = wanted.missing.get(name, Missing())
        if frame[name].dtype == "str":
            known = Missing(("",), blank=False) if wanted.as_written else known
            missing = hold_text(frame[name], known.texts, blank=known.blank)
            if missing.any():
                held[str(name)] = count_texts(frame[name][missing])
                frame[name] = _without_missing(frame[name].mask(missing), known)
        elif known.numbers and frame[name].isin(known.numbers).any():
            frame[name] = frame[name].astype(np.float64).mask(frame[name].isin(known.numbers))
    frame.attrs[NO_VALUE] = held
    return frame


def _without_missing(cells: pd.Series, known: Missing) -> pd.Series:
    """Return a column of text without the cells that hold no value; as numbers, if what remains is."""
    if not known.numeric:
        return cells
    numbers = pd.to_numeric(cells, errors="coerce").astype(np.float64)
    if numbers.notna().sum() < cells.notna().sum():
        return cells
    return numbers.mask(numbers.isin(list(known.numbers)))
