"""The rows of a request, and the bounds that a body of any kind is held to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flows.serving.bounds import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS
from flows.serving.refusals import TOO_LARGE, UNPROCESSABLE, Refusal
from pipelines.core.errors import quote
from pipelines.serving.contract import Contract, Field, Wrong


@dataclass(frozen=True)
class Asked:
    """The rows of a request."""

    cells: Mapping[str, Sequence[object]]  # of the columns that the contract needs; a column may be absent
    rows: int
    ignored: list[str] = field(default_factory=list)  # columns that the contract does not need
    unfit: Mapping[int, Wrong] = field(default_factory=dict)  # by place: rows that have no cells
    model: str | None = None  # what a JSON body asks for
    why: bool | None = None


def most_characters(one: Field) -> int:
    """Return how long a text may be."""
    return max(MOST_CHARACTERS, one.known.longest or 0)


def with_bounds(asked: Asked, contract: Contract) -> Asked:
    """Return the rows, those aside of which a text is longer than a model reads in reasonable time."""
    texts = [one for one in contract.fields if one.name in contract.encodings.by_column]
    if not texts:
        return asked
    cells, unfit = dict(asked.cells), dict(asked.unfit)
    for one in texts:
        most, column = most_characters(one), cells.get(one.name, ())
        long = {place for place, cell in enumerate(column) if isinstance(cell, str) and len(cell) > most}
        if long:
            cells[one.name] = [None if place in long else cell for place, cell in enumerate(column)]
            unfit |= {place: _too_long(one, len(str(column[place])), most) for place in long}
    return replace(asked, cells=cells, unfit=unfit)


def _too_long(one: Field, found: int, most: int) -> Wrong:
    do = "send the part that matters; `sevenfold predict` reads texts of any length"
    return Wrong(field=one.name, found=f"a text of {found:,} characters", allowed=f"up to {most:,} characters", do=do)


def too_large(found: str, most: int) -> Refusal:
    """Return the refusal of a body of too many bytes."""
    do = "send fewer rows at a time; `sevenfold predict` answers files of any length"
    return Refusal(TOO_LARGE, "body", found, allowed=f"up to {most:,} bytes", do=do)


def check_rows(rows: int) -> None:
    """Raise Refusal where a request has too many rows."""
    if rows > MOST_ROWS:
        do = "send fewer at a time; `sevenfold predict` answers files of any length"
        raise Refusal(TOO_LARGE, "rows", f"more than {MOST_ROWS:,} rows", allowed=f"up to {MOST_ROWS:,}", do=do)


def check_names(names: Sequence[str]) -> None:
    """Raise Refusal where a header does not name each column once."""
    if not names:
        raise Refusal(UNPROCESSABLE, "header", "none", allowed="a header and rows", do="send the names of the columns")
    if len(names) > MOST_COLUMNS:
        found, allowed = f"{len(names):,} columns", f"up to {MOST_COLUMNS:,}"
        raise Refusal(TOO_LARGE, "header", found, allowed=allowed, do="leave out those that are not needed")
    twice = _twice(names)
    if twice is not None:
        found = f"the name {quote(twice)} is given twice"
        raise Refusal(UNPROCESSABLE, "header", found, allowed="every name once", do="rename or remove one of them")


def _twice(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    return next((name for name in names if name in seen or seen.add(name)), None)  # type: ignore[func-returns-value]
