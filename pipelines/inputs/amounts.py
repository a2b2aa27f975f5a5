"""Amounts as people write them: `$1,234.50`, `1.234,50 €`, `12,5 %`."""

import re

import numpy as np
import pandas as pd

# How amounts may be written: the signs that part thousands, and the one before fractions.
AMOUNTS = {"1,234.5": (",", "."), "1.234,5": (".", ","), "1 234,5": (" \u00a0\u202f", ","), "1'234.5": ("'\u2019", ".")}
CURRENCY = r"(?:[$€£¥₹₽₩]|kr|USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|SEK|NOK|DKK|PLN|CZK)"
MINUS = "\N{MINUS SIGN}"  # as typesetters write it


def read_amounts(texts: pd.Series, form: str) -> pd.Series:
    """Return the amounts as float64, NaN where a text is none.

    `form` is one of AMOUNTS: which sign parts thousands, and which fractions. A currency before or behind the amount
    and a sign of per cent are passed over: `12.5 %` is 12.5.
    """
    thousands, point = AMOUNTS[form]
    whole = rf"(?:[1-9]\d{{0,2}}(?:[{re.escape(thousands)}]\d{{3}})+|\d+)"
    fraction = rf"(?:{re.escape(point)}\d+)?"
    sign = f"[+{MINUS}-]?"
    pattern = rf"{sign}(?:{CURRENCY}\s*)?{sign}{whole}{fraction}(?:\s*(?:{CURRENCY}|%))?"
    trimmed = texts.astype("str").str.strip()
    fits = trimmed.str.fullmatch(pattern).fillna(value=False).astype(bool)
    plain = trimmed.where(fits).str.replace(MINUS, "-").str.replace(rf"[^\d{re.escape(point)}-]", "", regex=True)
    return pd.to_numeric(plain.str.replace(point, "."), errors="coerce").astype(np.float64)
