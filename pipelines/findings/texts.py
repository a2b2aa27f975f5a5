"""What the controls of texts say of each cause: how much of its gain is left when something is taken away."""

import math
from typing import Literal, NamedTuple

from pipelines.facts.reflect.texts import Control, TextGain
from pipelines.facts.shared import Estimate, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.wording import attributed

CONTROLS = "reflect#/texts/controls/controls"
MEANING = "meaning"
Lost = Literal["all", "nearly all", "part", "open", "nothing"]
FRACTIONS = {
    1 / 10: "a tenth", 1 / 6: "a sixth", 1 / 4: "a quarter", 1 / 3: "a third", 2 / 5: "two fifths", 1 / 2: "half",
    3 / 5: "three fifths", 2 / 3: "two thirds", 3 / 4: "three quarters", 5 / 6: "five sixths", 9 / 10: "nine tenths",
}  # fmt: skip


class Loss(NamedTuple):
    """What a cause loses where one thing is taken away."""

    factor: str
    lost: Lost
    share: str  # of the whole gain, as a fraction in words
    whole: Pointer  # its gain where nothing is taken away
    left: Pointer  # its gain in the control


def fraction(share: float, *, at_least: bool = False) -> str:
    """Return a share as the nearest common fraction in words, or as the largest that it reaches."""
    known = [one for one in FRACTIONS if not at_least or one <= share] or [min(FRACTIONS)]
    return FRACTIONS[min(known, key=lambda one: abs(one - share))]


def is_found(gain: TextGain, margin: float) -> bool:
    """Return whether a cause is found: kept, beyond chance, and no smaller than the margin."""
    return gain["kept"] and gain["gain"]["ci"][0] > 0 and gain["gain"]["value"] >= margin


def loss(whole: TextGain, left: TextGain, margin: float) -> Lost:
    """Return how much a cause that is found loses in a control.

    The two gains share their rows, and their noise is added as if they did not: a loss that is named stands out from
    more noise than there is. "open" is a loss that reaches the margin and may be chance.
    """
    if not left["kept"]:
        return "all"
    missing = whole["gain"]["value"] - left["gain"]["value"]
    if missing > math.hypot(_half(whole["gain"]), _half(left["gain"])):
        return "nearly all" if left["gain"]["value"] < margin else "part"
    return "open" if missing >= margin else "nothing"


def _half(estimate: Estimate) -> float:
    low, high = estimate["ci"]
    return (high - low) / 2


def controls_named(facts: Facts, name: str) -> list[tuple[Pointer, Control]]:
    """Return the controls of a name with where they stand: none where it was not made, several sets of labels."""
    found = facts["reflect"]["texts"]["controls"]["controls"]
    return [(f"{CONTROLS}/{place}", one) for place, one in enumerate(found) if one["name"] == name]


def causes_found(facts: Facts) -> list[str]:
    """Return the causes that are found on the controls' rows where nothing is taken away."""
    margin = facts["metric"]["margin"]
    return [
        one["factor"]
        for _, control in controls_named(facts, "none")
        for one in control["gains"]
        if is_found(one, margin)
    ]


def causes_tried(facts: Facts) -> list[str]:
    """Return the causes of texts that there was something to try for, in the ladder's order."""
    gains = facts["reflect"]["texts"]["sizes"][-1]["gains"]
    known = {one["factor"]: attributed(facts, one["factor"]) for one in gains}
    return [name for name, item in known.items() if item is None or item["applicable"]]


def losses(facts: Facts, name: str) -> list[Loss]:
    """Return what each cause that is found loses in the control of that name."""
    margin, (at, none), made = facts["metric"]["margin"], controls_named(facts, "none")[0], controls_named(facts, name)
    whole = {one["factor"]: (f"{at}/gains/{place}/gain", one) for place, one in enumerate(none["gains"])}
    found = []
    for where, control in made[:1]:
        for place, one in enumerate(control["gains"]):
            pointer, full = whole[one["factor"]]
            if is_found(full, margin):
                missing = 1 - one["gain"]["value"] / full["gain"]["value"]
                left = f"{where}/gains/{place}/gain"
                found.append(Loss(one["factor"], loss(full, one, margin), fraction(missing), pointer, left))
    return found


def found_in(facts: Facts, name: str) -> list[Pointer]:
    """Return where the gains of causes stand that are found in the controls of that name."""
    margin = facts["metric"]["margin"]
    return [
        f"{where}/gains/{place}"
        for where, control in controls_named(facts, name)
        for place, one in enumerate(control["gains"])
        if is_found(one, margin) and (name == "labels" or one["factor"] == MEANING)
    ]
