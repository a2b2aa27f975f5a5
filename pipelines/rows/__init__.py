"""What the rows of the table are made of: the rows of the file, each by itself, or the moments of series."""

from pipelines.rows.apart import Apart
from pipelines.rows.arranged import Arranged, Clean, RowsKind
from pipelines.rows.series import Series

__all__ = ["ROWS", "Arranged", "Clean", "RowsKind"]

# By what a kind of target says of its rows (`Target.rows`).
ROWS: dict[str, RowsKind] = {"apart": Apart(), "series": Series()}
