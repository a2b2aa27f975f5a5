"""What each candidate metric says of predictors that ignore the features."""

from math import isfinite

import numpy as np

from pipelines.core.table import Table
from pipelines.facts.metric import Candidate
from pipelines.metrics import Metric, metrics_beside, metrics_for
from pipelines.metrics.prepared import Floats


def candidate_scores(train: Table, primary: Metric, seed: int) -> list[Candidate]:
    """Return every metric of the target with its perfect score and that of each trivial predictor on training rows.

    A score is None where the metric is undefined (R2 of a constant target). No relative error is given where a target
    is 0.
    """
    y, target = train.y, train.target
    predictors = target.trivial(y, seed) | target.trivial_of(train.x)
    predictors |= {name: train.frame[name].to_numpy(np.float64) for name in target.trivial_rules}
    told = [metric for metric in metrics_beside(primary) if y.all() or not metric.relative]
    return [_candidate(metric, y, predictors) for metric in metrics_for(target.name, told)]


def _candidate(metric: Metric, y: Floats, predictors: dict[str, Floats]) -> Candidate:
    scores = {who: metric.score(y, prediction) for who, prediction in predictors.items()}
    return {
        "metric": metric.name,
        "label": metric.label,
        "greater_is_better": metric.greater_is_better,
        "perfect": metric.perfect if isfinite(metric.perfect) else None,
        "trivial": [{"predictor": who, "score": score if isfinite(score) else None} for who, score in scores.items()],
    }
