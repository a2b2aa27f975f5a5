"""What the training time of series says: seasons, trend, jumps, zeros, and what the calendar leaves."""

from typing import TYPE_CHECKING

from pipelines.facts.steps import Facts
from pipelines.report.section import Picture, Section, View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE = "eda#/series"
GROWS = {
    "relative": "It speaks for effects that multiply (forecast.effects = relative).",
    "absolute": "It speaks for effects that add up (forecast.effects = absolute).",
    "undecided": "It speaks for neither kind of effects.",
}


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.forecasts import draw_series

    return draw_series(facts)


def _view(facts: Facts) -> View:
    look = facts["eda"]["series"]
    return {
        "at": WHERE, "title": "The places in the season that lie farthest from the level, and what the calendar leaves",
        "seasons": [f"{WHERE}/seasons/{place}" for place in range(len(look["seasons"]))],
        "shifts": [(f"{WHERE}/shifts/{place}", bool(one["series"])) for place, one in enumerate(look["shifts"])],
        "year": look["year"] is not None, "trend": look["trend"] is not None,
        "power": look["growth"]["power"] is not None,
        "grows": GROWS[look["growth"]["says"]], "several": facts["define"]["forecast"]["series"] > 1,
        "together": look["together"] is not None, "lopsided": look["lopsided"] is not None,
        "step": facts["define"]["forecast"]["step"],
    }  # fmt: skip


SERIES_LOOK = Section(
    "series_look", "eda", _view, (WHERE,), pictures=(Picture("3-series", _draw, "eda#/series/places/0"),)
)
