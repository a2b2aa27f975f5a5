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
BLANK = "[\\s\u00a0\u202f\u2009]"  # RE2 knows those of ASCII alone as blanks
MINUS = "\N{MINUS SIGN}"  # as typesetters write it
PLURAL = 3  # letters from which a unit may have an s: kgs, days, but not ms


def read_amounts(texts: pd.Series, form: str, unit: str | None = None) -> pd.Series:
    """Return the amounts as float64, NaN where a text is no amount.

    `form` is one of AMOUNTS: which sign parts thousands, and which fractions. A currency before or behind the amount,
    a sign of per cent and the `unit` are passed over: `12.5 %` is 12.5. Amounts in brackets, and those with a minus
    behind them, are below zero, as accountants write them.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.replace_substring(pc.utf8_trim_whitespace(pa.array(texts.astype("str"), pa.string())), MINUS, "-")
    bracketed = rf"^(?:(?:{CURRENCY}{BLANK}*)?\([^-()]+\)(?:{BLANK}*(?:{CURRENCY}|%))?|[^-()]+-)$"
    below = pc.match_substring_regex(trimmed, bracketed)
    bare = pc.if_else(below, pc.replace_substring_regex(trimmed, rf"[()]|{BLANK}*-$", ""), trimmed)
    pattern = _pattern(form, unit)
    fits = pc.match_substring_regex(bare, pattern)
    number = pc.if_else(fits, pc.replace_substring_regex(bare, pattern, r"\1\2\3"), None)
    thousands = AMOUNTS[form][0]
    number = pc.replace_substring_regex(number, rf"[{re.escape(thousands)}]", "") if thousands else number
    plain = pd.Series(pc.replace_substring(number, ",", ".").to_pandas().to_numpy(), texts.index, dtype="str")
    amounts = pd.to_numeric(plain, errors="coerce").astype(np.float64)
    return amounts.mask(pc.fill_null(below, fill_value=False).to_numpy(zero_copy_only=False), -amounts)


def _pattern(form: str, unit: str | None) -> str:
    """Return the pattern of an amount without brackets or a minus behind; its groups are two signs and the digits."""
    thousands, point = AMOUNTS[form]
    parted = rf"[1-9]\d{{0,2}}(?:[{re.escape(thousands)}]\d{{3}})+|" if thousands else ""
    parted += LAKHS if thousands == "," else ""
    number = rf"(?:{parted}\d+)(?:[{point}]\d+)?(?:[eE][+-]?\d+)?"
    behind = "|".join([CURRENCY, "%", *([unit_pattern(unit)] if unit else [])])
    return rf"^([+-]?)(?:{CURRENCY}{BLANK}*)?([+-]?)({number})(?:{BLANK}*(?:{behind}))?$"


def unit_pattern(unit: str) -> str:
    """Return the pattern of a unit, in any case, with or without an s or a point behind it."""
    stem = unit_stem(unit)
    return rf"(?i:{re.escape(stem)}{'s?' if len(stem) + 1 >= PLURAL else ''}\.?)"


def unit_stem(unit: str) -> str:
    """Return what spellings of a unit share: kg of Kgs, day of days."""
    stem = unit.strip().removesuffix(".").lower()
    return stem.removesuffix("s") if len(stem) >= PLURAL else stem
