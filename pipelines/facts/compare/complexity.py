"""What the strong model costs to keep."""

from typing import Literal

from typing_extensions import TypedDict

Worth = Literal["saves", "gains", "no saving", "costs more", "no gain", "worse", "not shown"]


class Size(TypedDict):
    """What a model takes to keep."""

    bytes: int  # of its archive, to two significant digits, with the models of all folds
    parts: int  # models of which it is a mean, in each fold
    trees: int | None  # in all folds; null where it is not made of trees


class Complexity(TypedDict):
    """What the strong model costs to keep, and whether that is worth it."""

    baseline: Size  # the baseline
    strong: Size  # the strong model
    times_bytes: float  # how many times larger it is
    gain_in_margins: float | None  # the difference on the test rows, in units of the margin
    worth: Worth  # by money where decisions have a price, else by the verdict
    mean_pays: bool | None  # whether the weighted mean gains the margin over the best single model; null if single
