"""What it says of the target that a column leaves its default: the value that most rows have."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipelines.exploration.relations import mean_with_interval, most_moved
from pipelines.facts.eda.column import DefaultAlone
from pipelines.inputs import kind_of, level_codes, level_names
from pipelines.targets import Target

MOST = 0.5  # share of the rows that must be at the default, or without a value


def default_alone(values: pd.Series, y: np.ndarray, target: Target, labels: Sequence[str] = ()) -> DefaultAlone | None:
    """Return what it says of the target that a value is other than the column's commonest one.

    Rows without a value count as those at the default. None where the two kinds together are fewer than half of the
    rows, the commonest value has a single row, or no row has another value. Of several classes, the one whose share
    differs most is named.
    """
    default, value = _commonest(values)
    at = default | values.isna().to_numpy()
    if default.sum() < 2 or at.mean() < MOST or at.all():  # noqa: PLR2004 - a value that one row has is no default
        return None
    spread = target.spread(target.places(y)[~at])
    y, target, named = most_moved(y, target, labels, [at, ~at])
    others, others_interval = mean_with_interval(y[at], target)
    mean, interval = mean_with_interval(y[~at], target)
    return {
        "value": value, "rows": int(at.sum()), "others": others, "others_ci": others_interval,
        "away": int((~at).sum()), "target_mean": mean, "ci": interval, "spread": spread, "class": named,
    }  # fmt: skip


def _commonest(values: pd.Series) -> tuple[np.ndarray, float | str]:
    """Return which rows have the commonest known value, and the value; of values as common, the first in order."""
    if kind_of(values).named:
        codes, names = level_codes(values), level_names(values)
        counts = np.bincount(codes[codes >= 0], minlength=1)
        most = int(counts.argmax())
        return codes == most if counts[most] else np.zeros(len(codes), bool), names[most] if counts[most] else ""
    numbers = values.to_numpy(np.float64)
    known, counts = np.unique(numbers[~np.isnan(numbers)], return_counts=True)
    if not len(known):
        return np.zeros(len(numbers), bool), 0.0
    value = float(known[counts.argmax()])
    return numbers == value, value
