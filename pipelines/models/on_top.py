"""The boosted rungs: trees that start from the previous rung's margin, so that they can only add to it.

A booster gets the margin of the rung below as LightGBM's `init_score`, and may use single features
(`shape`), named pairs, or anything (`interaction`). How long it grows is judged on rows that no rung below it saw.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.core.project import Task
from pipelines.ladder.links import row_losses
from pipelines.models.settings import LIGHTGBM_GOALS

ROUNDS = 400
PATIENCE = 25  # rounds without a better loss on the checking rows
FIT_ROWS = 100_000  # more are thinned: a tree of a dozen leaves learns little from the rest
MIN_EVENT_SHARE = 0.5  # of FIT_ROWS that rare events may fill before they are thinned too

COMMON: dict[str, Any] = {
    "learning_rate": 0.08,
    "lambda_l2": 10.0,  # with this and the next two, 300 events in 180,000 rows do not collapse
    "min_data_in_leaf": 20,
    "min_sum_hessian_in_leaf": 0.05,
    "max_bin": 63,
    "min_data_per_group": 20,
    "cat_smooth": 20.0,
    "feature_pre_filter": False,
    "deterministic": True,
    "force_col_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}


@dataclass(frozen=True)
class Rows:
    """Rows for a booster."""

    x: np.ndarray  # (rows, features), categories as codes
    y: np.ndarray
    start: np.ndarray  # the margin of the rung below, as `starting` returns it


@dataclass(frozen=True)
class Boosted:
    """A booster and its mean loss on the checking rows after each round (first entry: before any)."""

    booster: Any
    losses: np.ndarray
    rows: int  # that it was fitted to
    columns: tuple[int, ...]  # of the matrix, that it was given

    def added(self, x: np.ndarray, rounds: int) -> np.ndarray:
        """Return what the trees of the first `rounds` add to the margin of matrix `x`, (rows,) or (rows, classes)."""
        matrix = x[:, list(self.columns)] if len(self.columns) < x.shape[1] else x
        return np.asarray(self.booster.predict(matrix, raw_score=True, num_iteration=rounds, num_threads=1), np.float64)


@dataclass(frozen=True)
class Recipe:
    """What one kind of booster may do."""

    task: Task
    leaves: int
    seed: int
    categorical: tuple[int, ...]  # matrix columns that hold codes
    groups: tuple[tuple[int, ...], ...] | None = None  # columns that may meet in a tree; None: any
    fit_rows: int = FIT_ROWS
    rounds: int = ROUNDS


def boost(fit: Rows, check: Rows, recipe: Recipe) -> Boosted:
    """Return a booster fitted to `fit` on top of its starting margin, with its losses on `check`.

    Columns in none of the recipe's groups are not used. Deterministic, one thread.
    """
    import lightgbm as lgb

    take, weight = thin(fit.y, recipe.task, recipe.fit_rows)
    groups = recipe.groups
    columns = sorted({column for group in groups for column in group}) if groups else list(range(fit.x.shape[1]))
    place = {column: i for i, column in enumerate(columns)}
    settings = COMMON | {
        **LIGHTGBM_GOALS[recipe.task],
        **({"num_class": fit.start.shape[1]} if recipe.task == "multiclass" else {}),
        "num_leaves": recipe.leaves,
        "seed": recipe.seed,
    }
    if groups:
        settings["interaction_constraints"] = [[place[column] for column in group] for group in groups]
    categorical = [place[column] for column in recipe.categorical if column in place]
    data: dict[str, Any] = {"categorical_feature": categorical, "params": settings}
    train = lgb.Dataset(
        fit.x[np.ix_(take, np.array(columns))], fit.y[take], weight=weight, init_score=fit.start[take], **data
    )
    checked = lgb.Dataset(check.x[:, columns], check.y, init_score=check.start, reference=train, **data)
    history: dict[str, dict[str, list[float]]] = {}
    booster = lgb.train(
        settings,
        train,
        recipe.rounds,
        valid_sets=[checked],
        callbacks=[lgb.early_stopping(PATIENCE, verbose=False), lgb.record_evaluation(history)],
        keep_training_booster=True,
    )
    # Left to itself LightGBM drops the trees after the best round of these rows; all boosters together choose it here.
    booster = lgb.Booster(model_str=booster.model_to_string(num_iteration=-1))
    (curve,) = history["valid_0"].values()
    before = row_losses(check.y, check.start, recipe.task).mean()
    return Boosted(booster, np.array([before, *curve]), len(take), tuple(columns))


def thin(y: np.ndarray, task: Task, most: int) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the rows to fit, evenly spaced, at most `most`, and their weights (None: all alike).

    Binary: the rarer class is kept whole where it fills less than half of them, and the others weigh more.
    """
    if len(y) <= most:
        return np.arange(len(y)), None
    rare = y == (y.mean() < 0.5) if task == "binary" else np.zeros(len(y), bool)  # noqa: PLR2004 - the middle
    if not 0 < rare.sum() < MIN_EVENT_SHARE * most:
        return _spread(np.arange(len(y)), most), None
    others = np.flatnonzero(~rare)
    kept = _spread(others, most - int(rare.sum()))
    take = np.sort(np.concatenate([np.flatnonzero(rare), kept]))
    return take, np.where(rare[take], 1.0, len(others) / len(kept))


def _spread(rows: np.ndarray, count: int) -> np.ndarray:
    """Return `count` of the rows, evenly spaced."""
    return rows[np.linspace(0, len(rows) - 1, count).astype(np.int64)]


def best_rounds(losses: Sequence[np.ndarray]) -> int:
    """Return the number of rounds with the lowest loss over all boosters together (0: none helps)."""
    length = max((len(one) for one in losses), default=1)
    if length == 1:
        return 0
    # A booster that stopped early had only got worse, so its last loss stands for the rounds that it did not grow.
    padded = [np.pad(one, (0, length - len(one)), mode="edge") for one in losses]
    return int(np.argmin(np.sum(padded, axis=0)))
