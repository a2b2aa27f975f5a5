"""Which class is answered as which."""

from typing_extensions import TypedDict

from pipelines.facts.shared import Compared, Interval

ClassAnswers = TypedDict(
    "ClassAnswers",
    {
        "class": int,  # its number
        "rows": int,  # test rows of it
        "recall": float | None,  # share of these that are recognised
        "ci": Interval | None,  # Wilson's interval of the recall
        "precision": float | None,  # share of the answers naming it that are right; null where it is never the answer
    },
)
ClassAnswers.__doc__ = "How well one class is recognised."


class Confusion(TypedDict):
    """Which class is answered as which; the answer is the likeliest class."""

    model: Compared  # which of the two
    counts: list[list[int]]  # test rows by class (row) and answer (column)
    classes: list[ClassAnswers]  # by class
