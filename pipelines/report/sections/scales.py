"""Which features needed another scale: the plain linear model with one feature put on ranks."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.causes import SCALE
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import gain_form
from pipelines.report.section import Picture, Section, View
from pipelines.report.views import judged

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.reflect import draw_scales

    return draw_scales(facts)


def _title(facts: Facts) -> Claim:
    pool: dict[str, Place] = {
        "feature": ("reflect#/scales/0/feature", ""), "gain": ("reflect#/scales/0/gain", gain_form(facts)),
        "margin": ("metric#/margin", "g"),
    }  # fmt: skip
    if facts["reflect"]["scales"][0]["matters"]:
        return say("title", "Ranks of {feature} alone gain {gain}", facts, **pool)
    return say("title", "Ranks of no single feature gain the margin of {margin}", facts, **pool)


def _view(facts: Facts) -> View | None:
    found = facts["reflect"]["scales"]
    scale = next((item for item in facts["reflect"]["attribution"] if item["factor"] == SCALE.name), None)
    if not found and not (scale and scale["matters"]):
        return None
    return {"title": _title(facts) if found else None, "rows": judged("reflect#/scales", found)}


SCALES = Section("scales", "reflect", _view, pictures=(Picture("7-scales", _draw, "reflect#/scales"),))
