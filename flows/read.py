"""Reading a raw file whole: every row and column as the file has it, or an error that says where it is broken."""

import re
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows.read_csv import check_names, parse_csv, read_header
from pipelines.core.errors import InputError, quote
from pipelines.core.project import Project
from pipelines.validation.checks import as_text, check_header

SUFFIXES = (".csv", ".csv.gz", ".parquet")
AS_TEXT = ("category", "text", "date")  # kept as the file writes them: 007 is no number here
# Cells that mean "no value" (those of pandas.read_csv), unless the column's own `allowed` holds them.
MISSING = (
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
    "NULL", "NaN", "None", "n/a", "nan", "null",
)  # fmt: skip
INDEX = re.compile(r"__index_level_\d+__")  # what pandas adds to a Parquet file when the frame has an index


def read_raw(path: Path, project: Project) -> pd.DataFrame:
    """Return the raw file at `path`, rows numbered from 0.

    Columns declared as category, text or date come as text, as the file writes them; the others as numbers or truth
    values where every cell is one, otherwise as text too. Cells of MISSING are missing. Raises InputError with the file
    and, where it can be told, the line: unknown kind of file, empty, not UTF-8, a row with too many or too few fields,
    names missing or given twice, columns other than the declared ones.
    """
    kind = next((suffix for suffix in SUFFIXES if path.name.lower().endswith(suffix)), None)
    if kind is None:
        raise InputError(
            f"cannot read a file of kind {quote(path.suffix)}",
            where=str(path),
            allowed=", ".join(SUFFIXES),
            todo="convert the file",
        )
    if path.stat().st_size == 0:
        raise _empty(path, "the file is empty: 0 bytes")
    table = _from_parquet(path, project) if kind == ".parquet" else _from_csv(path, project)
    if table.num_rows == 0:
        raise _empty(path, "the file has a header but no rows")
    return _to_pandas(table, project)


def _empty(path: Path, found: str) -> InputError:
    return InputError(found, where=str(path), allowed="a header and rows", todo="fetch or export the file again")


def _from_csv(path: Path, project: Project) -> pa.Table:
    """Return the CSV file; a column for numbers that holds anything else comes as text, as it was written."""
    names = read_header(path)
    check_names(names, path)
    check_header(names, project, str(path))
    text = {name for name in names if name in project.columns.drop or project.columns.declared[name].type in AS_TEXT}
    table = parse_csv(path, text, MISSING)
    odd = {field.name for field in table.schema if field.name not in text and not _is_number(field.type)}
    return parse_csv(path, text | odd, MISSING) if odd else table


def _from_parquet(path: Path, project: Project) -> pa.Table:
    """Return the Parquet file, columns for texts and dates written out."""
    try:
        file = pq.ParquetFile(path)
        check_names(file.schema_arrow.names, path)
        table = file.read()
    except (pa.ArrowException, OSError) as error:
        found = f"not readable as Parquet: {quote(str(error))}"
        raise InputError(found, where=str(path), allowed="a whole Parquet file", todo="export the file again") from None
    table = table.select([name for name in table.column_names if not INDEX.fullmatch(name)])
    check_header(table.column_names, project, str(path))
    columns = [_plain_column(table[name], name, project, path) for name in table.column_names]
    return pa.table(columns, names=table.column_names)


def _plain_column(column: pa.ChunkedArray, name: str, project: Project, path: Path) -> pa.ChunkedArray:
    """Return the column as numbers, truth values or text."""
    kept = name not in project.columns.drop
    if pa.types.is_decimal(column.type):
        column = pc.cast(column, pa.float64())
    if _is_number(column.type) and kept and project.columns.declared[name].type not in AS_TEXT:
        return column
    try:
        return pc.cast(column, pa.string())
    except pa.ArrowException:
        if not kept:
            return pa.chunked_array([pa.nulls(len(column), pa.string())])
        raise InputError(
            f"column {quote(name)} holds values of type {quote(str(column.type))}",
            where=str(path),
            allowed="numbers, truth values, dates and texts",
            todo=f"name {quote(name)} in columns.drop, or write its parts into columns of their own",
        ) from None


def _is_number(kind: pa.DataType) -> bool:
    tests = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_null)
    return any(test(kind) for test in tests)


def _to_pandas(table: pa.Table, project: Project) -> pd.DataFrame:
    """Return the table as a frame; empty and half-empty columns of numbers and truth values as float64."""
    for place, field in enumerate(table.schema):
        if pa.types.is_null(field.type):
            table = table.set_column(place, field.name, pc.cast(table.column(place), pa.float64()))
        elif pa.types.is_boolean(field.type) and table.column(place).null_count:
            table = table.set_column(place, field.name, pc.cast(pc.cast(table.column(place), pa.int8()), pa.float64()))
    frame: pd.DataFrame = table.to_pandas(ignore_metadata=True, split_blocks=True)
    for name in frame.columns:
        if frame[name].dtype == "str":
            column = project.columns.declared.get(name)
            meant = {as_text(value) for value in (column.allowed or ())} if column else set()
            missing = frame[name].isin([cell for cell in MISSING if cell not in meant])
            if missing.any():
                frame[name] = frame[name].mask(missing)
    return frame
