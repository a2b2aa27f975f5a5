"""Whether predicted probabilities mean what they say."""

from typing import TYPE_CHECKING

from pipelines.facts.pointer import given
from pipelines.facts.steps import Facts
from pipelines.report.section import Picture, Section, View
from pipelines.targets import TARGETS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE = "compare#/calibration"


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.compare import draw_calibration

    return draw_calibration(facts)


def _view(facts: Facts) -> View:
    found = given(facts["compare"]["calibration"])
    places = {item["model"]: f"{WHERE}/{place}" for place, item in enumerate(found)}
    honest = {item["model"]: item["ece_ci"][0] <= item["ece_by_chance"] for item in found}
    return {
        "strong": places["strong"],
        "honest": honest["strong"],
        "rows": list(places.values()),
        "several": "confusion" in TARGETS[facts["define"]["task"]].can,
    }


CALIBRATION = Section("calibration", "compare", _view, (WHERE,), pictures=(Picture("6-calibration", _draw, WHERE),))
