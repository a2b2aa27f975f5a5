"""Whether groups say anything that the columns as numbers, or as one hump, do not."""

from typing import Literal

from typing_extensions import TypedDict

from pipelines.facts.compare.by_quantiles import OutcomeQuantile
from pipelines.facts.shared import Tested


class GroupsCompared(TypedDict):
    """Two models on the same rows."""

    asks: str  # what the comparison says, in words
    base: str  # a model's name
    other: str  # a model's name
    base_score: float  # on the training rows, out of fold
    other_score: float  # on the same rows
    rows: int  # training rows that both predict
    out_of_fold: Tested  # the gain of `other` over `base`; positive is better
    on_test: Tested  # the same on the test rows
    says: Literal["more", "less", "neither"]  # of `other`, out of fold beyond chance; less than the margin is neither


class GroupsComparedAll(TypedDict):
    """The comparisons of groups with what has none."""

    pairs: list[GroupsCompared]  # in order
    margin: float  # smallest difference that is worth acting on
    quantiles: list[OutcomeQuantile] | None  # of the boosted numbers, as many as groups; null without an outcome
