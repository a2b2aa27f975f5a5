"""Whether there are groups: the verdict, and how many rows that no density was fitted to lie in its valleys."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.groups import ALONG, GRADIENT, GROUPS, VERDICT, WHERE, lines, nats
from pipelines.ladder.alpha import ALPHA
from pipelines.report.section import Picture, Section, View
from pipelines.report.views import NUMBERS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEAD = {
    GROUPS: "Yes, at least {number}: all HALVINGS halvings of the rows find groups, in both halves alike.",
    GRADIENT: "No groups, a gradient: columns go together ({together} {ci} nats a row left out).",
    "nothing": "Nothing: no groups, and the columns are not shown to say anything of each other.",
}
NONE = " None of HALVINGS halvings of the rows finds groups."
CLOSE = " A close call: {votes} of HALVINGS halvings find groups, which is not enough to claim any."
COUNTS = {
    GROUPS: " Of rows left out, {low} lie at the emptiest point of {the} valley and {peak} at its lower peak.",
    GRADIENT: (
        " Where rows left out come nearest to a valley, {low} of them lie at its emptiest point and {peak} at its "
        "lower peak."
    ),
}
DRAWN = " The fitted density has a trough of {depth} nats there: the model draws a valley that the rows do not have."
TITLES = {
    GROUPS: "Rows left out leave the valley empty: {low} at its emptiest point, {peak} at its lower peak",
    GRADIENT: (
        "No valley that both halves of the rows share: {low} rows left out at the emptiest point, "
        "{peak} at the lower peak"
    ),
}
TROUGH = 0.3  # nats that a fitted density falls between two humps, from which it claims a valley


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.groups import draw_valley

    return draw_valley(facts)


def places(facts: Facts) -> dict[str, Place]:
    """Return where the numbers of the verdict stand, with those of the least clear valley, or the nearest to one."""
    pool: dict[str, Place] = {
        "number": (f"{VERDICT}/number", ",.0f"), "votes": (f"{VERDICT}/votes", ",.0f"),
        "together": (f"{VERDICT}/halvings/0/together", nats(facts, f"{VERDICT}/halvings/0/ci")),
        "ci": (f"{VERDICT}/halvings/0/ci", nats(facts, f"{VERDICT}/halvings/0/ci")),
    }  # fmt: skip
    at = f"{VERDICT}/nearest"
    pool |= {
        "low": (f"{at}/at_lowest", ",.0f"),
        "peak": (f"{at}/at_lower_peak", ",.0f"),
        "depth": (f"{at}/depth", ".2f"),
    }
    for at, one in lines(facts)[:1] if facts["reflect"]["groups"]["verdict"]["says"] == GROUPS else []:
        pool |= {"low": (f"{at}/at_lowest", ",.0f"), "peak": (f"{at}/at_peaks/{one['lower']}", ",.0f")}
    return pool


def verdict(facts: Facts, *, numbers: bool = True) -> Claim:
    """Return the verdict in words, with the counts of rows left out; without `numbers` its first sentence alone."""
    found = facts["reflect"]["groups"]["verdict"]
    text = HEAD[found["says"]]
    if found["says"] != GROUPS:
        text += CLOSE if found["close"] else NONE
    if numbers:
        the = "the least clear" if len(lines(facts)) > 1 else "the clearest"
        text += COUNTS.get(found["says"], COUNTS[GRADIENT]).replace("{the}", the)
        nearest = found["nearest"]
        if found["says"] != GROUPS and nearest["depth"] >= TROUGH and nearest["p_value"] >= ALPHA:
            text += DRAWN
    number = len(found["halvings"])
    words = NUMBERS[number].lower() if number < len(NUMBERS) else "many"
    return say("groups", text.replace("HALVINGS", words), facts, **places(facts))


def _title(facts: Facts) -> Claim:
    says = facts["reflect"]["groups"]["verdict"]["says"]
    return say("title", TITLES.get(says, TITLES[GRADIENT]), facts, **places(facts))


def _halvings(facts: Facts) -> list[tuple[Pointer, Pointer | None]]:
    """Return where each halving stands, and the valley of its halves in which fewest rows lie beyond chance."""
    found = []
    for place, one in enumerate(facts["reflect"]["groups"]["verdict"]["halvings"]):
        at = f"{VERDICT}/halvings/{place}"
        valleys = one["valleys"]
        best = min(range(len(valleys)), key=lambda i: valleys[i]["p_value"]) if valleys else None
        found.append((at, None if best is None else f"{at}/valleys/{best}"))
    return found


def _view(facts: Facts) -> View:
    known = bool(lines(facts))
    return {
        "title": _title(facts) if known else None, "halvings": _halvings(facts),
        "at": VERDICT, "thinned": facts["reflect"]["groups"]["verdict"]["rows"] < facts["define"]["rows"],
    }  # fmt: skip


GROUP_VERDICT = Section(
    "group_verdict", "reflect", _view, (WHERE,), pictures=(Picture("7-group-valley", _draw, f"{ALONG}/0"),)
)
