"""Which columns make the groups, and what is lost without each."""

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.groups import WHERE, scored
from pipelines.findings.wording import as_list
from pipelines.report.section import Section, View

COLUMNS = f"{WHERE}/columns"
HALF = 0.5  # of a column's variance, from which the groups are said to be made of it
NAMED = 3  # columns in a sentence


def made_of(facts: Facts) -> Claim:
    """Return which columns the groups are made of mostly."""
    columns = facts["reflect"]["groups"]["columns"]
    most = [i for i, one in enumerate(columns) if one["explained"] >= HALF][:NAMED]
    chosen = most or [0]
    pool: dict[str, Place] = {}
    for i in chosen:
        pool |= {f"column{i}": (f"{COLUMNS}/{i}/column", ""), f"explained{i}": (f"{COLUMNS}/{i}/explained", ".0%")}
    names = as_list([f"{{column{i}}} ({{explained{i}}})" for i in chosen])
    if not most:
        return say("made", f"The groups explain no column's variance by half; most that of {names}.", facts, **pool)
    return say("made", f"The groups are made mostly of {names}: in brackets, the variance that they explain.", facts,
               **pool)  # fmt: skip


def _view(facts: Facts) -> View:
    return {
        "made": made_of(facts), "scored": scored(facts), "way": f"{WHERE}/way", "number": f"{WHERE}/number",
        "columns": [f"{COLUMNS}/{i}" for i in range(len(facts["reflect"]["groups"]["columns"]))],
    }  # fmt: skip


GROUP_COLUMNS = Section("group_columns", "reflect", _view, (f"{COLUMNS}/0",))
