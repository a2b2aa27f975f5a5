"""The repaired baseline: what a linear model has once the causes that it can take over are taken over."""

from typing_extensions import TypedDict

from pipelines.facts.compare.decisions import Decision, Saving
from pipelines.facts.shared import Interval, Tested


class RepairedCodes(TypedDict):
    """Values that the repaired baseline reads as missing."""

    features: list[str]  # that hold them
    values: list[float]  # ascending
    rows: int  # training rows that hold one


class Repaired(TypedDict):
    """The baseline with the linear causes that matter, and with codes read as missing: a model of its own.

    Fitted on the same folds, and saved as `models/NAME/repaired.zip`. Where there is nothing to repair, that file holds
    the baseline, and these facts are null.
    """

    causes: list[str]  # that it takes over, in the ladder's order
    codes: RepairedCodes | None  # null where none matter, or the causes taken over leave them nothing to gain
    score: float  # of the primary metric, on the test rows
    ci: Interval  # its interval
    cv_mean: float | None  # mean score over the folds of the training rows
    versus_baseline: Tested  # its gain over the baseline, on the same test rows
    strong_adds: Tested  # the strong model's gain over it
    share: float | None  # of the strong model's whole gain over the baseline; null where that is not positive
    threshold: Decision | None  # its decisions at its own best threshold; null without costs
    saving_per_thousand: Saving | None  # of its decisions over the baseline's; null without costs
    strong_saves_per_thousand: Saving | None  # of the strong model's decisions over its own; null without costs
    bytes: int  # of its archive, to two significant digits, with the models of all folds
