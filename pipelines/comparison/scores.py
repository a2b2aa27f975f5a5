"""Every model's score on the same test rows, and what each is worth against the baseline."""

from collections.abc import Mapping
from math import isfinite
from typing import Literal, TypedDict

import numpy as np

from pipelines.core.project import Problem
from pipelines.facts.compare.scores import OriginalScale, OtherMetric
from pipelines.facts.shared import Model, Tested
from pipelines.inference.bootstrap import Estimate, replicates
from pipelines.inference.crossvalidated import MIN_FOLDS, nadeau_bengio
from pipelines.inference.delong import delong
from pipelines.inference.multiple import holm
from pipelines.inference.truth import Truth
from pipelines.metrics import METRICS, Metric, metrics_beside
from pipelines.metrics.prepared import Floats

BASELINE: Literal["baseline"] = "baseline"
STRONG: Literal["strong"] = "strong"
PAIR = (BASELINE, STRONG)
CONSTANT: Literal["constant"] = "constant"


class Measured(TypedDict):
    """Every model's score, and its gain over the baseline, by name."""

    score: dict[str, Estimate]
    gain: dict[str, Estimate]
    over_constant: Estimate | None


def measure(truth: Truth, predictions: Mapping[str, Floats], constant: Floats) -> Measured:
    """Return `score` of each model and `gain` of each over the baseline, all on the same resamples of the rows.

    `over_constant` is the strong model's gain over the `constant` prediction, where the baseline loses to that.
    """
    others = [name for name in predictions if name != BASELINE]
    drawn = replicates(truth, predictions, pairs=[(BASELINE, name) for name in others])
    return {
        "score": {name: drawn.score(name) for name in predictions},
        "gain": {name: drawn.gain(BASELINE, name) for name in others},
        "over_constant": _over_constant(truth, predictions, constant, drawn.point[BASELINE]),
    }


def _over_constant(
    truth: Truth, predictions: Mapping[str, Floats], constant: Floats, baseline: float
) -> Estimate | None:
    """Return the strong model's gain over the constant prediction; None unless the `baseline` scores worse than it."""
    if not truth.metric.gain(baseline, truth.metric.score(truth.y, constant)) > 0:
        return None
    pair = {CONSTANT: constant, STRONG: predictions[STRONG]}
    return replicates(truth, pair, pairs=[(CONSTANT, STRONG)]).gain(CONSTANT, STRONG)


def adjusted(gains: Mapping[str, Estimate], predictions: Mapping[str, Floats]) -> dict[str, float]:
    """Return each gain's p-value by Holm over the distinct models; a model and its copy count once."""
    twins: dict[str, str] = {}
    for name in gains:
        twins[name] = next((t for t in twins.values() if np.array_equal(predictions[t], predictions[name])), name)
    distinct = list(dict.fromkeys(twins.values()))
    values = dict(zip(distinct, holm([gains[name].p_value for name in distinct]), strict=True))
    return {name: values[twin] for name, twin in twins.items()}


def folds_difference(baseline: Model, strong: Model, metric: Metric) -> Tested | None:
    """Return the Nadeau-Bengio comparison of two models' facts over the folds; None with under two scored folds."""
    pairs = zip(baseline["fold_scores"], strong["fold_scores"], strict=True)
    gains = [metric.gain(float(a), float(b)) for a, b in pairs if a is not None and b is not None]
    if len(gains) < MIN_FOLDS:
        return None
    found = nadeau_bengio(gains, test_share=1 / len(baseline["fold_scores"]))
    return {"value": found.mean, "ci": list(found.ci), "p_value": found.p_value}


def delong_difference(metric: Metric, y: Floats, predictions: Mapping[str, Floats], *, grouped: bool) -> Tested | None:
    """Return DeLong's comparison for the AUC of two classes of independent rows, None elsewhere."""
    if not metric.is_auc or grouped or predictions[BASELINE].ndim > 1:
        return None
    found = delong(y, predictions[BASELINE], predictions[STRONG])
    return {"value": found.difference, "ci": list(found.ci), "p_value": found.p_value}


def other_metrics(primary: Metric, y: Floats, predictions: Mapping[str, Floats], task: str) -> list[OtherMetric]:
    """Return the scores of dummy, baseline and strong model under every other metric of the task, None if undefined.

    No relative error is given where a target is 0.
    """
    others = [metric for metric in metrics_beside(primary) if task in metric.targets and metric.name != primary.name]
    return [_row(metric, y, predictions) for metric in others if y.all() or not metric.relative]


def original_scale(y: Floats, predictions: Mapping[str, Floats], problem: Problem) -> OriginalScale | None:
    """Return errors in the target's own unit where a logarithm was modelled, None elsewhere.

    The exponential of a predicted mean logarithm is a median, so errors that medians minimise are reported.
    """
    if problem.target_scale != "log":
        return None
    back = {name: np.exp(prediction) for name, prediction in predictions.items()}
    told = sorted((one for one in METRICS.values() if one.original_scale), key=lambda one: one.original_scale)
    return {"unit": problem.unit, "metrics": [_row(metric, np.exp(y), back) for metric in told]}


def _row(metric: Metric, y: Floats, predictions: Mapping[str, Floats]) -> OtherMetric:
    scores = {name: metric.score(y, predictions[name]) for name in ("dummy", BASELINE, STRONG) if name in predictions}
    known = {name: score if isfinite(score) else None for name, score in scores.items()}
    return {
        "metric": metric.name,
        "label": metric.label,
        "greater_is_better": metric.greater_is_better,
        "dummy": known.get("dummy"),
        "baseline": known[BASELINE],
        "strong": known[STRONG],
    }
