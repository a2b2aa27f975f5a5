"""Codes among the numbers, read as missing: a 98 that means "unknown" is no amount."""

from collections.abc import Mapping, Sequence

import pandas as pd


def codes_as_missing(x: pd.DataFrame, codes: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """Return the features with those values missing, `codes` by feature; saved models hold this function by name."""
    read = x.copy(deep=False)
    for name, values in codes.items():
        read[name] = x[name].mask(x[name].isin(list(values)))
    return read
