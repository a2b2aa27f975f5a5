"""What every kind of split can say of itself, so that no step needs to know which kind it has."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

import numpy as np
import pandas as pd

from pipelines.inputs.input import Input

Exchangeable = Literal["rows", "groups"]


@dataclass(frozen=True)
class Splitting:
    """Where every row goes."""

    test: np.ndarray  # (rows,) bool
    fold: np.ndarray  # (rows,) int64: 0 to FOLDS - 1 for training rows, -1 for test rows
    fold_kind: str  # in words, what a fold is
    boundary: str | None = None  # time splits: the first time among the test rows
    moment: np.ndarray | None = None  # time splits: (rows,) int64, the place of each row's time among the times
    redrawn: str | None = None  # in words, by which rule, where the first draw left too few rows in a part


@dataclass(frozen=True)
class Rows:
    """The rows that are to be set apart."""

    units: np.ndarray  # (rows,) int64, numbered from 0: what stays together
    strata: np.ndarray  # (rows,) int64, numbered from 0: what is spread evenly
    column: pd.Series | None  # the parsed values of the column that they are set apart by
    where: str  # the file, for messages

    @property
    def given(self) -> pd.Series:
        """The column; raises ValueError where there is none."""
        if self.column is None:
            message = "this kind of split needs a column"
            raise ValueError(message)
        return self.column


class Asked(Protocol):
    """The section [split] of a project file."""

    @property
    def test(self) -> float:
        """The share of test rows."""

    @property
    def seed(self) -> int:
        """What every random choice comes from."""

    @property
    def column(self) -> str | None:
        """The column that rows are set apart by."""

    @property
    def test_value(self) -> object:
        """What marks a test row in it."""


class Split(ABC):
    """One kind of split."""

    name: ClassVar[str]  # in the project file: `kind = "..."`
    treatment: ClassVar[str]  # of rows with the same features, in words
    columns: ClassVar[tuple[type[Input], ...]] = ()  # kinds of columns that it sets rows apart by; none: without one
    stratifies: ClassVar[bool] = False  # each class has the same share on both sides
    keeps_groups: ClassVar[bool] = False  # whole groups: they are also what the bootstrap draws
    later: ClassVar[bool] = False  # test rows come after the training rows
    keeps_copies: ClassVar[bool] = False  # rows that are copies of each other stay together
    given: ClassVar[bool] = False  # the file says which rows are for testing, and so how many
    # What test rows and training rows can be swapped by without anyone noticing; None: by nothing.
    exchangeable: ClassVar[Exchangeable | None] = None

    @classmethod
    def column_types(cls) -> tuple[str, ...]:
        """Return the types of the columns that it sets rows apart by, as the project file names them."""
        return tuple(sorted(kind.name for kind in cls.columns))

    def groups(self, cells: pd.Series) -> np.ndarray | None:  # noqa: ARG002 - only some splits have groups
        """Return each row's group, numbered in order of appearance of the raw cells; None without groups."""
        return None

    @abstractmethod
    def assign(self, rows: Rows, asked: Asked) -> Splitting:
        """Return where every row goes; raise InputError where the column does not say it."""

    def draws(self, rows: Rows, asked: Asked) -> Iterator[Splitting]:
        """Yield what `assign` returns, then what other rules give: the first is taken that leaves enough rows."""
        yield self.assign(rows, asked)

    def flags(self, asked: Asked) -> str:  # noqa: ARG002 - for those that have a column
        """Return how the flags of `sevenfold new` ask for this split."""
        return "a split at random"

    def ways(self) -> str:
        """Return which flags of `sevenfold new` split otherwise, where no share of test rows would do."""
        return "take more data, or say how rows are split: --group, --time or --split-column"

    def too_few(self, asked: Asked, *, testing: bool) -> str:  # noqa: ARG002 - for those that depend on what is asked
        """Return what to do where the test rows, or the rows of a fold, are too few."""
        return "change split.test, or take more data"
