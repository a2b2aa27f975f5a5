"""How step 7 puts a finding into a sentence: forms of numbers, lists, and which causes there are to tell of."""

from functools import partial

from pipelines.core import rounding
from pipelines.facts.claims import Form, Place, claim
from pipelines.facts.pointer import has
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts


def say(name: str, template: str, facts: Facts, /, **places: Place) -> Claim:
    """Return the claim, saying of an error on the logarithm that it is one."""
    if facts["define"]["target_scale"] == "log":
        template = template.replace("{label}", "{label} of the logarithm")
    return claim(name, template, facts, **places)


def judged(facts: Facts) -> str:
    """Return the pointer to the difference that the verdict is about: from the baseline, or from a constant."""
    constant = "compare#/difference/constant"
    return constant if has(facts, constant) else "compare#/difference"


def mattering(facts: Facts) -> list[int]:
    """Return the places of the causes that matter, the largest gain on the test rows first."""
    attribution = facts["reflect"]["attribution"]
    return sorted((i for i, item in enumerate(attribution) if item["matters"]), key=lambda i: -attribution[i]["gain"])


def matters(facts: Facts, cause: str) -> bool:
    """Return whether the strong model is better and the cause matters."""
    better = facts["compare"]["difference"]["verdict"] == "better"
    return better and any(item["matters"] for item in facts["reflect"]["attribution"] if item["factor"] == cause)


def gain_form(facts: Facts, *, margin: bool = True) -> Form:
    """Return the form of a difference in the primary metric, or, without its margin, in another metric."""
    return partial(rounding.gain_form, margin=facts["metric"]["margin"] if margin else None)


def score_form(facts: Facts) -> Form:
    """Return the form of a score in the primary metric."""
    return rounding.score_form(facts["metric"]["margin"])


def as_list(words: list[str]) -> str:
    """Return the words as a list in a sentence."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
