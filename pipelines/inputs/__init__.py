"""The kinds of input: what a column of the raw file may hold, and what models, pictures and searches see of it.

A column of the project file has a kind of input, by its `type`; the features that it becomes have a kind each, by
which models and searches treat them. No other part of the product asks for a column's dtype.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipelines.facts.define import DefineFacts
from pipelines.inputs.bins import MISSING, Bin, Binning, bin_numbers
from pipelines.inputs.boolean import FALSE, TRUE, Boolean
from pipelines.inputs.category import Category
from pipelines.inputs.date import Date
from pipelines.inputs.declared import Declared
from pipelines.inputs.feature import LEVELLED, NUMERIC, FeatureKind, Points, level_codes, level_names
from pipelines.inputs.guess import Cells, Guess
from pipelines.inputs.input import LARGEST, Input, Parsed
from pipelines.inputs.number import EXACT, Integer, Number
from pipelines.inputs.ordinal import Ordinal
from pipelines.inputs.text import NO_ENCODER, Text, holds_words

__all__ = [
    "EXACT", "FALSE", "INPUTS", "KINDS", "LARGEST", "LEVELLED", "MISSING", "NO_ENCODER", "NUMERIC", "SEEN_KINDS",
    "TRUE", "Bin", "Binning", "Boolean", "Category", "Cells", "Date", "Declared", "FeatureKind", "Guess", "Input",
    "Integer", "Number", "Parsed", "Points", "Text", "bin_numbers", "by_kind", "check_column", "counts_days",
    "holds_numbers", "holds_words", "is_amount", "is_category", "kind_of", "level_codes", "level_names", "own_keys",
    "text_columns",
]  # fmt: skip

# By the name that the project file gives as `type`, in the order in which messages list them.
INPUTS: dict[str, Input] = {
    one.name: one
    for one in (
        Integer(),
        Number(),
        Category(),
        Boolean(),
        Date(),
        Text(),
        Ordinal(),
    )
}
SEEN_KINDS = (NUMERIC, LEVELLED)  # what models see, in the order of `by_kind`
KINDS: tuple[FeatureKind, ...] = tuple(dict.fromkeys(one.kind for one in INPUTS.values()))


def kind_of(column: pd.Series) -> FeatureKind:
    """Return what kind of feature a column of the table is."""
    return next(kind for kind in KINDS if kind.holds(column.dtype))


def is_category(column: pd.Series) -> bool:
    """Return whether the column holds levels without an order."""
    return LEVELLED.holds(column.dtype)


def by_kind(x: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the names of the numbers and those of the categories among the features `x`, in their order."""
    levels = {name for name, dtype in zip(x.columns, x.dtypes, strict=True) if LEVELLED.holds(dtype)}
    return [name for name in x.columns if name not in levels], [name for name in x.columns if name in levels]


def holds_numbers(values: pd.Series) -> bool:
    """Return whether a column, as read, holds numbers or truth values, and not text or moments."""
    return bool(pd.api.types.is_numeric_dtype(values.dtype))


def is_amount(values: pd.Series) -> bool:
    """Return whether a column, as read, holds numbers; truth values are no numbers."""
    return holds_numbers(values) and not pd.api.types.is_bool_dtype(values.dtype)


def text_columns(facts: DefineFacts) -> dict[str, str]:
    """Return the encoder of each column whose texts step `encode` reads, by column; NO_ENCODER where it has none."""
    return {feature["from"]: feature["encoder"] for feature in facts["features"] if "encoder" in feature}


def counts_days(feature: Mapping[str, Any]) -> bool:
    """Return whether a feature, by its `name` and declared `type`, counts days, so that it orders rows in time."""
    declared = INPUTS.get(str(feature.get("type")))
    return declared is not None and any(
        part.counts_days and feature["name"].endswith(f" ({part.name})") for part in declared.parts
    )


def own_keys() -> dict[str, Any]:
    """Return the keys of a column's declaration that only some types have: (annotation, default) by key."""
    return {key: kept for one in INPUTS.values() for key, kept in one.keys.items()}


def check_column(column: Declared) -> str | None:
    """Return what is wrong with the declaration of one column."""
    own = INPUTS[column.type]
    kept = ("min", own.bounded), ("max", own.bounded), *((key, key in own.keys) for key in own_keys())
    for key, may in kept:
        if getattr(column, key) is not None and not may:
            types = [
                name for name, one in INPUTS.items() if (one.bounded if key in ("min", "max") else key in one.keys)
            ]
            return f"`{key}` is for the types {', '.join(types)}, not for {column.type!r}"
    if column.format is not None and not own.formatted:
        *others, last = (f"'{name}'" for name in sorted(INPUTS) if INPUTS[name].formatted)
        return f"`format` is for the types {', '.join(others)} and {last}, not for {column.type!r}"
    return own.check(column)
