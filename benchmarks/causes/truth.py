"""What is true of a population: the ladder climbed on so many rows that chance and thinning hardly matter.

A cause is planted where its gain in the primary metric is at least 0.01, absent where it is at most 0.002, and
neither in between. Many-levelled categories are the exception: with rows without end one-hot loses nothing, so what
`encoding` gains there is asked at the cases' own size, as a mean over several draws.
"""

from itertools import pairwise
from typing import Any

import numpy as np
from cases import ROWS, World
from planted import Planted, planted

from pipelines.causes import CAUSES, ENCODING
from pipelines.causes.encoding import many_levelled
from pipelines.core.submit import run_now
from pipelines.core.table import FOLDS, Table
from pipelines.experiments.controls import linear_baseline
from pipelines.inference.foldwise import score_over_folds
from pipelines.ladder.ladder import ladder, training_rows
from pipelines.ladder.study import Study
from pipelines.metrics import METRICS
from pipelines.targets import target_of

NAMES = [cause.name for cause in CAUSES]
RUNGS = ("baseline", *NAMES[:-1])
METRIC = {"binary": "roc_auc", "regression": "r2"}
PLANTED, ABSENT = 0.01, 0.002
TRAIN_ROWS = 300_000  # in two folds: each model is fitted to one half and scored on the other
SEED = 1_000
DRAWS, FRESH_ROWS = 5, 50_000  # of the encoding rung at the cases' size


def truth(world: World) -> dict[str, Any]:
    """Return `{gains: {cause: gain}, oracle}` of a population, in its primary metric.

    `oracle` is the score of the true raw prediction; what it scores above the ladder's top is the gain of `tuning`.
    Where values are missing at random nobody can know it, and the ladder's top stands for it.
    """
    made = _draw(world, TRAIN_ROWS * FOLDS // (FOLDS - 1), SEED)
    frame = made.table.frame
    table = Table(
        frame.assign(fold=np.where(frame["fold"] < 0, -1, frame["fold"] % 2)),
        target_of(world.task, frame["y_true"].to_numpy(np.float64)),
    )
    train = table.fold >= 0
    predictions = _climb(table, world.task) | {"oracle": table.target.inverse(made.oracle)}
    if world.mechanism == "missing_at_random":
        predictions["oracle"] = predictions[RUNGS[-1]]
    measure = METRICS[METRIC[world.task]]
    scores = {
        name: score_over_folds(measure, table.y[train], values[train], table.fold[train])
        for name, values in predictions.items()
    }
    steps = [*RUNGS, "oracle"]
    gains = {cause: measure.gain(scores[a], scores[b]) for cause, (a, b) in zip(NAMES, pairwise(steps), strict=True)}
    if many_levelled(training_rows(table)):
        gains[ENCODING.name] = float(np.mean([_encoding(world, seed) for seed in range(DRAWS)]))
    return {"gains": gains, "oracle": scores["oracle"]}


def _encoding(world: World, seed: int) -> float:
    """Return what the encoding rung, fitted to the training rows of one case, gains on many fresh rows."""
    frame = _draw(world, FRESH_ROWS * FOLDS // (FOLDS - 1), seed).table.frame
    kept = np.flatnonzero(frame["fold"] >= 0)[: ROWS * (FOLDS - 1) // FOLDS]
    fold = np.full(len(frame), -1)
    fold[kept] = frame["fold"].to_numpy()[kept]
    table = Table(
        frame.assign(fold=fold, split=np.where(fold < 0, "test", "train")),
        target_of(world.task, frame["y_true"].to_numpy(np.float64)),
    )
    predictions, fresh, measure = _climb(table, world.task), fold < 0, METRICS[METRIC[world.task]]
    below, above = (measure.score(table.y[fresh], predictions[rung][fresh]) for rung in RUNGS[:2])
    return measure.gain(below, above)


def _draw(world: World, rows: int, seed: int) -> Planted:
    return planted(
        world.mechanism, rows, seed, base_rate=world.base_rate, task=world.task, correlation=world.correlation
    )


def _climb(table: Table, task: str) -> dict[str, np.ndarray]:
    """Return every rung's predictions (rows,) on top of the linear baseline's."""
    return ladder(Study(table, METRICS[METRIC[task]], 0.0, SEED, run_now), linear_baseline(table)).predictions
