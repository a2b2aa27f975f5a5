"""How the errors are spread along the predictions."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.compare.residuals import Decile
from pipelines.facts.pointer import given
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import gain_form
from pipelines.report.section import Picture, Section, View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE = "compare#/residuals"
NOWHERE = "The strong model's mean error is beyond chance in no tenth of its predictions"


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.errors import draw_residuals

    return draw_residuals(facts)


def _wrong(tenth: Decile) -> bool:
    """Return whether a model is wrong on average there, beyond chance."""
    return not tenth["ci"][0] <= 0 <= tenth["ci"][1]


def _title(facts: Facts) -> Claim:
    """Return where the strong model is most wrong on average, beyond chance."""
    found = given(facts["compare"]["residuals"])
    strong = next(i for i, one in enumerate(found) if one["model"] == "strong")
    tenths = found[strong]["deciles"]
    wrong = [place for place, one in enumerate(tenths) if _wrong(one)]
    if not wrong:
        return say("title", NOWHERE, facts)
    worst = max(wrong, key=lambda place: abs(tenths[place]["mean"]))
    where, form = f"{WHERE}/{strong}/deciles/{worst}", gain_form(facts)
    pool: dict[str, Place] = {
        "tenth": (f"{where}/tenth", "d"), "mean": (f"{where}/mean", form), "ci": (f"{where}/ci", form),
    }  # fmt: skip
    template = "The strong model's mean error is largest in tenth {tenth} of its predictions, from below: {mean} {ci}"
    return say("title", template, facts, **pool)


def _view(facts: Facts) -> View:
    found = given(facts["compare"]["residuals"])
    return {
        "title": _title(facts),
        "rows": [
            (f"{WHERE}/{place}/model", f"{WHERE}/{place}/deciles/{tenth}")
            for place, one in enumerate(found)
            for tenth in range(len(one["deciles"]))
        ],
        "logarithm": facts["define"]["target_scale"] == "log",
    }


RESIDUALS = Section("residuals", "compare", _view, (WHERE,), pictures=(Picture("6-residuals", _draw, WHERE),))
