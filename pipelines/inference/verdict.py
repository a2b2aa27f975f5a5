"""From an interval and a margin to one word."""

from dataclasses import dataclass
from itertools import product
from math import ceil
from typing import Literal

from scipy.special import ndtri

from pipelines.inference.power import POWER, detectable_errors

Name = Literal["better", "tie", "worse", "underpowered"]

# Half the interval's width: what another bootstrap seed (Monte Carlo error 0.02 of it at 2,000 replicates) or
# another processor's last digits, which may send single rows of a tree elsewhere, can move an end by.
TOLERANCE = 0.06
MOST_TIMES = 1_000  # as many rows and more again is no advice


@dataclass(frozen=True)
class Verdict:
    """What the comparison comes to."""

    name: Name
    rows_needed: int | None  # test rows in all that would settle it; None where settled, or beyond MOST_TIMES
    close: bool  # a value within TOLERANCE would give another verdict
    close_to: str | None  # which threshold is that near


def verdict(value: float, ci: tuple[float, float], margin: float, rows: int) -> Verdict:
    """Return the verdict on a difference `value` (positive is better) with interval `ci`, measured on `rows` rows.

    `better` or `worse`: the interval excludes 0 and the value exceeds `margin`, the smallest difference that is
    worth acting on. `tie`: otherwise, and the whole interval lies within the margin. `underpowered`: neither.
    `rows_needed` assumes that the difference stays as measured and that the interval shrinks with the root of
    the rows; that many settle it with about 80 % probability.
    """
    name = _name(value, ci, margin)
    needed = _rows_needed(value, ci, margin, rows) if name == "underpowered" else None
    close_to = _close_to(value, ci, margin)
    return Verdict(name, needed, close_to is not None, close_to)


def _name(value: float, ci: tuple[float, float], margin: float) -> Name:
    low, high = ci
    if low > 0 and value > margin:
        return "better"
    if high < 0 and value < -margin:
        return "worse"
    return "tie" if low >= -margin and high <= margin else "underpowered"


def _rows_needed(value: float, ci: tuple[float, float], margin: float, rows: int) -> int | None:
    """Return the rows at which the interval and the value clear every threshold that they must clear."""
    se = (ci[1] - ci[0]) / 2 / detectable_errors(power=0.5)
    beyond = abs(value) - margin
    # Outside the margin: the interval must leave 0 and the value stay outside. Inside: the interval must fit in.
    wanted = (
        min(abs(value) / detectable_errors(), beyond / float(ndtri(POWER)))
        if beyond > 0
        else (-beyond / detectable_errors())
    )
    times = (se / wanted) ** 2 if wanted > 0 else float("inf")
    return ceil(rows * max(times, 1.0)) if times <= MOST_TIMES else None


def _close_to(value: float, ci: tuple[float, float], margin: float) -> str | None:
    """Return in words the threshold that is within tolerance, if crossing it changes the verdict."""
    tolerance = TOLERANCE * (ci[1] - ci[0]) / 2
    name = _name(value, ci, margin)
    shifts = (-tolerance, 0.0, tolerance)
    if tolerance == 0 or all(
        _name(value + v, (ci[0] + low, ci[1] + high), margin) == name for v, low, high in product(shifts, repeat=3)
    ):
        return None
    near = [
        f"{what} lies near {threshold}"
        for what, place in (
            ("the difference", value),
            ("the interval's lower end", ci[0]),
            ("the interval's upper end", ci[1]),
        )
        for threshold, at in (("zero", 0.0), ("the margin", margin), ("minus the margin", -margin))
        if abs(place - at) <= tolerance and not (what == "the difference" and at == 0)
    ]
    return " and ".join(near)
