"""Rows left out along the line through a valley, as facts for its picture."""

from pipelines.facts.reflect.groups_shown import GroupsAlong
from pipelines.groups.confirmation import Parting
from pipelines.groups.verdict import Verdict

BINS = 30


def along(found: Verdict) -> list[GroupsAlong]:
    """Return each valley between two groups; without groups, the line on which rows come nearest to one."""
    if found.number:
        return [along_facts(parting, [one + 1, other + 1]) for one, other, parting in found.valleys]
    return [along_facts(found.nearest, [])]


def along_facts(parting: Parting, humps: list[int]) -> GroupsAlong:
    """Return the rows along one line."""
    counts, edges = parting.histogram(BINS)
    return {
        "humps": humps, "counts": counts.tolist(), "edges": edges.tolist(), "lowest": parting.lowest,
        "peaks": list(parting.peaks), "reach": parting.reach, "at_lowest": parting.at_lowest,
        "at_peaks": list(parting.at_peaks), "lower": parting.lower, "p_value": parting.p, "depth": parting.depth,
    }  # fmt: skip
