"""Whether the strong model depends on the fold or on the seed, where one of two classes is rare."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.pointer import given
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import gain_form, score_form
from pipelines.report.section import Picture, Section, View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE = "compare#/stability"
FOLDS = "the worst fold scores {worst}"
BELOW = FOLDS + ", {below} below the interval of the mean"
SEEDS = "another seed moves that score by up to {move}"


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.curves import draw_stability

    return draw_stability(facts)


def _title(facts: Facts) -> Claim:
    """Return how far the worst fold and another seed move the score, and whether that is allowed."""
    found, form = given(facts["compare"]["stability"]), gain_form(facts)
    pool: dict[str, Place] = {
        "worst": (f"{WHERE}/folds/worst", score_form(facts)), "below": (f"{WHERE}/folds/below", form),
        "move": (f"{WHERE}/seeds/move", form), "allowed": (f"{WHERE}/allowed", "g"),
    }  # fmt: skip
    folds = BELOW if found["folds"]["below"] > 0 else FOLDS
    opening = "Not stable" if found["flagged"] else "Stable"
    return say("title", f"{opening}: {folds}, and {SEEDS}, where {{allowed}} is allowed", facts, **pool)


def _picture(facts: Facts) -> Claim:
    """Return over what the model is stable or not."""
    found = given(facts["compare"]["stability"])
    flagged = [what for what in ("folds", "seeds") if found[what]["flagged"]]
    if not flagged:
        return say("title", "The strong model is stable over folds and seeds", facts)
    return say("title", f"The strong model is not stable over {' and '.join(flagged)}", facts)


def _view(facts: Facts) -> View:
    found = given(facts["compare"]["stability"])
    return {
        "sentence": _title(facts),
        "title": _picture(facts),
        "unstable_folds": found["folds"]["flagged"],
        "below": found["folds"]["below"] > 0,
        "unstable_seeds": found["seeds"]["flagged"],
        "part": found["seeds"]["weight"] < 1,
    }


STABILITY = Section("stability", "compare", _view, (WHERE,), pictures=(Picture("6-stability", _draw, WHERE),))
