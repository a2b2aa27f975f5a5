"""How much better it could get with these features."""

from typing import Literal

from typing_extensions import TypedDict

from pipelines.facts.shared import Interval

Advice = Literal["more rows", "many more rows", "better features"]


class Best(TypedDict):
    """The best model out of fold."""

    model: str  # its name
    score: float  # mean over the folds
    se: float  # its standard error


class SizeScore(TypedDict):
    """A point of a quick model's learning curve."""

    rows: int  # fitted to
    score: float  # out of fold


class MoreTimes(TypedDict):
    """What more rows promise."""

    times: int  # as many rows
    rows: int  # to train on
    gain: float  # that the best model would have


class MoreRowsPay(TypedDict):
    """Whether more rows would pay."""

    pays: bool  # whether twice the rows gain the margin
    times: list[MoreTimes]  # by how many times


class Limit(TypedDict):
    """The best score that rows with equal features and other targets leave."""

    rows: int  # training rows that contradict each other
    score: float  # that no model can beat on these rows
    se: float  # its standard error


class Ceiling(Limit):
    """The best score that rows with equal features and other targets leave, and whether it is near."""

    binds: bool  # whether `reachable` ends there


class Agreement(TypedDict):
    """How alike the models are."""

    models: list[str]  # compared
    rank_correlation: float | None  # mean over pairs; null where a model predicts a constant
    gain_of_mean: float  # of the mean of all over the best
    pays: bool  # whether that reaches the margin


class Headroom(TypedDict):
    """What these features can still give."""

    reachable: Interval  # where the best possible score lies in nine cases of ten
    reached_by: str  # the model at whose score, less its error, that begins
    best: Best  # the best model out of fold
    curve: list[SizeScore]  # learning curve of a quick model
    more_rows: MoreRowsPay  # whether more rows would pay
    ceiling: Ceiling | None  # null without rows that contradict each other
    agreement: Agreement | None  # null with a single model
    advice: Advice  # what to look for
    how: str  # how it was measured, in words
