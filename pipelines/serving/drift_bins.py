"""The bins by which served rows are counted: of each feature, where its training rows put the borders.

A number has bins between quantiles of its training rows, one on either side of all of them, one for each value that is
a code, and one for missing values. A category has its commonest levels, one for its other levels, one for levels that
no training row has, and one for missing values.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Self

import numpy as np
import pandas as pd

from pipelines.inputs import kind_of, level_codes, level_names
from pipelines.metrics.prepared import Integers
from pipelines.report.formats import bare, number

QUANTILES = (
    0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.975, 0.99, 0.995,
)  # fmt: skip
MOST_VALUES = 14  # a number with no more values has a bin for each
MOST_LEVELS = 20  # of a category, with bins of their own
FEWEST_ROWS = 10  # test rows of a bin between quantiles, or of a level's: fewer say little, and share a neighbour's
YEAR = "year"  # the unit of numbers that are written without thousands separators
FEW_ROWS = 8  # up to so many rows are placed one by one, which is then faster

Sort = Literal["values", "below", "above", "code", "level", "other", "unseen", "missing"]


@dataclass(frozen=True)
class Bins:
    """The bins of one feature, in the order of `sorts`."""

    feature: str
    sorts: tuple[Sort, ...]  # what each bin holds
    labels: tuple[str, ...]  # the same in words
    cuts: tuple[float, ...] = ()  # of a number: a value's bin is the number of cuts that are smaller
    codes: tuple[tuple[float, int], ...] = ()  # of a number: values that mean something else, and the bin of each
    levels: tuple[tuple[str, int], ...] | None = None  # of a category: each level of the training rows, and its bin

    @property
    def missing(self) -> int:
        """The bin of missing values, the last."""
        return len(self.sorts) - 1

    def of_sort(self, *sorts: Sort) -> list[int]:
        """Return the bins that hold such values."""
        return [place for place, sort in enumerate(self.sorts) if sort in sorts]

    def place(self, column: pd.Series | np.ndarray) -> Integers:
        """Return each row's bin, (rows,); the column is of numbers, or of levels in any form of text."""
        return self._place_levels(pd.Series(column)) if self.levels is not None else self._place_numbers(column)

    def _place_numbers(self, column: pd.Series | np.ndarray) -> Integers:
        values = np.asarray(column, np.float64)
        if len(values) <= FEW_ROWS:
            return np.array([self._place_number(value) for value in values.tolist()], np.int64)
        place = np.searchsorted(self._cuts, values, "left")
        for code, own in self.codes:
            place[values == code] = own
        place[np.isnan(values)] = self.missing
        return place

    def _place_number(self, value: float) -> int:
        if value != value:  # noqa: PLR0124 - not a number
            return self.missing
        own = self._codes.get(value)
        return bisect_left(self.cuts, value) if own is None else own

    def _place_levels(self, column: pd.Series) -> Integers:
        if kind_of(column).named:
            codes, names = level_codes(column), level_names(column)
        else:
            codes, found = pd.factorize(column)
            names = [str(name) for name in found]
        unseen = self.missing - 1
        return np.array([*(self._levels.get(name, unseen) for name in names), self.missing], np.int64)[codes]

    @cached_property
    def _cuts(self) -> np.ndarray:
        return np.asarray(self.cuts)

    @cached_property
    def _codes(self) -> dict[float, int]:
        return dict(self.codes)

    @cached_property
    def _levels(self) -> dict[str, int]:
        return dict(self.levels or ())

    def to_dict(self) -> dict[str, Any]:
        """Return the bins as JSON can hold them."""
        levels = None if self.levels is None else [list(pair) for pair in self.levels]
        return {
            "feature": self.feature, "sorts": list(self.sorts), "labels": list(self.labels), "cuts": list(self.cuts),
            "codes": [list(pair) for pair in self.codes], "levels": levels,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Self:
        """Return the bins that `to_dict` gave."""
        levels = saved["levels"]
        return cls(
            str(saved["feature"]), tuple(saved["sorts"]), tuple(saved["labels"]), tuple(map(float, saved["cuts"])),
            tuple((float(code), int(place)) for code, place in saved["codes"]),
            None if levels is None else tuple((str(level), int(place)) for level, place in levels),
        )  # fmt: skip


def bins_of(
    feature: str, train: pd.Series, test: pd.Series, codes: Sequence[float] = (), unit: str | None = None
) -> Bins:
    """Return the bins of a feature, by its training rows' values; `codes` are values that mean something else."""
    if kind_of(train).named:
        return _bins_of_levels(feature, train, test)
    written = bare if unit == YEAR else number
    return _bins_of_numbers(feature, train.to_numpy(np.float64), test.to_numpy(np.float64), sorted(codes), written)


def _bins_of_numbers(
    feature: str, train: np.ndarray, test: np.ndarray, codes: Sequence[float], written: Callable[[float], str]
) -> Bins:
    values, tested = (one[~np.isnan(one) & ~np.isin(one, list(codes))] for one in (train, test))
    if len(values) == 0:
        return Bins(feature, ("values", "missing"), ("any value", "missing"))
    own = [code for code in codes if (test == code).sum() >= FEWEST_ROWS]
    together = [code for code in codes if code not in own]
    groups = [*([code] for code in own), *([together] if together else [])]
    low, high = float(values.min()), float(values.max())
    inner = _kept_apart(_edges(values), np.sort(tested))
    cuts = (float(np.nextafter(low, -np.inf)), *inner, high)
    ends = [low, *inner, high]
    distinct = np.unique(values)
    labels = [f"below {written(low)}"]
    for i in range(len(ends) - 1):
        held = distinct[(distinct > ends[i]) & (distinct <= ends[i + 1])]
        held = distinct[distinct <= ends[i + 1]] if i == 0 else held
        labels.append(_range(float(held[0]), float(held[-1]), written))
    labels += [f"above {written(high)}", *(" or ".join(map(number, group)) for group in groups), "missing"]
    sorts: list[Sort] = ["below", *_all("values", ends[1:]), "above", *_all("code", groups), "missing"]
    placed = tuple((code, len(cuts) + 1 + i) for i, group in enumerate(groups) for code in group)
    return Bins(feature, tuple(sorts), tuple(labels), cuts, placed)


def _edges(values: np.ndarray) -> list[float]:
    """Return the values that end a bin, without the largest."""
    distinct = np.unique(values)
    if len(distinct) <= MOST_VALUES:
        return [float(value) for value in distinct[:-1]]
    edges = np.unique(np.quantile(values, QUANTILES, method="inverted_cdf"))
    return [float(edge) for edge in edges if edge < distinct[-1]]


def _kept_apart(edges: Sequence[float], tested: np.ndarray) -> list[float]:
    """Return the edges between which FEWEST_ROWS of the sorted test values lie, and beyond the last as well."""
    kept: list[float] = []
    before = 0
    for edge in edges:
        upto = int(np.searchsorted(tested, edge, "right"))
        if upto - before >= FEWEST_ROWS and len(tested) - upto >= FEWEST_ROWS:
            kept.append(edge)
            before = upto
    return kept


def _all(sort: Sort, of: Sequence[object]) -> list[Sort]:
    return [sort] * len(of)


def _range(low: float, high: float, written: Callable[[float], str]) -> str:
    if low == high:
        return written(low)
    ends = [written(low), written(high)]
    return " to ".join(ends if ends[0] != ends[1] else [f"{low:.7g}", f"{high:.7g}"])


def _bins_of_levels(feature: str, train: pd.Series, test: pd.Series) -> Bins:
    counts = train.astype(object).dropna().astype(str).value_counts()
    tested = test.astype(object).dropna().astype(str).value_counts()
    ordered = sorted(counts[counts > 0].index, key=lambda level: (-counts[level], level))
    own = [level for level in ordered if tested.get(level, 0) >= FEWEST_ROWS][:MOST_LEVELS]
    if len(ordered) - len(own) == 1:  # a single other level is named
        own = ordered
    places = {level: place for place, level in enumerate(own)}
    levels = tuple((level, places.get(level, len(own))) for level in ordered)
    sorts: tuple[Sort, ...] = (*_all("level", own), "other", "unseen", "missing")
    return Bins(feature, sorts, (*own, "other levels", "a level never seen", "missing"), levels=levels)


Columns = pd.DataFrame | Mapping[str, pd.Series | np.ndarray]  # values of rows by feature


def place_rows(bins: Sequence[Bins], columns: Columns) -> Integers:
    """Return each row's bin of each feature, (rows, features); there may be other columns too."""
    if not bins:
        return np.empty((0, 0), np.int64)
    return np.stack([one.place(columns[one.feature]) for one in bins], axis=1)
