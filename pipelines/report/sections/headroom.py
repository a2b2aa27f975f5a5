"""How much better it could get: what more rows promise, in one learning curve."""

from typing import TYPE_CHECKING

from pipelines.answer.places import beside_margin, say
from pipelines.facts.claims import Place
from pipelines.facts.pointer import given
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import score_form
from pipelines.report.section import Picture, Section, View
from pipelines.report.views import each, told

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TWO = 2
TWICE = "reflect#/headroom/more_rows/times/0"
PAYS = "{more} the rows promise {gain}, which reaches the margin of {margin}"
LITTLE = "{more} the rows promise {gain}, less than the margin of {margin}"
UNKNOWN = "Without a signal, the curve does not say what more rows would bring"


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.reflect import draw_headroom

    return draw_headroom(facts)


def _title(facts: Facts) -> Claim:
    pool: dict[str, Place] = {
        "times": (f"{TWICE}/times", "d"), "gain": (f"{TWICE}/gain", beside_margin(facts)),
        "margin": ("metric#/margin", "g"),
    }  # fmt: skip
    if not facts["reflect"]["signal"]["present"]:
        return say("title", UNKNOWN, facts)
    found = given(facts["reflect"]["headroom"])["more_rows"]
    more = "Twice" if found["times"][0]["times"] == TWO else "{times} times"
    return say("title", (PAYS if found["pays"] else LITTLE).replace("{more}", more), facts, **pool)


def _ceiling(facts: Facts) -> Claim | None:
    """Return what rows with equal features and other targets leave to be reached; None without such rows."""
    found, where = given(facts["reflect"]["headroom"])["ceiling"], "reflect#/headroom/ceiling"
    if found is None:
        return None
    pool: dict[str, Place] = {
        "rows": (f"{where}/rows", ",.0f"), "score": (f"{where}/score", score_form(facts)),
        "metric": ("metric#/label", ""),
    }  # fmt: skip
    alike = "{rows} training rows have the features of another row and another target"
    if found["binds"]:
        return say("ceiling", alike + ", so no model can get beyond {metric} {score} on these rows.", facts, **pool)
    return say("ceiling", alike + ": too few to set a limit that matters.", facts, **pool)


def _view(facts: Facts) -> View:
    headroom = given(facts["reflect"]["headroom"])
    advised = {claim["id"] for claim in facts["answer"]["advice"]} if "answer" in facts else set()
    return {
        "claims": [*told(facts, "room"), *(told(facts, "what_next") if "what_next" not in advised else [])],
        "title": _title(facts),
        "ceiling": _ceiling(facts),
        "times": each(facts, "reflect#/headroom/more_rows/times") if facts["reflect"]["signal"]["present"] else [],
        "combined": headroom["agreement"] is not None,
        "pays": headroom["agreement"] is not None and headroom["agreement"]["pays"],
    }


HEADROOM = Section(
    "headroom", "reflect", _view, ("reflect#/headroom",), pictures=(Picture("7-headroom", _draw, "reflect#/headroom"),)
)
