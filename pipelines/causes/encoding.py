"""Encoding: levels of a category, too many for their rows, are held closer to the mean."""

from dataclasses import dataclass
from typing import Any

from pipelines.causes.cause import Block, Cause, Features, Plan, Training

MANY_LEVELS = 10  # one-hot loses nothing with fewer levels than this
POOLINGS = (0.2, 5.0, 25.0)  # times the baseline's penalty on the levels of a category


@dataclass(frozen=True)
class Pooled:
    """Levels of many-levelled categories penalised more, or less, than the baseline's coefficients."""

    penalty: float  # times the baseline's: more pulls them harder to the mean

    def describe(self) -> str:
        """Return the change in words."""
        return f"levels of categories penalised {self.penalty:g} times as much"

    def blocks(self, features: Features) -> list[Block]:
        """Return the levels of the categories that have many."""
        levelled = many_levelled(features)
        return [Block("pooled", _pooled_levels(self.penalty), levelled, replaces=True, sparse=True)] if levelled else []


def many_levelled(features: Features) -> list[str]:
    """Return the categories with more than MANY_LEVELS levels in these rows."""
    return [name for name in features.categorical if features.x[name].nunique() > MANY_LEVELS]


def _pooled_levels(penalty: float) -> Any:  # noqa: ANN401 - scikit-learn has no types
    """Return one-hot columns, shrunk so that the model's penalty of 1 weighs `penalty` on their coefficients."""
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

    # Missing categories stay what they are in the baseline: telling them apart is another cause.
    return Pipeline(
        [
            ("impute", SimpleImputer(strategy="most_frequent")),
            ("encode", OneHotEncoder(handle_unknown="ignore", sparse_output=True)),
            ("shrink", FunctionTransformer(shrink, kw_args={"factor": penalty**-0.5})),
        ],
    )


def shrink(matrix: Any, factor: float) -> Any:  # noqa: ANN401 - a sparse matrix
    """Return the matrix times a factor."""
    return matrix * factor


def _applies(rows: Training) -> str | None:
    if many_levelled(rows):
        return None
    if rows.categorical:
        return "no category has so many levels that one-hot loses anything"
    return "no feature holds categories"


def _tries(_: Training, plan: Plan) -> list[Plan]:
    return [plan.and_then(Pooled(penalty)) for penalty in POOLINGS]


ENCODING = Cause(
    name="encoding",
    title="categories become numbers in another way",
    step="other treatment of categories",
    wording="treating categories better",
    remedy="levels pulled together as the ladder does",
    grows="matrix",
    applies=_applies,
    tries=_tries,
)
