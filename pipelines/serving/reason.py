"""The shape of an answer's reasons."""

from typing import NotRequired

from typing_extensions import TypedDict


class Moved(TypedDict):
    """What a cause moved."""

    cause: str
    title: str
    moved: float  # on the scale of the answer; of several classes the probability of the answer's class


class FeatureEffect(TypedDict):
    """What a feature's value did."""

    feature: str
    title: str
    value: NotRequired[str]  # as it stands in the row, where that was asked for
    effect: float
    unit: str


class WordEffect(TypedDict):
    """What a word or a phrase of a text did."""

    column: str
    title: str  # of the column
    term: str
    effect: float
    unit: str


class Explained(TypedDict):
    """The model whose features are named."""

    model: str
    title: str
    weight: float  # of it in the mean that answers; 1 where it answers alone


Reason = TypedDict(
    "Reason",
    {
        "from": float,  # the baseline's answer; of several classes its probability of the answer's class
        "causes": list[Moved],  # in the ladder's order; those that gained nothing are left out
        "rest": float,  # from the last rung to the answer
        "features": list[FeatureEffect],  # the largest effect first
        "words": NotRequired[list[WordEffect]],  # of its texts, likewise, where the explained model reads words
        "explains": Explained | None,
        "text": str,
    },
)
Reason.__doc__ = "Why one answer is what it is."
