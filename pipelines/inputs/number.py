"""Numbers, whole or not: amounts, counts, measurements."""

import re
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from pipelines.core.errors import quote
from pipelines.inputs.amounts import AMOUNTS, read_amounts
from pipelines.inputs.declared import Declared
from pipelines.inputs.guess import Cells, Guess
from pipelines.inputs.input import LARGEST, Input, check_values

EXACT = 2**53  # whole numbers below it are floats without loss; from it on two of them may become one
SMALLEST = 1e-200  # in size, of a number that is not 0: differences of much smaller ones overflow as divisors
NUMBERS = (*(f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)), "float32", "float64")
LABEL = re.compile(r"(?i:(^|[ _.-])(zip|zipcode|postcode|postal|code)$)|[a-z](Code|Zip)$")


@dataclass(frozen=True)
class Number(Input):
    """Numbers up to LARGEST in size; those below SMALLEST in size are read as 0."""

    name: ClassVar[str] = "number"
    cells: ClassVar[str] = "numbers up to 1e+30 in size; those below 1e-200 in size are 0"
    features_are: ClassVar[str] = "the numbers"
    unreadable: ClassVar[str | None] = "not a number"
    read_as: ClassVar[tuple[str, ...]] = NUMBERS
    bounded: ClassVar[bool] = True
    formatted: ClassVar[bool] = True

    def read(self, raw: pd.Series, column: Declared) -> pd.Series:
        """Return float64; a column of true and false holds no numbers."""
        if pd.api.types.is_bool_dtype(raw.dtype):
            return pd.Series(np.nan, index=raw.index)
        numbers = (
            pd.to_numeric(raw, errors="coerce")
            if column.format is None
            else read_amounts(raw, column.format, column.unit)
        )
        return pd.Series(self.measured(numbers.to_numpy(np.float64, na_value=np.nan)), raw.index)

    def measured(self, numbers: np.ndarray) -> np.ndarray:
        """Return the numbers: 0 where one is next to nothing, NaN where it is too large."""
        size = np.abs(numbers)
        values = np.where((numbers != 0) & (size < SMALLEST), 0.0, numbers)
        return np.where(size <= LARGEST, values, np.nan)

    def why_unreadable(self, cells: pd.Series) -> str:
        """Return that a number is too large, where one is."""
        if _sizes(cells).between(LARGEST, np.finfo(float).max).any():
            return f"larger than {LARGEST:g}: too large to be a measurement"
        return str(self.unreadable)

    def check_format(self, column: Declared) -> str | None:
        """Return which forms of amounts there are, where the declared one is none of them."""
        if column.format is None or column.format in AMOUNTS:
            return None
        known = ", ".join(f'"{form}"' for form in AMOUNTS)
        return f"`format` {quote(column.format)} of numbers is none of {known}"

    def check_allowed(self, column: Declared) -> str | None:
        """Return what is wrong with a set of numbers."""
        return check_numbers(self.name, column)

    def guess(self, cells: Cells) -> Guess | None:
        """Return a number, at least 0 where it begins near zero, as amounts do, and years or latitudes do not."""
        if not cells.numeric:
            return None
        low, high = cells.numbers.min(), cells.numbers.max()
        from_zero = 0 <= low <= high - low
        return Guess(cells.name, self.name, cells.in_range, cells.missing, least=0 if from_zero else None)


@dataclass(frozen=True)
class Integer(Number):
    """Whole numbers below EXACT in size: of longer ones the last digits would be lost."""

    name: ClassVar[str] = "integer"
    cells: ClassVar[str] = f"whole numbers up to {EXACT - 1:,} in size"
    unreadable: ClassVar[str | None] = "not a whole number"
    exacting: ClassVar[int] = 1

    def measured(self, numbers: np.ndarray) -> np.ndarray:
        """Return the numbers without fractions, NaN where digits would be lost."""
        values = super().measured(numbers)
        return np.where((values == np.floor(values)) & (np.abs(values) < EXACT), values, np.nan)

    def why_unreadable(self, cells: pd.Series) -> str:
        """Return that a number has too many digits, where one has."""
        why = super().why_unreadable(cells)
        if why == self.unreadable and _sizes(cells).between(EXACT, LARGEST).any():
            return f"beyond {EXACT - 1:,}, where digits are lost; labels are of type category, amounts of type number"
        return why

    def guess(self, cells: Cells) -> Guess | None:
        """Return a whole number, where all are."""
        return super().guess(cells) if cells.numeric and cells.whole else None


def check_numbers(name: str, column: Declared) -> str | None:
    """Return what is wrong with the declared set of values of a kind whose values are numbers."""
    if column.allowed is None:
        return None
    odd = [value for value in column.allowed if isinstance(value, str)]
    wrong = check_values(column.allowed, int | float)
    return wrong or (f"`allowed` of type {name!r} holds the text {quote(odd[0])}" if odd else None)


def _sizes(cells: pd.Series) -> pd.Series:
    return pd.to_numeric(cells, errors="coerce").astype(np.float64).abs()
