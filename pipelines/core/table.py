"""The validated table that `define` makes and every later step reads.

One row a raw row, in raw order, with the columns

- `row_id`: int64, the row's number in the raw file (0 is the first row after the header),
- `split`: "train" or "test",
- `fold`: int64, 0 to FOLDS - 1 for training rows (the fold that holds the row out), -1 for test rows,
- `y_true`: float64; binary 0/1, multiclass the class's number, regression the value (its log if so asked),
- `group`: int64, only where rows are grouped: rows of one group stay on one side and in one fold,
- `time_block`: int64, only where rows are split by time: numbers stretches of it, each within a side and a fold,

and then the features: float64 with NaN for missing, or category (of str) with NaN for missing.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from pipelines.core.keys import RESERVED
from pipelines.inputs import LEVELLED, NUMERIC, FeatureKind, kind_of
from pipelines.targets.target import Target

FOLDS = 5


@dataclass(frozen=True)
class Table:
    """The table with the views that steps want."""

    frame: pd.DataFrame
    target: Target

    @cached_property
    def features(self) -> list[str]:
        """The columns that models may see, in raw order."""
        return [str(name) for name in self.frame.columns if name not in RESERVED]

    @cached_property
    def kinds(self) -> dict[str, FeatureKind]:
        """The kind of each feature."""
        return {name: kind_of(self.frame[name]) for name in self.features}

    @cached_property
    def categorical(self) -> list[str]:
        """The features that models see as levels without an order."""
        return [name for name, kind in self.kinds.items() if kind.seen_as == LEVELLED.seen_as]

    @cached_property
    def numeric(self) -> list[str]:
        """The features that models see as numbers."""
        return [name for name, kind in self.kinds.items() if kind.seen_as == NUMERIC.seen_as]

    def rows(self, split: str) -> "Table":
        """Return the rows of one split ("train" or "test"), with a fresh index."""
        return Table(self.frame[self.frame["split"] == split].reset_index(drop=True), self.target)

    @cached_property
    def x(self) -> pd.DataFrame:
        """The features as models see them: numbers, and levels without an order."""
        changed = {name: kind.for_models(self.frame[name]) for name, kind in self.kinds.items() if kind.named_otherwise}
        return self.named.assign(**changed) if changed else self.named

    @cached_property
    def named(self) -> pd.DataFrame:
        """The features as readers see them, levels by their names."""
        return self.frame[self.features]

    @cached_property
    def tree_schemas(self) -> dict[tuple[int, ...], object]:
        """What trees learned of the training rows without some folds, by these folds: kept by who learns it."""
        return {}

    @cached_property
    def y(self) -> np.ndarray:
        """The target, float64 of shape (rows,)."""
        return self.frame["y_true"].to_numpy(np.float64)

    @cached_property
    def fold(self) -> np.ndarray:
        """The fold that holds each row out, int64 of shape (rows,)."""
        return self.frame["fold"].to_numpy(np.int64)

    @cached_property
    def group(self) -> np.ndarray | None:
        """The group of each row, int64 of shape (rows,), or None where rows stand alone."""
        return self.frame["group"].to_numpy(np.int64) if "group" in self.frame else None

    @cached_property
    def unit(self) -> np.ndarray | None:
        """What each row is one observation of, int64 of shape (rows,): its group, or its stretch of time.

        None where rows are independent. Rows that follow one another in time are alike in what no model knows, so
        their losses are too.
        """
        return self.frame["time_block"].to_numpy(np.int64) if "time_block" in self.frame else self.group
