"""How good each model is on the test rows, and whether the strong one is better."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from pipelines.facts.shared import Interval, Role, Tested

Verdict = Literal["better", "tie", "worse", "underpowered"]


class VersusBaseline(Tested):
    """A model's gain over the baseline, on the same test rows."""

    p_adjusted: float  # by Holm over the distinct models


class ScoredModel(TypedDict):
    """A model on the test rows."""

    name: str  # of the model
    role: Role  # what it is for
    score: float  # of the primary metric
    ci: Interval  # its interval
    cv_mean: float | None  # mean score over the folds of the training rows
    cv_sd: float | None  # standard deviation between them
    versus_baseline: VersusBaseline | None  # null for the baseline itself


class Difference(Tested):
    """The strong model against the baseline, by a paired bootstrap of the test rows or groups."""

    se: float  # standard error of the value
    margin: float  # smallest difference that is worth acting on
    against: NotRequired[Literal["baseline", "constant"]]  # what the verdict is about: the better of the two
    constant: NotRequired[Tested]  # the strong model against the best constant, where the baseline loses to it
    verdict: Verdict  # better or worse: beyond 0 and the margin; tie: wholly within the margin; underpowered: neither
    rows_needed: int | None  # test rows in all that would most likely settle it; null: settled, or out of reach
    close: bool  # whether slightly other rows would give another verdict
    close_to: str | None  # which threshold is that near, in words
    method: str  # how it was measured, in words
    delong: Tested | None  # the same by DeLong; null except for the ROC AUC of two classes of independent rows
    nadeau_bengio: Tested | None  # the same over the folds of the training rows; null with under two scored folds
    minimum_detectable: float | None  # smallest true difference found with 80 % power, from step 2


class OtherMetric(TypedDict):
    """The three models under another metric; null where it is undefined."""

    metric: str  # its key
    label: str  # its plain name
    greater_is_better: bool  # its direction
    dummy: float | None  # score of the dummy
    baseline: float | None  # score of the baseline
    strong: float | None  # score of the strong model


class OriginalScale(TypedDict):
    """Errors in the target's own unit, where its logarithm is modelled."""

    unit: str | None  # of the target
    metrics: list[OtherMetric]  # errors that a median minimises
