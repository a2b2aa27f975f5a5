"""Which features act together: what each pair gains alone."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import gain_form
from pipelines.report.section import Picture, Section, View
from pipelines.report.views import judged
from pipelines.targets import TARGETS

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.reflect import draw_interactions

    return draw_interactions(facts)


def _title(facts: Facts) -> Claim:
    where = "reflect#/interactions/0"
    pool: dict[str, Place] = {
        "first": (f"{where}/features/0", ""), "second": (f"{where}/features/1", ""),
        "gain": (f"{where}/gain", gain_form(facts)), "margin": ("metric#/margin", "g"),
    }  # fmt: skip
    if facts["reflect"]["interactions"][0]["matters"]:
        return say("title", "{first} and {second} act together: {gain} alone", facts, **pool)
    return say("title", "No single pair of features gains the margin of {margin}", facts, **pool)


def _view(facts: Facts) -> View:
    screened = facts["reflect"]["pairs_screened"]
    return {
        "title": _title(facts),
        "several": "confusion" in TARGETS[facts["define"]["task"]].can,
        "rows": judged("reflect#/interactions", facts["reflect"]["interactions"]),
        "in_part": screened["features"] < screened["of"],
    }


PAIRS = Section(
    "pairs", "reflect", _view, ("reflect#/interactions",),
    pictures=(Picture("7-interactions", _draw, "reflect#/interactions"),),
)  # fmt: skip
