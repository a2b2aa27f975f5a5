"""Which features bend: the effect of each when it may."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.causes import SHAPE
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.wording import gain_form
from pipelines.report.section import Picture, Section, View
from pipelines.report.views import judged
from pipelines.targets import TARGETS

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.reflect import draw_shapes

    return draw_shapes(facts)


def _title(facts: Facts) -> Claim:
    pool: dict[str, Place] = {
        "feature": ("reflect#/shapes/0/feature", ""), "gain": ("reflect#/shapes/0/gain", gain_form(facts)),
        "margin": ("metric#/margin", "g"),
    }  # fmt: skip
    if facts["reflect"]["shapes"][0]["matters"]:
        return say("title", "Letting {feature} bend gains {gain} alone", facts, **pool)
    return say("title", "No single feature gains the margin of {margin} by bending alone", facts, **pool)


def _together(facts: Facts) -> bool:
    """Return whether the shape matters although no single feature reaches the margin."""
    shapes = facts["reflect"]["shapes"]
    matters = any(item["factor"] == SHAPE.name and item["matters"] for item in facts["reflect"]["attribution"])
    alone = any(item["matters"] or item["gain"] >= facts["metric"]["margin"] for item in shapes)
    return matters and not alone


def _view(facts: Facts) -> View:
    shapes = facts["reflect"]["shapes"]
    classes: list[Pointer | None] = [
        None if item["class"] is None else f"define#/target_summary/classes/{item['class']}/value" for item in shapes
    ]
    return {
        "title": _title(facts),
        "together": _together(facts),
        "levels": any(isinstance(item["curve"][0]["x"], str) for item in shapes),
        "several": "confusion" in TARGETS[facts["define"]["task"]].can,
        "rows": list(zip(judged("reflect#/shapes", shapes), classes, strict=True)),
    }


SHAPES = Section(
    "shapes", "reflect", _view, ("reflect#/shapes",), pictures=(Picture("7-shapes", _draw, "reflect#/shapes"),)
)
