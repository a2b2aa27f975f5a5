"""What parts of a cause gain, each alone: single features, codes, pairs."""

from typing_extensions import TypedDict

from pipelines.facts.shared import Interval, Names


class Effect(TypedDict):
    """A gain out of fold, and whether it matters."""

    gain: float  # positive is better
    ci: Interval  # its interval
    p_adjusted: float | None  # by Holm over the effects of this list
    matters: bool  # beyond chance, at least the margin, and not ruled out by the test rows
    close: bool  # whether other resamples could flip that


class Scale(Effect):
    """What ranks in place of one feature's values add to the baseline."""

    feature: str  # its name
    rows: int  # fitted to, in the smallest fold


class PartEffect(Effect):
    """What one part of a cause's change, the only one made, adds to the baseline, or a pair's columns to the rung."""

    features: list[str]  # that it is about
    rows: int  # fitted to, in the smallest fold


CodedCoefficient = TypedDict(
    "CodedCoefficient",
    {
        "feature": str,  # with codes
        "class": int | None,  # of several classes: the one whose score it is part of
        "as_read": float,  # the baseline's, mean over the folds, per standard deviation of the column
        "as_missing": float,  # the same where the codes are missing
    },
)
CodedCoefficient.__doc__ = "A coefficient of the baseline with codes read as numbers, and as missing."


class Codes(TypedDict):
    """What the baseline gains where values that look like codes are missing instead; a part of what scale gains."""

    features: list[str]  # with such values
    values: list[float]  # that look like codes, ascending
    rows: int  # training rows that have one
    gain: float  # out of fold
    ci: Interval  # its interval
    p_value: float  # of no gain
    matters: bool  # beyond chance, at least the margin, and not ruled out by the test rows
    close: bool  # whether other resamples could flip that
    coefficients: list[CodedCoefficient]  # of those features, in the baseline


class ShapePoint(TypedDict):
    """An effect at one value, with mean zero over the training rows, on the modelling scale."""

    x: float | str  # a number, or a level
    effect: float  # of ranks and trees
    linear: float  # of the baseline


Shape = TypedDict(
    "Shape",
    {
        "feature": str,  # its name
        "gain": float,  # out of fold: what its own trees add where no other feature may bend
        "ci": Interval,  # its interval
        "p_adjusted": float | None,  # by Holm over the shapes
        "matters": bool,  # beyond chance, at least the margin, and not ruled out by the test rows
        "close": bool,  # whether other resamples could flip that
        "curve": list[ShapePoint],  # its effect along its values
        "class": int | None,  # of several classes, the one whose effect bends most
    },
)
Shape.__doc__ = "What one feature gains where it may bend."


Surface = TypedDict(
    "Surface",
    {
        "x": list[float] | list[str],  # values or levels of the first feature
        "y": list[float] | list[str],  # of the second
        "effect": list[list[float]],  # joint effect on the modelling scale by x and y, with mean zero
        "class": int | None,  # of several classes, the one that it moves most
    },
)
Surface.__doc__ = "The joint effect of two features."


class Interaction(Effect):
    """What a pair adds where no other pair may interact."""

    features: Names  # the pair
    screen: float  # its strength where pairs were looked for, in standard errors
    surface: Surface | None  # of the first three; null beyond, and where no tree helped


class PairsScreened(TypedDict):
    """Among how many features the strongest pairs were looked for."""

    features: int  # looked at
    of: int  # all
