"""How a row gets its group, and how surely."""

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.groups import WHERE
from pipelines.report.section import Section, View

ASSIGNED = f"{WHERE}/assigned"
HOW = "A new row gets {how}."
SURE = (
    "On {rows} test rows, the group that a row gets has a probability of {sure} on average, and for {unsure} of them "
    "it is below one half."
)
STEADY = "Models that were fitted without one fold or another put the same rows together: adjusted Rand index {steady}."
LOOSE = (
    "Models that were fitted without one fold or another do not put the same rows together: adjusted Rand index "
    "{steady}. With other rows, many would be in other groups."
)
ALIKE = 0.8  # adjusted Rand index, from which groups are said to stay


PLACES: dict[str, Place] = {
    "how": (f"{ASSIGNED}/how", ""), "rows": (f"{ASSIGNED}/rows", ",.0f"), "sure": (f"{ASSIGNED}/sure", ".2f"),
    "unsure": (f"{ASSIGNED}/unsure_share", ".1%"), "steady": (f"{ASSIGNED}/steady", ".2f"),
}  # fmt: skip
"""Where the numbers stand."""


def steady(facts: Facts) -> Claim:
    """Return whether other training rows would make the same groups."""
    found = facts["reflect"]["groups"]["assigned"]["steady"]
    return say("steady", STEADY if found >= ALIKE else LOOSE, facts, **PLACES)


def _view(facts: Facts) -> View:
    by_value = facts["reflect"]["groups"]["assigned"]["how"].startswith("by ")
    how = say("how", HOW.replace(" gets {how}", " gets its group {how}") if by_value else HOW, facts, **PLACES)
    return {"said": [how, say("sure", SURE, facts, **PLACES), steady(facts)]}


GROUP_ASSIGNED = Section("group_assigned", "reflect", _view, (ASSIGNED,))
