"""What step 2 writes: what "good" means, what knowing nothing scores, and what the test set can see."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from pipelines.facts.shared import Evidence


class TrivialScore(TypedDict):
    """What a predictor that looks at no feature scores."""

    predictor: str  # in words
    score: float | None  # on training rows; null where the metric is undefined


class Candidate(TypedDict):
    """A metric of this kind of target."""

    metric: str  # its key
    label: str  # its plain name
    greater_is_better: bool  # its direction
    perfect: float | None  # the best score there is; null where there is none
    trivial: list[TrivialScore]  # scores of predictions that use no feature


class ExcellentPoint(TypedDict):
    """What a model that is excellent by its ROC curve would mean with this base rate."""

    false_positive_rate: float  # share of the negatives flagged
    true_positive_rate: float  # share of the positives found
    precision: float  # share of the flagged that are positives
    false_alarms_per_hit: float  # negatives flagged for each positive found


class NearZero(TypedDict):
    """Target values so small that relative errors explode."""

    below: float  # share of the median size below which a value counts
    share: float  # of the training rows


class Tails(TypedDict):
    """How much the most extreme rows hold of what errors from the mean are."""

    rows: float  # share of the training rows
    squared_deviation: float  # share of the squared deviation that they hold
    deviance: NotRequired[float]  # share of the deviance that they hold; only of counts


class TargetLook(TypedDict):
    """What the warnings look at, on training rows and the modelling scale."""

    excellent_point: NotRequired[ExcellentPoint]  # two classes
    classes: NotRequired[int]  # several classes: how many
    commonest: NotRequired[float]  # several classes: share of the commonest
    rarest: NotRequired[float]  # several classes: share of the rarest
    logarithm: NotRequired[bool]  # numbers: whether the logarithm is modelled
    near_zero: NotRequired[NearZero]  # numbers
    tails: NotRequired[Tails]  # numbers


class PilotScore(TypedDict):
    """A pilot model's mean score over its folds."""

    model: str  # of the pilot
    score: float  # of the primary metric


class Detectable(TypedDict):
    """How the smallest detectable difference was worked out. Where the pilot failed there is `why` alone."""

    pilot: NotRequired[str]  # models fitted to see how much paired differences vary, in words
    folds: NotRequired[int]  # folds of the pilot
    rows: NotRequired[int]  # training rows that it used
    held: NotRequired[int]  # of these, rows that it predicted
    evidence: NotRequired[int]  # rows among these that the metric rests on
    evidence_of: NotRequired[str]  # which rows these are, in words
    test_evidence: NotRequired[int]  # such rows among the test rows
    test_rows: NotRequired[int]  # test rows
    scores: NotRequired[list[PilotScore]]  # of the pilot models
    se: NotRequired[float]  # standard error of a difference on the test rows
    freedom: NotRequired[float | None]  # degrees of freedom of `se`; null where not known
    resamples: NotRequired[int]  # bootstrap resamples a fold
    power: NotRequired[float]  # chance to find a true difference of that size
    alpha: NotRequired[float]  # chance of a false alarm
    why: str | None  # why there is none; null where there is one


class PilotCost(TypedDict):
    """What decisions by a pilot model cost."""

    model: str  # of the pilot
    cost: float  # per row, at the ideal threshold


class Cost(TypedDict):
    """What wrong decisions cost, per row of the training rows."""

    false_positive: float  # of acting for nothing
    false_negative: float  # of not acting where it was needed
    currency: str | None  # of all costs
    per: Literal["row"]  # what costs are counted per
    threshold_ideal: float | None  # probability from which acting costs less, if probabilities are right
    of_nobody: float  # expected cost of never acting
    of_everybody: float  # expected cost of always acting
    of_pilot_at_ideal: list[PilotCost]  # of deciding by the pilot models


class Warned(TypedDict):
    """A way in which a metric misleads on this target."""

    metric: str  # that misleads here
    primary: bool  # whether it is the project's own
    text: str  # the warning
    evidence: list[Evidence]  # facts that it states


class Yardsticks(TypedDict):
    """What was measured in step 2."""

    primary: str  # key of the metric that decides
    label: str  # its plain name
    greater_is_better: bool  # its direction
    why: str  # what it asks, in a sentence
    margin: float  # smallest difference that is worth acting on
    base_rate: float | None  # share of positives among the training rows; two classes only
    test_positives: int | None  # positives among the test rows; two classes only
    test_rarest: int | None  # test rows of the rarest class; several classes only
    label_threshold: float | None  # probability from which metrics of answers count a positive; two classes only
    scored_on: Literal["training rows"]  # what `candidates` are measured on
    candidates: list[Candidate]  # all metrics of this kind of target
    target: TargetLook  # what the warnings look at
    minimum_detectable: float | None  # smallest true difference found with 80 % power at 5 %; null: the pilot failed
    minimum_detectable_how: Detectable  # how that was worked out
    cost: Cost | None  # of wrong decisions; null without costs in the project file


class MetricFacts(Yardsticks):
    """Step 2: the yardsticks."""

    warnings: list[Warned]  # those about the primary metric first
