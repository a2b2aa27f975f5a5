"""Sentences whose every number and name is bound to a fact."""

from collections.abc import Mapping
from typing import Any

LARGE = 1000  # from here on, whole numbers
SMALL = 1e-4  # below, powers of ten
SCORE, GAIN, SHARE = ".3f", "+.4f", ".1%"
AUTO = "auto"


def say(facts: Mapping[str, Any], template: str, **places: tuple[str, str]) -> dict[str, Any]:
    """Return {text, evidence}: the template with each place filled from the facts of this step.

    A place is (pointer, format): a path such as "columns/4/missing", and a Python format specification ("" for text) or
    AUTO. Evidence: {fact, value, form, shown} in the order of `places`; `shown`, as the text has it, is `value` in
    `form`.
    """
    evidence = []
    for pointer, asked in places.values():
        value = look_up(facts, pointer)
        form = form_of(value) if asked == AUTO else asked
        evidence.append({"fact": f"eda#/{pointer}", "value": value, "form": form, "shown": format(value, form)})
    shown = {name: item["shown"] for name, item in zip(places, evidence, strict=True)}
    return {"text": template.format(**shown), "evidence": evidence}


def look_up(facts: Mapping[str, Any], pointer: str) -> Any:  # noqa: ANN401 - whatever the facts hold
    """Return the value at a path of keys and list positions, such as "columns/4/quantiles/99"."""
    found: Any = facts
    for part in pointer.split("/"):
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found


def form_of(value: float) -> str:
    """Return the format in which a number of unknown size reads best: about three significant digits."""
    size = abs(value)
    if float(value).is_integer() or size >= LARGE:
        return ",.0f"
    if size < SMALL:
        return ".1e"
    decimals = 0
    while size * 10**decimals < 100 and decimals < 6:  # noqa: PLR2004 - three digits, at most six decimals
        decimals += 1
    return f",.{decimals}f"
