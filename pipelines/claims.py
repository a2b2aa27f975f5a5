"""Sentences with numbers, each number bound to the fact that it states.

A claim is `{id, text, evidence: [{fact, value, form, shown}]}`: `fact` is a step, "#", and a JSON pointer (RFC 6901),
`value` what it points to, `shown` the characters of the text that state it, `form` the Python format specification that
made them of the value ("" for plain text).
"""

import re
from collections.abc import Mapping
from typing import Any

Facts = Mapping[str, Mapping[str, Any]]
DIGITS = 10  # significant ones of a float in facts, of which sentences are checked once these are written
_NUMBER = re.compile(r"\d")


class ClaimError(ValueError):
    """A claim says what no fact does."""


def look_up(facts: Facts, pointer: str) -> Any:  # noqa: ANN401 - whatever the facts hold
    """Return the value at a pointer such as `compare#/difference/value`. Raises ClaimError where there is nothing."""
    step, _, path = pointer.partition("#")
    found: Any = facts.get(step)
    for part in path.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        try:
            found = found[int(key)] if isinstance(found, list) else found[key]
        except (KeyError, IndexError, ValueError, TypeError):
            message = f"{pointer}: nothing at {key!r}"
            raise ClaimError(message) from None
    if found is None:
        message = f"{pointer}: there is no such fact"
        raise ClaimError(message)
    return found


def claim(name: str, template: str, facts: Facts, /, **places: tuple[str, str]) -> dict[str, Any]:
    """Return the claim that fills each place of `template`, `{place}`, with a fact.

    A place is (pointer, form): a Python format specification, "" for text. Raises ClaimError where a pointer leads
    nowhere.
    """
    evidence = []
    for pointer, form in places.values():
        value = look_up(facts, pointer)
        evidence.append({"fact": pointer, "value": value, "form": form, "shown": _show(value, form)})
    shown = {place: item["shown"] for place, item in zip(places, evidence, strict=True)}
    return {"id": name, "text": template.format(**shown), "evidence": evidence}


def check_claims(claims: list[dict[str, Any]], facts: Facts) -> None:
    """Raise ClaimError where a claim's value is not that of its fact, or a number of its text has no evidence."""
    for one in claims:
        rest = one["text"]
        for item in sorted(one["evidence"], key=lambda item: -len(item["shown"])):
            found = look_up(facts, item["fact"])
            if found != item["value"]:
                message = f"claim {one['id']}: says {item['value']!r} where {item['fact']} says {found!r}"
                raise ClaimError(message)
            if _show(item["value"], item["form"]) != item["shown"]:
                message = f"claim {one['id']}: {item['value']!r} is not written {item['shown']!r}"
                raise ClaimError(message)
            if item["shown"] not in one["text"]:
                message = f"claim {one['id']}: its text does not hold {item['shown']!r}"
                raise ClaimError(message)
            rest = rest.replace(item["shown"], " ")
        if loose := _NUMBER.search(rest):
            message = f"claim {one['id']}: no evidence for the number in {rest[max(0, loose.start() - 20) :][:60]!r}"
            raise ClaimError(message)


def _show(value: Any, form: str) -> str:  # noqa: ANN401 - whatever the facts hold
    """Return the value as the text has it; a list as an interval."""
    if isinstance(value, list):
        return "[" + ", ".join(_show(part, form) for part in value) + "]"
    return format(float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value, form)
