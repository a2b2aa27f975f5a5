"""Sentences about this step's own facts, each number and name bound to the fact that it states."""

from collections.abc import Mapping
from typing import Any

from pipelines.claims import claim, look_up

LARGE = 1000  # from here on, whole numbers
SMALL = 1e-4  # below, powers of ten
DIGITS, DECIMALS = 100, 6  # three significant digits, at most six decimals
SCORE, GAIN, SHARE, YES = ".3f", "+.4f", ".1%", ".2%"
AUTO = "auto"


def say(facts: Mapping[str, Any], template: str, **places: tuple[str, str]) -> dict[str, Any]:
    """Return {text, evidence}: the template with each place filled from the facts of this step; see `claims.claim`.

    A place is (path, format): a path such as "columns/4/missing", and a Python format specification ("" for text) or
    AUTO. Raises ClaimError where a path leads nowhere.
    """
    own = {"eda": facts}
    bound = {name: (f"eda#/{path}", form) for name, (path, form) in places.items()}
    formed = {
        name: (pointer, form_of(look_up(own, pointer)) if form == AUTO else form)
        for name, (pointer, form) in bound.items()
    }
    made = claim("", template, own, **formed)
    return {"text": made["text"], "evidence": made["evidence"]}


def form_of(value: float) -> str:
    """Return the format in which a number of unknown size reads best: about three significant digits."""
    size = abs(value)
    if float(value).is_integer() or size >= LARGE:
        return ",.0f"
    if size < SMALL:
        return ".1e"
    decimals = 0
    while size * 10**decimals < DIGITS and decimals < DECIMALS:
        decimals += 1
    return f",.{decimals}f"
