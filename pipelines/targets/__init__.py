"""The kinds of target: what is predicted, and everything that follows from it."""

from pipelines.targets.arrays import Floats
from pipelines.targets.classes import Classes
from pipelines.targets.count import Count
from pipelines.targets.event import Event
from pipelines.targets.forecast import Forecast
from pipelines.targets.groups import Density, Groups
from pipelines.targets.number import Number
from pipelines.targets.target import Ability, Target
from pipelines.targets.words import TargetWords

__all__ = [
    "TARGETS",
    "Ability",
    "Classes",
    "Count",
    "Density",
    "Event",
    "Floats",
    "Forecast",
    "Groups",
    "Number",
    "Target",
    "TargetWords",
    "target_of",
    "tasks_that_can",
]

# By the name that the project file gives as `task`.
TARGETS: dict[str, type[Target]] = {kind.name: kind for kind in (Event, Classes, Count, Number, Forecast, Groups)}


def target_of(task: str, y: Floats) -> Target:
    """Return the target of a project's `task`, with as many outputs as its values `y` (rows,) need."""
    return TARGETS[task].of(y)


def tasks_that_can(ability: Ability) -> str:
    """Return the names of the kinds that have an ability, quoted, as a message lists them."""
    return " or ".join(repr(name) for name, kind in TARGETS.items() if ability in kind.can)
