"""What each text column brings at all: the score of the linear model with all texts, and without this one."""

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.reflect.texts import TextWorth
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import ci_form, score_form
from pipelines.report.section import Section, View

WHERE = "reflect#/texts/columns"
BRINGS = "Without {column}, {metric} of the linear model goes from {with_it} to {without}: it brings {gain} {ci}."
NOTHING = (
    "Without {column}, {metric} of the linear model goes from {with_it} to {without}: nothing that is shown, {ci}."
)
HARMS = "Without {column}, {metric} of the linear model goes from {with_it} to {without}: it does harm, {gain} {ci}."


def _template(one: TextWorth) -> str:
    low, high = one["gain"]["ci"]
    return BRINGS if low > 0 else HARMS if high < 0 else NOTHING


def brings(facts: Facts, place: int) -> Claim:
    """Return what one text column brings."""
    at, score = f"{WHERE}/{place}", score_form(facts)
    form = ci_form(f"{at}/gain/ci", facts)
    pool: dict[str, Place] = {
        "column": (f"{at}/column", ""), "metric": ("metric#/label", ""), "with_it": (f"{at}/score_with", score),
        "without": (f"{at}/score_without", score), "gain": (f"{at}/gain/value", form), "ci": (f"{at}/gain/ci", form),
    }  # fmt: skip
    return say("brings", _template(facts["reflect"]["texts"]["columns"][place]), facts, **pool)


def _view(facts: Facts) -> View:
    return {"found": [brings(facts, place) for place in range(len(facts["reflect"]["texts"]["columns"]))]}


TEXT_COLUMNS = Section("text_columns", "reflect", _view, (WHERE,))
