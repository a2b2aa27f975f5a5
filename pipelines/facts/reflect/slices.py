"""Rows on which the difference is another one."""

from typing import Literal

from typing_extensions import TypedDict

from pipelines.facts.shared import Interval


class Slice(TypedDict):
    """Rows on which the difference is another one, found on one half of the training rows and tested on the other."""

    where: str  # which rows, in words
    feature: str  # that cuts them out
    rows: int  # of the testing half
    difference: float  # the strong model's gain over the baseline there
    ci: Interval  # its interval
    p_adjusted: float  # by Holm over the slices tested
    better: Literal["strong", "baseline"]  # which model is
