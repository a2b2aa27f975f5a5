"""What more rows bring."""

from typing import Literal

from typing_extensions import TypedDict

from pipelines.facts.shared import Compared, UnsureEstimate

MoreRows = Literal["help", "do not help", "hurt", "unclear"]


Limit = Literal["nothing", "variance", "bias", "unclear"]


class LearningPoint(TypedDict):
    """Scores of fits to a part of the rows: means over the folds, and standard deviations between them."""

    share: float  # of the rows of a fold's fit
    rows: int  # fitted to, in the smallest fold
    train: float  # score on the fit's own rows
    train_sd: float | None  # null with a single fold
    validation: float  # score on the fold's rows
    validation_sd: float | None  # null with a single fold


class LearningLeftOut(TypedDict):
    """A part of the rows that was not fitted."""

    share: float  # of the rows of a fold's fit
    rows: int  # it would have
    why: str  # the reason


class LastStep(UnsureEstimate):
    """What the last rows added, the score on other rows of the same folds."""

    from_rows: int  # of the size before the last
    to_rows: int  # of the last size


class Reading(TypedDict):
    """What a learning curve says; differences are paired by fold."""

    more_rows: MoreRows  # whether more rows still help
    last_step: LastStep | None  # from the size before the last to the last; null with one size
    limit: Limit  # what limits the model
    gap: UnsureEstimate  # how much better it does on the rows that it was fitted to
    over_dummy: UnsureEstimate | None  # how much better than the dummy it is


class LearningCurve(TypedDict):
    """One single model fitted to more and more rows: the strong one, or the heaviest part of a weighted mean."""

    model: str  # its name
    role: Compared  # which of the two
    weight: float  # in the weighted mean; 1 for a single model
    folds: int  # how many
    points: list[LearningPoint]  # by rows
    left_out: list[LearningLeftOut]  # parts not fitted
    reading: Reading | None  # null without points
