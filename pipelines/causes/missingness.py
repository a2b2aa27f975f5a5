"""Missingness: that a value is missing says something by itself."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.causes.cause import Block, Cause, Features, Plan, Training

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

ENOUGH_MISSING = 10  # rows with, and rows without a value, that an indicator needs


@dataclass(frozen=True)
class Marked:
    """A column more for each feature that has values missing."""

    def describe(self) -> str:
        """Return the change in words."""
        return "missing-value indicators"

    def blocks(self, features: Features) -> list[Block]:
        """Return the indicators."""
        from sklearn.preprocessing import FunctionTransformer

        partly = partly_missing(features)
        return [Block("missing", FunctionTransformer(is_missing), partly)] if partly else []


def partly_missing(features: Features) -> list[str]:
    """Return the features with enough missing and enough present values for an indicator."""
    x, missing = features.x, features.x.isna().sum()
    return [str(name) for name in x.columns if ENOUGH_MISSING <= missing[name] <= len(x) - ENOUGH_MISSING]


def is_missing(x: "pd.DataFrame") -> "np.ndarray":
    """Return 1.0 where a value is missing, of the shape of `x`."""
    return x.isna().to_numpy(float)


def _applies(rows: Training) -> str | None:
    return None if partly_missing(rows) else "no feature has values missing in part of the rows"


def _tries(_: Training, plan: Plan) -> list[Plan]:
    return [plan.and_then(Marked())]


MISSINGNESS = Cause(
    name="missingness",
    title="the model sees which values were missing",
    step="marks for missing values",
    wording="telling missing values apart",
    remedy="indicators of missing values",
    grows="matrix",
    applies=_applies,
    tries=_tries,
)
