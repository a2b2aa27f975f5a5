"""What one column seems to be: its type, how much of it is missing, and what was seen of it."""

import math
import re
from dataclasses import replace

import pandas as pd

from pipelines.inputs import EXACT, INPUTS, Category, Cells, Guess
from pipelines.inputs.category import remark
from pipelines.inputs.guess import SHOWN, shown
from pipelines.inputs.input import NAMING_ROWS

NEARLY_ALL = 0.95  # share of rows with a value of their own from which a column names rows
STEP = 0.05  # declared shares of missing cells are rounded up to such steps
IDENTIFIER = re.compile(r"(?i:^(id|uuid|guid|index|row|key|unnamed: \d+)$|[ _.-](id|uuid|guid|key)$)|[a-z](Id|ID)$")


def guess_column(
    name: str, values: pd.Series, *, codes: bool = False, kept: bool = False, but: str | None = None
) -> Guess:
    """Return what the column seems to be.

    `values` are as the reader gives them: numbers, truth values or text. `codes`: its numbers are written with leading
    zeros, so they are labels. `kept`: it does not merely name its rows, whatever it looks like. `but`: a type that it
    cannot be. Nothing raises.
    """
    present = values.dropna()
    share = 1 - len(present) / len(values)
    cells = Cells(name, present, min(1.0, round(math.ceil(round(share / STEP, 9)) * STEP, 2)))
    if present.empty:
        return Guess(name, None, "no value in any row")
    if not share and (present == present.iloc[0]).all():
        return Guess(name, None, f"the same value in every row: {shown(present.iloc[0])}")
    if codes:
        seen = f"{cells.several}; leading zeros, so labels rather than amounts"
        return Guess(name, Category.name, seen, cells.missing)
    return with_missing(_claimed(cells, but, kept=kept), share)


def with_missing(guess: Guess, share: float) -> Guess:
    """Return the guess with the share of missing cells among what was seen."""
    return replace(guess, seen=f"{guess.seen}; {100 * share:.3g} % missing") if share else guess


def _claimed(cells: Cells, but: str | None, *, kept: bool) -> Guess:
    """Return the guess of the first kind of input that claims the cells, unless they merely name their rows."""
    in_turn = sorted((one for one in INPUTS.values() if one.name != but), key=lambda kind: -kind.exacting)
    sure = [kind for kind in in_turn if kind.exacting > NAMING_ROWS]
    naming = [] if kept else [_names_rows]
    claims = [kind.guess for kind in sure] + naming + [kind.guess for kind in in_turn[len(sure) :]]
    return next(found for claim in claims if (found := claim(cells)) is not None)


def _names_rows(cells: Cells) -> Guess | None:
    """Return that the column is dropped, where nearly every row has a value of its own that is no amount."""
    if cells.numeric:
        if not cells.whole or cells.missing or cells.present.nunique() < len(cells.present):
            return None
        low, high = cells.numbers.min(), cells.numbers.max()
        counted = high - low == len(cells.present) - 1
        if counted or IDENTIFIER.search(cells.name) or max(abs(low), abs(high)) >= EXACT:
            return Guess(cells.name, None, f"{cells.in_range}: a number of its own in every row, so it names rows")
        return None
    share = len(cells.distinct) / len(cells.texts)
    if share < NEARLY_ALL or len(cells.distinct) <= SHOWN:
        return None
    seen = f"a text of its own in {100 * share:.3g} % of the rows, so it names rows"
    return Guess(cells.name, None, seen + remark(cells.texts))
