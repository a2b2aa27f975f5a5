"""The rungs that a kind of target's ladder has, one for each cause that can be climbed, in the causes' order."""

from dataclasses import dataclass
from functools import cache

from pipelines.causes import causes_of
from pipelines.causes.cause import Cause, Trees

BASELINE = "baseline"


@dataclass(frozen=True)
class Route:
    """The causes of a ladder, without the rest that no rung says anything about."""

    causes: tuple[Cause, ...]
    needed: bool = False  # a change of the matrix is kept only if the top is worse without it
    least: float = 0.0  # share of the baseline's loss by which a change must lower it

    @property
    def rungs(self) -> tuple[str, ...]:
        """The rungs' names: the baseline, and one a cause."""
        return (BASELINE, *(cause.name for cause in self.causes))

    @property
    def top(self) -> str:
        """The last rung."""
        return self.rungs[-1]

    @property
    def linear_rungs(self) -> tuple[str, ...]:
        """The rungs that are linear models."""
        return (BASELINE, *(cause.name for cause in self.causes if cause.grows == "matrix"))

    @property
    def linear_top(self) -> str:
        """The last of them."""
        return self.linear_rungs[-1]

    @property
    def free_below(self) -> str:
        """The last rung below those in which any features may act together."""
        alone = [all(trees.together == "one feature" for trees in cause.trees) for cause in self.causes]
        return self.rungs[alone.index(False)]

    @property
    def last(self) -> Trees | None:
        """The last boosters, on which nothing grows."""
        return next((cause.trees[-1] for cause in reversed(self.causes) if cause.trees), None)

    def below(self, rung: str) -> str:
        """Return the rung below another."""
        return self.rungs[self.rungs.index(rung) - 1]


LEAST = 0.005  # of forecasts: gains below half a percent of the loss were false as often as true in planted panels


@cache
def route_of(rows: str) -> Route:
    """Return the rungs of a table whose rows are of that sort, a key of ROUTES.

    Of forecasts own history is credited with what a curve of a driver explains better, since drivers have a history of
    their own: so what a later rung makes superfluous is taken out, and the ladder climbed again.
    """
    causes = tuple(cause for cause in causes_of(rows) if cause.grows != "rest")
    of_series = rows == "series"
    return Route(causes, needed=of_series, least=LEAST if of_series else 0.0)
