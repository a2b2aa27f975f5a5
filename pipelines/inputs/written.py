"""Columns of text that hold numbers: quoted ones, and amounts with signs of currency, units, or between thousands."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.inputs.amounts import AMOUNTS, MIXED, read_amounts, unit_stem

TRIED = 100  # different texts that are read first: most columns hold no amounts
PLAIN = ""  # the form of numbers that the recipe reads as they are
MOSTLY = 0.9  # share of different texts that are amounts from which the others are odd cells among amounts
# Different amounts that make a column with odd cells one of amounts, where these are few or not: 1, 2, 4+ are levels.
ENOUGH, PLENTY = 20, 50
FEW = 0.05  # share of cells that are odd
MOST_ODD = 20  # different odd cells that a declaration may list
OF_A_UNIT = 5  # different amounts of a unit: 2 doors and 4 doors are levels
BEHIND = (
    r"^[+-]?[\d.,'\u2019 ]*\d\s*([A-Za-z\u00b5\u03bc\u00b0][A-Za-z\u00b0\u00b2\u00b3/]*\.?)$"  # a unit behind digits
)


@dataclass(frozen=True)
class Amounts:
    """How the different texts of a column write amounts: in a form of AMOUNTS or PLAIN, perhaps with a unit."""

    form: str
    unit: str | None
    texts: pd.Series
    numbers: pd.Series  # of each text, NaN where it is no amount
    odd: tuple[str, ...]  # the texts that are no amounts


def find_amounts(distinct: pd.Series, counts: np.ndarray) -> Amounts | None:
    """Return how different texts write amounts, nearly all of them; None if they do not.

    `counts` says how many cells hold each text. Texts of which one begins with a zero before another digit are codes.
    """
    if distinct.empty or distinct.str.match(r"\s*0\d+\s*$").any():
        return None
    tried = distinct.iloc[np.linspace(0, len(distinct) - 1, min(TRIED, len(distinct))).astype(np.int64)]
    if not tried.str.contains(r"\d").mean() >= MOSTLY:
        return None
    unit = _unit(tried)
    found = [one for form in (PLAIN, *AMOUNTS) if (one := _read_all(distinct, counts, tried, form, unit)) is not None]
    return min(found, key=lambda one: len(one.odd), default=None)


def other_form(amounts: Amounts) -> str | None:
    """Return another form that reads all of the texts that the found one reads, as other numbers; None if none does."""
    fine = amounts.numbers.notna()
    values, tried = amounts.numbers[fine], amounts.texts[fine]
    for other in AMOUNTS:
        if other not in (amounts.form, MIXED) and amounts.form:
            others = read_amounts(tried.iloc[:TRIED], other, amounts.unit)
            if others.notna().all() and not np.array_equal(others, values.iloc[:TRIED]):
                others = read_amounts(tried, other, amounts.unit)
                if others.notna().all():
                    return other
    return None


def units_of(distinct: pd.Series) -> dict[str, int]:
    """Return the units behind amounts, one spelling of each, and how many of the texts have it."""
    behind = distinct.str.strip().str.extract(BEHIND)[0].dropna()
    stems = behind.map(unit_stem)
    counts = stems.value_counts()
    return {behind[stems == stem].value_counts().index[0]: int(count) for stem, count in counts.items()}


def _unit(tried: pd.Series) -> str | None:
    """Return the one unit that amounts have behind them."""
    units = units_of(tried)
    return next(iter(units)) if len(units) == 1 and sum(units.values()) >= OF_A_UNIT else None


def _read_all(distinct: pd.Series, counts: np.ndarray, tried: pd.Series, form: str, unit: str | None) -> Amounts | None:
    """Return what the form reads, if that is nearly everything."""
    if not _read(tried, form, unit).notna().mean() >= MOSTLY:
        return None
    values = _read(distinct, form, unit)
    unread = values.isna().to_numpy()
    odd, fine = tuple(distinct[unread]), int((~unread).sum())
    enough = ENOUGH if counts[unread].sum() <= FEW * counts.sum() else PLENTY
    if odd and (fine < enough or len(odd) > MOST_ODD or fine < MOSTLY * len(distinct)):
        return None
    return Amounts(form, unit if form else None, distinct, values, odd)


def _read(texts: pd.Series, form: str, unit: str | None) -> pd.Series:
    if form:
        return read_amounts(texts, form, unit)
    values = pd.to_numeric(texts, errors="coerce").astype(np.float64)
    return values.where(np.isfinite(values))
