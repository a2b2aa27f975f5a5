"""How a share of the gain is said: what rounds to nothing or lies below zero is no part of it."""

from typing import Literal

from pipelines.answer.standing import lost_baseline
from pipelines.causes import BY_NAME
from pipelines.facts.shared import Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.wording import mattering
from pipelines.targets import TARGETS

WHOLE = 0.995  # of the gain, from which a share is written as all of it
MORE = 1.005  # from which it is more than that: other changes lose a part of it again
LEAST = 0.005  # below which it rounds to nothing

Part = Literal["none", "some", "all", "more"]


def part(share: float | None) -> Part:
    """Return which part of the gain a share is; none where there is no gain over the baseline to have a share of."""
    return (
        "none" if share is None or share < LEAST else "some" if share <= WHOLE else "all" if share <= MORE else "more"
    )


def leading(facts: Facts) -> tuple[int, Part] | None:
    """Return the place of the cause that matters and gains most on the test rows, and its part; None where none does.

    The folds decide what matters, so the part may be none: then no sentence may credit the cause with the gain.
    """
    places = mattering(facts)
    return (places[0], part(facts["reflect"]["attribution"][places[0]]["share"])) if places else None


def credited(facts: Facts) -> Pointer | None:
    """Return the pointer to the cause that a gain may be credited to; None without a gain, or without one to trust."""
    reflect, leak = facts["reflect"], facts["reflect"]["leak_verdict"]
    gained = facts["compare"]["difference"]["verdict"] == "better" and reflect["controls"]["passed"]
    if not gained or (leak is not None and leak["is_the_gain"]):
        return None
    place = next(iter(mattering(facts)), None)
    return None if place is None or reflect["attribution"][place]["gain"] <= 0 else f"reflect#/attribution/{place}"


def below(facts: Facts, rung: str) -> Pointer:
    """Return where the test score stands from which a rung of the ladder set out."""
    place = next(i for i, one in enumerate(facts["reflect"]["ladder"]) if one["rung"] == rung)
    return f"reflect#/ladder/{max(0, place - 1)}/test_score"


def has_linear(facts: Facts) -> bool:
    """Return whether the baseline is linear, so that simple changes leave it so; groups are not."""
    return TARGETS[facts["define"]["task"]].rows != "grouped"


def stays_linear(facts: Facts, rung: str) -> bool:
    """Return whether the model of a rung is a linear one: whether no change before it, that was kept, let it bend.

    Groups are not linear, with any change or none.
    """
    if not has_linear(facts):
        return False
    earlier = [item["factor"] for item in facts["reflect"]["attribution"]]
    bent = {name for name in earlier if BY_NAME[name].grows == "trees"}
    return not any(
        item["factor"] in bent and (item["gain"] != 0 or item["out_of_fold"]["gain"] != 0)
        for item in facts["reflect"]["attribution"]
        if earlier.index(item["factor"]) < earlier.index(rung)
    )


def repaired_part(facts: Facts) -> Part | None:
    """Return which part of the gain the repaired baseline has; None where there is no gain, or no share of it."""
    found, difference = facts["reflect"].get("repaired"), facts["compare"]["difference"]
    if found is None or found["share"] is None or difference["verdict"] != "better" or lost_baseline(facts):
        return None
    return part(found["share"])


def whole_gain(facts: Facts) -> str:
    """Return what the causes share: the gain, or the lead over a baseline that the verdict is not about."""
    return "the lead over the baseline" if lost_baseline(facts) else "the gain"
