"""Tables with planted causes: what step 7 should find in them is known because we put it there.

`planted(case, ...)` draws features, builds a margin (log-odds, or the mean of a regression target) from the
named mechanism, draws the target from it, and returns the table with the causes by construction. A cause here
is the cause of step 7 that the mechanism calls for; whether its gain is large enough to be found is a property
of the population, which `oracle` (the true margin of every row) lets a test compute.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from mechanisms import LEAKS, MECHANISMS, Draft

from pipelines.core.project import Task
from pipelines.core.table import FOLDS, Table
from pipelines.targets import TARGETS, target_of

LEAST_COLUMNS = 7  # that mechanisms may use; a table may show fewer of them
CLASSES = 3  # of a target that has several


@dataclass(frozen=True)
class Planted:
    """A table and what was planted in it."""

    case: str
    table: Table
    causes: frozenset[str]  # causes of step 7
    pair: frozenset[str]  # the two interacting features, empty without one
    leak: str | None  # the feature that gives the target away
    oracle: np.ndarray  # the true margin of each row, float64 of shape (rows,)


def planted(
    case: str, rows: int, seed: int, *, columns: int = 8, base_rate: float = 0.3, task: Task = "binary",
    correlation: float = 0.0,
) -> Planted:  # fmt: skip
    """Return `rows` rows (a fifth of them test rows) with the named case's cause planted.

    `columns` normal features named x0, x1, ... (at least those that the mechanism uses), all correlated by
    `correlation`. The target is drawn by its kind around a raw prediction: the margin itself; the margin and the
    intercept that gives the base rate where it is an event; of several classes 0, the margin and minus it; where the
    link has no upper end, 1 plus a quarter of the margin (more, and squares in it would have no mean).
    """
    rng = np.random.default_rng(seed)
    common = rng.standard_normal((rows, 1))
    own = rng.standard_normal((rows, max(columns, LEAST_COLUMNS)))
    z = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own
    draft = Draft(z, rng, {f"x{i}": z[:, i].copy() for i in range(columns)})
    margin = MECHANISMS[case](draft)
    kind = TARGETS[task].of(np.arange(CLASSES, dtype=np.float64))
    if "event" in kind.can:
        margin = margin + _intercept(margin, base_rate)
    elif "probabilities" not in kind.can and not kind.raw_in_unit:
        margin = margin / 4 + 1
    several = kind.outputs > 1
    y = kind.simulate(np.column_stack([np.zeros(rows), margin, -margin]) if several else margin, rng)
    if draft.leak:
        draft.features[draft.leak] = LEAKS[case](y, rng)
    frame = pd.DataFrame(_keys(rows, rng) | {"y_true": y} | draft.features)
    return Planted(
        case,
        Table(frame, target_of(task, frame["y_true"].to_numpy(np.float64))),
        frozenset(draft.causes),
        frozenset(draft.pair),
        draft.leak,
        margin,
    )


def _intercept(margin: np.ndarray, base_rate: float) -> float:
    """Return the shift that makes the mean probability the base rate, by bisection."""
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.mean(1 / (1 + np.exp(-margin - middle))) < base_rate else (low, middle)
    return low


def _keys(rows: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return row_id, split and fold: a fifth test rows, the rest dealt into the folds."""
    test = rng.permutation(rows) < rows // 5
    fold = np.where(test, -1, rng.permutation(rows) % FOLDS)
    return {"row_id": np.arange(rows), "split": np.where(test, "test", "train"), "fold": fold.astype(np.int64)}
