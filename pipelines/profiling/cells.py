"""How the cells of a table are written: what stands for "no value", which texts are amounts, what is a level."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipelines.inputs import Guess, Integer, Number
from pipelines.inputs.date_odd import dates_for_none, numbers_for_none, odd_dates
from pipelines.inputs.date_texts import text_format
from pipelines.inputs.guess import SHOWN, shown
from pipelines.inputs.missing import ORDINARY, hold_text
from pipelines.inputs.placeholders import are_placeholders, is_placeholder, stands_for_none, words_as_levels
from pipelines.inputs.written import Amounts, find_amounts, other_form
from pipelines.profiling.asked import Asked

FREE = 3.0  # words that different texts have on average, from which "-" or "none" is an answer in free text
FEW_LABELS, OFTEN = 30, 0.01  # of more labels one may be called "?", unless so large a share of the cells is


@dataclass(frozen=True)
class Written:
    """What a declaration says of how a column's cells are written."""

    missing: tuple[str, ...] = ()  # cells that hold no value, beside the usual words
    kept: tuple[str, ...] = ()  # usual words for "no value" that are levels here
    amounts: Amounts | None = None


def read_cells(frame: pd.DataFrame, asked: Asked, codes: Collection[str]) -> tuple[pd.DataFrame, dict[str, Written]]:
    """Return the frame with no value where cells stand for that, and amounts as numbers; and how cells are written.

    `frame` is the table as read; in columns of text the usual words for "no value" may still stand. `codes` are columns
    of labels that look like numbers. What the user says comes first.
    """
    found: dict[str, pd.Series] = {}
    written: dict[str, Written] = {}
    said = asked.missing
    numbers = [float(text) for text in said if _is_number(text)]
    for name in map(str, frame.columns):
        cells = frame[name]
        if pd.api.types.is_string_dtype(cells.dtype):
            cells = cells.mask(hold_text(cells, said, blank=False))
            strict = name in (asked.target, asked.time)  # a row without them is lost
            found[name], written[name] = _read(cells, codes=name in codes, strict=strict)
            continue
        if numbers and cells.isin(numbers).any():
            found[name] = cells.astype(np.float64).mask(cells.isin(numbers))
        elif name != asked.target and (none := numbers_for_none(cells.dropna(), name)):
            found[name] = cells.mask(cells.isin([float(text) for text in none]))
            written[name] = Written(tuple(none))
    return frame.assign(**found), written


def zero_led_texts(frame: pd.DataFrame) -> set[str]:
    """Return the columns of text whose cells are digits, one with a zero before others: codes, and no amounts."""
    found = set()
    for name in map(str, frame.columns):
        if pd.api.types.is_string_dtype(frame[name].dtype):
            distinct = pd.Series(frame[name].dropna().unique(), dtype="str").str.strip()
            led = distinct.str.fullmatch(r"0\d+")
            if led.any():
                others = distinct[~led & ~distinct.str.fullmatch(r"\d+")]
                if all(is_placeholder(text) for text in others):
                    found.add(name)
    return found


def _read(cells: pd.Series, *, codes: bool, strict: bool) -> tuple[pd.Series, Written]:
    """Return a column of text as `read_cells` does; `strict`: no cell is set aside because it cannot be read."""
    counts = cells.value_counts()
    distinct = pd.Series(counts.index, dtype="str")
    placeholder = are_placeholders(distinct)
    rest = distinct[~placeholder]
    amounts = None if codes else find_amounts(rest.reset_index(drop=True), counts.to_numpy()[~placeholder])
    amounts = None if strict and amounts is not None and amounts.odd else amounts
    kept: list[str] = []
    dates: list[str] | None = None
    if amounts is not None:
        missing = [*stands_for_none(distinct[placeholder], among_labels=False), *amounts.odd]
    elif codes or (dates := _dates(counts[~placeholder], strict=strict)) is not None:
        missing = stands_for_none(distinct[placeholder], among_labels=False) if placeholder.any() else []
        missing += dates or []
    elif len(rest) > 1 and float(rest.iloc[:100].str.count(r"\S+").mean()) >= FREE:
        missing = []
    else:
        kept = words_as_levels(counts, int(cells.isna().sum() + counts.get("", 0)))
        missing = [
            text for text in stands_for_none(list(distinct), among_labels=True)
            if len(distinct) <= FEW_LABELS or counts[text] >= OFTEN * len(cells)
        ]  # fmt: skip
    none = hold_text(cells, [*(ORDINARY - set(kept)), *(text.strip() for text in missing)], blank=True)
    cells = cells.mask(none) if none.any() else cells
    if amounts is not None:
        known = dict(zip(rest, amounts.numbers, strict=True))
        cells = cells.map(known).astype(np.float64)
    return cells, Written(tuple(sorted({text.strip() for text in missing})), tuple(kept), amounts)


def _dates(counts: pd.Series, *, strict: bool) -> list[str] | None:
    """Return which texts stand for no date where the others, by how often they occur, are dates; None if they are not.

    Truth values are no dates: yes, no and unknown are three answers; signs among them are no answer.
    """
    rest = pd.Series(counts.index, dtype="str")
    if rest.empty:
        return None
    form = text_format(rest)
    if form is not None:
        return dates_for_none(counts, form)
    return None if strict else odd_dates(rest) or None


def as_written(guess: Guess, written: Written) -> Guess:
    """Return the guess with how the column's cells are written."""
    seen, form, unit, amounts = guess.seen, guess.format, None, written.amounts
    if guess.type in (Integer.name, Number.name) and amounts is not None and amounts.form:
        form, unit = amounts.form, amounts.unit
        seen += f"; written as {form}" + (f", in {unit}" if unit else "")
        other = other_form(amounts)
        seen += f"; {other} would read it as well: make sure that {form} is meant" if other else ""
    if written.missing:
        seen += f"; {_listed(written.missing)} for no value"
    if written.kept:
        seen += f"; {_listed(written.kept)} is a level"
    return replace(guess, seen=seen, format=form, unit=unit, missing_values=written.missing, not_missing=written.kept)


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(map(shown, texts[:SHOWN])) + (", …" if len(texts) > SHOWN else "")


def _is_number(text: str) -> bool:
    try:
        return not np.isnan(float(text))
    except ValueError:
        return False
