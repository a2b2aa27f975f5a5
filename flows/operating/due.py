"""Which of the runs that are due is run, and which of them it makes superfluous: late runs become one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Due:
    """A run that is due, as the server has it."""

    run: str  # its id
    name: str
    when: str  # time in ISO form; as text they stand in their order
    projects: frozenset[str]  # none for all
    force: bool
    update: bool

    def covers(self, other: "Due") -> bool:
        """Return whether this run does all that the other one would."""
        more = not self.projects or (bool(other.projects) and other.projects <= self.projects)
        return more and self.force >= other.force and self.update >= other.update


def due_of(found: Mapping[str, Any]) -> Due:
    """Return a run of the server's; its parameters may be anything that a person could post."""
    parameters = found.get("parameters") or {}
    projects = parameters.get("projects") or []
    return Due(
        run=str(found["id"]),
        name=str(found["name"]),
        when=str(found.get("next_scheduled_start_time") or found.get("expected_start_time") or ""),
        projects=frozenset(map(str, projects if isinstance(projects, list) else [projects])),
        force=parameters.get("force") is True,
        update=parameters.get("update") is True,
    )


def coalesce(due: Sequence[Due]) -> tuple[Due, list[Due]]:
    """Return the run that is next, and those that it covers; of runs that ask for the same, the earliest is run."""
    first = min(due, key=lambda one: one.when)
    leader = min((one for one in due if one.covers(first)), key=lambda one: (-sum(map(one.covers, due)), one.when))
    return leader, [one for one in due if one is not leader and leader.covers(one)]
