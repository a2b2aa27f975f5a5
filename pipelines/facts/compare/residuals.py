"""How errors are spread."""

from typing_extensions import TypedDict

from pipelines.facts.shared import Compared, Estimate, Interval


class Decile(TypedDict):
    """A tenth of the test rows, by prediction."""

    bin: int  # from 0
    tenth: int  # from 1
    predicted: float  # mean prediction
    rows: int  # test rows
    mean: float  # of the errors: the bias there
    ci: Interval  # of that mean
    quantiles: dict[str, float]  # of the errors, by per cent


class ErrorHistogram(TypedDict):
    """How errors are spread."""

    edges: list[float]  # one more than bins
    counts: list[int]  # test rows in each bin


class NormalPoint(TypedDict):
    """A point of a normal quantile plot, in standard deviations."""

    normal: float  # quantile of the normal distribution
    error: float  # the same quantile of the errors


class Residuals(TypedDict):
    """Errors, true value less prediction, on the modelling scale."""

    model: Compared  # which of the two
    mean: Estimate | None  # of all errors: above 0, predictions are too low; null with one observation
    deciles: list[Decile]  # by prediction
    histogram: ErrorHistogram  # of all errors
    normal: list[NormalPoint]  # against the normal distribution
