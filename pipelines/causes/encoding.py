"""Encoding: levels of a category, too many for their rows, are held closer to the mean."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipelines.causes.cause import Cause, Quick
from pipelines.causes.guess import Guess, Seen, idle, tried
from pipelines.causes.plan import Block, Features, Plan, Training
from pipelines.facts.claims import Place
from pipelines.facts.eda import EdaLook

if TYPE_CHECKING:
    from pipelines.causes.design import Design

MANY_LEVELS = 10  # one-hot loses nothing with fewer levels than this
POOLINGS = (0.2, 5.0, 25.0)  # times the baseline's penalty on the levels of a category
QUICK_WEIGHT = 0.5  # of a level's column: its coefficient is held four times harder


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

    # Missing categories stay what they are in the baseline: to distinguish them is another cause.
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


def _pooled(design: "Design") -> "Design":
    return replace(design, level_weight=QUICK_WEIGHT)


def _guess(facts: EdaLook) -> Guess:
    """Guess from categories of many levels whether holding their levels closer to the mean pays."""
    from pipelines.inputs import LEVELLED

    categories = [i for i, column in enumerate(facts["columns"]) if column["kind"] == LEVELLED.seen_as]
    if not categories:
        return idle(facts, "No feature holds categories, so their encoding cannot matter.")
    most = max(categories, key=lambda i: (facts["columns"][i]["distinct"], -i))
    about: dict[str, Place] = {
        "feature": (f"columns/{most}/name", ""),
        "levels": (f"columns/{most}/distinct", ",.0f"),
        "rows": (f"columns/{most}/rows_per_level", ",.0f"),
    }
    seen = Seen([most], "{feature} has {levels} levels of {rows} training rows on average.", about)
    return tried(facts, "encoding", "Levels held closer to the mean", seen)


ENCODING = Cause(
    name="encoding",
    title="categories become numbers in another way",
    step="other treatment of categories",
    wording="levels of categories held closer to the mean",
    remedy="levels pulled together as the ladder does",
    grows="matrix",
    applies=_applies,
    tries=_tries,
    guess=_guess,
    quick=Quick(_pooled, lambda features: bool(features.categorical)),
)
