"""What may be a leak, and what step 7 will find."""

from typing import Literal

from typing_extensions import TypedDict

from pipelines.facts.shared import Shown

Prediction = Literal["matters", "does not matter"]


class LeakSuspect(TypedDict):
    """A feature that may give the target away."""

    feature: str  # its name
    kind: str  # which check found it
    score_alone: float  # in `score_alone_metric`
    why: str  # a sentence
    evidence: list[Shown]  # facts that it states


class Hypothesis(TypedDict):
    """What the training rows predict for one cause of step 7."""

    id: str  # H1, H2, ...
    factor: str  # the cause
    features: list[str]  # that it is about
    predicts: Prediction  # of step 7
    close: bool  # whether the interval of the quick gain holds both answers
    text: str  # a sentence
    evidence: list[Shown]  # facts that it states


class Formula(TypedDict):
    """A target that two or three columns give by plain arithmetic."""

    features: list[str]  # whose values it is of
    form: str  # in words, as "price * pieces"
    kind: Literal["amount", "cut", "comparison"]  # it gives an amount; or its ranges give the class; or it is the class
    score: float  # of an amount, the variance that its line explains; else the mean over classes of the share explained
    alone: float  # the same of the best of the columns alone
    rows: int  # training rows judged
