"""Which cells of a column stand for "no value", and which words for it are levels, by what else the column holds."""

import re
from collections.abc import Collection

import numpy as np
import pandas as pd

from pipelines.inputs.missing import ORDINARY

SIGNS = frozenset({"?", "??", "???", "-", "--", "---", ".", "..", "...", "*", "_", "/", "\\", "x", "\u2013", "\u2014"})
# What people write for it, in any case; unlike ORDINARY, some are levels where the others are words.
PHRASES = frozenset(
    {
        "n.a.", "n.a", "na.", "n/a.", "n / a", "n/d", "n.d.", "nd", "n/k", "nk", "none", "null", "nil", "unknown",
        "unknwn", "not known", "not available", "not applicable", "not recorded", "not stated", "not reported",
        "no data", "no value", "missing", "undefined", "unspecified", "not specified", "tbd", "tba", "pending", "blank",
        "empty", "(blank)", "(empty)", "(none)", "(null)", "(missing)", "[null]", "<null>", "#value!", "#ref!",
        "#div/0!", "#num!", "#name?", "#null!", "error", "na", "n/a", "nan", "<na>", "#n/a", "#na", "\\n", "k.a.",
        "k. a.", "unbekannt", "0000-00-00", "00/00/0000", "00.00.0000", "0000-00-00 00:00:00",
    }
)  # fmt: skip
PLACES = frozenset({"EU", "AS", "AF", "SA", "OC", "AN", "EMEA", "APAC", "LATAM", "AP", "ME", "CA", "ASIA", "SEA", "UK"})
MOST_LEVELS = 30  # from which words for "no value" are not taken for one of them
COMPARABLE = 0.5  # of the rarest other level's rows, that a level written as None or NA has at least


def is_placeholder(text: str) -> bool:
    """Return whether a text, between blanks, is one that people write for "no value"."""
    bare = text.strip()
    return not bare or bare in ORDINARY or bare in SIGNS or bare.casefold() in PHRASES


def are_placeholders(texts: pd.Series) -> np.ndarray:
    """Return which texts `is_placeholder` knows."""
    bare = texts.str.strip()
    known = bare.isin([*ORDINARY, *SIGNS]) | (bare == "") | bare.str.casefold().isin(list(PHRASES))
    return known.to_numpy(bool)


def stands_for_none(distinct: Collection[str], *, among_labels: bool) -> list[str]:
    """Return the texts that hold no value; among labels only signs, since "unknown" may be an answer there."""
    found = [text for text in distinct if is_placeholder(text) and text.strip() not in ORDINARY and text.strip()]
    if not among_labels:
        return found
    rest = [text for text in distinct if text not in found and text.strip() not in ORDINARY and text.strip()]
    signs = [text for text in found if text.strip() in SIGNS and text.strip().casefold() != "x"]
    words = sum(any(sign.isalnum() for sign in text) for text in rest)
    return signs if len(signs) == 1 and words == len(rest) >= 2 else []  # noqa: PLR2004 - "-" and "+" are levels


def words_as_levels(counts: pd.Series, empty: int) -> list[str]:
    """Return the words for "no value" that are levels, by the texts' counts; `empty` cells hold nothing at all.

    None is one among few other words that begin alike, if it is as frequent as a level and no other cell is missing;
    NA is one among short codes of places, as North America is.
    """
    words = [str(text) for text in counts.index if text in ORDINARY and text]
    rest = counts[~are_placeholders(pd.Series(counts.index, dtype="str"))]
    if len(words) != 1 or empty or not 1 <= len(rest) <= MOST_LEVELS or counts[words[0]] < COMPARABLE * rest.min():
        return []
    others = [str(text) for text in rest.index]
    if words[0] == "None" and all(re.fullmatch(r"[A-Z][a-z].*", text) for text in others):
        return words
    known = len(PLACES & set(others))
    if words[0] == "NA" and all(re.fullmatch(r"[A-Z]{2,6}", text) for text in others) and known >= min(2, len(others)):
        return words
    return []
