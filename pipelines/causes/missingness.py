"""Missingness: that a value is missing says something by itself."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.causes.cause import Cause, Quick
from pipelines.causes.guess import Guess, Seen, idle, tried
from pipelines.causes.plan import Block, Features, Plan, Training
from pipelines.exploration.sentences import SHARE, YES, form_of
from pipelines.facts.claims import Form, Place
from pipelines.facts.eda import EdaLook

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from pipelines.causes.design import Design

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


def _marked(design: "Design") -> "Design":
    return replace(design, marks=True)


def _guess(facts: EdaLook) -> Guess:
    """Guess whether the target differs where values are missing, and whether marks of them help."""
    from pipelines.targets import TARGETS

    columns = facts["columns"]
    scores = {i: column["missing_alone"]["score"] for i, column in enumerate(columns) if column["missing_alone"]}
    if not scores:
        return idle(facts, "No feature has values missing in part of the rows, so missingness cannot matter.")
    most = max(scores, key=lambda i: (scores[i], columns[i]["missing"], -i))
    place = f"columns/{most}"
    target = TARGETS[facts["target"]["task"]]
    form: Form = YES if "probabilities" in target.can else form_of
    about: dict[str, Place] = {}
    if "confusion" in target.can:
        about["class"] = (f"{place}/missing_alone/class", "")
    about |= {
        "feature": (f"{place}/name", ""),
        "share": (f"{place}/missing", SHARE),
        "there": (f"{place}/missing_alone/target_mean", form),
        "elsewhere": (f"{place}/missing_alone/others", form),
    }
    sentence = (
        f"Where {{feature}} is missing, in {{share}} of the rows, the {target.words.mean} is {{there}}, elsewhere "
        "{elsewhere}."
    )
    return tried(facts, "missingness", "Marks for missing values", Seen([most], sentence, about))


MISSINGNESS = Cause(
    name="missingness",
    title="the model sees which values were missing",
    step="marks for missing values",
    wording="marks for missing values",
    remedy="indicators of missing values",
    grows="matrix",
    applies=_applies,
    tries=_tries,
    guess=_guess,
    quick=Quick(_marked, lambda features: bool(features.x.isna().any().any())),
)
