"""A change of how rows are put into groups."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipelines.causes.plan import Block, Features, Plan, Training

if TYPE_CHECKING:
    from pipelines.models.grouped.way import Way
    from pipelines.targets import Target


@dataclass(frozen=True)
class Regrouped:
    """Some settings of a way of grouping, in place of those that stood."""

    what: str  # in words
    settings: tuple[tuple[str, Any], ...]  # fields of `Way`, and their values

    def describe(self) -> str:
        """Return the change in words."""
        return self.what

    def blocks(self, features: Features) -> list[Block]:  # noqa: ARG002 - groups have no such matrix
        """Return none: nothing is added to a matrix."""
        return []

    def of(self, way: "Way") -> "Way":
        """Return the way with these settings."""
        return replace(way, **dict(self.settings))


def regrouped(plan: Plan, what: str, **settings: object) -> Plan:
    """Return the plan with these settings of the way changed, `what` being the change in words."""
    return plan.and_then(Regrouped(what, tuple(settings.items())))


def way_of(plan: Plan, target: "Target") -> "Way":
    """Return the way that a plan's changes make of the baseline's; raise TypeError for rows that form no groups."""
    from pipelines.models.grouped.way import baseline_way

    way = baseline_way(target)
    for change in plan.changes:
        way = change.of(way) if isinstance(change, Regrouped) else way
    return way


def of_all_columns(rows: Training, plan: Plan) -> dict[str, Any]:
    """Return the settings of groups of all columns on the scale that stands.

    Quantiles of one column have no scale, so what follows them is measured without skewness.
    """
    standing = way_of(plan, rows.target)
    return {"by": None, "bent": standing.bent or standing.by is not None}
