"""What to do next: one action for each place where a project can stand.

Two rules hold in every case, and a test tries them all: no model is advised that another part of the page calls
leaking, unstable or unproven; and no baseline is recommended that should not be kept.
"""

from pipelines.answer.standing import Standing
from pipelines.facts.answer import Action


def advise(at: Standing) -> Action:
    """Return the action: what stands in the way of using any model first, the gravest of it; then which one to use."""
    return _in_the_way(at) or (_where_better(at) if at.verdict == "better" else _where_not(at))


def _in_the_way(at: Standing) -> Action | None:
    """Return what must be settled before any model is used, the gravest of it; None where nothing must."""
    found: tuple[tuple[bool, Action], ...] = (
        (at.doubted, "read the table"),
        (not at.signal, "use neither"),
        (at.too_good, "find the leak"),
        (at.leak != "none", "ask about columns"),
        (at.split_leak, "split otherwise"),
        (not at.controls, "check the controls"),
        (at.behind_the_mean, "follow the level"),
    )
    return next((action for holds, action in found if holds), None)


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
