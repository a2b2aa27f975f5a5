"""A way to put rows into groups: what a learner of groups is given, and what a cause changes."""

from dataclasses import dataclass
from typing import Literal

from pipelines.core.plural import agree
from pipelines.models.grouped.gaussians import Spread
from pipelines.targets import Groups, Target

Method = Literal["quantiles", "k-means", "mixture", "dense regions"]
MOST_GROUPS = 8  # tried where their number is chosen
MANY_COLUMNS = 10  # above it groups are also looked for among principal components
IN_WORDS: dict[Spread, str] = {
    "columns": "one spread a column", "shared": "one covariance matrix for all groups",
    "diagonal": "a spread of its own for each group and column", "free": "a covariance matrix for each group",
}  # fmt: skip


@dataclass(frozen=True)
class Way:
    """How rows are put into groups, and how the density of a group is described."""

    method: Method = "k-means"
    groups: int | None = 5  # None: as many as the Bayesian information criterion says, at most MOST_GROUPS
    bent: bool = False  # Yeo-Johnson in place of raw values
    whitened: bool = False  # distances without what columns say of each other
    reduced: bool = False  # distances among principal components
    spread: Spread = "columns"  # of the density
    by: str | None = None  # the column whose quantiles are the groups

    def describe(self) -> str:
        """Return the way in words."""
        number = f"1 to {MOST_GROUPS} groups, by BIC"
        if self.groups is not None:
            number = f"{self.groups} {agree(self.groups, 'groups')}"
        if self.method == "quantiles":
            return f"{number} by quantiles of {self.by}"
        values = "Yeo-Johnson values" if self.bent else "standardised values"
        kind = "whitened " if self.whitened else "principal components of " if self.reduced else ""
        number = "as many as there are" if self.method == "dense regions" else number
        return f"{self.method} on {kind}{values}, {number}, {IN_WORDS[self.spread]}"


def grouped_target(target: Target) -> Groups:
    """Return the target as one of groups; raise TypeError for another kind."""
    if not isinstance(target, Groups):
        message = f"rows of {type(target).__name__} form no groups"
        raise TypeError(message)
    return target


def baseline_way(target: Target) -> Way:
    """Return the baseline's way: quantiles of one column, or k-means on standardised raw values."""
    asked = grouped_target(target)
    if asked.by is not None:
        return Way("quantiles", asked.count, by=asked.by)
    return Way("k-means", asked.count)
