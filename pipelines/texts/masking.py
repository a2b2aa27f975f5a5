"""Names that a control masks in texts: it asks whether a model knows meanings or remembers names."""

import re

import numpy as np
import pandas as pd

from pipelines.texts.words import Words

COMMON = 0.05  # share of the texts, from which a word that stands in a name as well is no name
LEAST = 3  # letters
PART = re.compile(r"[^\W_]+")  # of a name, which underscores may hold together


def words_to_mask(cells: pd.DataFrame, texts: pd.Series) -> pd.Series:
    """Return the words of each row's cells that the control masks in its text, str, with blanks between them.

    `cells` (rows, columns) are text, `texts` str without missing values. Words that stand in more than COMMON of the
    texts, such as "the", are left.
    """
    words = Words.of(texts)
    shares = words.texts_with / max(len(texts), 1)
    common = {words.vocabulary[code] for code in np.flatnonzero(shares > COMMON)}
    joined = cells.fillna("").astype("str").agg(" ".join, axis=1)
    named = [dict.fromkeys(PART.findall(cell.lower())) for cell in joined]
    found = [" ".join(word for word in own if len(word) >= LEAST and word not in common) for own in named]
    return pd.Series(found, texts.index, dtype="str")


def hold_them(words: pd.Series, texts: pd.Series) -> np.ndarray:
    """Return which texts hold one of their row's own `words`, (rows,) bool."""
    pairs = zip(words, texts, strict=True)
    return np.array([bool(own) and not set(own.split()).isdisjoint(PART.findall(text.lower())) for own, text in pairs])
