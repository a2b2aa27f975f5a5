"""Columns of the table that hold texts, or numbers in place of texts, which are no features of their own.

The table says by a column's dtype what it is for: text is read by models of words, float32 numbers are what trees see
of a text, and float16 numbers are its embedding. Features are float64, or categories.
"""

import numpy as np
import pandas as pd

ENCODED, EMBEDDED = np.dtype(np.float32), np.dtype(np.float16)


def holds_texts(column: pd.Series) -> bool:
    """Return whether a column of the table holds texts."""
    return isinstance(column.dtype, pd.StringDtype)


def stands_for_text(column: pd.Series) -> bool:
    """Return whether a column of the table is one of the numbers that trees see of a text."""
    return column.dtype == ENCODED


def is_embedding(column: pd.Series) -> bool:
    """Return whether a column of the table is one of the numbers of an embedding."""
    return column.dtype == EMBEDDED


def embedding_of(frame: pd.DataFrame, column: str) -> list[str]:
    """Return the columns of a frame that are the embedding of the text in `column`, in their order; none without."""
    return [name for name in frame.columns if str(name).startswith(f"{column} [") and is_embedding(frame[name])]
