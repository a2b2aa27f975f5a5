"""Reading Parquet."""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from flows.reading.cells import Wanted, check_names, check_size, plain_column
from pipelines.core.errors import InputError, quote

INDEX = re.compile(r"__index_level_\d+__")  # what pandas adds to a Parquet file when the frame has an index


def read_parquet(path: Path, wanted: Wanted) -> pa.Table:
    """Return the file's table, columns for texts and dates written out."""
    try:
        file = pq.ParquetFile(path)
        names = [name for name in file.schema_arrow.names if not INDEX.fullmatch(name)]
        check_names(names, f"{path}, header")
        check_size(file.metadata.num_rows, len(names), str(path))  # repeated values take no bytes
        table = file.read(names)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        found = f"not readable as Parquet: {quote(str(error))}"
        raise InputError(found, where=str(path), allowed="a whole Parquet file", todo="export the file again") from None
    wanted.check(table.column_names)
    columns = [plain_column(table[name], name, wanted, str(path)) for name in table.column_names]
    return pa.table(columns, names=table.column_names)
