"""Rows that a model in use would not have."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from pipelines.facts.shared import Interval


class SplitLooked(TypedDict):
    """Rows that a model in use would not have."""

    kind: Literal["near copies", "time order", "one thing", "neighbours"]  # what ties them to the rows predicted
    feature: str | None  # the date, or what gives the order; null for the file's own
    features: NotRequired[list[str]]  # whose values repeat together, of rows of one thing
    things: NotRequired[int]  # that several rows belong to
    rows: int  # looked at
    of: NotRequired[int]  # training rows, where those looked at are a sample of them
    share: float  # of these, rows with a near copy, from the latest time, or of a thing that is in other folds too


class RefitGain(TypedDict):
    """How much of the score comes from some rows, by fits with and without them."""

    score_with: float | None  # with such rows
    score_without: float | None  # without them
    gain: float | None  # how much of the score comes from them
    ci: Interval | None  # its interval
    p_value: float | None  # of no gain
    leak: bool  # whether that is beyond chance and reaches the margin
    why: str  # how it was measured, or why not


class SplitLeak(SplitLooked, RefitGain):
    """How much of the score comes from rows that a model in use would not have. Null where nothing was refitted."""


class DatesTested(TypedDict):
    """By how many dates the order in time is judged."""

    dates: int  # judged
    of: int  # all; none where the split is by time
