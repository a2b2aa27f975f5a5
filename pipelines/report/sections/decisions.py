"""What decisions cost at each threshold; the opening has said what each choice costs at its own best one."""

from typing import TYPE_CHECKING

from pipelines.answer.places import amount, saving, say
from pipelines.facts.pointer import given
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.report.section import Picture, Section, View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE = "compare#/threshold"
NEVER = 1.0  # a threshold from here on flags no row; facts round what is just above it
COSTS_MORE = "At its own best threshold the strong model costs more: a saving of {saved} per {of} rows"
SAVES = "At its own best threshold the strong model saves {saved} per {of} rows"


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.compare import draw_cost

    return draw_cost(facts)


def _title(facts: Facts) -> Claim:
    low, high = given(facts["compare"]["threshold"])["saving_per_thousand"]["ci"]
    template = COSTS_MORE if high < 0 else SAVES + ("" if low > 0 else ", which may be nothing")
    return say("title", template.replace("{saved}", amount(facts, "{saved}")), facts, **saving(facts))


def _view(facts: Facts) -> View:
    threshold = given(facts["compare"]["threshold"])
    low, high = threshold["saving_per_thousand"]["ci"]
    rows = [("Baseline", "baseline", threshold["baseline"]), ("Strong model", "strong", threshold["strong"])]
    return {
        "title": _title(facts),
        "doubt": ": its decisions cost more." if high < 0 else "." if low > 0 else ", which may be nothing.",
        "rows": [(title, f"{WHERE}/{name}", decision["threshold"] < NEVER) for title, name, decision in rows],
    }


DECISIONS = Section("decisions", "compare", _view, (WHERE,), pictures=(Picture("6-cost", _draw, WHERE),))
