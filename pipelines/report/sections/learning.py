"""Learning curves of both models, on their own rows and on rows that they did not see: variance, bias, or neither."""

from typing import TYPE_CHECKING, NamedTuple

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.compare.learning import LearningCurve, Reading
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.wording import gain_form
from pipelines.report.section import Picture, Section, View
from pipelines.report.views import each

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE = "compare#/learning_curves"
LIMITS = {
    "nothing": (
        "It is not better than the dummy by the margin ({over}{over_ci}): what it learns does not hold on other rows."
    ),
    "variance": (
        "On its own rows it does better by {gap}{gap_ci}, more than the margin. That is high variance: what it learns "
        "depends on which rows it saw."
    ),
    "bias": (
        "On its own rows it does hardly better ({gap}{gap_ci}). That is high bias: what such a model can make of these "
        "features limits it, or noise that no model can predict."
    ),
    "unclear": (
        "On its own rows it does better by {gap}{gap_ci}: the folds differ too much to call that variance or bias."
    ),
}
STEP = "{step}{step_ci} from {from_rows} to {to_rows} rows"
MORE = {
    "help": f" More rows helped to the last: {STEP}; the next ones will bring less.",
    "hurt": f" More rows made it worse: {STEP}.",
    "do not help": f" More rows hardly help: {STEP}, no more than the margin.",
    "unclear": f" Its last step does not show whether more rows help enough to matter: {STEP}.",
}
ONE_SIZE = " There is no second size to compare with."
GAP_STAYS = f" Rows alone will not close that gap: {STEP}, no more than the margin."


class Curve(NamedTuple):
    """One model's curve, and how it reads."""

    at: Pointer
    baseline: bool
    part: bool  # whether it is a part of a weighted mean
    reading: Claim | None
    points: list[Pointer]
    left_out: list[Pointer]


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.curves import draw_learning_curves

    return draw_learning_curves(facts)


def _template(reading: Reading) -> str:
    """Return what limits a model, and whether more rows help."""
    limit = LIMITS[reading["limit"]]
    if reading["last_step"] is None:
        return limit + ONE_SIZE
    if reading["more_rows"] == "do not help" and reading["limit"] == "variance":
        return limit + GAP_STAYS
    return limit + MORE[reading["more_rows"]]


def read(facts: Facts, at: Pointer, reading: Reading) -> Claim:
    """Return how a curve reads: what limits the model, and whether more rows help."""
    template, form = _template(reading), gain_form(facts)
    pool: dict[str, Place] = {name: (f"{at}/reading/last_step/{name}", ",.0f") for name in ("from_rows", "to_rows")}
    for name, key, found in (
        ("gap", "gap", reading["gap"]), ("over", "over_dummy", reading["over_dummy"]),
        ("step", "last_step", reading["last_step"]),
    ):  # fmt: skip
        pool |= {name: (f"{at}/reading/{key}/value", form), f"{name}_ci": (f"{at}/reading/{key}/ci", form)}
        sure = found is not None and found["ci"] is not None
        template = template.replace(f"{{{name}_ci}}", f" {{{name}_ci}}" if sure else "")
    return say("reading", template, facts, **pool)


def _curve(facts: Facts, place: int, curve: LearningCurve) -> Curve:
    at, reading = f"{WHERE}/{place}", curve["reading"]
    return Curve(
        at,
        baseline=curve["role"] == "baseline",
        part=curve["weight"] < 1,
        reading=None if reading is None else read(facts, at, reading),
        points=each(facts, f"{at}/points"),
        left_out=each(facts, f"{at}/left_out"),
    )


def _view(facts: Facts) -> View:
    return {"curves": [_curve(facts, place, one) for place, one in enumerate(facts["compare"]["learning_curves"])]}


LEARNING = Section("learning", "compare", _view, (WHERE,), pictures=(Picture("6-learning", _draw, WHERE),))
