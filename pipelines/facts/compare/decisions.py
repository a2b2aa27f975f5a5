"""What decisions cost, and what the strong model saves."""

from typing_extensions import TypedDict

from pipelines.facts.shared import Interval, Tested


class Answers(TypedDict):
    """Right and wrong answers on the test rows."""

    tp: int  # positives found
    fp: int  # negatives flagged
    fn: int  # positives missed
    tn: int  # negatives left alone


class Decision(TypedDict):
    """A model's decisions at its own best threshold."""

    threshold: float  # probability from which the answer is yes
    expected_cost: float  # per test row
    ci: Interval  # its interval
    confusion: Answers  # on the test rows


class Saving(Tested):
    """What one model's decisions save over another's, each at its own best threshold; positive where they cost less."""

    rows: int  # how many the saving is counted per


class CostPoint(TypedDict):
    """Cost and saving at one threshold, per test row."""

    threshold: float  # probability from which the answer is yes
    baseline: float  # cost of the baseline's decisions
    strong: float  # cost of the strong model's
    baseline_ci: Interval  # its interval
    strong_ci: Interval  # its interval
    saving: float  # of the strong model
    saving_ci: Interval  # its interval


class Threshold(TypedDict):
    """Decisions by cost: thresholds are chosen on training rows and judged on test rows."""

    by_cost: bool  # true: chosen for the lowest cost
    chosen_on: str  # which predictions, in words
    threshold_ideal: float | None  # the best one if probabilities are right
    baseline: Decision  # the baseline's
    strong: Decision  # the strong model's
    saving: Saving  # per row
    saving_per_thousand: Saving  # per thousand rows
    of_nobody: float  # cost per row of never answering yes
    of_everybody: float  # cost per row of always answering yes
    curve: list[CostPoint]  # at all thresholds shown
