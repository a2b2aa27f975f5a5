"""What to do next: one action for each place where a project can stand.

Two rules hold in every case, and a test tries them all: no model is advised that another part of the page calls
leaking, unstable or unproven; and no baseline is praised that nobody should keep.
"""

from pipelines.answer.standing import Standing
from pipelines.facts.answer import Action


def advise(at: Standing) -> Action:
    """Return the action: what stands in the way of using any model first, the gravest of it; then which one to use."""
    return _in_the_way(at) or (_where_better(at) if at.verdict == "better" else _where_not(at))


def _in_the_way(at: Standing) -> Action | None:
    """Return what must be settled before any model is used; None where nothing must."""
    if at.doubted:
        return "read the table"
    if not at.signal:
        return "use neither"
    if at.too_good:
        return "find the leak"
    if at.leak != "none":
        return "ask about columns"
    if at.split_leak:
        return "split otherwise"
    if not at.controls:
        return "check the controls"
    return "follow the level" if at.behind_the_mean else None


def _where_better(at: Standing) -> Action:
    """Return which model to use where the strong one is better on the test rows."""
    if at.repair_is_most:
        return "use the repaired"
    if not at.unproven:
        return "use the strong"
    if at.repair_pays:
        return "keep the repaired"
    return "try side by side" if at.lost_baseline or at.pays is not False else "keep the baseline"


def _where_not(at: Standing) -> Action:
    """Return which model to use where the strong one is not shown to be better."""
    if at.repair_pays:
        return "keep the repaired"
    return "use neither" if at.lost_baseline else "keep the baseline"
