"""What causes see of the rows, and the plan of a linear model: the changes to its matrix, one cause after another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from pipelines.targets.target import Target


@dataclass(frozen=True)
class Features:
    """Features of some rows, and which of them are numbers and categories."""

    x: "pd.DataFrame"
    numeric: Sequence[str]
    categorical: Sequence[str]


@dataclass(frozen=True)
class Training(Features):
    """All training rows, from which a cause may learn what to try; what models learn, they learn in each fold."""

    y: "np.ndarray"
    target: "Target"
    texts: Sequence[str] = ()  # the columns that hold texts
    meant: Sequence[str] = ()  # those of them that have an embedding


@dataclass(frozen=True)
class Block:
    """Columns of the linear model's matrix that a change makes, learned inside each fold."""

    name: str
    transformer: Any  # of scikit-learn's protocol, unfitted
    features: Sequence[str]  # that it is given
    replaces: bool = False  # it stands in place of what the baseline makes of them
    sparse: bool = False


class Change(Protocol):
    """One change to the linear model's matrix: a frozen dataclass in its cause's module."""

    def describe(self) -> str:
        """Return the change in words."""

    def blocks(self, features: Features) -> list[Block]:
        """Return the columns that it makes of these rows' features; none where they give it nothing to do."""


@dataclass(frozen=True)
class Plan:
    """What is changed against the baseline, in the order of the causes; without changes it is the baseline."""

    changes: tuple[Change, ...] = ()

    def and_then(self, change: Change) -> "Plan":
        """Return the plan with one change more."""
        return Plan((*self.changes, change))

    def describe(self) -> str:
        """Return the changes in words."""
        return ", ".join(change.describe() for change in self.changes) or "none"
