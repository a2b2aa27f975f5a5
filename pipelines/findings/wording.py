"""How step 7 puts a finding into a sentence: sentences and lists whose numbers are bound, and the forms of numbers."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple, cast

from pipelines.core import rounding
from pipelines.facts.claims import Form, Place, claim
from pipelines.facts.pointer import has, resolve
from pipelines.facts.reflect.attribution import Attribution
from pipelines.facts.shared import Claim, Interval, Pointer, Shown
from pipelines.facts.steps import Facts

ATTRIBUTION = "reflect#/attribution"


class Phrase(NamedTuple):
    """Part of a sentence, with the facts that it states."""

    text: str
    evidence: list[Shown]


Part = Place | Phrase  # what a template's place holds: a fact, or words that state facts themselves


def phrase(template: str, facts: Facts, /, **parts: Part) -> Phrase:
    """Return the template with each of its places, `{place}`, filled; every part must have one.

    The place `metric` says of an error on the logarithm that it is one. Raises BindingError where a fact is missing.
    """
    made = {name: part if isinstance(part, Phrase) else _fact(part, facts) for name, part in parts.items()}
    shown = {name: part.text for name, part in made.items()}
    if "metric" in shown and facts["define"]["target_scale"] == "log":
        shown["metric"] += " of the logarithm"
    return Phrase(template.format(**shown), [one for part in made.values() for one in part.evidence])


def words(text: str) -> Phrase:
    """Return words that state no fact."""
    return Phrase(text, [])


def _fact(place: Place, facts: Facts) -> Phrase:
    made = claim("", "{fact}", facts, fact=place)
    return Phrase(made["text"], made["evidence"])


def say(name: str, template: str, facts: Facts, /, **parts: Part) -> Claim:
    """Return the claim of that name that fills the template; see `phrase`."""
    return together(name, [phrase(template, facts, **parts)])


def together(name: str, sentences: Sequence[Phrase]) -> Claim:
    """Return one claim of several sentences, one after the other."""
    evidence = [one for sentence in sentences for one in sentence.evidence]
    return {"id": name, "text": " ".join(sentence.text for sentence in sentences), "evidence": evidence}


def listed(parts: Sequence[Phrase]) -> Phrase:
    """Return the parts as a list in a sentence: "a, b and c"."""
    return Phrase(as_list([part.text for part in parts]), [one for part in parts for one in part.evidence])


def names(where: Pointer, count: int, facts: Facts, form: Form = "") -> Phrase:
    """Return the items of a list of facts as a list in a sentence."""
    return listed([_fact((f"{where}/{i}", form), facts) for i in range(count)])


def gain_with_ci(where: Pointer, facts: Facts) -> Phrase:
    """Return the gain at a pointer with its interval, both with the same decimals: "0.148 [0.134, 0.162]"."""
    form = ci_form(f"{where}/ci", facts)
    return phrase("{gain} {ci}", facts, gain=(f"{where}/gain", form), ci=(f"{where}/ci", form))


def ci_form(where: Pointer, facts: Facts) -> str:
    """Return the form of the interval at a pointer, which the gain that it belongs to shares."""
    return rounding.gain_form(cast("Interval", resolve(facts, where)), facts["metric"]["margin"])


def as_list(items: Sequence[str]) -> str:
    """Return the items as a list in a sentence: "a, b and c"."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]


def begin(sentence: Phrase) -> Phrase:
    """Return the sentence with a capital first; it must not begin with a fact."""
    return Phrase(sentence.text[:1].upper() + sentence.text[1:], sentence.evidence)


def judged(facts: Facts) -> Pointer:
    """Return the pointer to the difference that the verdict is about: from the baseline, or from a constant."""
    constant = "compare#/difference/constant"
    return constant if has(facts, constant) else "compare#/difference"


def better(facts: Facts) -> bool:
    """Return whether the strong model is shown to be better."""
    return facts["compare"]["difference"]["verdict"] == "better"


def mattering(facts: Facts) -> list[int]:
    """Return the places of the causes that matter, the largest gain on the test rows first."""
    attribution = facts["reflect"]["attribution"]
    return sorted((i for i, item in enumerate(attribution) if item["matters"]), key=lambda i: -attribution[i]["gain"])


def attributed(facts: Facts, cause: str) -> Attribution | None:
    """Return what a cause gained; None where the ladder does not name it."""
    return next((item for item in facts["reflect"]["attribution"] if item["factor"] == cause), None)


def matters(facts: Facts, cause: str) -> bool:
    """Return whether the strong model is better and the cause matters."""
    found = attributed(facts, cause)
    return better(facts) and found is not None and found["matters"]


def gain_form(facts: Facts, *, margin: bool = True) -> Form:
    """Return the form of a difference in the primary metric, or, without its margin, in another metric."""
    return partial(rounding.gain_form, margin=facts["metric"]["margin"] if margin else None)


def score_form(facts: Facts) -> Form:
    """Return the form of a score in the primary metric."""
    return rounding.score_form(facts["metric"]["margin"])
