"""Columns of text that hold numbers: quoted ones, and amounts with signs of currency or between thousands."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from pipelines.inputs.amounts import AMOUNTS, read_amounts

TRIED = 100  # different texts that are read first: most columns hold no amounts
PLAIN = ""  # the form of numbers that the recipe reads as they are


def find_amounts(frame: pd.DataFrame, codes: Collection[str]) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the frame with columns of amounts as numbers, and the form of each; `codes` are left as they are.

    A form is one of AMOUNTS, or PLAIN. A column is one of amounts where every cell is, and none begins with a zero
    before another digit.
    """
    found: dict[str, pd.Series] = {}
    forms: dict[str, str] = {}
    for name in frame.columns:
        values = frame[name]
        if name in codes or not pd.api.types.is_string_dtype(values.dtype):
            continue
        distinct = pd.Series(values.dropna().unique(), dtype="str")
        form = _form(distinct)
        if form is not None:
            known: Mapping[str, float] = dict(zip(distinct, _read(distinct, form), strict=True))
            found[name], forms[str(name)] = values.map(known).astype(np.float64), form
    return frame.assign(**found), forms


def other_form(texts: pd.Series, form: str) -> str | None:
    """Return another form that reads all of the texts, as other numbers; None if there is none."""
    distinct = pd.Series(texts.dropna().unique(), dtype="str")
    for other in AMOUNTS:
        if other != form and form and _reads(distinct, other):
            values = read_amounts(distinct, other)
            if not np.array_equal(values, read_amounts(distinct, form)):
                return other
    return None


def _form(distinct: pd.Series) -> str | None:
    """Return the form that reads all of the texts; None if none does."""
    if distinct.empty or distinct.str.match(r"\s*0\d").any():
        return None
    return next(
        (form for form in (PLAIN, *AMOUNTS) if _reads(distinct.iloc[:TRIED], form) and _reads(distinct, form)), None
    )


def _reads(texts: pd.Series, form: str) -> bool:
    return bool(np.isfinite(_read(texts, form)).all())


def _read(texts: pd.Series, form: str) -> pd.Series:
    return read_amounts(texts, form) if form else pd.to_numeric(texts, errors="coerce").astype(np.float64)
