"""Texts with one thing taken away: the order of their words, or names, by which a model could remember rows."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipelines.core.table import Table

ROWS = 3_000  # training rows that controls are run on
WORD = re.compile(r"\S+")
SHUFFLED, MASKED, SCRAMBLED = "shuffled", "masked", "scrambled"
VARIANTS = (SHUFFLED, MASKED)  # that are texts themselves
HIDDEN = "thing"  # in place of a name
LEAST = 3  # letters of a part of a name that is hidden by itself


def control_rows(table: Table, seed: int) -> np.ndarray:
    """Return the places of the training rows that the controls are run on, ascending: a sample of at most ROWS."""
    training = np.flatnonzero(table.trained)
    taken = table.target.sample(table.y[training], ROWS, seed)
    return np.sort(training[taken])


def variant(column: str, what: str) -> str:
    """Return what a text column is called with one thing taken away."""
    return f"{column} {what}"


def shuffled_words(texts: pd.Series, seed: int) -> pd.Series:
    """Return each text with its words in random order; what stands between words becomes one space."""
    rng = np.random.default_rng(seed)
    mixed = [WORD.findall(text) for text in texts]
    return pd.Series([" ".join(words[i] for i in rng.permutation(len(words))) for words in mixed], dtype="str")


def masked_names(texts: pd.Series, names: Sequence[str]) -> pd.Series:
    """Return each text with its row's name, and every longer part of it, hidden; case and punctuation do not matter."""
    hidden = []
    for text, name in zip(texts, names, strict=True):
        parts = [part for part in re.split(r"[\W_]+", name) if len(part) >= LEAST]
        if not parts:
            hidden.append(text)
            continue
        whole = r"[\W_]+".join(re.escape(part) for part in re.split(r"[\W_]+", name) if part)
        pattern = "|".join([whole, *(re.escape(part) for part in sorted(set(parts), key=len, reverse=True))])
        hidden.append(re.sub(rf"(?i)\b(?:{pattern})\b", HIDDEN, text))
    return pd.Series(hidden, dtype="str")
