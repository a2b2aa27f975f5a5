"""The split that the file's own column gives."""

import numpy as np
import pandas as pd

from pipelines.core.cells import SHOWN, as_text
from pipelines.core.errors import InputError, quote
from pipelines.inputs import Boolean, Category, Integer, holds_numbers
from pipelines.splits.dealing import DEALT, deal_folds
from pipelines.splits.split import Asked, Rows, Split, Splitting


class Column(Split):
    """Test rows are those that hold a mark; training rows are dealt to the folds at random."""

    name = "column"
    treatment = "kept where the file's own column puts them; training rows with the same features share a fold"
    columns = (Integer, Boolean, Category)
    keeps_copies = True
    given = True

    def assign(self, rows: Rows, asked: Asked) -> Splitting:
        """Return the marked rows as test rows; raise InputError where none is, or some are marked otherwise."""
        check_marks(rows.given, asked, rows.where)
        return split_by_column(rows.given, asked.test_value, rows.units, rows.strata, asked.seed)

    def flags(self, asked: Asked) -> str:
        """Return the flag with its column."""
        return f"--split-column {quote(str(asked.column))}"

    def ways(self) -> str:
        """Return the flags that split otherwise."""
        return "mark other rows, or leave --split-column out to draw rows at random"

    def too_few(self, asked: Asked, *, testing: bool) -> str:
        """Return what to do: mark more rows, or fewer."""
        marks = "mark rows" if testing else "mark fewer rows"
        return f"{marks} with {quote(as_text(asked.test_value))} (split.test_value) in {quote(str(asked.column))}"


def split_by_column(
    values: pd.Series, test_value: object, units: np.ndarray, classes: np.ndarray, seed: int
) -> Splitting:
    """Return the split that the file's own column gives: test rows hold `test_value`, all others are for training.

    The training rows are dealt to the folds as in `split_by_units`.
    """
    test = is_marked(values, test_value)
    return Splitting(test, deal_folds(units, classes, test, np.random.default_rng(seed)), DEALT)


def is_marked(values: pd.Series, test_value: object) -> np.ndarray:
    """Return which rows, (rows,) bool, hold the value that marks test rows."""
    return (values == (test_value if holds_numbers(values) else as_text(test_value))).to_numpy(bool)


def check_marks(values: pd.Series, asked: Asked, where: str) -> None:
    """Raise InputError where nothing, or something written a little otherwise, is marked as a test row.

    `values` is the split column as parsed.
    """
    distinct = values.dropna().drop_duplicates()
    marked = is_marked(distinct, asked.test_value)
    mark, others = as_text(asked.test_value), [as_text(value) for value in distinct[~marked]]
    near = [other for other in others if other.strip().casefold() == mark.strip().casefold()]
    if near or not marked.any():
        raise InputError(
            f"{quote(mark)} marks test rows, but {f'some hold {quote(near[0])}' if near else 'no row holds it'}",
            where=f"{where}, column {quote(str(asked.column))} (split.column, split.test_value)",
            allowed=f"one of its values: {', '.join(map(quote, others[:SHOWN]))}",
            todo="write every mark alike, or correct split.test_value",
        )
