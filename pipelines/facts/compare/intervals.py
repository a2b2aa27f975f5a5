"""Prediction intervals, and whether they hold what they promise."""

from typing import Literal

from typing_extensions import TypedDict

from pipelines.facts.shared import Compared, Interval

Promise = Literal["held", "broken", "exceeded"]


class Covered(TypedDict):
    """How many of some test rows lie within their intervals."""

    rows: int  # test rows
    predicted: float  # their mean prediction
    coverage: float  # share within
    ci: Interval  # Wilson's interval of that share
    promise: Promise  # what the test rows say of the level


class Fifth(Covered):
    """A fifth of the test rows, by prediction."""

    name: str  # lowest to highest


class IntervalLevel(Covered):
    """Prediction intervals of one level."""

    level: float  # share of rows that they promise to hold
    reach: float  # half their width on the modelling scale
    factor: float | None  # of a logarithm: from the prediction divided by it to times it
    width: float  # mean, in the target's own unit
    fifths: list[Fifth]  # by prediction
    broken: list[str]  # fifths that hold too few
    exceeded: list[str]  # fifths that hold more than promised


class ModelIntervals(TypedDict):
    """Prediction intervals of one model."""

    model: Compared  # which of the two
    levels: list[IntervalLevel]  # by level


class Intervals(TypedDict):
    """Prediction intervals of a number, with promised and measured coverage.

    They stand around the mean of the fold models, so CV+'s guarantee is not theirs. `promise` is what test rows say.
    """

    exchangeable: Literal["rows", "groups"] | None  # what the promise rests on; null: nothing
    unit: str | None  # of the target
    log: bool  # whether the logarithm is modelled
    shown_level: float  # that pages show
    models: list[ModelIntervals]  # the baseline's and the strong model's
    narrower: float | None  # by which the strong model's are narrower at that level, as a share of the baseline's
