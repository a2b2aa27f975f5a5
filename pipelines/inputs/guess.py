"""What the cells of a column without a declaration look like, and what a kind of input makes of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pipelines.core.errors import quote

SHOWN = 5  # values that a remark names


@dataclass(frozen=True)
class Guess:
    """One column's declaration, and why; a column of no type is dropped."""

    name: str
    type: str | None
    seen: str  # what was seen of it, in words
    missing: float = 0.0  # the declared largest share
    least: int | None = None  # the declared minimum
    format: str | None = None  # of dates and amounts
    unit: str | None = None
    missing_values: tuple[str, ...] = ()  # cells that hold no value
    not_missing: tuple[str, ...] = ()  # usual words for "no value" that are levels
    keys: tuple[tuple[str, bool | int | str], ...] = ()  # that the type alone has, in the order to write them


@dataclass(frozen=True)
class Cells:
    """The cells of one column that hold something, as the reader gives them: numbers, truth values or text."""

    name: str
    present: pd.Series  # at least one
    missing: float  # the share of others, rounded up to what a declaration may say

    @cached_property
    def numeric(self) -> bool:
        """Whether the reader gave numbers or truth values."""
        return bool(pd.api.types.is_numeric_dtype(self.present.dtype))

    @cached_property
    def truth(self) -> bool:
        """Whether the reader gave truth values."""
        return bool(pd.api.types.is_bool_dtype(self.present.dtype))

    @cached_property
    def numbers(self) -> np.ndarray:
        """The cells as float64, where they are numeric."""
        return self.present.to_numpy(np.float64)

    @cached_property
    def whole(self) -> bool:
        """Whether all numbers are whole."""
        return bool(np.isfinite(self.numbers).all() and (self.numbers == np.floor(self.numbers)).all())

    @cached_property
    def texts(self) -> pd.Series:
        """The cells as text."""
        return self.present.astype("str")

    @cached_property
    def distinct(self) -> pd.Series:
        """The different texts, in order of appearance."""
        return self.texts.drop_duplicates()

    @cached_property
    def in_range(self) -> str:
        """The numbers' range, in words."""
        low, high = self.numbers.min(), self.numbers.max()
        return f"{low:.10g} to {high:.10g}, {self.present.nunique():,} different"

    @property
    def several(self) -> str:
        """The commonest values, in words."""
        counts = self.present.value_counts()
        listed = ", ".join(shown(value) for value in counts.index[:SHOWN])
        return f"{len(counts):,} different: {listed}" + (", …" if len(counts) > SHOWN else "")


def shown(value: Any) -> str:  # noqa: ANN401 - a cell
    """Return a cell's value as a remark shows it."""
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return quote(value) if isinstance(value, str) else str(value)
