"""Is a model for rare events equally good on every fold and under every seed, or lucky on some?"""

from dataclasses import replace

import numpy as np

from pipelines.core.submit import Submit
from pipelines.core.table import Table
from pipelines.facts.compare.stability import FoldStability, SeedStability, Stability
from pipelines.inference.bootstrap import resample
from pipelines.inference.foldwise import folds_of, foldwise, prepare_over_folds
from pipelines.inference.truth import Truth
from pipelines.metrics import Metric
from pipelines.metrics.prepared import Floats
from pipelines.models.folds import fold_data, fold_numbers
from pipelines.models.model import Learner
from pipelines.models.refittable import Refittable

IMBALANCED = 0.1  # share of the rarer class below which the question is asked
ALLOWED = 0.05  # by which a score between 0 and 1 may fall short
OTHER_SEEDS = 2  # with which the worst fold is fitted again
COUNT = 200  # replicates; only a standard error is wanted


def applies(table: Table, metric: Metric) -> bool:
    """Return whether the question is asked: a rare class, a metric from 0 to 1, and rows enough to score each fold."""
    if "event" not in table.target.can or metric.scale != "share":
        return False
    training = table.scored
    return _rarer(table) < IMBALANCED and foldwise(metric, table.y[training], table.fold[training])


def stability(
    table: Table, metric: Metric, prediction: Floats, refittable: Refittable, seed: int, submit: Submit
) -> Stability | None:
    """Return how stable the model is, None where the question is not asked (see `applies`).

    `prediction` (rows,) are the strong model's, out of fold on training rows. In `folds` the interval of the mean is
    that of other rows of the same folds, so one fold that differs does not widen it; `below` is how far the worst fold
    lies below it (0: not at all), flagged beyond ALLOWED. `seeds` is about `refittable`, the strong model or its
    heaviest part, fitted with OTHER_SEEDS other seeds without the strong model's worst fold, where luck shows most; the
    first score is that of the project's own seed, and `move` their range.
    """
    if not applies(table, metric):
        return None
    folds = fold_numbers(table)
    scores = [metric.score(table.y[table.fold == fold], prediction[table.fold == fold]) for fold in folds]
    worst = folds[int(np.argmin(scores))]
    pending = [
        submit(
            score_seed, refittable.learner, table, worst, seed + other, metric, refittable.trees.get(worst),
            name=f"{refittable.name} fold {worst} seed {seed + other}",
        )
        for other in range(1, OTHER_SEEDS + 1)
    ]  # fmt: skip
    over_folds = _over_folds(table, metric, prediction, scores, seed)
    held = table.fold == worst
    tried = [metric.score(table.y[held], refittable.prediction[held]), *(part.result() for part in pending)]
    move = max(tried) - min(tried)
    seeds: SeedStability = {
        "model": refittable.name, "weight": refittable.weight, "fold": worst, "scores": tried, "move": move,
        "flagged": move > ALLOWED,
    }  # fmt: skip
    return {
        "rarer_class": _rarer(table), "allowed": ALLOWED, "flagged": over_folds["flagged"] or seeds["flagged"],
        "folds": over_folds, "seeds": seeds,
    }  # fmt: skip


def score_seed(learner: Learner, table: Table, fold: int, seed: int, metric: Metric, trees: int | None = None) -> float:
    """Return the score on a fold's own rows of the model fitted without them with that seed, and with so many trees."""
    data = replace(fold_data(table, fold, seed), trees=trees)
    return metric.score(data.held_y, learner.fit(data).predict(data.held))


def _over_folds(table: Table, metric: Metric, prediction: Floats, scores: list[float], seed: int) -> FoldStability:
    """Return how the worst fold compares with the interval of the folds' mean."""
    training = table.scored
    truth = Truth.of(table, training, metric, seed)
    prepared = {"strong": prepare_over_folds(metric, truth.y, prediction[training], folds_of(truth))}
    drawn = resample(prepared, len(truth.y), truth.draw(COUNT), pairs=[], scale=metric.scale)
    mean = drawn.score("strong")
    below = max(0.0, mean.ci[0] - min(scores))
    return {
        "mean": mean.value, "ci": list(mean.ci), "scores": scores, "worst": min(scores), "below": below,
        "flagged": below > ALLOWED,
    }  # fmt: skip


def _rarer(table: Table) -> float:
    """Return the share of the rarer class among the training rows."""
    positive = float(table.y[table.scored].mean())
    return min(positive, 1 - positive)
