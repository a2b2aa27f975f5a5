"""How many digits of a computed number are written: those that another processor computes too.

Processors add up in another order and round logarithms otherwise, so that the last digits of a result differ: of a sum
in its fifteenth or sixteenth, of a difference of two sums in as many before as the two have in common. What is written
keeps a distance from those. A number may still lie so near the middle between two neighbours that it is rounded to
either; `docs/performance.md` says how often.
"""

DIGITS = 8  # significant, of a float in facts
# Significant, of a p-value. The relative error of one of 1e-100 is a few hundred times its statistic's: what differs in
# the eleventh digit of a standard error differs in the eighth of the p-value.
OF_P_VALUE = 4
P_VALUES = frozenset({"p_value", "p_adjusted"})  # keys of facts
WHOLE = 10  # digits before the point that are kept in any case: of amounts of money, and of seconds since 1970
NOISE = 12  # decimals of a share, beyond which there are only rounding errors
OF_BYTES = 2  # significant, of a file's size: compression depends on the last digits of what is packed, and on zlib


def written(value: float) -> float:
    """Return a finite float as facts hold it: to DIGITS significant digits, and without a negative zero."""
    return float(f"{value:.{DIGITS if abs(value) < 10**DIGITS else WHOLE}g}") + 0.0


def written_as(key: str, value: float) -> float:
    """Return a finite float as facts hold it below a key."""
    return written(float(f"{value:.{OF_P_VALUE}g}") if key in P_VALUES else value)


def without_noise(share: float) -> float:
    """Return a number between -1 and 1, or a difference of two, to NOISE decimals: what cancels is zero, not 3e-17."""
    return round(share, NOISE)


def written_bytes(size: int) -> int:
    """Return a file's size to OF_BYTES significant digits."""
    return int(float(f"{size:.{OF_BYTES}g}"))
