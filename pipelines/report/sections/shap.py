"""What the strong model uses: SHAP values, which name no cause."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.pointer import given
from pipelines.facts.steps import Facts
from pipelines.report.section import Picture, Section, View
from pipelines.report.views import each
from pipelines.report.words import SHOWN
from pipelines.targets import TARGETS

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.reflect import draw_shap

    return draw_shap(facts)


def _view(facts: Facts) -> View:
    shap = given(facts["reflect"]["shap"])
    title = "The strong model's predictions move most with {feature}"
    return {
        "title": say("title", title, facts, feature=("reflect#/shap/features/0/feature", "")),
        "several": "confusion" in TARGETS[facts["define"]["task"]].can,
        "part": shap["weight"] < 1,
        "sampled": shap["rows"] < facts["compare"]["test_rows"],
        "enriched": shap["enriched"],
        "in_unit": shap["unit"] == "value",
        "rows": each(facts, "reflect#/shap/features")[:SHOWN],
    }


SHAP = Section("shap", "reflect", _view, ("reflect#/shap",), pictures=(Picture("7-shap", _draw, "reflect#/shap"),))
