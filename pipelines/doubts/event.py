"""An event that nearly every row has, and a metric by which a constant looks good."""

from math import isfinite

from pipelines.core.cells import value_label
from pipelines.core.errors import quote
from pipelines.doubts.doubt import SEED, Doubting, Reading
from pipelines.facts.define import Doubt
from pipelines.metrics import Metric, metric_of, proposed
from pipelines.metrics.prepared import Floats

USUAL = 0.8  # share of rows from which an event is what happens anyway
# Of the way from the worst score of a bounded metric to the perfect one: where a predictor that knows no feature gets
# so far, no reader sees how little a model adds. Half the way of accuracy is what any predictor of two classes has;
# Brier scores, squares of small differences, lie near 0 wherever a class is not very common.
LOOKS_GOOD, SMALL_ERROR = 0.85, 0.97
WEIGHT = {"event": 0.5, "metric": 0.9}  # the second may make a useless model look perfect


def _find_event(reading: Reading) -> list[Doubt]:
    """Return a doubt where nearly all training rows have the event: what is asked is rather when it fails to come."""
    target, y = reading.table.target, reading.train.y
    if "event" not in target.can or y.mean() < USUAL:
        return []
    name, positive = reading.project.problem.target, reading.project.problem.positive
    return [{
        "kind": EVENT.name,
        "column": name,
        "found": f"the event, {_written(positive)}, is what {100 * y.mean():.3g} % of the training rows have",
        "done": "the commoner of the two values is the event, and metrics of positives are about it",
        "decide": "--positive with the other value (`positive` in [problem]); if this one is meant, "
        f"sure = [{quote(name)}]",
        "weight": WEIGHT["event"],
    }]  # fmt: skip


def _find_metric(reading: Reading) -> list[Doubt]:
    """Return a doubt where a predictor that knows no feature comes near a perfect score by the primary metric."""
    train, metric = reading.train, metric_of(reading.project.metric)
    if "probabilities" not in train.target.can or not metric.bounded:
        return []
    who, score = _best_trivial(metric, train.y, train.target.trivial(train.y, SEED))
    worst, perfect = float(metric.range[0] if metric.greater_is_better else metric.range[1]), metric.perfect
    far = LOOKS_GOOD if metric.greater_is_better else SMALL_ERROR
    if who is None or abs(score - worst) < far * abs(perfect - worst):
        return []
    name = reading.project.problem.target
    return [{
        "kind": METRIC.name,
        "column": name,
        "found": f'"{who}" scores {score:.3f} in {metric.label}, and perfect is {perfect:g}',
        "done": "it stays the primary metric: verdicts use it, and any score looks good",
        "decide": f"--metric {_suited(reading)} (`primary` in [metric]); if this one is meant, sure = [{quote(name)}]",
        "weight": WEIGHT["metric"],
    }]  # fmt: skip


def _best_trivial(metric: Metric, y: Floats, predictors: dict[str, Floats]) -> tuple[str | None, float]:
    """Return the predictor that scores best of those that know no feature, and its score; None where none has one."""
    scores = {who: float(metric.score(y, prediction)) for who, prediction in predictors.items()}
    known = {who: score for who, score in scores.items() if isfinite(score)}
    if not known:
        return None, 0.0
    best = max(known, key=lambda who: metric.gain(0.0, known[who]))
    return best, known[best]


def _suited(reading: Reading) -> str:
    """Return the metric that a draft would propose for the target as it is."""
    target, y = reading.train.target, reading.train.y
    shares = target.one_hot(y).reshape(len(y), -1).mean(axis=0)
    every = [*shares, 1 - shares[0]] if target.outputs == 1 else list(shares)
    rarer = target.outputs > 1 or bool(shares[0] <= 1 / 2)
    found, _ = proposed(target.name, float(min(every)), float(max(every)), event_is_rarer=rarer)
    return found.name


def _written(value: object) -> str:
    """Return a value of the project file as a reader would write it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value_label(value) if isinstance(value, int | float) else quote(str(value))


EVENT = Doubting("event", _find_event)
METRIC = Doubting("metric", _find_metric)
