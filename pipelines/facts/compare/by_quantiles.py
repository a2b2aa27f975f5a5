"""The outcome by quantiles of what the numbers say of it, to stand beside the outcome by group."""

from typing_extensions import TypedDict

from pipelines.facts.shared import Estimate


class OutcomeQuantile(TypedDict):
    """Rows of one quantile of the predictions of a model without groups."""

    rows: int  # training rows, each predicted without its fold
    predicted: float  # mean prediction, on the outcome's scale
    outcome: Estimate  # mean outcome, on its scale
