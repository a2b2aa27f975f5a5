"""Whether folds and seeds agree."""

from typing_extensions import TypedDict

from pipelines.facts.shared import Interval


class FoldStability(TypedDict):
    """Whether the strong model is equally good on every fold."""

    mean: float  # of the folds' scores
    ci: Interval  # of that mean, over other rows of the same folds
    scores: list[float]  # of each fold
    worst: float  # the lowest
    below: float  # how far that lies below the interval
    flagged: bool  # whether that is more than allowed


class SeedStability(TypedDict):
    """Whether another seed gives another score, on the worst fold."""

    model: str  # the strong one, or the heaviest part of a weighted mean
    weight: float  # in the weighted mean; 1 for a single model
    fold: int  # the worst one
    scores: list[float]  # by seed, the project's own first
    move: float  # their range
    flagged: bool  # whether that is more than allowed


class Stability(TypedDict):
    """Whether a model of rare events is stable."""

    rarer_class: float  # its share of the training rows
    allowed: float  # by which scores may fall short or move
    flagged: bool  # whether folds or seeds are
    folds: FoldStability  # over folds
    seeds: SeedStability  # over seeds
