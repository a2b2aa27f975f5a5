"""Pointers to facts: a step, "#", and a JSON pointer (RFC 6901) into that step's facts."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pipelines.facts.shared import Pointer

T = TypeVar("T")


class BindingError(ValueError):
    """A sentence or a page states something that no fact does."""


def parts(pointer: Pointer) -> tuple[str, list[str]]:
    """Return the step that a pointer names, and the keys and places that lead on from there."""
    step, _, path = pointer.partition("#")
    return step, [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]


def join(pointer: Pointer, key: str | int) -> Pointer:
    """Return the pointer to `key` below `pointer`."""
    part = str(key).replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{part}" if "#" in pointer else f"{pointer}#/{part}"


def resolve(facts: Mapping[str, object], pointer: Pointer) -> object:
    """Return the value at a pointer into the facts of several steps, by step.

    Raises BindingError where it points to nothing, saying which part failed.
    """
    step, path = parts(pointer)
    if step not in facts:
        message = f"{pointer}: no facts of step {step!r}; there are {', '.join(facts) or 'none'}"
        raise BindingError(message)
    found = facts[step]
    for key in path:
        try:
            found = _below(found, key)
        except (KeyError, IndexError, ValueError):
            message = f"{pointer}: nothing at {key!r}"
            raise BindingError(message) from None
    return found


def _below(found: object, key: str) -> object:
    """Return what stands at a key of an object, or at a place of a list."""
    if isinstance(found, Mapping):
        return found[key]
    if isinstance(found, Sequence) and not isinstance(found, str):
        return found[int(key)]
    raise KeyError(key)


def has(facts: Mapping[str, object], pointer: Pointer) -> bool:
    """Return whether there is something at `pointer`: not None, and not an empty list, object or text."""
    try:
        return resolve(facts, pointer) not in (None, [], {}, "")
    except BindingError:
        return False


def given(value: T | None) -> T:
    """Return a fact that must be there. Raises BindingError where there is none."""
    if value is None:
        message = "there is no such fact"
        raise BindingError(message)
    return value
