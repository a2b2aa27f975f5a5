"""Parquet bodies, read as step 1 reads Parquet files, up to a size that is checked before and after."""

import re
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows.reading.cells import Wanted, plain_column
from flows.serving.asked import check_names, check_rows, too_large
from flows.serving.refusals import UNPROCESSABLE, Refusal
from pipelines.core.errors import InputError, quote
from pipelines.serving.contract import Contract

INDEX = re.compile(r"__index_level_\d+__")  # what pandas adds where the frame has an index
Columns = dict[str, list[object]]


def columns_of(body: bytes, contract: Contract, most: int) -> tuple[Columns, list[str], int]:
    """Return the columns that the contract needs, the names of the others, and the number of rows; raise Refusal."""
    try:
        file = pq.ParquetFile(pa.BufferReader(body))
        names = [name for name in file.schema_arrow.names if not INDEX.fullmatch(name)]
        check_names(names)
        check_rows(file.metadata.num_rows)
        wanted = [name for name in names if name in set(contract.names)]
        _check_size(file.metadata, most)
        texts = [name for name in wanted if _is_text(file.schema_arrow.field(name).type)]
        file = pq.ParquetFile(pa.BufferReader(body), read_dictionary=texts)  # a long text, often repeated, stays one
        table = file.read(wanted, use_threads=False)
        cells = {name: _cells(table[name], name, contract, most) for name in wanted}
    except InputError as error:
        raise Refusal.of(error) from error
    except (pa.ArrowException, OSError, UnicodeDecodeError, ValueError) as error:
        found = f"not readable as Parquet: {quote(str(error))}"
        raise Refusal(UNPROCESSABLE, "body", found, allowed="a whole Parquet file", do="export it again") from None
    return cells, [name for name in names if name not in cells], table.num_rows


def _check_size(metadata: Any, most: int) -> None:  # noqa: ANN401 - of pyarrow, untyped
    """Raise Refusal where the file says that it unpacks to too much."""
    groups = [metadata.row_group(place) for place in range(metadata.num_row_groups)]
    if sum(group.total_byte_size for group in groups) > most:
        raise too_large("the columns unpack to more", most)


def _cells(column: pa.ChunkedArray, name: str, contract: Contract, most: int) -> list[object]:
    column = column.combine_chunks() if pa.types.is_dictionary(column.type) else column
    if isinstance(column, pa.DictionaryArray):
        sizes = pc.binary_length(column.dictionary.cast(pa.binary()))
        size = pc.sum(pc.take(sizes, column.indices)).as_py() or 0
    else:
        size = column.nbytes
    if size > most:
        raise too_large(f"column {quote(name)} unpacks to more", most)
    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, column.type.value_type)
    text = {one.name for one in contract.fields if one.textual}
    chunked = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    cells: list[object] = plain_column(chunked, name, Wanted(text=text), "the Parquet body").to_pylist()
    return cells


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind)
