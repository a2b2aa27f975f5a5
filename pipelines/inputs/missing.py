"""Which cells of a column hold no value: empty ones, the usual words for it, and what the project file declares."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from pipelines.core.cells import as_text
from pipelines.inputs.declared import Declared

# Cells that mean "no value" in every column (those of pandas.read_csv), unless the project file says otherwise.
WORDS = (
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
    "NULL", "NaN", "None", "n/a", "nan", "null",
)  # fmt: skip
ORDINARY = frozenset(WORDS)
NO_VALUE = "no value"  # the attribute of a table as read: by column, the texts that held no value and their cells
MOST_COUNTED = 50  # of these texts


def missing_texts(column: Declared, only: Sequence[str | float | bool] | None) -> frozenset[str]:
    """Return the texts that mean "no value" in a column; `only` are the values that it may hold, None: any."""
    values = {as_text(value) for value in (*(only or ()), *column.not_missing)}
    return (ORDINARY - values) | {as_text(value).strip() for value in column.missing_values}


def missing_numbers(column: Declared) -> list[float]:
    """Return the numbers that mean "no value" in a column, however they are written."""
    numbers = pd.to_numeric(pd.Series([str(value) for value in column.missing_values]), errors="coerce")
    return [float(number) for number in numbers if not np.isnan(number)]


def hold_text(cells: pd.Series, texts: Collection[str], *, blank: bool) -> np.ndarray:
    """Return which cells of a column of text are one of `texts`, blanks around it aside, or, if asked, blank."""
    codes, distinct = pd.factorize(cells)
    stripped = pd.Series(distinct, dtype="str").str.strip()
    found = stripped.isin([text for text in texts if text]) | (pd.Series(distinct, dtype="str") == "")
    if blank:
        found |= stripped == ""
    return np.append(found.to_numpy(bool), False)[codes]  # code -1: missing already


def count_texts(cells: pd.Series) -> dict[str, int]:
    """Return the commonest texts and their cells; empty and blank ones are left out."""
    counts = cells.dropna().str.strip().value_counts()
    return {str(text): int(count) for text, count in counts.iloc[:MOST_COUNTED].items() if text}
