"""What one model of a rung adds to the raw prediction of any row, in a form that is saved and read back.

Boosters are kept as LightGBM's text, curves and what a pair's columns learned as numbers: JSON, which keeps every digit
of them, and numpy's own files without objects.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count, takewhile
from typing import Protocol, Self

import numpy as np
import pandas as pd

from pipelines.causes.cause import Columns
from pipelines.causes.joint import Beyond
from pipelines.core.rowwise import row_products
from pipelines.core.table import Table
from pipelines.ladder.additive import Additive, Steps
from pipelines.ladder.fitting import Part
from pipelines.ladder.joint import Names, learned_of
from pipelines.ladder.kept import Kept, KeptPair
from pipelines.models.on_top import Boosted
from pipelines.models.saving.lightgbm_text import read_booster
from pipelines.targets import Floats

Files = Mapping[str, bytes]

TREES, TREES_NOTES, CURVES, COEFFICIENTS = "model.txt", "trees.json", "curves.json", "coefficients.npy"


class Addition(Protocol):
    """One part's model."""

    @property
    def columns_used(self) -> tuple[int, ...]:
        """The columns of the matrix that it reads."""

    def at(self, x: pd.DataFrame, matrix: Floats) -> Floats:
        """Return what it adds to rows' raw predictions, (rows,) or (rows, classes).

        `x` are the features (rows, features), and `matrix` what trees of this part read of them.
        """

    def save(self) -> dict[str, bytes]:
        """Return it as files (name to content)."""


@dataclass(frozen=True)
class AddedTrees:
    """The first rounds of a booster."""

    boosted: Boosted
    rounds: int

    @property
    def columns_used(self) -> tuple[int, ...]:
        """The columns that the booster is given."""
        return self.boosted.columns

    def at(self, x: pd.DataFrame, matrix: Floats) -> Floats:  # noqa: ARG002 - trees read the matrix
        """Return the sum of the trees."""
        return self.boosted.added(matrix, self.rounds)

    def save(self) -> dict[str, bytes]:
        """Return LightGBM's own text format, and which columns of the matrix it is given."""
        text = self.boosted.booster.model_to_string(num_iteration=self.rounds)
        notes = {"columns": self.boosted.columns, "rounds": self.rounds}
        return {TREES: text.encode(), TREES_NOTES: json.dumps(notes).encode()}

    @classmethod
    def load(cls, files: Files) -> Self:
        """Return what `save` wrote."""
        notes = json.loads(files[TREES_NOTES])
        booster, columns = read_booster(files[TREES]), tuple(int(column) for column in notes["columns"])
        if booster.num_feature() != len(columns):
            message = f"a booster of {booster.num_feature()} columns is given {len(columns)}"
            raise ValueError(message)
        return cls(Boosted(booster, np.empty(0), 0, columns), int(notes["rounds"]))


@dataclass(frozen=True)
class AddedCurves:
    """One curve a feature."""

    curves: Additive

    @property
    def columns_used(self) -> tuple[int, ...]:
        """The columns that have a curve."""
        return tuple(self.curves.steps)

    def at(self, x: pd.DataFrame, matrix: Floats) -> Floats:  # noqa: ARG002 - curves run along the matrix's columns
        """Return the sum of the curves."""
        return self.curves.total(matrix)

    def save(self) -> dict[str, bytes]:
        """Return cuts and values as JSON."""
        steps = {str(column): asdict(one) for column, one in self.curves.steps.items()}
        curves = {"intercept": self.curves.intercept, "steps": steps}
        return {CURVES: json.dumps(curves, default=np.ndarray.tolist).encode()}

    @classmethod
    def load(cls, files: Files) -> Self:
        """Return what `save` wrote."""
        saved = json.loads(files[CURVES])
        steps = {
            int(column): Steps(np.array(one["cuts"], np.float64), np.array(one["values"], np.float64))
            for column, one in saved["steps"].items()
        }
        if any(len(one.values) != len(one.cuts) + 1 for one in steps.values()):
            message = "a curve has not one value more than cuts"
            raise ValueError(message)
        return cls(Additive(np.array(saved["intercept"], np.float64), steps))


@dataclass(frozen=True)
class AddedPair:
    """The columns of a pair, with their coefficients."""

    pair: Names
    columns: Columns
    beyond: Beyond
    coefficients: Floats  # (columns,) or (columns, classes)

    @property
    def columns_used(self) -> tuple[int, ...]:
        """None: a pair's columns are made of its values."""
        return ()

    def at(self, x: pd.DataFrame, matrix: Floats) -> Floats:  # noqa: ARG002 - the pair's columns are made of its values
        """Return what the columns say of rows that have both values; the others get nothing."""
        values = x[list(self.pair)].to_numpy(np.float64)
        known = ~np.isnan(values).any(axis=1)
        added = np.zeros((len(x), *self.coefficients.shape[1:]))
        first, second = values[known].T
        added[known] = row_products(self.beyond.of(first, second, self.columns), self.coefficients)
        return added

    def save(self) -> dict[str, bytes]:
        """Return the arrays."""
        learned = {_learned(place): one for place, one in enumerate(self.beyond.learned)}
        plain = {f"{name}.npy": one for name, one in self.beyond._asdict().items() if name != "learned"}
        return {name: _written(one) for name, one in (plain | learned | {COEFFICIENTS: self.coefficients}).items()}

    @classmethod
    def load(cls, files: Files, pair: Names, columns: Columns) -> Self:
        """Return what `save` wrote of a pair's columns."""
        learned = takewhile(files.__contains__, map(_learned, count()))
        plain = {name: _read(files[f"{name}.npy"]) for name in Beyond._fields if name != "learned"}
        beyond = Beyond(learned=tuple(_read(files[name]) for name in learned), **plain)
        return cls(pair, columns, beyond, _read(files[COEFFICIENTS]))


def additions_of(kept: Kept, table: Table) -> Iterator[tuple[Part, Addition]]:
    """Yield the models of a rung, which was climbed over `table`, by part; none of a part that has none."""
    if isinstance(kept, KeptPair):
        for part, found in kept.coefficients.items():
            yield part, AddedPair(kept.pair, kept.columns, learned_of(table, part, kept.pair, kept.columns), found)
        return
    for part, curves in kept.curves.items():
        yield part, AddedCurves(curves)
    for part, boosted in kept.boosted.items():
        yield part, AddedTrees(boosted, kept.rounds)


def load_addition(files: Files, pair: Sequence[str] | None, columns: Columns | None) -> Addition:
    """Return what an addition's `save` wrote: of a pair where it has one; raise KeyError where a file is missing."""
    if pair is not None and columns is not None:
        first, second = pair
        return AddedPair.load(files, (first, second), columns)
    return AddedCurves.load(files) if CURVES in files else AddedTrees.load(files)


def _learned(place: int) -> str:
    return f"learned_{place}.npy"


def _written(array: Floats) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(array, np.float64), allow_pickle=False)
    return buffer.getvalue()


def _read(content: bytes) -> Floats:
    return np.asarray(np.load(io.BytesIO(content), allow_pickle=False), np.float64)
