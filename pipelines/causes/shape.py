"""Shape: the effects of single features may bend."""

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.causes.cause import Cause, Detail, Quick, Trees
from pipelines.causes.guess import Guess, Seen, surest, tried
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


CURVES = "Curved effects of single features"


def _guess(facts: EdaLook) -> Guess:
    """Guess from bends whether piecewise lines beat straight ones."""
    best = surest(facts, "bends")
    if best is None:
        return tried(facts, "shape", CURVES, Seen())
    form = FORMS[facts["columns"][best]["relation"]["form"] or "flat"]
    about: dict[str, Place] = {"feature": (f"columns/{best}/name", "")}
    what = "the target"
    if facts["columns"][best]["relation"]["class"] is not None:
        what, about["class"] = "the share of class {class}", (f"columns/{best}/relation/class", "")
    return tried(facts, "shape", CURVES, Seen([best], f"Along {{feature}} {what} {form}.", about))


SHAPE = Cause(
    name="shape",
    title="single effects may bend",
    step="effects that may bend",
    wording="curved effects of single features",
    grows="trees",
    trees=(BENDS,),
    detail=Detail(
        where="reflect#/shapes",
        claim="which_feature",
        sentence="A curved effect of {feature} alone gains {effect} over the folds.",
    ),
    guess=_guess,
    quick=Quick(_bent, lambda features: bool(features.numeric)),
)
