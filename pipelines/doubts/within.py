"""Texts that hold an amount in one pattern, which no form of amounts reads: 5'11", ca. 12, 3h 20m, 120/80, 12 sq ft."""

import re

import pandas as pd

from pipelines.doubts.doubt import SEED

LOOKED_AT = 2_000  # different texts
FEWEST = 50  # different texts, from which amounts are lost as labels
ALIKE = 0.9  # share of the texts that follow one pattern
NUMBER = r"\d+(?:[.,]\d+)*"
ABOUT = r"(?:[~\u2248<>\u2264\u2265']|(?:approx|about|around|circa|ca|etwa|env|over|under)\b\.?)"
# Behind an amount stands what measures it, or one more amount. Letters or signs alone are no measure in front of it:
# room 12, E11.9 and +49 30 are names.
MEASURED = re.compile(
    rf"^(?:{ABOUT}\s*#.*|[+-]?#(?=.*[A-Za-z'\"%\u00b0\u2032\u2033]).+|#[/:]#(?::#)?|#\s*\.?[-\u2013]+)$"
)


def amounts_within(distinct: pd.Series) -> str | None:
    """Return one of the different texts where nearly all hold amounts in one pattern; None where they do not.

    The first number has to lead the text, a word such as `about` aside, and is not of one length throughout, as that
    of a code, a year or a postal code is.
    """
    texts = distinct.sample(min(len(distinct), LOOKED_AT), random_state=SEED)
    numbers = texts.str.extract(rf"({NUMBER})")[0]
    if len(texts) < FEWEST or numbers.nunique() < FEWEST / 5 or numbers.isna().any():
        return None
    whole = numbers.str.fullmatch(r"\d+")
    if whole.all() and len(set(numbers.str.len())) == 1:
        return None
    patterns = texts.str.replace(NUMBER, "#", regex=True).str.casefold()
    common = patterns.value_counts(normalize=True)
    if common.iloc[0] < ALIKE or not MEASURED.match(str(common.index[0])):
        return None
    return str(texts[patterns == common.index[0]].iloc[0])
