"""What the rows of the table are made of: rows of the file, each by itself or in groups, or the moments of series."""

from pipelines.rows.apart import Apart
from pipelines.rows.arranged import Arranged, Clean, RowsKind
from pipelines.rows.grouped import Grouped
from pipelines.rows.series import Series

__all__ = ["ROWS", "Arranged", "Clean", "RowsKind"]

# By what a kind of target says of its rows (`Target.rows`).
ROWS: dict[str, RowsKind] = {"apart": Apart(), "series": Series(), "grouped": Grouped()}
