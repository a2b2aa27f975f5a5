"""Which columns look like protected attributes: by their names, or by the levels that they hold.

It only looks. A line about a column that says nothing about people costs more trust than one about a column that does
brings, so a name counts only where every word of it is known: `customer_age` is an age, `account_age` is not, nor is
`mileage`. Whether people are meant, and whether it matters, the reader decides.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from pipelines.experiments.protected_words import ATTRIBUTES, UNSAID, Attribute, words
from pipelines.inputs import is_category, level_codes, level_names

WORDS = re.compile(r"[A-ZÀ-ÖØ-Þ]+(?![a-zà-öø-ÿ])|[^\W\d_]+?(?=[A-ZÀ-ÖØ-Þ]|[\W\d_]|$)|\d+")
MOSTLY = 0.9  # of the rows with a value hold known levels, where a column is judged by these
MOST_PARTS = 12  # words of a name: one of more is a sentence
LOOKED_AT = 60  # levels, the commonest: a column of more is no attribute by its levels
FEWEST_KNOWN = 2  # levels
TAILS = (0.01, 0.99)  # quantiles: single codes such as 999 make no age impossible
OLDEST = 125.0  # years
ADULT = 10.0  # years, that the oldest must reach: numbers below are groups, grades or something young
BORN = (1880.0, 2100.0)  # years of birth
DAYS = (ADULT * 365, OLDEST * 366)  # of life, counted forwards or back, where no unit says so
PER_YEAR = {"year": 1.0, "yr": 1.0, "month": 12.0, "mth": 12.0, "week": 52.18, "day": 365.25}
GROUPED = words(
    "group groups grp band bin bins bucket range bracket class cat category code codes cd agegroup ageband agerange "
    "ageclass altersgruppe under over"
)  # words of names whose numbers are places in a list


class Look(NamedTuple):
    """What a column looks like, and what says so."""

    attribute: str
    by: Literal["name", "levels"]


def looks_like(name: str, column: pd.Series, unit: str | None = None) -> Look | None:
    """Return which protected attribute a column looks like; None where it looks like none.

    `name` is that of the column in the file, which may differ from that of `column`, a feature of the table that it
    became; `unit` is the declared one.
    """
    parts = split_name(name)
    for one in ATTRIBUTES:
        if named(parts, one) and _may_be(one, parts, column, unit):
            return Look(one.name, "name")
    if not is_category(column):
        return None
    known = next((one for one in ATTRIBUTES if one.levels and _holds(one, column)), None)
    return None if known is None else Look(known.name, "levels")


def split_name(name: str) -> list[str]:
    """Return a name's words in lower case and in order: `dateOfBirth`, `DATE_OF_BIRTH` are date, of, birth."""
    return [word.casefold() for word in WORDS.findall(unicodedata.normalize("NFC", name))]


def named(parts: Sequence[str], one: Attribute) -> bool:
    """Return whether a name consists of a word of the attribute and, beside it, only of words that may be.

    A word may be written in pieces: `zip code` is zipcode.
    """
    return len(parts) <= MOST_PARTS and _reads(tuple(parts), one, found=False)


def _reads(parts: tuple[str, ...], one: Attribute, *, found: bool) -> bool:
    if not parts:
        return found
    for end in range(len(parts), 0, -1):
        piece = "".join(parts[:end])
        told = not one.names.isdisjoint((piece, plain(piece)))
        if (told or piece in one.allowed) and _reads(parts[end:], one, found=found or told):
            return True
    return False


def plain(text: str) -> str:
    """Return letters without marks: "etat" of "état"."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def _may_be(one: Attribute, parts: Sequence[str], column: pd.Series, unit: str | None) -> bool:
    """Return whether the column's values may be those of the attribute."""
    different = int(column.nunique())
    if different < one.fewest or (one.most is not None and different > one.most):
        return False
    counted = one.years and not is_category(column) and GROUPED.isdisjoint(parts)
    return not counted or _of_a_life(column.dropna().to_numpy(np.float64), parts, unit)


def _of_a_life(values: np.ndarray, parts: Sequence[str], unit: str | None) -> bool:
    """Return whether numbers may be ages, or years or days of birth; the unit, or else the name, may say which."""
    said = split_name(unit) if unit is not None else parts
    units = [PER_YEAR[word] for word in (one.rstrip("s") for one in said) if word in PER_YEAR]
    if unit is not None and not units:
        return False
    low, high = np.quantile(values, TAILS)
    if BORN[0] <= low and high <= BORN[1]:
        return not units or units[0] == 1
    low, high = sorted((abs(low), abs(high))) if high <= 0 else (low, high)
    if units:
        return bool(low >= 0 and ADULT <= high / units[0] <= OLDEST)
    return bool((low >= 0 and ADULT <= high <= OLDEST) or (DAYS[0] <= low and high <= DAYS[1]))


def _holds(one: Attribute, column: pd.Series) -> bool:
    """Return whether the column holds the attribute's levels, and hardly any others."""
    codes = level_codes(column)
    counts = np.bincount(codes[codes >= 0], minlength=len(level_names(column)))
    rows = {name: int(count) for name, count in zip(level_names(column), counts, strict=True) if count}
    if not FEWEST_KNOWN <= len(rows) <= LOOKED_AT:
        return False
    known = one.rest.union(*one.levels)
    levels = {name: _level(name, known) for name in rows}
    telling = {level for level in levels.values() if level in known - UNSAID}
    if len(telling) < FEWEST_KNOWN or any(telling.isdisjoint(side) for side in one.levels):
        return False
    return sum(count for name, count in rows.items() if levels[name] in known) >= MOSTLY * sum(rows.values())


def _level(name: str, known: frozenset[str]) -> str:
    """Return a level as known ones are written: "marriedcivspouse" of "Married-civ-spouse"."""
    level = "".join(split_name(name))
    return level if level in known else plain(level)
