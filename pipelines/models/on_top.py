"""Boosters on top of another model: trees that start from its raw prediction, so that they can only add to it.

A booster gets the raw prediction of the model below as LightGBM's `init_score`, and may use single features, named
groups of them, or any together. How long it grows is judged on rows that no model below it saw.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.core.steady import steady
from pipelines.targets import Target

ROUNDS = 400
RATE = 0.08
PATIENCE = 25  # rounds without a better loss on the checking rows
FIT_ROWS = 100_000  # more are thinned: a tree of a dozen leaves learns little from the rest

COMMON: dict[str, Any] = {
    "lambda_l2": 10.0,  # with this and the next two, 300 events in 180,000 rows do not collapse
    "min_data_in_leaf": 20,
    "min_sum_hessian_in_leaf": 0.05,
    "max_bin": 63,
    "bin_construct_sample_cnt": 50_000,  # a quantile of 63 needs no more, and all rows would take as long as 60 rounds
    "min_data_per_group": 20,
    "cat_smooth": 20.0,
    "feature_pre_filter": False,
    "deterministic": True,
    "force_col_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}


@dataclass(frozen=True)
class StartedRows:
    """Rows for a booster."""

    x: np.ndarray  # (rows, features), categories as codes
    y: np.ndarray
    start: np.ndarray  # the raw prediction of the model below, as the target's `start` returns it
    weight: np.ndarray | None = None  # where they were thinned already


@dataclass(frozen=True)
class Boosted:
    """A booster and its mean loss on the checking rows after each round (first entry: before any)."""

    booster: Any
    losses: np.ndarray
    rows: int  # that it was fitted to
    columns: tuple[int, ...]  # of the matrix, that it was given

    def added(self, x: np.ndarray, rounds: int) -> np.ndarray:
        """Return what the trees of the first `rounds` add to the raw prediction of `x`, (rows,) or (rows, classes)."""
        matrix = x[:, list(self.columns)] if len(self.columns) < x.shape[1] else x
        return np.asarray(self.booster.predict(matrix, raw_score=True, num_iteration=rounds, num_threads=1), np.float64)


@dataclass(frozen=True)
class GrowthRules:
    """What one kind of booster may do."""

    target: Target
    leaves: int
    seed: int
    categorical: tuple[int, ...]  # matrix columns that hold codes
    groups: tuple[tuple[int, ...], ...] | None = None  # columns that may meet in a tree; None: any
    fit_rows: int = FIT_ROWS
    rounds: int = ROUNDS
    rate: float = RATE  # at which they learn


def boost(fit: StartedRows, check: StartedRows | None, rules: GrowthRules) -> Boosted:
    """Return a booster fitted to `fit` on top of its starting raw prediction, with its losses on `check`.

    Without rows to check, it grows all the rules' rounds, and has no losses.
    Columns in none of the rules' groups are not used. Deterministic, one thread.
    """
    import lightgbm as lgb

    take, weight = rules.target.thin(fit.y, rules.fit_rows)
    weight = weight if fit.weight is None else fit.weight
    groups = rules.groups
    columns = sorted({column for group in groups for column in group}) if groups else list(range(fit.x.shape[1]))
    place = {column: i for i, column in enumerate(columns)}
    settings = COMMON | {
        **rules.target.engine("lightgbm"),
        "num_leaves": rules.leaves,
        "learning_rate": rules.rate,
        "seed": rules.seed,
    }
    if groups:
        settings["interaction_constraints"] = [[place[column] for column in group] for group in groups]
    categorical = [place[column] for column in rules.categorical if column in place]
    data: dict[str, Any] = {"categorical_feature": categorical, "params": settings}
    train = lgb.Dataset(
        fit.x[np.ix_(take, np.array(columns))],
        rules.target.label(fit.y[take]),
        weight=weight,
        init_score=fit.start[take],
        **data,
    )
    if check is None:
        grown = lgb.train(settings, train, rules.rounds)
        return Boosted(grown, np.empty(0), len(take), tuple(columns))
    checked = lgb.Dataset(
        check.x[:, columns], rules.target.label(check.y), init_score=check.start, reference=train, **data
    )
    history: dict[str, dict[str, list[float]]] = {}
    booster = lgb.train(
        settings,
        train,
        rules.rounds,
        valid_sets=[checked],
        callbacks=[lgb.early_stopping(PATIENCE, verbose=False), lgb.record_evaluation(history)],
        keep_training_booster=True,
    )
    # Left to itself LightGBM drops the trees after the best round of these rows; all boosters together choose it here.
    booster = lgb.Booster(model_str=booster.model_to_string(num_iteration=-1))
    (curve,) = history["valid_0"].values()
    before = rules.target.raw_loss(check.y, check.start).mean()
    return Boosted(booster, np.array([before, *curve]), len(take), tuple(columns))


def best_rounds(losses: Sequence[np.ndarray]) -> int:
    """Return the number of rounds with the lowest loss over all boosters together (0: none helps)."""
    length = max((len(one) for one in losses), default=1)
    if length == 1:
        return 0
    # A booster that stopped early had only got worse, so its last loss stands for the rounds that it did not grow.
    padded = [np.pad(one, (0, length - len(one)), mode="edge") for one in losses]
    return int(np.argmin(steady(np.sum(padded, axis=0))))
