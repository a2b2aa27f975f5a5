"""Shapes that the facts of several steps have in common."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

Pointer = str  # a step, "#", and a JSON pointer (RFC 6901) into its facts: "compare#/difference/value"
Interval = Annotated[list[float], Field(min_length=2, max_length=2)]  # [low, high], at 95 %
Names = Annotated[list[str], Field(min_length=2, max_length=2)]  # of two features
Value = str | int | float | bool | list[float] | None  # what a sentence may state
Setting = str | int | float | bool | list[float] | None  # of a model
Role = Literal["dummy", "baseline", "ladder", "strong"]
TRIED: Role = "ladder"  # the role of each model that step 5 tried, chosen or not
Compared = Literal["baseline", "strong"]  # the two models that step 6 compares


class Evidence(TypedDict):
    """A fact that a sentence states."""

    fact: Pointer  # where it stands
    value: Value  # what it is


class Shown(Evidence):
    """A fact that a sentence states, and the characters that state it."""

    form: str  # the Python format specification that made them of the value; "" for plain text
    shown: str  # those characters; a sentence's numbers are all in one of these


class Sentence(TypedDict):
    """A sentence and the facts that it states; a page whose sentence differs from its facts is not rendered."""

    text: str  # the sentence
    evidence: list[Shown]  # each number and name in it


class Claim(TypedDict):
    """A sentence with a name, and the facts that it states."""

    id: str  # which of the claims it is, such as `main_reason`
    text: str  # the sentence
    evidence: list[Shown]  # each number and name in it


class Estimate(TypedDict):
    """A number with its interval."""

    value: float  # the number; of a difference, positive is better
    ci: Interval  # its interval


class UnsureEstimate(TypedDict):
    """A difference with its interval, where there is one."""

    value: float  # the difference, positive is better
    ci: Interval | None  # by Nadeau and Bengio; null from a single fold


class Tested(Estimate):
    """A difference with its interval and p-value."""

    p_value: float  # two-sided, of no difference


class Point(TypedDict):
    """A point of a curve."""

    x: float  # ROC: false positive rate; precision-recall: recall
    y: float  # ROC: true positive rate; precision-recall: precision


class Failed(TypedDict):
    """A model that could not be fitted, or was not."""

    name: str  # of the model
    why: str  # the reason


class LeftOut(TypedDict):
    """Features that a look left out."""

    features: int  # how many
    why: str | None  # the reason; null where there are none


class Model(TypedDict):
    """A model on the shared folds. Standard deviations are between folds."""

    name: str  # of the model; `baseline` and `strong` are those that step 6 compares
    role: Role  # what it is for
    family: str  # of the models that predict a fold
    settings: dict[str, Setting]  # the library's own names, or words
    cv_mean: float | None  # mean score of the primary metric over the folds fitted; null where it is undefined on all
    cv_sd: float | None  # its standard deviation
    fold_scores: list[float | None]  # of each fold, by the model fitted without it; null where undefined or not fitted
    rows_used: int  # most rows that a fold's model was fitted to
    skipped: str | None  # which rows of a fold the model did not get to see, and why
    mean_prediction: float | list[float]  # over the training rows predicted, out of fold; of several classes, one each
    mean_target: float | list[float]  # mean target, or share of each class
    trees: NotRequired[list[int]]  # trees kept in each fold, of models made of trees
    chosen: NotRequired[dict[str, list[Setting]]]  # settings that a model chose by itself, fold by fold
    stopped_early: NotRequired[bool]  # whether every fold's booster stopped before its last round


class LeftLines(TypedDict):
    """Lines of events that one reason leaves out."""

    why: str  # in words
    lines: int  # that no earlier reason left out
