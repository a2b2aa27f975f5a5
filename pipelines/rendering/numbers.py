"""Binding of every number on a page to the fact it states.

A template can write a number only through a `Binder`: it resolves a JSON pointer such as
`compare#/difference/value`, formats what it finds, and encloses the characters in marks. When the page is
done, `unbind` removes the marks and raises on any digit that was outside them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.claims import ClaimError, check_claims
from pipelines.rendering.formats import Formats

Facts = Mapping[str, Mapping[str, object]]
OPEN, CLOSE = "\ue000", "\ue001"  # private-use characters; `text.plain` lets none through from data
_MARKED = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
_STEP_HEADING = re.compile(r"^(#{1,6}) \d\b", re.MULTILINE)
_LINK_TARGET = re.compile(r"\]\([^()\s]*\)")


class BindingError(ValueError):
    """A page states something that no fact does: an unbound number, or a pointer to nothing."""


@dataclass(frozen=True)
class Binding:
    """One bound place on a page: where its value comes from, the value, and what the reader sees."""

    fact: str
    value: object
    shown: str


def resolve(facts: Facts, pointer: str) -> object:
    """Return the value at `pointer`: a step, "#", and a JSON pointer (RFC 6901) into that step's facts.

    Raises BindingError where it points to nothing, saying which part failed.
    """
    step, _, path = pointer.partition("#")
    if step not in facts:
        message = f"{pointer}: no facts of step {step!r}; there are {', '.join(facts) or 'none'}"
        raise BindingError(message)
    found: object = facts[step]
    for part in path.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        try:
            found = found[int(key)] if isinstance(found, list) else found[key]  # type: ignore[index]
        except (KeyError, IndexError, ValueError, TypeError):
            message = f"{pointer}: nothing at {key!r}"
            raise BindingError(message) from None
    return found


def has(facts: Facts, pointer: str) -> bool:
    """Return whether there is something at `pointer`: not None, and not an empty list or object."""
    try:
        return resolve(facts, pointer) not in (None, [], {}, "")
    except BindingError:
        return False


def join(pointer: str, key: str | int) -> str:
    """Return the pointer to `key` below `pointer`."""
    part = str(key).replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{part}" if "#" in pointer else f"{pointer}#/{part}"


def check_sentence(facts: Facts, pointer: str, key: str) -> None:
    """Raise BindingError where the sentence at `pointer`/`key` says other than the facts that its evidence points to.

    Evidence that tells how its value is written (`shown`) must account for every number of the sentence.
    """
    sentence: Any = resolve(facts, pointer)
    evidence = sentence.get("evidence") or []
    if all("shown" in item for item in evidence):
        try:
            check_claims([{"id": pointer, "text": sentence[key], "evidence": evidence}], facts)
        except ClaimError as error:
            raise BindingError(str(error)) from error
    for item in evidence:
        found = resolve(facts, item["fact"])
        if found != item["value"]:
            message = f"{pointer}: its evidence says {item['value']!r} where {item['fact']} says {found!r}"
            raise BindingError(message)


@dataclass
class Binder:
    """Writes facts into one page, and keeps account of what it wrote."""

    facts: Facts
    formats: Formats
    bindings: list[Binding] = field(default_factory=list)

    def fact(self, pointer: str, form: str = "number") -> str:
        """Return the fact's value in the format `form` (see formats.py), marked as bound."""
        value = resolve(self.facts, pointer)
        try:
            shown = self.formats.show(value, form)
        except (TypeError, ValueError) as error:
            message = f"{pointer}: {value!r} cannot be written as {form!r}: {error}"
            raise BindingError(message) from error
        self.bindings.append(Binding(pointer, value, shown))
        return f"{OPEN}{shown}{CLOSE}"

    def interval(self, value: str, ci: str, form: str = "score") -> str:
        """Return a value with its interval, such as "0.866 [0.861, 0.871]", or the value alone if there is none."""
        alone = self.fact(value, form)
        return f"{alone} {self.fact(ci, form)}" if self.has(ci) else alone

    def length(self, pointer: str) -> str:
        """Return how many items the list or object at `pointer` has, marked as bound."""
        found = resolve(self.facts, pointer)
        if not isinstance(found, (list, Mapping)):
            message = f"{pointer}: {found!r} has no items to count"
            raise BindingError(message)
        shown = self.formats.show(len(found), "count")
        self.bindings.append(Binding(pointer, found, shown))
        return f"{OPEN}{shown}{CLOSE}"

    def text(self, pointer: str) -> str:
        """Return the fact as text that is no markup, marked as bound."""
        return self.fact(pointer, "text")

    def key(self, pointer: str, form: str = "text") -> str:
        """Return the last part of the pointer, which must lead somewhere: the name under which the facts file it."""
        value = resolve(self.facts, pointer)
        name = pointer.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~")
        shown = self.formats.show(name, form)
        self.bindings.append(Binding(pointer, value, shown))
        return f"{OPEN}{shown}{CLOSE}"

    def claim(self, pointer: str, key: str = "text") -> str:
        """Return the sentence at `pointer`/`key`, whose numbers its own evidence must back, as text that is no markup.

        Percentages are spaced as elsewhere on the page. Raises BindingError where the evidence's values are not those
        of the facts it points to.
        """
        check_sentence(self.facts, pointer, key)
        sentence: Any = resolve(self.facts, pointer)
        said = sentence[key]
        for item in sentence.get("evidence") or []:
            if item.get("form", "").endswith("%"):
                said = said.replace(item["shown"], item["shown"].replace("%", " %"))
        shown = self.formats.show(said, "text")
        self.bindings.append(Binding(join(pointer, key), sentence[key], shown))
        return f"{OPEN}{shown}{CLOSE}"

    def told(self, name: str) -> str | None:
        """Return the pointer to the claim of step 7 with the given id, or None where it makes no such claim."""
        claims: Any = resolve(self.facts, "reflect#/claims")
        return next((f"reflect#/claims/{place}" for place, one in enumerate(claims) if one["id"] == name), None)

    def value(self, pointer: str) -> object:
        """Return the bare value, for a template to decide by; written out, its digits would be unbound."""
        return resolve(self.facts, pointer)

    def has(self, pointer: str) -> bool:
        """Return whether there is something at `pointer`."""
        return has(self.facts, pointer)

    def best(self, pointer: str, key: str, most: int) -> list[str]:
        """Return the pointers to the `most` items of the list at `pointer` whose `key` is largest, largest first."""
        places = self.each(pointer)
        return sorted(places, key=lambda place: -float(resolve(self.facts, join(place, key)) or 0))[:most]  # type: ignore[arg-type]

    def each(self, pointer: str) -> list[str]:
        """Return the pointers to the items of the list or object at `pointer`."""
        found = resolve(self.facts, pointer)
        keys: Iterable[str | int] = range(len(found)) if isinstance(found, list) else list(found)  # type: ignore[call-overload]
        return [join(pointer, key) for key in keys]


def find_unbound(marked: str) -> list[str]:
    """Return the lines of a marked page that hold a digit outside marks, headings' step numbers and link targets."""
    rest = _LINK_TARGET.sub("]()", _STEP_HEADING.sub(r"\1", _MARKED.sub("", marked)))
    return [line.strip() for line in rest.splitlines() if any(c.isnumeric() for c in line)]


def unbind(marked: str) -> str:
    """Return the page without marks. Raises BindingError naming the lines that hold an unbound number."""
    if loose := find_unbound(marked):
        message = "numbers that no fact backs: " + " | ".join(loose[:5])
        raise BindingError(message)
    return marked.replace(OPEN, "").replace(CLOSE, "")
