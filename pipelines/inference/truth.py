"""What predictions are judged against: the truth of some rows, which of them belong together, and by which metric."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from pipelines.core.table import Table
from pipelines.metrics import Metric
from pipelines.metrics.prepared import Floats, Integers


@dataclass(frozen=True)
class Draw:
    """How resamples are drawn: from one seed, of rows or of whole groups."""

    seed: int
    group: Integers | None  # (rows,) numbers of the groups or stretches of time, if rows depend on each other
    count: int


@dataclass(frozen=True)
class Truth:
    """The truth of some rows; predictions for them are (rows,) or (rows, classes). Arrays have shape (rows,)."""

    metric: Metric
    y: Floats
    seed: int  # of all resampling
    group: Integers | None = None  # rows of one group, or of one stretch of time, are drawn together
    fold: Integers | None = None  # the fold that held each row out; None: one model predicts all rows

    @classmethod
    def of(cls, table: Table, rows: np.ndarray, metric: Metric, seed: int) -> Self:
        """Return the truth of some rows of a table, by position or mask."""
        group = None if table.unit is None else table.unit[rows]
        # Of folds that go forward units are what differs: the first ones know less, which is no chance.
        return cls(metric, table.y[rows], seed, group, None if table.forward else table.fold[rows])

    def take(self, rows: np.ndarray) -> Self:
        """Return the truth of some of the rows, by position or mask."""
        group, fold = (None if array is None else array[rows] for array in (self.group, self.fold))
        return replace(self, y=self.y[rows], group=group, fold=fold)

    def draw(self, count: int) -> Draw:
        """Return how so many resamples of these rows are drawn."""
        return Draw(self.seed, self.group, count)
