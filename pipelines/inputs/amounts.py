"""Amounts as people write them: `$1,234.50`, `1.234,50 €`, `(12.50)`, `12,5 %`, `70 kg`."""

import re

import numpy as np
import pandas as pd

MIXED = "1.5 or 1,5"
# How amounts may be written: the signs that part thousands, and the ones before fractions.
AMOUNTS = {
    "1,234.5": (",", "."),
    "1.234,5": (".", ","),
    "1 234,5": (" \u00a0\u202f\u2009", ","),
    "1 234.5": (" \u00a0\u202f\u2009", "."),
    "1'234.5": ("'\u2019", "."),
    MIXED: ("", ".,"),
}
CURRENCY = (
    r"(?:(?:US|CA|AU|NZ|HK|[ACRS])?\$|[€£¥₹₽₩₺₪₫฿]|kr\.?|zł|Kč|Ft|Rs\.?|USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|SEK|NOK|DKK"
    r"|PLN|CZK|HUF|NZD|MXN|BRL|ZAR|SGD|HKD|TRY|KRW|RUB|ILS|THB|RON)"
)
LAKHS = r"[1-9]\d?(?:,\d{2})+,\d{3}|"  # 12,34,567: thousands parted as in India
MINUS = "\N{MINUS SIGN}"  # as typesetters write it
PLURAL = 3  # letters from which a unit may have an s: kgs, days, but not ms


def read_amounts(texts: pd.Series, form: str, unit: str | None = None) -> pd.Series:
    """Return the amounts as float64, NaN where a text is none.

    `form` is one of AMOUNTS: which sign parts thousands, and which fractions. A currency before or behind the amount,
    a sign of per cent and the `unit` are passed over: `12.5 %` is 12.5. Amounts in brackets, and those with a minus
    behind them, are below zero, as accountants write them.
    """
    trimmed = texts.astype("str").str.strip().str.replace(MINUS, "-")
    bracketed = _fit(trimmed, rf"(?:{CURRENCY}\s*)?\([^-()]+\)(?:\s*{CURRENCY}|\s*%)?")
    below = bracketed | _fit(trimmed, r"[^-()]+-")
    bare = trimmed.where(~below, trimmed.str.replace(r"[()]|\s*-$", "", regex=True))
    parts = bare.str.extract(_pattern(form, unit))
    thousands, point = AMOUNTS[form]
    digits = parts[2].str.replace(rf"[{re.escape(thousands)}]", "", regex=True) if thousands else parts[2]
    signed = parts[0].fillna("") + parts[1].fillna("") + digits.str.replace(rf"[{point}]", ".", regex=True)
    amounts = pd.to_numeric(signed, errors="coerce").astype(np.float64)
    return amounts.mask(below, -amounts)


def _fit(texts: pd.Series, pattern: str) -> pd.Series:
    return texts.str.fullmatch(pattern).fillna(value=False).astype(bool)


def _pattern(form: str, unit: str | None) -> str:
    """Return the pattern of an amount without brackets or a minus behind; its groups are two signs and the digits."""
    thousands, point = AMOUNTS[form]
    parted = rf"[1-9]\d{{0,2}}(?:[{re.escape(thousands)}]\d{{3}})+|" if thousands else ""
    parted += LAKHS if thousands == "," else ""
    number = rf"(?:{parted}\d+)(?:[{point}]\d+)?(?:[eE][+-]?\d+)?"
    behind = "|".join([CURRENCY, "%", *([unit_pattern(unit)] if unit else [])])
    return rf"^([+-]?)(?:{CURRENCY}\s*)?([+-]?)({number})(?:\s*(?:{behind}))?$"


def unit_pattern(unit: str) -> str:
    """Return the pattern of a unit, in any case, with or without an s or a point behind it."""
    stem = unit_stem(unit)
    return rf"(?i:{re.escape(stem)}{'s?' if len(stem) + 1 >= PLURAL else ''}\.?)"


def unit_stem(unit: str) -> str:
    """Return what spellings of a unit share: kg of Kgs, day of days."""
    stem = unit.strip().removesuffix(".").lower()
    return stem.removesuffix("s") if len(stem) >= PLURAL else stem
