"""How far ahead each cause helps, and how errors grow with the steps ahead."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.report.section import Picture, Section, View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE = "reflect#/forecasts/by_step"


def _draw_errors(facts: Facts) -> "Figure":
    from pipelines.report.figures.forecasts import draw_errors_by_step

    return draw_errors_by_step(facts)


def _draw_gains(facts: Facts) -> "Figure":
    from pipelines.report.figures.forecasts import draw_gains_by_step

    return draw_gains_by_step(facts)


def _until(facts: Facts, place: int) -> Claim:
    """Return the sentence on how far ahead a cause helps."""
    one, at = facts["reflect"]["forecasts"]["by_step"][place], f"{WHERE}/{place}"
    step = facts["define"]["forecast"]["step"]
    pool: dict[str, Place] = {"cause": (f"{at}/factor", ""), "until": (f"{at}/helps_until", ",.0f")}
    last = one["steps"][-1]["steps"]
    if one["helps_until"] is None:
        text = "{cause}: not shown to help at the nearest steps by itself."
    elif one["helps_until"] == last:
        text = "{cause}: helps at all steps."
    else:
        ahead = step if one["helps_until"] == 1 else f"{step}s"
        text = f"{{cause}}: helps up to {{until}} {ahead} ahead; beyond, it is not shown to help at each step."
    return say("until", text, facts, **pool)


def _view(facts: Facts) -> View | None:
    causes = facts["reflect"]["forecasts"]["by_step"]
    return {
        "sentences": [_until(facts, place) for place in range(len(causes))],
        "gains": bool(causes),
        "steps": [f"compare#/forecasts/by_step/{i}" for i in range(len(facts["compare"]["forecasts"]["by_step"]))],
        "step": facts["define"]["forecast"]["step"],
    }  # fmt: skip


BY_STEP = Section(
    "by_step", "reflect", _view, ("reflect#/forecasts",),
    pictures=(
        Picture("7-errors-by-step", _draw_errors, "compare#/forecasts/by_step/0"),
        Picture("7-gains-by-step", _draw_gains, "reflect#/forecasts/by_step/0"),
    ),
)  # fmt: skip
