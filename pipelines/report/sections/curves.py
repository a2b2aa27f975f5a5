"""The ROC and precision-recall curves of both models."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say, scores
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.report.section import Picture, Section, View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE = "compare#/curves"


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.compare import draw_curves

    return draw_curves(facts)


def _title(facts: Facts) -> Claim:
    """Return the scores of both models whose curves are drawn."""
    template = "The strong model has {metric} {strong}, the baseline {baseline}"
    return say("title", template, facts, **scores(facts))


def _view(facts: Facts) -> View:
    return {"title": _title(facts)}


CURVES = Section("curves", "compare", _view, (WHERE,), pictures=(Picture("6-curves", _draw, WHERE),))
