"""Columns that a cause of forecasts adds to the baseline's matrix: the features of one role."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from pipelines.causes.plan import Block, Features, Plan, Training

if TYPE_CHECKING:
    from pipelines.targets.forecast import Forecast

STEP, SERIES, LEVEL_NAME = "step", "series", "level"


@dataclass(frozen=True)
class Added:
    """The features of a role, beside all that is there."""

    role: str
    features: tuple[str, ...]
    horizon: int  # steps ahead over which what they say fades; 1: it does not
    by_level: bool = False  # of numbers their products with the level too: a closed shop sells nothing, however large

    def describe(self) -> str:
        """Return the change in words."""
        fading = ", fading over the steps ahead" if self.horizon > 1 else ""
        return f"{len(self.features)} feature{'s' if len(self.features) > 1 else ''} of {self.role}{fading}"

    def blocks(self, features: Features) -> list[Block]:
        """Return the columns of those that have a value."""
        from pipelines.models.preparation import linear_preparation
        from pipelines.series.decays import decayed

        there = [name for name in self.features if features.x[name].notna().any()]
        if not there:
            return []
        if self.by_level:
            return [*self._by_level(features, there), Block(self.role, linear_preparation(features.x[there]), there)]
        if self.horizon == 1:
            return [Block(self.role, linear_preparation(features.x[there]), there)]
        return [Block(self.role, decayed(self.horizon), [*there, STEP])]

    def _by_level(self, features: Features, there: list[str]) -> list[Block]:
        """Return the products of numbers with the level of the series."""
        from pipelines.series.decays import times_last

        numbers = [name for name in there if name in features.numeric]
        return [Block(f"{self.role} by level", times_last(), [*numbers, LEVEL_NAME])] if numbers else []


def having(rows: Training, role: str) -> tuple[str, ...]:
    """Return the features of a role."""
    return tuple(cast("Forecast", rows.target).with_role(role))


def plans(rows: Training, plan: Plan, role: str, *, fading: bool) -> list[Plan]:
    """Return the plan with the features of a role beside what is there; no plan where the role has no feature."""
    from pipelines.targets.forecast import LEVEL

    features = having(rows, role)
    if features and not fading:  # what is known ahead moved the level that is forecast from, too
        features += tuple(name for name in having(rows, LEVEL) if name != LEVEL_NAME)
    horizon = int(rows.x[STEP].max()) if fading and STEP in rows.x.columns else 1
    by_level = not fading and SERIES in rows.x.columns
    return [plan.and_then(Added(role, features, horizon, by_level))] if features else []
