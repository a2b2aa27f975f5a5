"""Columns of plain numbers, read together: few rows take as long as there are calls, and cells cost next to nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

import numpy as np

from pipelines.inputs import Input
from pipelines.targets.arrays import Floats

_NOTHING = ("",)  # in place of a column that is not given: cells that are no numbers


class Numeric(Protocol):
    """What is read of a column of numbers."""

    @property
    def name(self) -> str:
        """The column's name."""
        ...

    @property
    def kind(self) -> Input:
        """How its cells are read."""
        ...

    @property
    def plain(self) -> frozenset[type]:
        """The types of cells that are numbers as they are, or none."""
        ...

    @property
    def may_be_missing(self) -> bool:
        """Whether a row may lack it."""
        ...

    @property
    def codes(self) -> Sequence[float]:
        """Numbers that stand for a missing one."""
        ...

    @property
    def usual(self) -> tuple[float, float]:
        """The ends of what is allowed and was seen in training rows."""
        ...


@dataclass(frozen=True)
class PlainNumbers:
    """Columns of numbers, those of one kind beside each other."""

    columns: tuple[Numeric, ...]
    kinds: tuple[tuple[Input, slice], ...]  # and the columns of each
    low: Floats  # (columns, 1)
    high: Floats
    optional: np.ndarray  # bool (columns, 1): a number may be missing

    @classmethod
    def of(cls, columns: Sequence[Numeric]) -> "PlainNumbers":
        """Return the columns in an order in which they can be read together."""
        ordered = sorted(columns, key=lambda one: one.kind.name)
        kinds: list[tuple[Input, slice]] = []
        start = 0
        for _, group in groupby(ordered, key=lambda one: one.kind.name):
            same = list(group)
            kinds.append((same[0].kind, slice(start, start + len(same))))
            start += len(same)
        ends = np.array([one.usual for one in ordered], np.float64).reshape(-1, 2)
        optional = np.array([one.may_be_missing for one in ordered], bool).reshape(-1, 1)
        return cls(tuple(ordered), tuple(kinds), ends[:, :1], ends[:, 1:], optional)

    def usual(self, cells: Mapping[str, Sequence[object]]) -> dict[str, Floats]:
        """Return the values (rows,), NaN where missing, of each column in which there is nothing to remark.

        Of a column that is absent here, a cell is no plain number, is not allowed, or is beyond all training rows.
        """
        plain = [one for one in self.columns if one.plain.issuperset(map(type, cells.get(one.name, _NOTHING)))]
        if len(plain) < len(self.columns):
            return PlainNumbers.of(plain).usual(cells)
        if not plain:
            return {}
        given = [cells[one.name] for one in plain]
        try:
            numbers = np.array(given, np.float64)  # None becomes NaN
        except OverflowError:  # an integer that no float is as large as
            return {}
        missing = np.isnan(numbers)
        for kind, columns in self.kinds:
            numbers[columns] = kind.measured(numbers[columns])
        for place, one in enumerate(self.columns):
            for code in one.codes:
                missing[place] |= numbers[place] == code
        if missing.any():
            numbers[missing] = np.nan
        usual = (numbers >= self.low) & (numbers <= self.high)
        if usual.all():
            return {one.name: values for one, values in zip(self.columns, numbers, strict=True)}
        usual |= missing & self.optional
        whole = np.flatnonzero(usual.all(axis=1)).tolist()
        return {self.columns[place].name: numbers[place] for place in whole}
