"""From parsed columns to the features that models see: what each raw column becomes, and under which name."""

import numpy as np
import pandas as pd

from pipelines.core.agreement import DERIVED, derived_names
from pipelines.core.project import Column

EPOCH = pd.Timestamp("1970-01-01")
DAY = pd.Timedelta(days=1)
DAYS = " (days)"  # ends the name of the feature that orders rows by a date
DERIVED_UNITS = {"days": "days since 1970-01-01", "month": "month of the year", "weekday": "day of the week, Monday 0"}


def make_features(name: str, column: Column, values: pd.Series) -> dict[str, pd.Series]:
    """Return the features of one parsed column by name, in order.

    Numbers and booleans stay float64, categories become a category of sorted text; a date becomes days, month and
    weekday, a text the numbers of its characters and words (all float64, NaN where missing).
    """
    if column.type == "category":
        return {name: values.astype("category")}
    parts: tuple[pd.Series, ...]
    if column.type == "date":
        parts = ((values - EPOCH) / DAY, values.dt.month, values.dt.day_of_week)
    elif column.type == "text":
        parts = (values.str.len(), values.str.count(r"\S+"))
    else:
        return {name: values}
    numbers = [part.astype(np.float64) for part in parts]
    return dict(zip(derived_names(name, column), numbers, strict=True))


def describe_features(name: str, column: Column) -> list[dict[str, object]]:
    """Return the facts of the features of one column: name, kind, raw column, declared type, unit."""
    kind = "category" if column.type == "category" else "numeric"
    facts: list[dict[str, object]] = []
    for part, feature in zip(DERIVED.get(column.type, [""]), derived_names(name, column), strict=True):
        unit = DERIVED_UNITS.get(part, part) if part else column.unit
        facts.append({"name": feature, "kind": kind, "from": name, "type": column.type, "unit": unit})
    return facts
