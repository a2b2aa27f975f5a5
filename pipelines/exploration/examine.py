"""Everything that is looked at one column at a time, as one piece of work for a few columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from pipelines.core.table import Table
from pipelines.exploration.bands import find_bands
from pipelines.exploration.columns import describe_column
from pipelines.exploration.defaults import default_alone
from pipelines.exploration.intervals import QuickTruth
from pipelines.exploration.relations import missing_alone, mutual_information, relate, score_alone
from pipelines.exploration.sampling import rows_within
from pipelines.facts.eda.column import Column
from pipelines.inputs import kind_of
from pipelines.metrics import Metric
from pipelines.targets import Target
from pipelines.targets.sampled import at_random

SCORED_ROWS, INFORMED_ROWS = 30_000, 10_000
SCORED_CELLS, INFORMED_CELLS = 1_500_000, 500_000  # rows times columns: wide tables get fewer rows a column


@dataclass(frozen=True)
class Looks:
    """The rows that each look uses, by position among the training rows."""

    target: Target
    labels: Sequence[str]  # of the classes, by their numbers
    row_id: np.ndarray  # (training rows,) the place in the raw file
    scored: np.ndarray  # for what a column predicts alone
    truth: QuickTruth  # of the scored rows
    informed: np.ndarray  # for mutual information; drawn without regard to class, which it depends on
    seed: int

    @classmethod
    def choose(cls, train: Table, labels: Sequence[str], metric: Metric, seed: int) -> Self:
        """Return the looks for the training rows, within the caps; `labels` are the classes' names, if any."""
        wide = len(train.features)
        scored = train.target.sample(train.y, rows_within(SCORED_CELLS, wide, SCORED_ROWS), seed)
        informed = at_random(len(train.y), rows_within(INFORMED_CELLS, wide, INFORMED_ROWS), seed)
        truth = QuickTruth.of(train, scored, metric)
        return cls(train.target, labels, train.frame["row_id"].to_numpy(np.int64), scored, truth, informed, seed)


def examine_columns(x: pd.DataFrame, y: np.ndarray, looks: Looks) -> list[Column]:
    """Return the facts of each column of `x` (training rows, columns); `y` (training rows,) is the target."""
    return [_examine(str(name), x[name], y, looks) for name in x.columns]


def _examine(name: str, column: pd.Series, y: np.ndarray, looks: Looks) -> Column:
    kind = kind_of(column)
    seen = kind.for_models(column)
    informed = mutual_information(seen.iloc[looks.informed], y[looks.informed], looks.target, looks.seed)
    return {
        "name": name,
        "kind": kind.seen_as,
        "type": kind.seen_as,  # until the declared ones are known
        "column": name,
        **describe_column(column, looks.row_id),
        "mutual_information": informed,
        **score_alone(column.iloc[looks.scored], looks.truth),
        "relation": relate(column, y, looks.target, looks.labels),
        "missing_alone": missing_alone(column, y, looks.target, looks.labels),
        "default_alone": default_alone(column, y, looks.target, looks.labels),
        "bands": find_bands(seen, y, looks.target),
    }
