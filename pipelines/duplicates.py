"""Rows that say the same: how many there are, and which rows must not be torn apart because of it."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.facts.define import NaturalRepeats, Repeated
from pipelines.repeats import natural_repeats

FEW = 0.05  # of all rows: repeats of fewer rows change no score, and are kept together whatever they are


def identical_features(features: dict[str, pd.Series], rows: int) -> np.ndarray:
    """Return a number for each row, int64 of shape (rows,), equal where all features are equal.

    Missing equals missing. Rows are compared by a 64-bit hash; among two million rows the chance that two different
    ones meet is about one in ten million.
    """
    if not features:
        return np.arange(rows)
    frame = pd.DataFrame(features, copy=False)
    return pd.factorize(pd.util.hash_pandas_object(frame, index=False).to_numpy())[0].astype(np.int64)


def kept_together(features: Mapping[str, pd.Series], same: np.ndarray) -> tuple[np.ndarray, NaturalRepeats | None]:
    """Return a number for each row, int64 of shape (rows,), equal where rows stay together, and the natural repeats.

    Copies stay together, natural repeats do not; None where there are none of these, or FEW rows repeat others.
    """
    equal = np.bincount(same)[same] if len(same) else same
    if (equal > 1).sum() < FEW * len(same):
        return same, None
    natural = natural_repeats(features, same)
    if natural.sum() < FEW * len(same):
        return same, None
    own = np.where(natural, len(same) + np.arange(len(same)), same)
    copied = int(((equal > 1) & ~natural).sum())
    facts: NaturalRepeats = {
        "rows": int(natural.sum()),
        "kinds": len(np.unique(same[natural])),
        "copied": copied,
    }
    return pd.factorize(own)[0].astype(np.int64), facts


def count_duplicates(same: np.ndarray, y: np.ndarray, test: np.ndarray, fold: np.ndarray) -> Repeated:
    """Return how many rows repeat others.

    `rows` repeat an earlier row in all features and the target; `conflicting` rows have the features of a row with
    another target; `across_split` test rows have the features of a training row; `across_folds` training rows have the
    features of a training row in another fold. All arrays have shape (rows,).
    """
    units = int(same.max(initial=-1)) + 1
    repeated = pd.DataFrame({"same": same, "y": y}).duplicated()
    trained = np.bincount(same[~test], minlength=units) > 0
    return {
        "rows": int(repeated.sum()),
        "conflicting": int(_differ(same, y, units)[same].sum()),
        "across_split": int(trained[same[test]].sum()),
        "across_folds": int(_differ(same[~test], fold[~test], units)[same[~test]].sum()),
    }


def _differ(units: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    """Return for each unit whether its rows hold more than one value, bool of shape (count,)."""
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, units, values)
    np.maximum.at(high, units, values)
    return low < high
