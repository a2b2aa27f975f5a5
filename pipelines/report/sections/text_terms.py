"""Words and phrases that the linear model depends on: how much each moves a prediction, and how many texts hold it."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say, two_digits
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list
from pipelines.report.section import Picture, Section, View
from pipelines.targets import TARGETS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE = "reflect#/texts/terms"
WAYS = {  # for and against what terms speak
    "named": ("for “{positive}”", "against “{positive}”"), "event": ("for the positives", "against the positives"),
    "classes": ("for a class", "against a class"),
    "number": ("for a high value", "for a low value"),
}  # fmt: skip
NAMED = 2  # terms of a side that a sentence names


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.text_reasons import draw_terms

    return draw_terms(facts)


def strongest(facts: Facts, most: int = NAMED) -> tuple[list[int], list[int]]:
    """Return the places of the terms with the largest effects: up, and down; the strongest first."""
    terms = facts["reflect"]["texts"]["terms"]
    order = by_effect(facts)
    up = [place for place in order if terms[place]["effect"]["value"] > 0]
    down = [place for place in order if terms[place]["effect"]["value"] <= 0]
    return up[:most], down[:most]


def by_effect(facts: Facts) -> list[int]:
    """Return the places of all terms, those with the largest effects first."""
    terms = facts["reflect"]["texts"]["terms"]
    return sorted(range(len(terms)), key=lambda place: -abs(terms[place]["effect"]["value"]))


def sides(facts: Facts) -> str:
    """Return which terms speak most for and against what, as a template for `places`."""
    ways = WAYS[_kind(facts)]
    said = []
    for side, way in zip(strongest(facts), ways, strict=True):
        if side:
            verb = "speak" if len(side) > 1 else "speaks"
            said.append(f"{as_list([f'“{{term{place}}}”' for place in side])} {verb} most {way}")
    return ", ".join(said)


def _kind(facts: Facts) -> str:
    if (positive := facts["define"].get("positive")) is not None:
        return "named" if isinstance(positive, str) else "event"
    return "classes" if "confusion" in TARGETS[facts["define"]["task"]].can else "number"


def places(facts: Facts) -> dict[str, Place]:
    """Return the places of the terms that a sentence may name, and of the positive class."""
    up, down = strongest(facts)
    pool: dict[str, Place] = {f"term{place}": (f"{WHERE}/{place}/term", "") for place in (*up, *down)}
    return pool | ({"positive": ("define#/positive", "")} if facts["define"].get("positive") is not None else {})


def _title(facts: Facts) -> Claim:
    return say("title", sides(facts), facts, **places(facts))


def _view(facts: Facts) -> View:
    terms = facts["reflect"]["texts"]["terms"]
    return {
        "title": _title(facts),
        "rows": [(f"{WHERE}/{place}", two_digits(terms[place]["effect"]["value"])) for place in by_effect(facts)],
        "columns": len({one["column"] for one in terms}) > 1,
        "phrases": any(one["kind"] == "phrases" for one in terms),
        "classes": _kind(facts) == "classes",
    }


TEXT_TERMS = Section("text_terms", "reflect", _view, (WHERE,), pictures=(Picture("7-text-terms", _draw, WHERE),))
