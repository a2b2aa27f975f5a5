"""What step 4 writes: the dummy, which knows no feature, and the plain linear model."""

from typing import Literal

from typing_extensions import TypedDict

from pipelines.facts.shared import Failed, Model

Coefficient = TypedDict(
    "Coefficient",
    {
        "feature": str,  # its name
        "level": str | None,  # of a category
        "class": int | None,  # of several classes: the one whose score it is part of
        "value": float,  # mean over the folds
        "sd": float | None,  # standard deviation over the folds; null from a single one
        "move": float,  # times the column's standard deviation: how far it shifts predictions on the training rows
    },
)
Coefficient.__doc__ = "A coefficient of the baseline."


class BaselineFacts(TypedDict):
    """Step 4: the baseline."""

    metric: str  # key of the primary metric
    label: str  # its plain name
    greater_is_better: bool  # its direction
    models: list[Model]  # the dummy and the baseline
    chosen: Literal["baseline"]  # which of them later steps compare
    why_chosen: str  # in words
    features_used: list[str]  # in the table's order
    failed: list[Failed]  # models that could not be fitted
    coefficients: list[Coefficient]  # that move predictions most, the largest first
    coefficients_total: int  # how many there are in all
    coefficients_per: str  # what one is counted per, in words
