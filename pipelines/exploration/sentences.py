"""Sentences about this step's own facts, each number and name bound to the fact that it states."""

from collections.abc import Mapping
from functools import partial

from pipelines.core.rounding import gain_form
from pipelines.facts.claims import Place, claim
from pipelines.facts.shared import Sentence

LARGE = 1000  # from here on, whole numbers
SMALL = 1e-4  # below, powers of ten
DIGITS, DECIMALS = 100, 6  # three significant digits, at most six decimals
SCORE, SHARE, YES = ".3f", ".1%", ".2%"
GAIN = partial(gain_form, margin=None)


def say(facts: Mapping[str, object], template: str, **places: Place) -> Sentence:
    """Return the sentence: the template with each place filled from the facts of this step; see `claims.claim`.

    A place is (path, form), the path such as "columns/4/missing". Raises BindingError where a path leads nowhere.
    """
    made = claim(
        "", template, {"eda": facts}, **{name: (f"eda#/{path}", form) for name, (path, form) in places.items()}
    )
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
