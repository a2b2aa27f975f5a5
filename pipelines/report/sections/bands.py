"""Whether the bands about the forecasts hold what they promise, by month and by step ahead."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.report.section import Picture, Section, View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE = "compare#/forecasts/bands"


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.forecasts import draw_bands

    return draw_bands(facts)


def _sentence(facts: Facts) -> Claim:
    """Return whether they hold what they promise."""
    bands = facts["compare"]["forecasts"]["bands"]
    low, high = bands["coverage"]["ci"]
    pool: dict[str, Place] = {
        "level": (f"{WHERE}/level", ".0%"), "coverage": (f"{WHERE}/coverage/value", ".1%"),
        "ci": (f"{WHERE}/coverage/ci", ".1%"),
    }  # fmt: skip
    ends = "Bands that promise to hold {level} of the values held {coverage} {ci} of those of the test time: "
    if high < bands["level"]:
        return say("bands", ends + "**too few**.", facts, **pool)
    if low > bands["level"]:
        return say("bands", ends + "more than they promise, so they could be narrower.", facts, **pool)
    return say("bands", ends + "they keep their promise.", facts, **pool)


def _view(facts: Facts) -> View:
    return {"sentence": _sentence(facts), "title": "Which share of the values lies within the bands", "at": WHERE}


BANDS = Section("bands", "compare", _view, (WHERE,), pictures=(Picture("6-bands", _draw, WHERE),))
