"""How much of a score comes from rows that a model in use would not have: a quick model fitted with and without."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from pipelines.core.table import Table
from pipelines.facts.reflect.split_leaks import RefitGain
from pipelines.inference.truth import Truth
from pipelines.ladder.alpha import ALPHA
from pipelines.ladder.gains import paired_gains
from pipelines.metrics import Metric
from pipelines.models.quick import Rows, quick_model

MIN_ROWS = 100  # to score on


class Question(NamedTuple):
    """How scores are taken, and from which difference on it counts."""

    metric: Metric
    margin: float
    seed: int


def scorable(table: Table, rows: np.ndarray) -> bool:
    """Return whether the rows are many enough, and the metric is defined on them."""
    if len(rows) < MIN_ROWS:
        return False
    y, whole = table.y[rows], table.y[table.scored]
    return bool(np.ptp(y) > 0) and table.target.complete(y, whole)


def measured(
    table: Table, by: Question, with_it: Sequence[Rows], without: Sequence[Rows], group: np.ndarray | None = None
) -> RefitGain:
    """Return scores with and without the leak on the same rows, and what is between them.

    `group`, int64 of shape (rows of the table,), numbers what is resampled as a whole, where that is not the table's.
    """
    seen, unseen = (quick_model(table, parts, by.seed).boosted for parts in (with_it, without))
    held = np.concatenate([rows.held for rows in without])
    truth = replace(Truth.of(table, held, by.metric, by.seed), fold=None)
    if group is not None:
        truth = replace(truth, group=group[held])
    y = truth.y
    predictions = {"with": seen[held], "without": unseen[held]}
    (gain,) = paired_gains(truth, predictions, [("without", "with")])
    score = by.metric.score
    return {
        "score_with": score(y, predictions["with"]),
        "score_without": score(y, predictions["without"]),
        "gain": gain.value,
        "ci": list(gain.ci),
        "p_value": gain.p_value,
        "leak": bool(gain.p_value < ALPHA and gain.value >= by.margin),
        "why": "refitted with and without, on equally many rows",
    }


def untested(why: str) -> RefitGain:
    """Return that nothing was refitted, and why."""
    return {
        "score_with": None, "score_without": None, "gain": None, "ci": None, "p_value": None, "leak": False, "why": why,
    }  # fmt: skip
