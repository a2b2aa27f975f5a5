"""The boosted rungs: trees that start from the previous rung's margin, so that they can only add to it.

A booster gets the margin of the rung below as LightGBM's `init_score`, and may use single features
(`shape`), named pairs, or anything (`interaction`). It is stopped on rows that no rung below it has seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.project import Task

ROUNDS = 400
PATIENCE = 25  # rounds without a better validation loss
ROUNDED = 4  # decimals of a starting margin: last digits differ between processors and could flip a split
FAR = 12.0  # log-odds beyond this carry no information that a tree could use

COMMON: dict[str, Any] = {
    "learning_rate": 0.08,
    "lambda_l2": 10.0,
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
    start: np.ndarray  # the margin of the rung below


@dataclass(frozen=True)
class Boosted:
    """A booster and its validation loss after each round (first entry: before any)."""

    booster: Any
    losses: np.ndarray
    columns: tuple[int, ...]  # of the matrix, that it was given


def boost(
    fit: Rows, check: Rows, task: Task, seed: int, categorical: Sequence[int], leaves: int,
    allowed: Sequence[Sequence[int]] | None = None,
) -> Boosted:  # fmt: skip
    """Return a booster fitted to `fit` on top of `fit.start`, with its validation losses on `check`.

    `allowed` are the groups of features that may meet in one tree (None: all may); features in none of them are
    not used. Deterministic, one thread.
    """
    import lightgbm as lgb

    columns = sorted({column for group in allowed for column in group}) if allowed else list(range(fit.x.shape[1]))
    place = {column: i for i, column in enumerate(columns)}
    settings = COMMON | {
        "objective": "binary" if task == "binary" else "regression",
        "metric": "binary_logloss" if task == "binary" else "l2",
        "num_leaves": leaves,
        "seed": seed,
    }
    if allowed:
        settings["interaction_constraints"] = [[place[column] for column in group] for group in allowed]
    start, check_start = starting(fit.start, task), starting(check.start, task)
    data = {"categorical_feature": [place[c] for c in categorical if c in place], "params": settings}
    train = lgb.Dataset(fit.x[:, columns], fit.y, init_score=start, **data)
    valid = lgb.Dataset(check.x[:, columns], check.y, init_score=check_start, reference=train, **data)
    history: dict[str, dict[str, list[float]]] = {}
    booster = lgb.train(
        settings,
        train,
        ROUNDS,
        valid_sets=[valid],
        callbacks=[lgb.early_stopping(PATIENCE, verbose=False), lgb.record_evaluation(history)],
    )
    (curve,) = history["valid_0"].values()
    return Boosted(booster, np.array([row_losses(check.y, check_start, task).mean(), *curve]), tuple(columns))


def starting(start: np.ndarray, task: Task) -> np.ndarray:
    """Return a margin as boosters start from it: rounded, and log-odds kept within reason."""
    return np.round(np.clip(start, -FAR, FAR) if task == "binary" else start, ROUNDED)


def best_rounds(boosted: Sequence[Boosted]) -> int:
    """Return the number of rounds with the lowest validation loss over all of them together (0: none helps)."""
    length = max(len(one.losses) for one in boosted)
    padded = [np.pad(one.losses, (0, length - len(one.losses)), mode="edge") for one in boosted]
    return int(np.argmin(np.sum(padded, axis=0)))


def added(one: Boosted, x: np.ndarray, rounds: int) -> np.ndarray:
    """Return what the first `rounds` trees add to the margin, float64 of shape (rows,)."""
    matrix = x[:, list(one.columns)]
    return np.asarray(one.booster.predict(matrix, raw_score=True, num_iteration=rounds, num_threads=1), np.float64)


def row_losses(y: np.ndarray, at: np.ndarray, task: Task) -> np.ndarray:
    """Return log loss (binary, `at` log-odds) or squared error of each row."""
    return np.logaddexp(0, at) - y * at if task == "binary" else (y - at) ** 2
