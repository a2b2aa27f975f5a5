"""What a cause is: a way in which another model may be better than the linear one, and all that follows from it.

Step 3 guesses by quick fits which causes will matter; step 7 tries them one on top of the other, and says what each
gained. Pages name them and say what to do about them. All read the list CAUSES. The modules of this folder that hold
its rows import nothing at the top that takes time, since pages need their words alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from pipelines.targets.target import Target

Grows = Literal["matrix", "trees", "rest"]
Together = Literal["one feature", "strongest pairs", "any features"]


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


@dataclass(frozen=True)
class Trees:
    """Boosters that may be tried on top of everything below them."""

    change: str  # in words
    together: Together  # which features may meet in a tree
    leaves: int


@dataclass(frozen=True)
class Detail:
    """Which part of a cause gains most: the effects of its parts, each alone, and the sentence on the first."""

    where: str  # the pointer to the effects, best first
    claim: str  # the sentence's name
    sentence: str  # with {gain}, {ci}, and {feature} or {first} and {second}
    parts: Callable[[Training, Plan], dict[tuple[str, ...], Plan]] | None = None  # by features; a plan of each alone
    needs: str | None = None  # the change that must have been kept for the parts to explain the gain


@dataclass(frozen=True)
class Cause:
    """A cause. `grows` says in what: the linear model's matrix, trees on top of it, or all the rest."""

    name: str  # in facts, pages and pictures
    title: str  # what the change does, in a table
    step: str  # the same in a list of the changes that were tried
    wording: str  # the same as the reason of a gain
    grows: Grows
    remedy: str | None = None  # what a linear model can take over and stay linear
    applies: Callable[[Training], str | None] = lambda _: None  # why it cannot be tried; None where it can
    tries: Callable[[Training, Plan], list[Plan]] = lambda _, __: []  # the plans to try on top of one, of matrices
    trees: tuple[Trees, ...] = ()  # the boosters to try, one on top of the other
    detail: Detail | None = None
