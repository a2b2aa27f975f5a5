"""What the views of several sections need: places of facts, and the words for what was found there."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from pipelines.facts.pointer import has, resolve
from pipelines.facts.reflect.effects import Effect, Shape
from pipelines.facts.shared import Claim, Evidence, Failed, Pointer, Shown
from pipelines.facts.steps import Facts
from pipelines.ladder.alpha import ALPHA
from pipelines.report.words import capitalised

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


class Judged(TypedDict):
    """A finding that a rule judged: where it stands, and what the rule says."""

    at: Pointer
    matters: str  # in words
    p_decides: bool  # whether the interval is above zero, and the p-value corrected for several tests says chance


def reads_words(facts: Facts) -> bool:
    """Return whether models read the words of texts."""
    return bool(facts["define"].get("texts"))


def each(facts: Facts, where: Pointer) -> list[Pointer]:
    """Return the pointers to the items of the list at a pointer; none where there is no such list."""
    found = resolve(facts, where) if has(facts, where) else []
    return [f"{where}/{place}" for place in range(len(found) if isinstance(found, list) else 0)]


def told(facts: Facts, *names: str) -> list[Pointer]:
    """Return the pointers to the claims of step 7 by those names that it makes, in the order of the names."""
    places = {claim["id"]: f"reflect#/claims/{place}" for place, claim in enumerate(facts["reflect"]["claims"])}
    return [places[name] for name in names if name in places]


def warning(facts: Facts, place: int) -> Claim:
    """Return a warning of step 2, which begins with a metric's name, as a sentence with a capital first."""
    warned = facts["metric"]["warnings"][place]
    evidence: list[Evidence] | list[Shown] = warned["evidence"]
    return {"id": "warning", "text": capitalised(warned["text"]), "evidence": evidence}  # type: ignore[typeddict-item]


def count_of(found: Sequence[object], one: str, several: str) -> str:
    """Return how many there are, in words, at the beginning of a sentence: "Two changes"."""
    number = NUMBERS[len(found)] if len(found) < len(NUMBERS) else "Many"
    return f"{number} {one if len(found) == 1 else several}"


def yes_or_no(item: Mapping[str, object]) -> str:
    """Return whether an effect matters, and whether that is a close call, in words."""
    return ("**yes**" if item["matters"] else "no") + (" (close)" if item["close"] else "")


def judged(where: Pointer, items: Sequence[Effect | Shape]) -> list[Judged]:
    """Return the effects of a list, each with whether it matters."""
    return [
        {"at": f"{where}/{place}", "matters": yes_or_no(item), "p_decides": _p_decides(item)}
        for place, item in enumerate(items)
    ]


def _p_decides(item: Effect | Shape) -> bool:
    """Return whether the interval is above zero while the p-value says that chance may do as much."""
    adjusted = item["p_adjusted"]
    return item["ci"][0] > 0 and adjusted is not None and adjusted >= ALPHA


class NotFitted(TypedDict):
    """Models that were not fitted for one reason."""

    models: list[Pointer]
    why: Pointer


def without(where: Pointer, items: Sequence[Failed]) -> list[NotFitted]:
    """Return the models of a list that were not fitted, those with the same reason together."""
    groups: dict[str, NotFitted] = {}
    for place, item in enumerate(items):
        at = f"{where}/{place}"
        groups.setdefault(item["why"], {"models": [], "why": f"{at}/why"})["models"].append(at)
    return list(groups.values())
