"""How much more counts vary than their distribution says."""

from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View
from pipelines.report.views import each
from pipelines.report.words import OVERDISPERSED
from pipelines.targets import TARGETS

WHERE = "compare#/dispersion"
READINGS = {
    "left": "That is *overdispersion*: events come in bursts, or something that moves the target is in neither model.",
    "explained": "What the baseline leaves beyond that (*overdispersion*) is what the strong model explains.",
    "none": "That is no more than chance makes of it.",
}


def _view(facts: Facts) -> View:
    value = {one["model"]: one["value"] for one in facts["compare"]["dispersion"]}
    left, before = (value[name] >= OVERDISPERSED for name in ("strong", "baseline"))
    return {
        "models": each(facts, WHERE),
        "distribution": TARGETS[facts["define"]["task"]].words.distribution,
        "reading": READINGS["left" if left else "explained" if before else "none"],
    }


DISPERSION = Section("dispersion", "compare", _view, (WHERE,))
