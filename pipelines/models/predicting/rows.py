"""Rows as saved models read them: one matrix for all fold models, made once.

A number is itself, NaN where missing. A category is the place of its level among those of the training rows, NaN where
missing, and one place more where it is none of them: which of the two it is, linear models ask.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pipelines.core.errors import InputError, quote
from pipelines.inputs import KINDS, LEVELLED, FeatureKind, level_codes, level_names
from pipelines.models.encode import TreeSchema
from pipelines.targets.arrays import Floats

Column = Sequence[Any] | np.ndarray | pd.Series
Columns = pd.DataFrame | Mapping[str, Column]
Fast = Callable[["Rows"], Floats]  # a fold model: the predictions of rows, (rows,) or (rows, classes)
LARGEST_FLOAT32 = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class Feature:
    """One feature of a saved model."""

    name: str
    kind: FeatureKind
    saved: Mapping[str, Any]  # its entry in schema.json
    place: Mapping[str, int] | None  # of each level of a category; None of numbers


@dataclass(frozen=True, eq=False)
class TreeColumns:
    """What the trees of a fold see of the matrix, and how it is made of it."""

    fills: tuple[tuple[int, float], ...]  # column, and what stands for a missing number
    tables: tuple[tuple[int, tuple[float, ...]], ...]  # column, and what each place stands for, unseen ones last
    single: bool  # the numbers are those of float32

    def of(self, rows: "Rows") -> Floats:
        """Return the trees' matrix, float64 of shape (rows, features), C-contiguous."""
        matrix = rows.matrix
        fills = [(column, value) for column, value in self.fills if rows.missing[column]]
        if fills or self.tables:
            matrix = matrix.copy()
        for column, value in fills:
            matrix[np.isnan(matrix[:, column]), column] = value
        for column, table in self.tables:
            known = ~np.isnan(matrix[:, column])
            matrix[known, column] = np.asarray(table)[matrix[known, column].astype(np.int64)]
        if self.single:
            matrix = np.clip(matrix, -LARGEST_FLOAT32, LARGEST_FLOAT32).astype(np.float32).astype(np.float64)
        return matrix


@dataclass(frozen=True)
class Reading:
    """How raw features become `Rows`, from a saved model's schema."""

    features: tuple[Feature, ...]
    beside: tuple[str, ...]  # columns that are no features, and that fallbacks read
    model: str
    kept: dict[object, TreeColumns] = field(default_factory=dict)  # equal ones are made of rows once

    @classmethod
    def of(cls, schema: Mapping[str, Any]) -> "Reading":
        """Return what `schema.json` of a saved model says of its features."""
        kinds = {kind.name: kind for kind in KINDS}
        features = []
        for saved in schema["features"]:
            kind = kinds[saved["kind"]]
            levels = {level: place for place, level in enumerate(saved["levels"])} if kind is LEVELLED else None
            features.append(Feature(saved["name"], kind, saved, levels))
        return cls(tuple(features), tuple(schema.get("beside", [])), str(schema["model"]))

    @cached_property
    def names(self) -> list[str]:
        """The features' names, in the order of the matrix."""
        return [feature.name for feature in self.features]

    @cached_property
    def by_name(self) -> dict[str, Feature]:
        """The features, by name."""
        return {feature.name: feature for feature in self.features}

    def rows(self, columns: Columns) -> "Rows":
        """Return rows of a frame, or of columns by name; raise InputError where there is no such column, or no row.

        Numbers may be of any type that becomes float64; categories and ordered levels are text, or what becomes it,
        None or NaN where missing. Other columns are ignored.
        """
        needed, where = [*self.names, *self.beside], f"the rows given to model {quote(self.model)}"
        absent = [name for name in needed if name not in columns]
        if absent:
            raise InputError(
                f"no column {quote(absent[0])}",
                where=where,
                allowed=", ".join(needed),
                todo="give every feature that the model was fitted with",
            )
        count = len(columns) if isinstance(columns, pd.DataFrame) else len(columns[needed[0]])
        if not count:
            raise InputError("no rows", where=where, allowed="one row or more", todo="give rows to predict")
        matrix = np.empty((count, len(self.features)), np.float64)
        for place, feature in enumerate(self.features):
            matrix[:, place] = _numbers(columns[feature.name], feature)
        return Rows(self, matrix, columns, 0)

    def trees(self, schema: TreeSchema, means: Mapping[str, Sequence[float]] | None = None) -> TreeColumns | None:
        """Return how a fold's tree matrix is made of rows; None where it reads other columns or levels than these.

        `means` are what a forest reads in place of each category's codes; its numbers are those of float32.
        """
        if list(schema.features) != self.names:
            return None
        fills, tables = [], []
        for column, feature in enumerate(self.features):
            if feature.place is None and feature.name in schema.medians:
                fills.append((column, schema.medians[feature.name]))
            elif feature.place is not None:
                levels = schema.categories.get(feature.name)
                if levels is None or not set(levels) <= set(feature.place):
                    return None
                stands = range(len(levels)) if means is None else means[feature.name]
                learned = dict(zip(levels, map(float, stands), strict=True))
                table = tuple(learned.get(level, np.nan) for level in feature.place)
                tables.append((column, (*table, np.nan)))
        made = TreeColumns(tuple(fills), tuple(tables), single=means is not None)
        return self.kept.setdefault((made.fills, repr(made.tables), made.single), made)


class Rows:
    """Some rows, and what single models make of them, each made once."""

    def __init__(self, reading: Reading, matrix: Floats, given: Columns, start: int) -> None:
        self.matrix = matrix  # float64 (rows, features), C-contiguous
        self._reading, self._given, self._start = reading, given, start
        self._made: dict[Hashable, Any] = {}

    def __len__(self) -> int:
        return len(self.matrix)

    def part(self, start: int, stop: int) -> "Rows":
        """Return the rows from `start` up to `stop`."""
        return Rows(self._reading, self.matrix[start:stop], self._given, self._start + start)

    @cached_property
    def missing(self) -> np.ndarray:
        """Which columns of the matrix hold a NaN, bool (features,)."""
        return np.asarray(np.isnan(self.matrix).any(axis=0))

    def trees(self, columns: TreeColumns) -> Floats:
        """Return the matrix that trees see."""
        matrix: Floats = self.once(columns, lambda: columns.of(self))
        return matrix

    @cached_property
    def frame(self) -> pd.DataFrame:
        """All columns with the types that they were fitted with, as `FoldModel.predict` takes them."""
        return pd.DataFrame(self.some([*self._reading.names, *self._reading.beside]), index=range(len(self)))

    def some(self, names: Iterable[str]) -> dict[str, Any]:
        """Return some of these columns, each as an array of numpy or pandas."""
        return {name: self._typed(name) for name in names}

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - what models read is theirs
        """Return what was made under that key, made where it is first asked for."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def _typed(self, name: str) -> Any:  # noqa: ANN401 - numpy's or pandas' array
        """Return a column's rows with the type that they were fitted with."""
        column, rows = self._given[name], slice(self._start, self._start + len(self))
        held = column[rows] if isinstance(column, np.ndarray) else pd.Series(column).array[rows]
        feature = self._reading.by_name.get(name)
        return held if feature is None else feature.kind.restored(pd.Series(held), feature.saved).array


def _numbers(column: Column, feature: Feature) -> Floats:
    """Return a column of the matrix, float64 (rows,)."""
    if feature.place is None:
        if isinstance(column, pd.Series):
            plain = column if column.dtype == np.float64 else feature.kind.restored(column, feature.saved)
            return plain.to_numpy(np.float64)
        if feature.kind.named:
            return feature.kind.restored(pd.Series(column, dtype=object), feature.saved).to_numpy(np.float64)
        return np.asarray(column, np.float64)
    if isinstance(column, pd.Series) and LEVELLED.holds(column.dtype):
        table = np.array([*(_place(level, feature.place) for level in level_names(column)), np.nan])
        return table[level_codes(column)]
    values = column.astype(object).where(column.notna(), None) if isinstance(column, pd.Series) else column
    return np.array([_place(value, feature.place) for value in values], np.float64)


def _place(level: Any, places: Mapping[str, int]) -> float:  # noqa: ANN401 - any label
    """Return a level's place, one more than there are where it is unknown, NaN where it is missing."""
    if level is None or level != level:  # noqa: PLR0124 - NaN alone differs from itself
        return np.nan
    return float(places.get(str(level), len(places)))
