"""What a metric says of itself, so that no step needs to know which metric it has.

Every metric has one signature, `score(y, prediction, weights)`. Two classes: `y` is 0/1 and the prediction the
probability of 1. Several classes: `y` is the class's number and the prediction the probability of each. Numbers: both
on the modelling scale. Definitions are scikit-learn's, held against it in the tests.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import inf, isfinite
from typing import Literal, Self, overload

import numpy as np

from pipelines.metrics.looks import Look
from pipelines.metrics.prepared import Floats, Integers, Prepared

LABEL_THRESHOLD = 0.5  # a row is called positive from this probability on

# How an interval is bent to the metric's range: "share": 0 to 1; "error": 0 and up; "tailed": an error of which few
# rows may decide; "explained": up to 1; "real": not at all.
Scale = Literal["share", "error", "tailed", "explained", "real"]
Preparation = Callable[..., Prepared]  # of y (n,), the prediction, and the metric's parameters by name
# Of goals sorted by group and within it by size, each group's first place and its size, and the parameters: what serves
# each group best if all its rows get one prediction, (groups,) or (groups, classes).
BestConstant = Callable[..., Floats]


@dataclass(frozen=True)
class Parameter:
    """A number that the project file gives along with the metric: `NAME = 0.9` in [metric]."""

    name: str
    low: float  # the least that it may be
    high: float  # and the most
    means: str
    draft: float  # what a drafted project file proposes


@dataclass(frozen=True)
class Proposal:
    """When a drafted project file proposes the metric, and why."""

    target: str  # the kind of target
    why: str  # may name {rarer} and {commonest}, the percentages of rows that these classes have
    below: float = inf  # it is proposed only where the rarest class has a smaller share
    above: float = 0.0  # and the commonest class a larger one
    of_rarer: bool = False  # and the event is the rarer class


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A metric: its name, which way is better, and all that steps, pages and the project file ask of it."""

    name: str
    label: str  # like `why`, it may name parameters in braces
    why: str  # what it asks, as a sentence of step 2
    targets: tuple[str, ...]  # kinds of target that it judges
    greater_is_better: bool
    range: tuple[float, float]
    scale: Scale
    prepare_single: Preparation  # prediction (n,)

    prepare_several: Preparation | None = None  # prediction (n, classes)
    why_several: str | None = None  # where it asks something else of several classes
    parameters: tuple[Parameter, ...] = ()
    given: tuple[tuple[str, float], ...] = ()  # their values, once they are known

    needs_classes: tuple[int, ...] = ()  # classes of a binary target without which it is undefined
    needs_spread: bool = False  # undefined where all rows have one target
    uses_threshold: bool = False  # judges answers: yes from LABEL_THRESHOLD on, or the likeliest class
    unit_power: int = 0  # of the target's unit in its own: 1 for an error in that unit, 2 for its square
    relative: bool = False  # a share of the true value, by which it divides
    squares_errors: bool = False
    by_series: bool = False  # each series of a forecast is judged in units of its own usual change
    is_deviance: bool = False  # from the distribution that the kind of target supposes
    flatters_the_commonest: bool = False  # always to answer the commonest class may score nearly perfect
    hides_false_alarms: bool = False  # where positives are rare
    is_auc: bool = False  # a Mann-Whitney statistic, for which DeLong's variance holds

    best_constant: BestConstant | None = None
    leads: tuple[str, ...] = ()  # kinds of target whose list of metrics it stands at the head of
    proposals: tuple[Proposal, ...] = ()
    draft_margin: float | None = None  # the smallest difference that anyone might act on; None: a share of the spread
    shows_signal: tuple[str, ...] = ()  # kinds of target of which it shows best whether there is any signal
    # Place among the errors reported in the target's own unit where its logarithm is modelled; 0: not among them.
    original_scale: int = 0
    look: Look | None = None  # how quick looks at the data use it

    @property
    def perfect(self) -> float:
        """The score of the truth itself."""
        return float(self.range[1] if self.greater_is_better else self.range[0])

    @property
    def bounded(self) -> bool:
        """Whether scores cannot lie farther from perfect than a known distance."""
        return all(map(isfinite, self.range))

    @property
    def complete(self) -> bool:
        """Whether all parameters have values, so that it can score."""
        return len(self.given) == len(self.parameters)

    def asks(self, outputs: int) -> str:
        """Return what the metric asks, as a sentence, of a target with so many numbers in a prediction."""
        return self.why_several if self.why_several and outputs > 1 else self.why

    def bind(self, values: Mapping[str, float]) -> Self:
        """Return the metric with values for its parameters."""
        if not self.parameters:
            return self
        given = tuple((one.name, float(values[one.name])) for one in self.parameters)
        return replace(self, given=given, label=self.label.format(**values), why=self.why.format(**values))

    def prepare(self, y: Floats, prediction: Floats) -> Prepared:
        """Return the metric of `prediction`, (n,) or (n, classes), for the truth `y` (n,) as a function of weights."""
        form = self.prepare_single if prediction.ndim == 1 else self.prepare_several
        if form is None:
            message = f"{self.name} is not defined for several classes"
            raise ValueError(message)
        return form(y, prediction, **dict(self.given))

    def best(self, goals: Floats, first: Integers, size: Integers) -> Floats:
        """Return what `best_constant` does; raise ValueError where the metric has none."""
        if self.best_constant is None:
            message = f"{self.name} has no best constant"
            raise ValueError(message)
        return self.best_constant(goals, first, size, **dict(self.given))

    def needed(self, y: Floats) -> tuple[int, ...]:
        """Return the classes without a row of which the metric is undefined, given all of the target's values."""
        several = self.prepare_several is not None and y.max(initial=0) > 1
        return tuple(range(int(y.max()) + 1)) if several and self.needs_classes else self.needs_classes

    @overload
    def score(self, y: Floats, prediction: Floats, weights: None = None) -> float: ...

    @overload
    def score(self, y: Floats, prediction: Floats, weights: Floats) -> Floats: ...

    def score(self, y: Floats, prediction: Floats, weights: Floats | None = None) -> float | Floats:
        """Return the score of `prediction`, (n,) or (n, classes), for the truth `y` (n,), as a float.

        With `weights` (B, n), non-negative row counts or weights, one score a row of weights as an array (B,);
        fastest where they are the transpose of a C-ordered (n, B). Undefined scores (no positive row) are NaN.
        """
        prepared = self.prepare(np.asarray(y, np.float64), np.asarray(prediction, np.float64))
        if weights is None:
            return float(prepared.score(np.ones((len(y), 1)))[0])
        return prepared.score(np.ascontiguousarray(weights.T, np.float64))

    @overload
    def gain(self, score: float, other: float) -> float: ...

    @overload
    def gain(self, score: Floats, other: Floats) -> Floats: ...

    def gain(self, score: float | Floats, other: float | Floats) -> float | Floats:
        """Return how much better `other` is than `score`: positive is better, whatever the direction."""
        return other - score if self.greater_is_better else score - other
