"""Which class is taken for which."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.compare.confusion import ClassAnswers
from pipelines.facts.pointer import given
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.report.section import Picture, Section, View
from pipelines.report.words import SHOWN

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE, NAMES = "compare#/confusion", "define#/target_summary/classes"


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.classes import draw_confusion

    return draw_confusion(facts)


def _strong(facts: Facts) -> int:
    """Return the place of the strong model's answers."""
    return next(i for i, one in enumerate(given(facts["compare"]["confusion"])) if one["model"] == "strong")


def _recall(item: ClassAnswers) -> float:
    return 2.0 if item["recall"] is None else item["recall"]


def _title(facts: Facts) -> Claim:
    """Return which class the strong model recognises least."""
    strong = _strong(facts)
    classes = given(facts["compare"]["confusion"])[strong]["classes"]
    place = min(range(len(classes)), key=lambda i: _recall(classes[i]))
    pool: dict[str, Place] = {
        "name": (f"{NAMES}/{classes[place]['class']}/value", ""),
        "recall": (f"{WHERE}/{strong}/classes/{place}/recall", ".0%"),
    }
    if classes[place]["recall"] is None:
        return say("title", "Which class is taken for which", facts)
    template = "The strong model recognises {name} least: {recall} of its test rows"
    return say("title", template, facts, **pool)


def _view(facts: Facts) -> View:
    strong, found = _strong(facts), given(facts["compare"]["confusion"])
    baseline = next(i for i, one in enumerate(found) if one["model"] == "baseline")
    return {
        "title": _title(facts),
        "more": len(found[strong]["classes"]) > SHOWN,
        "rows": [
            (f"{NAMES}/{one['class']}/value", f"{WHERE}/{baseline}/classes/{i}", f"{WHERE}/{strong}/classes/{i}")
            for i, one in enumerate(found[strong]["classes"])
        ],
    }


CLASSES = Section("classes", "compare", _view, (WHERE,), pictures=(Picture("6-confusion", _draw, WHERE),))
