"""What each cause gained, and what became of what step 3 expected."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from pipelines.facts.shared import Evidence, Interval

Outcome = Literal["came true", "did not", "could not be tested"]


class OutOfFold(TypedDict):
    """A cause's gain as a mean over the folds of the training rows, where more rows give more power."""

    gain: float  # positive is better
    ci: Interval  # its interval
    p_value: float  # of no gain
    p_adjusted: float | None  # by Holm over the causes that were tried; null where it was not
    below_margin: bool  # whether the gain is smaller than what is worth acting on


class Change(TypedDict):
    """A change that was tried for a cause."""

    change: str  # in words
    kept: bool  # whether the loss on rows left out fell beyond noise
    improvement: float  # of that loss
    se: float  # its standard error
    rounds: int  # trees, of boosted changes
    rows: int  # most rows that a model was fitted to


class Needed(TypedDict):
    """Whether the top of the ladder is worse without a cause that was kept, in the loss of rows left out."""

    worse: float  # by how much; below 0 where the top is better without it
    se: float  # its standard error
    sure: bool  # beyond noise: a cause that is not needed is taken out, and the ladder climbed again


class Attribution(TypedDict):
    """What one cause gained. `gain` and `ci` are on the test rows.

    The gains sum to `compare#/difference/value`; where `thinned` is given, to the strong model's lead over `ladder/0`.
    """

    factor: str  # the cause
    gain: float  # positive is better
    ci: Interval  # its interval
    p_adjusted: float | None  # that of `out_of_fold`
    matters: bool  # real by `out_of_fold`, at least the margin, and not ruled out by the test rows
    undecided: bool  # both no gain and one of the margin are possible
    close: bool  # whether other resamples could flip `matters`
    close_to: str | None  # which threshold is that near, in words
    confirmed: bool  # whether the interval on the test rows is above 0 by itself
    applicable: bool  # whether the table gives it anything to do
    why: str  # what was changed, or why it does not apply
    explained_by: NotRequired[str]  # what lowers the loss as much as the change that was tried, where something does
    needed: NotRequired[Needed]  # of forecasts: whether the top is worse without it
    share: float | None  # of the whole difference; null where that is not positive
    out_of_fold: OutOfFold  # over the folds
    tried: list[Change]  # changes, in order


class Rung(TypedDict):
    """A model of the ladder, each with one change more than the one before."""

    rung: str  # baseline, the causes, strong
    test_score: float  # on the test rows
    out_of_fold_score: float  # mean over the folds


class Attributed(TypedDict):
    """The gain of the strong model over the baseline, by cause."""

    attribution: list[Attribution]  # by cause, in the ladder's order, and last the tuning
    ladder: list[Rung]  # from the baseline to the strong model


class HypothesisOutcome(TypedDict):
    """What became of a hypothesis of step 3."""

    id: str  # of the hypothesis
    factor: str  # the cause
    close: bool  # whether the finding is a close call
    evidence: list[Evidence]  # the finding
    outcome: Outcome  # what became of it
    why: str  # in words
