"""What a cause is: a way in which another model may be better than the linear one, and all that follows from it.

Step 3 guesses by quick fits which causes will matter; step 7 tries them one on top of the other, and says what each
gained. Pages name them and say what to do about them. All read the list CAUSES. The modules of this folder that hold
its rows import nothing at the top that takes time, since pages need their words alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipelines.causes.guess import Guess
from pipelines.causes.plan import Features, Plan, Training
from pipelines.facts.eda import EdaLook

if TYPE_CHECKING:
    from pipelines.causes.design import Design

Grows = Literal["matrix", "trees", "rest"]
Together = Literal["one feature", "strongest pairs", "any features"]


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


class Quick(NamedTuple):
    """The cause in step 3: a change to the design of quick linear fits."""

    change: Callable[["Design"], "Design"]
    applies: Callable[[Features], bool]


@dataclass(frozen=True)
class Cause:
    """A cause. `grows` says in what: the linear model's matrix, trees on top of it, or all the rest."""

    name: str  # in facts, pages and pictures
    title: str  # what the change does, in a table
    step: str  # the same in a list of the changes that were tried
    wording: str  # the same as the reason of a gain
    grows: Grows
    guess: Callable[[EdaLook], Guess]  # what step 3 predicts of it
    remedy: str | None = None  # what a linear model can take over and stay linear
    applies: Callable[[Training], str | None] = lambda _: None  # why it cannot be tried; None where it can
    tries: Callable[[Training, Plan], list[Plan]] = lambda _, __: []  # the plans to try on top of one, of matrices
    trees: tuple[Trees, ...] = ()  # the boosters to try, one on top of the other
    quick: Quick | None = None  # of matrices, and of trees that a matrix can stand for
    detail: Detail | None = None
