"""What the draft or the project file may have wrong, with its evidence and with what decides otherwise.

Each kind of doubt is a file that ends in its row; `DOUBTS` lists them. Doubts are found in the raw table and the
project file, so that `sevenfold new`, `sevenfold check`, step 1 and the report all say the same, and a doubt is gone
as soon as the project file decides.
"""

from pipelines.doubts.cells import CELLS
from pipelines.doubts.codes import CODES
from pipelines.doubts.dates import DATES
from pipelines.doubts.doubt import Doubting, Reading
from pipelines.doubts.dropped import DROPPED
from pipelines.doubts.event import EVENT, METRIC
from pipelines.doubts.numbers_for_none import NUMBERS_FOR_NONE
from pipelines.doubts.rows import ORDER, THINGS
from pipelines.doubts.texts import TEXTS
from pipelines.facts.define import Doubt

DOUBTS: tuple[Doubting, ...] = (DROPPED, CELLS, NUMBERS_FOR_NONE, CODES, DATES, EVENT, METRIC, ORDER, THINGS, TEXTS)

__all__ = ["DOUBTS", "Doubting", "Reading", "find_doubts"]


def find_doubts(reading: Reading) -> list[Doubt]:
    """Return the doubts about a table as its project file reads it, the one that weighs most first.

    Columns that the project file is `sure` of are left alone.
    """
    sure = reading.project.columns.sure
    by_kind = {kind: kind.find(reading) for kind in DOUBTS}
    kinds = {kind.name for kind, found in by_kind.items() if found}
    told = [doubt for kind, found in by_kind.items() if kinds.isdisjoint(kind.unless) for doubt in found]
    # Kept as a feature, a column that orders the rows would identify their neighbours.
    ordering = {doubt["column"] for doubt in told if doubt["kind"] == ORDER.name}
    told = [doubt for doubt in told if doubt["kind"] != DROPPED.name or doubt["column"] not in ordering]
    return sorted((doubt for doubt in told if doubt["column"] not in sure), key=lambda doubt: -doubt["weight"])
