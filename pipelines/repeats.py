"""Rows that repeat because their columns hold few values, and rows that were copied: which of the two they are.

A survey of a few questions, or an A/B table, holds few different rows, each many times. Such *natural repeats* are
rows like any others. A copy repeats a row that had no reason to occur twice.

Rows that differ in one or two columns distinguish the two. Take two columns, a row, and the rows that agree with it in
all other columns: n11 of them agree in both, n10 in the one alone, n01 in the other alone, n00 in neither. Where
agreeing in the one does not depend on agreeing in the other, n11 * n00 is n10 * n01 on average; copies agree in both
and raise n11 alone. Summed over rows, each product over the row's n, their ratio is that of Mantel and Haenszel (1959,
Journal of the National Cancer Institute 22). All other columns are held fixed, so columns may depend on
each other through what they share; full independence is not needed.
"""

from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

TRIED = 40  # columns in which rows may differ; of more, so many evenly spaced
PAIRED = 6  # of them, those in which most pairs differ: 15 pairs of columns
SEVERAL = 6  # rows of a kind from which the kind is judged by itself
EXPLAINED = 0.2  # of a kind's other rows that must be expected: the estimate is low where columns depend on each other
RARE = 0.4  # the same of all rarer kinds together: their estimate is better
AS_GOOD = 0.5  # of what the pair of columns that sees most sees: others may be right by accident
MOST = 0.5  # of the repeated rows are natural repeats: then so are the largest kinds, whose columns agree most
LARGE = 0.01  # of all rows, in one kind
NEARLY_ALL = 0.85  # of the repeated rows: in sparse surveys some repeats have nothing near them
FEW_TELLING = 2  # columns that show the kind by themselves, where no two columns vary one without the other
FEW_KINDS = 50  # of rows
EACH = 6  # rows that so few kinds must have, on average


class _Around(NamedTuple):
    """For each row, how many rows differ from it in one column of a pair, in the other, and in both."""

    first: np.ndarray
    second: np.ndarray
    both: np.ndarray

    def products(self, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return n10 * n01 / n and n11 * n00 / n of each row, of which `others` equal it."""
        whole = np.maximum(others + self.first + self.second + self.both, 1.0)
        return self.first * self.second / whole, others * self.both / whole


def natural_repeats(features: Mapping[str, pd.Series], same: np.ndarray) -> np.ndarray:
    """Return which rows, (rows,) bool, repeat others in all features without being copies.

    `same` numbers the rows from 0 by their features, int64 of shape (rows,). A kind of SEVERAL rows or more is judged
    by the rows around it; all rarer kinds are judged together, since among them chance makes singles and pairs.
    """
    equal = _counts(same)
    repeated = equal > 1
    if not repeated.any():
        return repeated
    others = equal - 1.0
    around = _around(features, equal)
    if not around:
        kinds = int(same.max()) + 1
        telling = sum(values.nunique(dropna=False) == kinds for values in features.values())
        return repeated & (telling <= FEW_TELLING and kinds <= FEW_KINDS and len(same) >= EACH * kinds)
    nearby = np.mean([one.first * one.second / (one.both + 1) for one in around], axis=0)
    crowded = (equal >= SEVERAL) & (nearby >= EXPLAINED * others)
    rare = ~crowded
    by_chance = _best_share([one.products(others) for one in around], rare) >= RARE
    near = np.any([one.first + one.second > 0 for one in around], axis=0)  # a copy in empty space stays a copy
    natural = repeated & (crowded | (near & by_chance))
    if natural.sum() >= MOST * repeated.sum():
        natural |= equal >= max(SEVERAL, LARGE * len(equal))
    return repeated if natural.sum() >= NEARLY_ALL * repeated.sum() else natural


def _around(features: Mapping[str, pd.Series], equal: np.ndarray) -> list[_Around]:
    """Return the rows around each row for the pairs of columns that vary most, one without the other; maybe none."""
    names = list(features)
    hashes = {name: _hash(features[name], place) for place, name in enumerate(names)}
    whole = np.sum(list(hashes.values()), axis=0, dtype=np.uint64)
    tried = [names[i] for i in np.unique(np.linspace(0, len(names) - 1, min(TRIED, len(names))).round().astype(int))]
    alone = {name: _counts(whole - hashes[name]) - equal for name in tried}
    free = sorted((name for name in tried if alone[name].any()), key=lambda name: -alone[name].sum())[:PAIRED]
    found = []
    for a, b in combinations(free, 2):
        both = _counts(whole - hashes[a] - hashes[b]) - alone[a] - alone[b] - equal
        if both.any():
            found.append(_Around(alone[a], alone[b], both))
    return found


def _best_share(products: list[tuple[np.ndarray, np.ndarray]], rows: np.ndarray) -> float:
    """Return the largest share of what is seen that is expected, of the pairs of columns that see much."""
    expected, seen = (np.array([float(one[side][rows].sum()) for one in products]) for side in (0, 1))
    enough = expected + seen >= AS_GOOD * (expected + seen).max()
    return float((expected[enough] / np.maximum(seen[enough], 1e-9)).max())


def _hash(values: pd.Series, place: int) -> np.ndarray:
    """Return a number for each cell, uint64 of shape (rows,), that sums with those of other columns do not undo."""
    own = pd.util.hash_pandas_object(values, index=False).to_numpy(np.uint64)
    return pd.util.hash_array(own ^ np.uint64(place + 1))


def _counts(keys: np.ndarray) -> np.ndarray:
    """Return for each row how many rows have its key, float64 of shape (rows,)."""
    codes = pd.factorize(keys)[0]
    return np.bincount(codes)[codes].astype(np.float64)
