"""Values put into bins: quantiles of a number, the commonest levels of a category, missing values in one of their own.

Every caller states in a `Binning` what it wants, so that no part of the product walks over values by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

MISSING = "missing"


@dataclass(frozen=True)
class Binning:
    """How many bins a column gets, and where their borders lie.

    Numbers: up to `most` bins of about equally many rows. Categories: a bin for each of the commonest levels, ties by
    name; where there are more than `levels`, the rest share the last of `levels` bins ("pooled"), or have none.
    """

    most: int
    levels: int
    rest: Literal["pooled", "none"] = "pooled"
    # NumPy's method for quantiles. "linear" may lie between two values; "higher" is a value that occurs, so that a
    # value held by many rows has a bin that ends with it.
    edges: Literal["linear", "higher"] = "linear"
    # Values equal to an edge lie below it. "finer": above it where that makes more bins, since where many rows share
    # the least value, it is an edge itself, and below it there is nothing to part it from the next bin.
    ties: Literal["below", "finer"] = "below"
    one_a_value: bool = False  # a number of at most `most` different values has a bin for each


@dataclass(frozen=True)
class Bin:
    """Some rows of a column, and what they have in common."""

    label: str
    rows: np.ndarray  # (rows,) bool
    holds: Literal["values", "level", "other levels", "missing"]
    low: float | None = None  # of numbers, the least and the largest value held
    high: float | None = None
    above: float | None = None  # of numbers, the edges: values above one and up to the other; None at the ends
    upto: float | None = None


def number_bins(values: np.ndarray, how: Binning) -> list[Bin]:
    """Return the bins of numbers (rows,), ascending, that hold a row; then one of the missing ones (NaN), if any."""
    known = ~np.isnan(values)
    distinct = np.unique(values[known])
    if how.one_a_value and len(distinct) <= how.most:
        edges, place = distinct[:-1], np.where(known, np.searchsorted(distinct, values), -1)
    else:
        edges, place = _place_numbers(values, how)
    ends = [None, *edges.tolist(), None]
    bins = []
    for i in np.unique(place[known]):
        rows = place == i
        low, high = float(values[rows].min()), float(values[rows].max())
        label = f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"
        bins.append(Bin(label, rows, "values", low, high, ends[i], ends[i + 1]))
    return bins if known.all() else [*bins, Bin(MISSING, ~known, "missing")]


def number_places(values: np.ndarray, how: Binning) -> np.ndarray:
    """Return the number of the interval between edges that holds each of `values` (rows,), from 0; -1 where missing.

    An interval may hold no row.
    """
    return _place_numbers(values, how)[1]


def _place_numbers(values: np.ndarray, how: Binning) -> tuple[np.ndarray, np.ndarray]:
    known = ~np.isnan(values)
    if not known.any():
        return np.empty(0), np.full(len(values), -1)
    edges = np.unique(np.quantile(values[known], np.arange(1, how.most) / how.most, method=how.edges))
    below = np.searchsorted(edges, values, "left")
    place = below
    if how.ties == "finer":
        above = np.searchsorted(edges, values, "right")
        place = below if len(np.unique(below[known])) >= len(np.unique(above[known])) else above
    return edges, np.where(known, place, -1)


def level_bins(codes: np.ndarray, names: Sequence[str], how: Binning) -> list[Bin]:
    """Return the bins of levels, the commonest first, then one of the pooled and one of the missing ones, if any.

    `codes` (rows,) are places in `names`, -1 where missing.
    """
    order = common_levels(codes, len(names))
    pooled = how.rest == "pooled" and len(order) > how.levels
    shown = order[: how.levels - 1] if pooled else order[: how.levels]
    bins = [Bin(names[i], codes == i, "level") for i in shown]
    if pooled:
        label = f"{len(order) - len(shown)} other"
        bins.append(Bin(label, np.isin(codes, order[len(shown) :]), "other levels"))
    return [*bins, Bin(MISSING, codes < 0, "missing")] if (codes < 0).any() else bins


def level_places(codes: np.ndarray, levels: int, most: int) -> np.ndarray:
    """Return the place of each row's level by frequency, from 0; the levels beyond `most` share the last place.

    `codes` (rows,) are 0 to `levels` - 1, or -1 where missing, as is their place.
    """
    place = np.full(max(levels, 1), most - 1)
    common = common_levels(codes, levels)[:most]
    place[common] = np.arange(len(common))
    return np.where(codes >= 0, place[codes], -1)


def common_levels(codes: np.ndarray, levels: int) -> np.ndarray:
    """Return the codes that occur, the commonest first, ties in their own order."""
    counts = np.bincount(codes[codes >= 0], minlength=levels)
    order = np.argsort(-counts, kind="stable")
    return order[counts[order] > 0]


def bin_numbers(bins: Sequence[Bin]) -> np.ndarray:
    """Return the place among `bins` of the one that holds each row, int64 (rows,); -1 for rows in none."""
    number = np.full(len(bins[0].rows), -1, np.int64)
    for i, one in enumerate(bins):
        number[one.rows] = i
    return number
