"""What each candidate metric says of predictors that ignore the features."""

from math import isfinite

import numpy as np

from pipelines.core.project import Task
from pipelines.facts.metric import Candidate
from pipelines.metrics import Metric, metrics_beside, metrics_for
from pipelines.metrics.prepared import Floats


def trivial_predictors(y: Floats, task: Task, seed: int) -> dict[str, Floats]:
    """Return the predictions of each trivial predictor for the target `y` (n,) that it is drawn up on, by name."""
    if task == "regression":
        return {"always the mean": np.full(y.size, y.mean()), "always the median": np.full(y.size, np.median(y))}
    if task == "multiclass":
        share = np.bincount(y.astype(np.int64)) / y.size
        return {
            "always the commonest class": np.tile((np.arange(share.size) == share.argmax()) * 1.0, (y.size, 1)),
            "always the classes' shares": np.tile(share, (y.size, 1)),
            "random scores": np.random.default_rng(seed).dirichlet(np.ones(share.size), y.size),
        }
    return {
        "always no": np.zeros(y.size),
        "always yes": np.ones(y.size),
        "always the base rate": np.full(y.size, y.mean()),
        "random scores": np.random.default_rng(seed).random(y.size),
    }


def candidate_scores(y: Floats, task: Task, primary: Metric, seed: int) -> list[Candidate]:
    """Return every metric of the task with its perfect score and that of each trivial predictor on `y` (n,).

    A score is None where the metric is undefined (R2 of a constant target).
    """
    predictors = trivial_predictors(y, task, seed)
    return [_candidate(metric, y, predictors) for metric in metrics_for(task, metrics_beside(primary))]


def _candidate(metric: Metric, y: Floats, predictors: dict[str, Floats]) -> Candidate:
    scores = {who: metric.score(y, prediction) for who, prediction in predictors.items()}
    return {
        "metric": metric.name,
        "label": metric.label,
        "greater_is_better": metric.greater_is_better,
        "perfect": metric.perfect,
        "trivial": [{"predictor": who, "score": score if isfinite(score) else None} for who, score in scores.items()],
    }
