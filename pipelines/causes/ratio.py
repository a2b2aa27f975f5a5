"""Ratio: the ratio and the difference of two amounts, which no sum of effects of single features makes.

An amount is a number that varies and is never below zero. Any joint effect of two amounts looks a little like a ratio.
A product u * v is the square of u - v as well as that of u + v, except for curves of u and v: so sums and products are
the mirror image from which a ratio must be distinguished.
"""

from typing import TYPE_CHECKING

from pipelines.causes.cause import Cause, Columns, Detail, Joint
from pipelines.causes.guess import Guess, Seen, idle, tried
from pipelines.causes.plan import Features, Training
from pipelines.facts.claims import Place
from pipelines.facts.eda import EdaLook

if TYPE_CHECKING:
    from pipelines.causes.pair import Pair
    from pipelines.targets import Floats

SPREAD = 10  # values, from which on a number varies


def amounts(features: Features) -> list[str]:
    """Return the numbers that vary and are never below zero."""
    x = features.x
    return [name for name in features.numeric if x[name].nunique() >= SPREAD and x[name].min() >= 0]


def plain_ratio(pair: "Pair") -> "list[Floats]":
    """Return the ratio, both ways up."""
    a, b = _divisors(pair)
    return [pair.held(a / b), pair.held(b / a)]


def ratios(pair: "Pair") -> "list[Floats]":
    """Return curves of the ratio and of the difference, and the ratio itself."""
    from pipelines.causes.pair import curve

    a, b = _divisors(pair)
    return [*curve(pair.scores(a / b)), *curve(pair.scores(pair.first - pair.second)), *plain_ratio(pair)]


def plain_product(pair: "Pair") -> "list[Floats]":
    """Return the product of the values, and that of the normal scores of their ranks."""
    return [pair.held(pair.first * pair.second), pair.scores(pair.first) * pair.scores(pair.second)]


def products(pair: "Pair") -> "list[Floats]":
    """Return the mirror image: curves of the product and of the sum, and the product itself, of values and of ranks."""
    from pipelines.causes.pair import curve

    a, b = _divisors(pair)
    return [*curve(pair.scores(a * b)), *curve(pair.scores(pair.first + pair.second)), *plain_product(pair)]


def _divisors(pair: "Pair") -> "tuple[Floats, Floats]":
    """Return both amounts, zeros as half the smallest positive one among the fitting rows."""
    return pair.positive(pair.first), pair.positive(pair.second)


def _applies(rows: Training) -> str | None:
    return None if len(amounts(rows)) > 1 else "fewer than two numeric features are amounts: varied, and never below 0"


def _guess(facts: EdaLook) -> Guess:
    """Guess from pairs of amounts that act together whether it is by their ratio or difference."""
    found = facts["screens"]["factors"]["ratio"]
    if not found["applicable"]:
        return idle(facts, "No two amounts are seen to act together, so ratio will not matter.")
    place = "screens/factors/ratio/pairs/0/features"
    names = found["pairs"][0]["features"]
    about: dict[str, Place] = {"one": (f"{place}/0", ""), "other": (f"{place}/1", "")}
    columns = [i for i, column in enumerate(facts["columns"]) if column["name"] in names]
    change = "Their ratio and their difference, beyond curves and products,"
    return tried(facts, "ratio", change, Seen(columns, "{one} and {other} act together.", about))


RATIO = Cause(
    name="ratio",
    title="the ratio and the difference of two amounts count",
    step="ratios and differences of numbers",
    wording="ratios or differences of two amounts",
    remedy="the ratio and the difference of the two amounts as columns",
    grows="pair",
    applies=_applies,
    joint=Joint(
        features=amounts,
        forms=(
            Columns("the ratio of two amounts", plain_ratio),
            Columns("curves of the ratio and of the difference of two amounts", ratios),
        ),
        rivals=(
            Columns("the product of the same two features", plain_product),
            Columns("curves of the product and of the sum of the same two features", products),
        ),
    ),
    guess=_guess,
    detail=Detail(
        where="reflect#/details/ratio",
        claim="which_pair",
        sentence="The ratio and the difference of {first} and {second} gain {effect} over the folds, beyond curved "
        "effects of each.",
    ),
)
