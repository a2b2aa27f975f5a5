"""Codes read as numbers that turn the sign of a coefficient of the baseline."""

from typing import NamedTuple

from pipelines.answer.places import every, say
from pipelines.facts.claims import Place
from pipelines.facts.pointer import given
from pipelines.facts.reflect.effects import CodedCoefficient
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list
from pipelines.report.section import Section, View

WHERE, MOST = "reflect#/codes/coefficients", 5
COEFFICIENT = ".2f"


class Row(NamedTuple):
    """One coefficient."""

    at: Pointer
    turns: bool  # whether its sign is another one where the codes are missing
    of_class: Pointer | None


def turns(item: CodedCoefficient) -> bool:
    """Return whether a coefficient has another sign once codes are missing."""
    read, missing = (float(format(item[key], COEFFICIENT)) for key in ("as_read", "as_missing"))
    return read * missing < 0


def _found(facts: Facts) -> list[CodedCoefficient]:
    """Return the coefficients of the features with codes; none where the codes do not matter."""
    codes = facts["reflect"]["codes"]
    return codes.get("coefficients", []) if codes is not None and codes["matters"] else []


def _sentence(facts: Facts, place: int) -> Claim:
    """Return what happens to the coefficient that turns."""
    found = _found(facts)[place]
    values = given(facts["reflect"]["codes"])["values"]
    largest = facts["baseline"]["coefficients"][0]
    which = (
        "the baseline's largest coefficient"
        if largest["feature"] == found["feature"] and largest["class"] == found["class"]
        else "a coefficient of the baseline"
    )
    pool: dict[str, Place] = {
        "feature": (f"{WHERE}/{place}/feature", ""), "as_read": (f"{WHERE}/{place}/as_read", COEFFICIENT),
        "as_missing": (f"{WHERE}/{place}/as_missing", COEFFICIENT),
        **every("reflect#/codes/values", len(values), "g"),
    }  # fmt: skip
    codes = as_list([f"{{item{i}}}" for i in range(len(values))])
    verb = "is" if len(values) == 1 else "are"
    return say(
        "turned_signs",
        f"Because {codes} {verb} read as numbers, {which} has the wrong sign: that of {{feature}} is "
        "{as_read}, and {as_missing} once these values are read as missing.",
        facts,
        **pool,
    )


def _view(facts: Facts) -> View | None:
    found = _found(facts)
    turned = [place for place, item in enumerate(found) if turns(item)]
    if not turned:
        return None
    first = max(turned, key=lambda place: abs(found[place]["as_read"]))
    shown = sorted(range(len(found)), key=lambda place: (place not in turned, -abs(found[place]["as_read"])))[:MOST]
    classes = [found[place]["class"] for place in shown]
    return {
        "sentence": _sentence(facts, first),
        "rows": [
            Row(
                f"{WHERE}/{place}",
                place in turned,
                None if one is None else f"define#/target_summary/classes/{one}/value",
            )
            for place, one in zip(shown, classes, strict=True)
        ],
        "several": any(one is not None for one in classes),
    }


TURNED_SIGNS = Section("turned_signs", "reflect", _view, (WHERE,))
