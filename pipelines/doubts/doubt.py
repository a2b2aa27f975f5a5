"""What every kind of doubt looks at, and how it is listed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipelines.core.project import Project
from pipelines.core.table import Table
from pipelines.facts.define import Doubt
from pipelines.metrics import look_at

if TYPE_CHECKING:
    from pipelines.exploration.intervals import QuickTruth

LOOKED_AT = 10_000  # training rows that are looked at, at most: enough for a claim, quick for a hundred columns
SEED = 7


@dataclass(frozen=True)
class Reading:
    """A table as its file has it, and as the project file reads it."""

    raw: pd.DataFrame  # every row and column, dropped ones too: numbers, truth values or text
    project: Project
    table: Table

    @cached_property
    def train(self) -> Table:
        """The training rows."""
        return self.table.rows("train")

    @cached_property
    def rows(self) -> np.ndarray:
        """The places in the raw table of the training rows that are looked at, int64."""
        return self.train.frame["row_id"].to_numpy(np.int64)[self._sampled]

    @cached_property
    def truth(self) -> "QuickTruth":
        """The target of these rows."""
        from pipelines.exploration.intervals import QuickTruth  # only where a column is scored, as in few tables

        return QuickTruth.of(self.train, self._sampled, look_at(self.train.target.name))

    @cached_property
    def _sampled(self) -> np.ndarray:
        return self.train.target.sample(self.train.y, LOOKED_AT, SEED)


@dataclass(frozen=True)
class Doubting:
    """One kind of doubt."""

    name: str  # as the facts call it
    find: Callable[[Reading], list[Doubt]]
    unless: tuple[str, ...] = ()  # kinds of doubt that explain this one: where one of them is found, it is not reported
