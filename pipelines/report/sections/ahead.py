"""Forecasts with their bands against what happened, and what their sum says of the number that is forecast."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.report.section import Picture, Section, View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE = "compare#/forecasts"
OFF = 0.05  # of the sum, from which it is said on the first screen that forecasts do not add up
BIAS = 4  # its place among the measures


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.forecasts import draw_ahead

    return draw_ahead(facts)


def sums(facts: Facts) -> Claim | None:
    """Return how far the forecasts' sum is off, where that is far and errors count alike whatever their size."""
    measures = facts["compare"]["forecasts"]["accuracy"]
    bias = measures[BIAS]["strong"]["value"]
    if abs(bias) < OFF or facts["eda"]["series"]["lopsided"] is None:
        return None
    pool: dict[str, Place] = {
        "metric": ("metric#/label", ""), "bias": (f"{WHERE}/accuracy/{BIAS}/strong/value", ".0%"),
    }  # fmt: skip
    text = (
        "By {metric} the best forecast is the median of what may happen: all forecasts together differ from all values "
        "by {bias}. Do not add them up."
    )
    return say("sums", text, facts, **pool)


def _view(facts: Facts) -> View:
    title = "What was forecast, with bands, and what happened"
    return {"title": title, "sums": sums(facts), "several": len(facts["compare"]["forecasts"]["shown"]) > 1}


AHEAD = Section("ahead", "compare", _view, (WHERE, "eda#/series"), pictures=(Picture("6-ahead", _draw, WHERE),))
