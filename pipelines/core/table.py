"""The validated table that `define` makes and every later step reads.

One row a raw row, in raw order, with the columns

- `row_id`: int64, the row's number in the raw file (0 is the first row after the header),
- `split`: "train" or "test",
- `fold`: int64, 0 to FOLDS - 1 for training rows (the fold that holds the row out), TEST for test rows; where folds
  follow one another in time, WARM_UP for the first training rows, which models learn from and no fold holds out,
- `y_true`: float64; binary 0/1, multiclass the class's number, regression the value (its log if so asked),
- `group`: int64, only where rows are grouped: rows of one group stay on one side and in one fold,
- `time_block`: int64, only where rows are split by time: numbers stretches of it, each within a side and a fold,
- `masked_words`: str, only where [text] names columns to mask: words of theirs, which a control masks in the texts,

- `forecast_series`, `forecast_time`, `forecast_step` and `forecast_scale`, only of forecasts: the series (category),
  the moment (datetime64[s]) of the target, the steps from the origin to it, and what its series was divided by,

- `halving_1` and on, only where rows form groups: int64, the half that a row was dealt into, 0 or 1, and
- `describes: NAME`, only there: what describes a group and makes none,

and then the features: float64 with NaN for missing, or category (of str) with NaN for missing. Of texts it holds the
text itself (str, empty where missing), what trees see of it (float32) and its embedding (float16); these are no
features, since only models of texts read them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pipelines.core.keys import DESCRIBES, HALVINGS, RESERVED, SEEN_KEYS
from pipelines.inputs import LEVELLED, NUMERIC, FeatureKind, kind_of
from pipelines.inputs.worded import holds_texts, is_embedding, stands_for_text
from pipelines.targets.target import Target

FOLDS = 5
TEST, WARM_UP = -1, -2  # in place of a fold
FEW_TEXTS = 20_000  # rows, to which calls of a solver are short


@dataclass(frozen=True)
class Table:
    """The table with the views that steps want."""

    frame: pd.DataFrame
    target: Target

    def __reduce__(self) -> tuple[type["Table"], tuple[pd.DataFrame, Target]]:
        """Return what makes it again elsewhere; views stay here, since other threads may just be making some."""
        return Table, (self.frame, self.target)

    @cached_property
    def features(self) -> list[str]:
        """The columns that models may see, in raw order."""
        hidden = {*RESERVED, *self.target.methods, *self.texts, *self.encoded, *self.embedded}
        names = [str(name) for name in self.frame.columns if name not in hidden]
        return [name for name in names if not name.startswith(DESCRIBES)]

    @cached_property
    def describing(self) -> dict[str, pd.Series]:
        """The columns that describe groups and make none, by their own names: no features."""
        named = {str(name): self.frame[name] for name in self.frame.columns}
        return {name.removeprefix(DESCRIBES): one for name, one in named.items() if name.startswith(DESCRIBES)}

    @cached_property
    def halvings(self) -> list[np.ndarray]:
        """The halves that rows were dealt into, several times over, each int64 of shape (rows,): 0 or 1."""
        return [self.frame[name].to_numpy(np.int64) for name in HALVINGS if name in self.frame]

    @cached_property
    def rows_are(self) -> str:
        """What the rows are: moments of series, rows that form groups, rows with texts (worded), or others apart."""
        return "worded" if self.texts else self.target.rows

    @cached_property
    def grouped(self) -> bool:
        """Whether models put rows into groups, and see no label."""
        return self.target.rows == "grouped"

    @cached_property
    def texts(self) -> list[str]:
        """The columns that hold texts."""
        return self._that(holds_texts)

    @cached_property
    def encoded(self) -> list[str]:
        """The numbers that trees see of texts."""
        return self._that(stands_for_text)

    @cached_property
    def embedded(self) -> list[str]:
        """The numbers of the texts' embeddings."""
        return self._that(is_embedding)

    def _that(self, holds: Callable[[pd.Series], bool]) -> list[str]:
        """Return the columns of which that is true, the recipe's own left out."""
        return [str(name) for name in self.frame.columns if name not in RESERVED and holds(self.frame[name])]

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

    def moving(self) -> "Table":
        """Return the table without what says of series only when a row is: the calendar and the level."""
        still = self.target.still(self.features)
        return Table(self.frame.drop(columns=still), self.target) if still else self

    def about_offset(self) -> "Table":
        """Return the table with the target's distance from what models add to; itself where they add to nothing."""
        offset = self.target.offset(self.x)
        if offset is None:
            return self
        return Table(self.frame.assign(y_true=self.target.label(self.y) - offset), self.target)

    @cached_property
    def x(self) -> pd.DataFrame:
        """The features as models see them: numbers, and levels without an order."""
        changed = {name: kind.for_models(self.frame[name]) for name, kind in self.kinds.items() if kind.named_otherwise}
        return self.named.assign(**changed) if changed else self.named

    @cached_property
    def known(self) -> dict[str, pd.Series]:
        """What is known of a row, by which rows are alike or not: its features and its texts."""
        return {name: self.x[name] for name in self.features} | {name: self.frame[name] for name in self.texts}

    @cached_property
    def seen(self) -> pd.DataFrame:
        """What fitted models may ask for: the features, the forecasts of methods without features, and texts."""
        keys = (name for name in SEEN_KEYS if name in self.frame)
        hidden = [*self.target.rules, *keys, *self.encoded, *self.texts, *self.embedded]
        return pd.concat([self.x, self.frame[hidden]], axis="columns") if hidden else self.x

    @cached_property
    def in_trees(self) -> pd.DataFrame:
        """What trees and neighbours see: the features, and numbers that stand for texts."""
        return pd.concat([self.x, self.frame[self.encoded]], axis="columns") if self.encoded else self.x

    def alone(self, columns: Sequence[str]) -> "Table":
        """Return the table with some of the columns that trees see, each a feature, and nothing else."""
        numbers = {name: self.frame[name].astype(np.float64) for name in columns if name in self.encoded}
        return Table(self.frame[["fold", "y_true", *columns]].assign(**numbers), self.target)

    @cached_property
    def named(self) -> pd.DataFrame:
        """The features as readers see them, levels by their names."""
        return self.frame[self.features]

    @cached_property
    def told(self) -> pd.DataFrame:
        """What saved models are given: the features as readers see them, texts, and what was made of these."""
        hidden = [*self.encoded, *self.texts, *self.embedded]
        return pd.concat([self.named, self.frame[hidden]], axis="columns") if hidden else self.named

    @cached_property
    def tree_schemas(self) -> dict[tuple[int, ...], object]:
        """What trees learned of the training rows without some folds, by these folds: kept by who learns it."""
        return {}

    @cached_property
    def remembered(self) -> dict[Any, Any]:
        """What models of texts learned of the training rows without some folds: kept by who learns it."""
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
    def tested(self) -> np.ndarray:
        """Which rows are test rows, bool of shape (rows,)."""
        return self.fold == TEST

    @cached_property
    def trained(self) -> np.ndarray:
        """Which rows are training rows, bool of shape (rows,)."""
        return ~self.tested

    @cached_property
    def scored(self) -> np.ndarray:
        """Which training rows a fold holds out, so that they are predicted by models that never saw them: (rows,)."""
        return self.fold >= 0

    @cached_property
    def forward(self) -> bool:
        """Whether folds follow one another in time, and each is predicted from what came before it alone."""
        return bool((self.fold == WARM_UP).any())

    @cached_property
    def whole(self) -> bool:
        """Whether one model of all training rows predicts the test rows, not the mean of the folds' models.

        So it is where folds go forward, and of groups: in use a row is in one group, not in one of each fold's.
        """
        return self.forward or self.grouped

    def fits(self, fold: int) -> np.ndarray:
        """Return which rows the models that predict a fold are fitted to, bool of shape (rows,).

        All training rows of other folds; where folds go `forward`, those before it. TEST stands for the test rows.
        """
        if not self.forward:
            return self.scored & (self.fold != fold)
        before: np.ndarray = (self.fold == WARM_UP) | (self.scored & ((self.fold < fold) | (fold == TEST)))
        return before

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


def slow_in_threads(table: Table, *_: object) -> bool:
    """Return whether fits to a table hold Python's lock for most of their time: those of texts' many terms do.

    Those of very many texts do not, and another process would hold all terms again.
    """
    return bool(table.texts) and len(table.frame) <= FEW_TEXTS
