"""What a cause is: a way in which another model may be better than the linear one, and all that follows from it.

Step 3 guesses by quick fits which causes will matter; step 7 tries them one on top of the other, and says what each
gained. Pages name them and say what to do about them. All read the list CAUSES. The modules of this folder that hold
its rows import nothing at the top that takes time, since pages need their words alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipelines.causes.guess import Guess
from pipelines.causes.plan import Features, Plan, Training
from pipelines.facts.eda import EdaLook

if TYPE_CHECKING:
    from pipelines.causes.design import Design
    from pipelines.causes.pair import Pair
    from pipelines.models.on_top import GrowthRules
    from pipelines.targets import Floats

Grows = Literal["matrix", "aim", "trees", "pair", "rest"]
Together = Literal["one feature", "strongest pairs", "any features"]


@dataclass(frozen=True)
class Trees:
    """Boosters that may be tried on top of everything below them."""

    change: str  # in words
    together: Together  # which features may meet in a tree
    leaves: int
    rounds: int | None = None  # at most; None: as boosters on top of other models usually have
    rate: float | None = None  # at which they learn; None: as usual
    fit_rows: int | None = None  # that they are fitted to at most, evenly spaced; None: as usual

    def changed(self, rules: "GrowthRules") -> "GrowthRules":
        """Return the rules with what is special here."""
        return replace(
            rules,
            rounds=self.rounds or rules.rounds,
            rate=self.rate or rules.rate,
            fit_rows=self.fit_rows or rules.fit_rows,
        )


class Columns(NamedTuple):
    """Columns made of two numeric features."""

    change: str  # in words
    make: Callable[["Pair"], list["Floats"]]


@dataclass(frozen=True)
class Joint:
    """One special way in which two features may act together, and what else could look like it.

    Of the columns only what no curve of either feature says is used, on top of all below them. The best of the `forms`
    is kept if it lowers the loss of rows left out, more than each of the `rivals` does, and if nothing that the pair
    may do together lowers it further: each by more than noise. So neither a curve nor another joint effect gets the
    cause's name.
    """

    features: Callable[[Features], list[str]]  # of which pairs are made
    forms: tuple[Columns, ...]  # of the effect, the simplest first
    rivals: tuple[Columns, ...]  # other explanations of the same pair, as simple as each of the forms


@dataclass(frozen=True)
class Detail:
    """Which part of a cause gains most: the effects of its parts, each alone, and the sentence on the first."""

    where: str  # the pointer to the effects, best first
    claim: str  # the sentence's name
    sentence: str  # with {effect}, a gain and its interval, and {feature} or {first} and {second}
    parts: Callable[[Training, Plan], dict[tuple[str, ...], Plan]] | None = None  # by features; a plan of each alone
    needs: str | None = None  # the change that must have been kept for the parts to explain the gain


class Quick(NamedTuple):
    """The cause in step 3: a change to the design of quick linear fits."""

    change: Callable[["Design"], "Design"]
    applies: Callable[[Features], bool]


@dataclass(frozen=True)
class Cause:
    """A cause. `grows` says in what: the linear model's matrix, trees or a pair's columns on top, or all the rest.

    "aim": a line that moves all forecasts to the number that the metric asks for.
    """

    name: str  # in facts, pages and pictures
    title: str  # what the change does, in a table
    step: str  # the same in a list of the changes that were tried
    wording: str  # what explains a gain, a plural that a sentence can begin or end with
    grows: Grows
    guess: Callable[[EdaLook], Guess]  # what step 3 predicts of it
    remedy: str | None = None  # what a linear model can take over and stay linear
    simple: bool = True  # whether the remedy itself needs no complex model
    applies: Callable[[Training], str | None] = lambda _: None  # why it cannot be tried; None where it can
    tries: Callable[[Training, Plan], list[Plan]] = lambda _, __: []  # the plans to try on top of one, of matrices
    trees: tuple[Trees, ...] = ()  # the boosters to try, one on top of the other
    joint: Joint | None = None  # the columns of a pair to try
    quick: Quick | None = None  # of matrices, and of trees that a matrix can stand for
    detail: Detail | None = None
