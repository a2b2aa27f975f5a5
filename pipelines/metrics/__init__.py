"""The metrics: each declared once, as a row of one table, with all that the steps ask of it."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from pipelines.metrics import of_classes, of_groups, of_numbers
from pipelines.metrics.looks import Look
from pipelines.metrics.metric import LABEL_THRESHOLD, Metric, Parameter
from pipelines.targets.forecast import Forecast

__all__ = [
    "LABEL_THRESHOLD", "METRICS", "Metric", "Parameter", "known_parameters", "look_at", "look_of", "metric_of",
    "metrics_beside", "metrics_for", "proposed", "signal_metric", "why_not",
]  # fmt: skip

# By the name that the project file gives as `primary`.
METRICS: dict[str, Metric] = {metric.name: metric for metric in (*of_classes.ROWS, *of_numbers.ROWS, *of_groups.ROWS)}


class Asked(Protocol):
    """The section [metric] of a project file."""

    @property
    def primary(self) -> str:
        """The metric's name."""

    @property
    def parameters(self) -> Mapping[str, float]:
        """Its parameters by name."""


def metric_of(asked: Asked) -> Metric:
    """Return the metric that a project file asks for, with its parameters."""
    return METRICS[asked.primary].bind(asked.parameters)


def known_parameters() -> list[str]:
    """Return the names of the parameters that some metric has."""
    return list(dict.fromkeys(one.name for metric in METRICS.values() for one in metric.parameters))


def metrics_for(target: str, among: Iterable[Metric] | None = None) -> list[Metric]:
    """Return the metrics of a kind of target, in the order in which they are offered; without `among`, of all."""
    fitting = [metric for metric in (METRICS.values() if among is None else among) if target in metric.targets]
    return sorted(fitting, key=lambda metric: target not in metric.leads)


def why_not(name: str, target: str) -> str:
    """Return the reason why a metric is not for a kind of target, where it has one that is worth saying, else ""."""
    if name in METRICS and METRICS[name].relative and target == Forecast.name:
        return "it is undefined where the target is 0, and least for forecasts that are too low"
    return ""


def metrics_beside(primary: Metric) -> list[Metric]:
    """Return the metrics that can score beside a project's primary one, and itself: those that lack no parameter."""
    return [metric for metric in (METRICS | {primary.name: primary}).values() if metric.complete]


def look_at(target: str) -> Metric:
    """Return the metric by which quick looks at a kind of target score single columns."""
    return next(metric for metric in METRICS.values() if metric.look is not None and target in metric.look.targets)


def look_of(metric: Metric) -> Look:
    """Return how quick looks use a metric; raise ValueError where it is not for them."""
    if metric.look is None:
        message = f"{metric.name} is not for quick looks"
        raise ValueError(message)
    return metric.look


def signal_metric(target: str, primary: Metric) -> Metric:
    """Return the metric that shows best whether there is any signal: the primary one if it does."""
    if target in primary.shows_signal:
        return primary
    return next(metric for metric in METRICS.values() if target in metric.shows_signal)


def proposed(target: str, rarest: float, commonest: float, *, event_is_rarer: bool = True) -> tuple[Metric, str]:
    """Return the metric that a draft proposes for a kind of target, and why.

    `rarest` and `commonest` are the shares of these classes. Of those that fit, the one for the narrowest case.
    """
    fitting = [
        ((one.below, -one.above), metric, one)
        for metric in METRICS.values()
        for one in metric.proposals
        if one.target == target and rarest < one.below and commonest > one.above and one.of_rarer <= event_is_rarer
    ]
    _, metric, proposal = min(fitting, key=lambda found: found[0])
    return metric, proposal.why.format(rarer=100 * rarest, commonest=100 * commonest)
