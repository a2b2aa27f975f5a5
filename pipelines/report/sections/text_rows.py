"""What each cause of texts gains with few training rows and with many, and how many rows the last one stands for."""

import math
from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.reflect.texts import TextGain
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.texts import MEANING, causes_tried, fraction
from pipelines.findings.wording import gain_form
from pipelines.report.section import Picture, Section, View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIZES, WORTH = "reflect#/texts/sizes", "reflect#/texts/worth"
WHAT = {"phrases": "Phrases are", "spelling": "Pieces of words are", MEANING: "Pretraining is"}
SAME = "{what} worth about {share} of the labels: with {{cause}}, about {{same}} rows score what {{rows}} do without."
AT_MOST = (
    "{what} worth at least {share} of the labels: with {{cause}}, {{same}} rows, the fewest tried, score at least what "
    "{{rows}} do without."
)
NEUTRAL = "What each cause of texts gains with few training rows and with many"
CHANGES = {
    "needs": "The gain of {cause} needs rows: nothing with {few}, {last} with {all}",
    "leaves": "The gain of {cause} ends as rows grow: {first} with {few}, nothing that is kept with {all}",
    "shrinks": "The gain of {cause} shrinks with more rows: {first} with {few}, {last} with {all}",
    "grows": "The gain of {cause} grows with more rows: {first} with {few}, {last} with {all}",
    "stays": "The gain of {cause} is {first} with {few} rows and {last} with {all}: the difference may be chance",
    "never": "No gain of {cause} is kept, with {few} rows or with {all}",
}


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.text_reasons import draw_rows

    return draw_rows(facts)


def worth(facts: Facts, more: str = "") -> Claim | None:
    """Return how many labelled rows the last cause stands for, and more words; None where that is not known."""
    found = facts["reflect"]["texts"]["worth"]
    if found is None:
        return None
    share = fraction(1 - found["same_with"] / found["rows"], at_least=found["at_most"])
    what = WHAT.get(found["factor"], f"{found['factor'].capitalize()} is")
    pool: dict[str, Place] = {
        "cause": (f"{WORTH}/factor", ""), "same": (f"{WORTH}/same_with", ",.0f"), "rows": (f"{WORTH}/rows", ",.0f"),
    }  # fmt: skip
    template = (AT_MOST if found["at_most"] else SAME).format(what=what, share=share) + more
    return say("worth", template, facts, **pool)


def change(first: TextGain, last: TextGain) -> str:
    """Return how a gain changes from the fewest rows to all of them, by a name of CHANGES.

    The two numbers of rows share some rows, and their noise is added as if they did not.
    """
    if not first["kept"] or not last["kept"]:
        return "never" if not first["kept"] and not last["kept"] else "needs" if last["kept"] else "leaves"
    more = last["gain"]["value"] - first["gain"]["value"]
    noise = math.hypot(*((one["gain"]["ci"][1] - one["gain"]["ci"][0]) / 2 for one in (first, last)))
    return "stays" if abs(more) <= noise else "grows" if more > 0 else "shrinks"


def changes(facts: Facts, ending: str = ".") -> dict[str, Claim]:
    """Return, by cause, how its gain changes with the rows; nothing where one number of rows alone was tried."""
    sizes = facts["reflect"]["texts"]["sizes"]
    tried, end = causes_tried(facts), len(sizes) - 1
    made = {}
    for place, last in enumerate(sizes[-1]["gains"] if end else []):
        if last["factor"] not in tried:
            continue
        at = {"first": f"{SIZES}/0/gains/{place}", "last": f"{SIZES}/{end}/gains/{place}"}
        pool: dict[str, Place] = {name: (f"{where}/gain/value", gain_form(facts)) for name, where in at.items()}
        pool |= {
            "cause": (f"{at['last']}/factor", ""), "few": (f"{SIZES}/0/rows", ",.0f"),
            "all": (f"{SIZES}/{end}/rows", ",.0f"),
        }  # fmt: skip
        template = CHANGES[change(sizes[0]["gains"][place], last)] + ending
        made[last["factor"]] = say("change", template, facts, **pool)
    return made


def _title(facts: Facts) -> Claim:
    """Return how the gain of the last cause that is kept with all rows changes with the rows."""
    kept = [one["factor"] for one in facts["reflect"]["texts"]["sizes"][-1]["gains"] if one["kept"]]
    known = changes(facts, ending="")
    return next((known[name] for name in reversed(kept) if name in known), say("title", NEUTRAL, facts))


def _view(facts: Facts) -> View | None:
    return {"worth": worth(facts), "title": _title(facts)} if causes_tried(facts) else None


TEXT_ROWS = Section("text_rows", "reflect", _view, (SIZES,), pictures=(Picture("7-text-rows", _draw, SIZES),))
