"""Sentences with numbers, each number bound to the fact that it states."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from pipelines.core.digits import written
from pipelines.facts.pointer import BindingError, resolve
from pipelines.facts.shared import Claim, Evidence, Pointer, Shown, Value

_NUMBER = re.compile(r"\d")

Form = str | Callable[[Any], str]  # a Python format specification, or what chooses one for a value
Place = tuple[Pointer, Form]  # what a place in a sentence states, and how that is written


def claim(name: str, template: str, facts: Mapping[str, object], /, **places: Place) -> Claim:
    """Return the claim that fills each place of `template`, `{place}`, with a fact: a pointer and a form, "" for text.

    Raises BindingError where a pointer leads nowhere, or to None.
    """
    evidence = [_state(facts, pointer, form) for pointer, form in places.values()]
    shown = {place: item["shown"] for place, item in zip(places, evidence, strict=True)}
    return {"id": name, "text": template.format(**shown), "evidence": evidence}


def check_claims(claims: Iterable[Claim], facts: Mapping[str, object]) -> None:
    """Raise BindingError where a claim says other than its facts; see `check_sentence`."""
    for one in claims:
        check_sentence(f"claim {one['id']}", one["text"], one["evidence"], facts)


def check_sentence(
    name: str, text: str, evidence: Sequence[Evidence] | Sequence[Shown], facts: Mapping[str, object]
) -> None:
    """Raise BindingError where the evidence of a sentence is not what the facts say.

    Where all of it says how it is `shown`, it must also be written so in the text, and account for every number there.
    """
    for item in evidence:
        if (found := resolve(facts, item["fact"])) != item["value"]:
            message = f"{name}: its evidence says {item['value']!r} where {item['fact']} says {found!r}"
            raise BindingError(message)
    if all("shown" in item for item in evidence):
        _check_numbers(name, text, cast("Sequence[Shown]", evidence))


def _check_numbers(name: str, text: str, evidence: Sequence[Shown]) -> None:
    """Raise BindingError where evidence is not in the text as it should be, or a number there has no evidence."""
    rest = text
    for item in sorted(evidence, key=lambda item: -len(item["shown"])):
        if _show(item["value"], item["form"]) != item["shown"]:
            message = f"{name}: {item['value']!r} is not written {item['shown']!r}"
            raise BindingError(message)
        if item["shown"] not in text:
            message = f"{name}: its text does not hold {item['shown']!r}"
            raise BindingError(message)
        rest = rest.replace(item["shown"], " ")
    if loose := _NUMBER.search(rest):
        message = f"{name}: no evidence for the number in {rest[max(0, loose.start() - 20) :][:60]!r}"
        raise BindingError(message)


def _state(facts: Mapping[str, object], pointer: Pointer, form: Form) -> Shown:
    """Return the evidence that a place needs."""
    value = cast("Value", resolve(facts, pointer))
    if value is None:
        message = f"{pointer}: there is no such fact"
        raise BindingError(message)
    chosen = form if isinstance(form, str) else form(value)
    return {"fact": pointer, "value": value, "form": chosen, "shown": _show(value, chosen)}


def _show(value: Value, form: str) -> str:
    """Return the value as the text has it; a list as an interval."""
    if isinstance(value, list):
        return "[" + ", ".join(_show(part, form) for part in value) + "]"
    return format(written(value) if isinstance(value, float) else value, form)
