"""Columns that are the target in other words."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from pipelines.inputs import holds_numbers
from pipelines.targets.classes import MOST_CLASSES


def copies_of_target(frame: pd.DataFrame, target: str, not_features: Collection[str]) -> list[str]:
    """Return the features that hold the target row for row, in the frame's order.

    Classes may have other names there, one for one; amounts must be equal, since one for one they match whatever is
    different in every row. Rows without a target do not count.
    """
    known = frame[target].notna().to_numpy()
    values = frame[target][known]
    of_classes = values.nunique() <= min(MOST_CLASSES, len(values) / 2)  # they repeat
    codes = pd.factorize(values)[0]
    found = []
    for name in frame.columns:
        if str(name) in not_features:
            continue
        other = frame[name][known]
        if other.isna().any():
            continue
        same = np.array_equal(pd.factorize(other)[0], codes) if of_classes else _equal(other, values)
        if same:
            found.append(str(name))
    return found


def _equal(one: pd.Series, other: pd.Series) -> bool:
    numeric = holds_numbers(one) and holds_numbers(other)
    return bool(numeric and (one.to_numpy(np.float64) == other.to_numpy(np.float64)).all())
