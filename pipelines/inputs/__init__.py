"""The kinds of input: what a column of the raw file may hold, and what models, pictures and searches see of it."""

import pandas as pd

from pipelines.inputs.bins import MISSING, Bin, Binning, bin_numbers
from pipelines.inputs.feature import LEVELLED, NUMERIC, FeatureKind, Points, level_codes, level_names

__all__ = [
    "MISSING", "Bin", "Binning", "FeatureKind", "Points", "bin_numbers", "by_kind", "is_category", "kind_of",
    "level_codes", "level_names",
]  # fmt: skip

KINDS: tuple[FeatureKind, ...] = (NUMERIC, LEVELLED)


def kind_of(column: pd.Series) -> FeatureKind:
    """Return what kind of feature a column of the table is."""
    return next(kind for kind in KINDS if kind.holds(column.dtype))


def is_category(column: pd.Series) -> bool:
    """Return whether models see the column as levels without an order."""
    return kind_of(column).name == LEVELLED.name


def by_kind(x: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the names of the numbers and those of the categories among the features `x`, in their order."""
    levels = {name for name, dtype in zip(x.columns, x.dtypes, strict=True) if LEVELLED.holds(dtype)}
    return [name for name in x.columns if name not in levels], [name for name in x.columns if name in levels]
