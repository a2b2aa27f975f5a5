"""Texts on which the last cause that was kept decides: those that it gets right, and wrong."""

from pipelines.answer.places import say
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View
from pipelines.report.views import NUMBERS, each
from pipelines.targets import TARGETS

WHERE = "reflect#/texts/examples"


def _heading(facts: Facts, count: int, verb: str) -> Claim:
    """Return how many texts are shown, and what the model with the cause does to them."""
    number = NUMBERS[count] if count < len(NUMBERS) else "Some"
    texts = "text" if count == 1 else "texts"
    if "probabilities" in TARGETS[facts["define"]["task"]].can:
        template = f"{number} {texts} that only the model with {{cause}} gets {verb}"
    else:
        nearer = "nearer to the value" if verb == "right" else "further from the value"
        template = f"{number} {texts} that {{cause}} takes {nearer}"
    return say("heading", template, facts, cause=(f"{WHERE}/factor", ""))


def _view(facts: Facts) -> View | None:
    sides: list[tuple[Claim, list[Pointer]]] = [
        (_heading(facts, len(found), verb), found)
        for verb in ("right", "wrong")
        if (found := each(facts, f"{WHERE}/{verb}"))
    ]
    if not sides:
        return None
    return {
        "sides": sides,
        "cause": f"{WHERE}/factor",
        "probabilities": "probabilities" in TARGETS[facts["define"]["task"]].can,
    }


TEXT_EXAMPLES = Section("text_examples", "reflect", _view, (WHERE,))
