"""Shape: the effects of single features may bend."""

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.causes.cause import Cause, Detail, Quick, Trees
from pipelines.causes.guess import Guess, surest, tried
from pipelines.facts.claims import Place
from pipelines.facts.eda import EdaLook

if TYPE_CHECKING:
    from pipelines.causes.design import Design

BENDS = Trees("single features", "one feature", leaves=6)
QUICK_PENALTY = 10.0  # a feature has seven bends; without more restraint their noise hides small gains
FORMS = {
    "peak": "rises and falls again", "valley": "falls and rises again", "wave": "goes up and down",
    "rises": "rises, but not along a straight line", "falls": "falls, but not along a straight line",
    "flat": "bends",
}  # fmt: skip


def _bent(design: "Design") -> "Design":
    """Return the design with bends, which are of the ranks: these are added where the values stand alone."""
    from pipelines.causes.design import bends, ranks

    own = () if ranks in design.numbers else (ranks,)
    return replace(design, numbers=(*design.numbers, *own, bends), penalty=QUICK_PENALTY)


def _guess(facts: EdaLook) -> Guess:
    """Bends: whether piecewise lines beat straight ones."""
    best = surest(facts, "bends")
    if best is None:
        return tried(facts, "shape", [], "Letting each feature bend", {})
    form = FORMS[facts["columns"][best]["relation"]["form"] or "flat"]
    about: dict[str, Place] = {"feature": (f"columns/{best}/name", "")}
    what = "the target"
    if facts["columns"][best]["relation"]["class"] is not None:
        what, about["class"] = "the share of class {class}", (f"columns/{best}/relation/class", "")
    start = f"Along {{feature}} {what} {form}; "
    return tried(facts, "shape", [best], start + "letting each feature bend", about)


SHAPE = Cause(
    name="shape",
    title="single effects may bend",
    step="effects that may bend",
    wording="letting the effects of single features bend",
    grows="trees",
    trees=(BENDS,),
    detail=Detail(
        where="reflect#/shapes",
        claim="which_feature",
        sentence="Letting only {feature} bend gains {gain} {ci} over the folds.",
    ),
    guess=_guess,
    quick=Quick(_bent, lambda features: bool(features.numeric)),
)
