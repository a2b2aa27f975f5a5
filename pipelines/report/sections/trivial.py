"""What each metric says of predictors that look at no feature, and which metrics mislead on this target."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import score_form
from pipelines.report.section import Picture, Section, View
from pipelines.report.views import each, warning
from pipelines.targets import TARGETS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE = "metric#/candidates"
DRAWN = "random scores"  # whose score beyond the others' is luck


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.metric import draw_metrics

    return draw_metrics(facts)


def _title(facts: Facts) -> Claim:
    """Return the best score that is reached without looking at a feature, and the perfect one."""
    metric = facts["metric"]
    place = next(i for i, one in enumerate(metric["candidates"]) if one["metric"] == metric["primary"])
    trivial = metric["candidates"][place]["trivial"]
    scores = [(i, one["score"]) for i, one in enumerate(trivial)]
    drawn = {i for i, one in enumerate(trivial) if one["predictor"] == DRAWN}
    known = [(i, score) for i, score in scores if score is not None and i not in drawn]
    if not known:
        return say("title", "What each metric says of predictors that look at no feature", facts)
    best = (max if metric["greater_is_better"] else min)(known, key=lambda one: one[1])[0]
    pool: dict[str, Place] = {
        "metric": ("metric#/label", ""), "score": (f"{WHERE}/{place}/trivial/{best}/score", score_form(facts)),
        "perfect": (f"{WHERE}/{place}/perfect", "g"),
    }  # fmt: skip
    if metric["candidates"][place]["perfect"] is None:  # densities have no highest value
        return say("title", "Without groups one reaches {metric} {score}", facts, **pool)
    template = "Without looking at a feature one reaches {metric} {score}; {perfect} is perfect"
    return say("title", template, facts, **pool)


def _view(facts: Facts) -> View:
    primary = facts["metric"]["primary"]
    places = enumerate(facts["metric"]["candidates"])
    return {
        "title": _title(facts),
        "logarithm": facts["define"]["target_scale"] == "log",
        "event": "event" in TARGETS[facts["define"]["task"]].can,
        "predictors": each(facts, f"{WHERE}/0/trivial"),
        "perfect": any(one["perfect"] is not None for one in facts["metric"]["candidates"]),
        "rows": [(f"{WHERE}/{place}", one["metric"] == primary) for place, one in places],
        "warnings": [warning(facts, place) for place in range(len(facts["metric"]["warnings"]))],
    }


TRIVIAL = Section("trivial", "metric", _view, (WHERE,), pictures=(Picture("2-metrics", _draw, "metric#"),))
