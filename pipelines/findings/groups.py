"""What step 7 finds of groups, as several pages ask for it: the verdict's numbers, and what groups add to numbers."""

import math
from typing import Literal

from pipelines.core.rounding import gain_form
from pipelines.facts.compare.groups import GroupsCompared
from pipelines.facts.pointer import has, resolve
from pipelines.facts.reflect.groups_shown import GroupsAlong
from pipelines.facts.shared import Interval, Pointer
from pipelines.facts.steps import Facts

WHERE = "reflect#/groups"
VERDICT, ALONG, CONTROLS = f"{WHERE}/verdict", f"{WHERE}/verdict/along", f"{WHERE}/controls"
PAIRS, QUANTILES = "compare#/groups/pairs", "compare#/groups/quantiles"
GROUPS, GRADIENT, NOTHING = "groups", "a gradient", "nothing"
STRONG = "strong"
NATS = 0.01  # smallest difference in densities that is worth a decimal
DIGITS = 3  # significant ones of a value of a column

Adds = Literal["more", "little", "less", "nothing", "open"]


def nats_form(value: float | Interval) -> str:
    """Return the form of a difference in nats, or of its interval."""
    return gain_form(value, NATS)


def nats(facts: Facts, where: Pointer) -> str:
    """Return the form that a number of nats shares with the interval at a pointer."""
    return nats_form(resolve(facts, where))  # type: ignore[arg-type]


def value_form(value: float | Interval) -> str:
    """Return the form of a column's value, or of its interval: three significant digits, no powers of ten."""
    largest = max(map(abs, value)) if isinstance(value, list) else abs(value)
    return f"z,.{max(0, DIGITS - 1 - math.floor(math.log10(largest)))}f" if largest else ",.0f"


def lines(facts: Facts) -> list[tuple[Pointer, GroupsAlong]]:
    """Return the lines along which rows left out were counted, the least clear valley first."""
    found = list(enumerate(facts["reflect"]["groups"]["verdict"].get("along", [])))
    return [(f"{ALONG}/{place}", one) for place, one in sorted(found, key=lambda item: -item[1]["p_value"])]


def pair_of(facts: Facts, base: str, other: str) -> tuple[Pointer, GroupsCompared] | None:
    """Return the comparison of two models, with where it stands; None where it was not made."""
    found = facts["compare"]["groups"]["pairs"] if has(facts, PAIRS) else []
    return next(
        ((f"{PAIRS}/{i}", one) for i, one in enumerate(found) if (one["base"], one["other"]) == (base, other)), None
    )


def adds(facts: Facts, one: GroupsCompared) -> Adds:
    """Return what the second model of a pair adds: nothing that is worth acting on, or nothing that is shown.

    "little" is beyond chance, and may reach the margin or not.
    """
    low, high = one["out_of_fold"]["ci"]
    if one["says"] != "neither":
        return one["says"]
    if high < facts["compare"]["groups"]["margin"]:
        return "nothing"
    return "little" if low > 0 else "open"


def scored(facts: Facts) -> bool:
    """Return whether an outcome scores the groups."""
    return facts["define"]["clusters"]["outcome"] is not None
