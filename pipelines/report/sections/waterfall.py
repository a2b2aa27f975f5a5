"""The way from the baseline's score to the strong model's, in one picture."""

from typing import TYPE_CHECKING

from pipelines.answer.places import DIFFERENCE, say
from pipelines.answer.shares import leading, whole_gain
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import gain_form
from pipelines.report.section import Picture, Section, View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NOTHING = "From the baseline to the strong model: no single change is shown to matter"
FOLDS_ONLY = "The change that matters over the folds, {cause}, has {part} on the test rows"
UNTRUSTED = "From the baseline to the strong model: the negative controls failed, so no cause is to be trusted"


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.reflect import draw_waterfall

    return draw_waterfall(facts)


def _title(facts: Facts) -> Claim:
    """Return what the picture shows: which cause has which share of the gain, or that none matters."""
    found = leading(facts)
    if found is None:
        return say("title", NOTHING, facts)
    if not facts["reflect"]["controls"]["passed"]:
        return say("title", UNTRUSTED, facts)
    place, part = found
    where, form = f"reflect#/attribution/{place}", gain_form(facts)
    pool = {
        "cause": (f"{where}/factor", ""), "share": (f"{where}/share", ".0%"), "part": (f"{where}/gain", form),
        "whole": (f"{DIFFERENCE}/value", form),
    }  # fmt: skip
    if part == "none":
        return say("title", FOLDS_ONLY, facts, **pool)
    if facts["compare"]["difference"]["verdict"] != "better":
        return say("title", "The largest single change: {cause}, {part}", facts, **pool)
    whole = whole_gain(facts)
    amount = f"all of {whole} and more" if part == "more" else f"{'all' if part == 'all' else '{share}'} of {whole}"
    return say("title", f"Largest cause: {{cause}}, {amount} ({{part}} of {{whole}})", facts, **pool)


def _view(facts: Facts) -> View:
    return {"title": _title(facts), "smaller": not facts["metric"]["greater_is_better"]}


WATERFALL = Section("waterfall", "reflect", _view, ("reflect#",), pictures=(Picture("7-waterfall", _draw, "reflect#"),))
