"""How many decimals a number of the primary metric has: one rule for sentences, tables and pictures.

The margin is the smallest difference worth acting on. Numbers have the decimals of its leading digit: anything
finer is noise to the reader.
"""

import math
from collections.abc import Sequence

FEWEST = 3  # decimals of a metric whose margin is a fraction, or not known: readers expect three of a score
# An interval that excludes zero gets so many decimals more that it does not read as zero; an end that needs more than
# these is smaller than a thousandth of the last digit, zero for every reader, and often the rounding error of a sum.
MOST_MORE = 3
ONE_MORE = 1  # decimal of a difference by itself, whose interval says what it is worth


def decimals(margin: float | None) -> int:
    """Return the decimals of the margin's leading digit: none from a margin of 1 on, three at least below."""
    if not margin:
        return FEWEST
    return 0 if margin >= 1 else max(FEWEST, -math.floor(math.log10(margin)))


def score_form(margin: float | None) -> str:
    """Return the Python format of a score, with no sign where rounding leaves zero."""
    return f"z,.{decimals(margin)}f"


def gain_form(shown: float | Sequence[float], margin: float | None) -> str:
    """Return the Python format of a difference of scores, or of an interval of one, both ends alike.

    It has no plus sign. An interval that excludes zero never reads as if it held it (see MOST_MORE): [0.0003, 0.0121],
    not [0.000, 0.012], which would say that there may be no gain. One that holds zero has the usual decimals.
    """
    usual = decimals(margin)
    if not isinstance(shown, Sequence):
        return f"z,.{_needed(shown, usual, ONE_MORE)}f"
    one_sided = min(shown) > 0 or max(shown) < 0
    return f"z,.{max(_needed(value, usual, MOST_MORE) for value in shown) if one_sided else usual}f"


def _needed(value: float, usual: int, more: int) -> int:
    """Return the decimals with which a value does not read as zero; the usual ones for zero, and what is next to it."""
    enough = (places for places in range(usual, usual + more + 1) if round(value, places) != 0)
    return next(enough, usual)
