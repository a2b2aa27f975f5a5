"""What the verdict and the usual checks say of tables like this one, of which something was taken away."""

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.pointer import has
from pipelines.facts.reflect.groups_shown import GroupsCheck
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.groups import CONTROLS, GROUPS
from pipelines.findings.wording import as_list
from pipelines.report.section import Section, View
from pipelines.report.views import NUMBERS

CHECKS = f"{CONTROLS}/checks"
SAYS = "A {check} of {value} says {says} groups"
NONE = "A {check} of {value} says no groups"
ALSO = "on {null} it is {other} and says {many}"
NOT = "on {null} it is {other} and says none"


def check_of(facts: Facts, name: str) -> int | None:
    """Return the place of a usual check; None where it was not made."""
    found = facts["reflect"]["groups"]["controls"].get("checks", []) if has(facts, CHECKS) else []
    return next((i for i, one in enumerate(found) if one["check"] == name), None)


def beside_nulls(facts: Facts, place: int, *, most: int = 2) -> Claim:
    """Return what a usual check says of the table, and of tables without groups."""
    one, at = facts["reflect"]["groups"]["controls"]["checks"][place], f"{CHECKS}/{place}"
    pool: dict[str, Place] = {
        "check": (f"{at}/check", ""), "value": (f"{at}/value", ".2f"), "says": (f"{at}/says", "d"),
    }  # fmt: skip
    parts = []
    for i, null in enumerate(one["nulls"][:most]):
        where = f"{at}/nulls/{i}"
        pool |= {
            f"null{i}": (f"{where}/name", ""), f"other{i}": (f"{where}/value", ".2f"),
            f"many{i}": (f"{where}/says", "d"),
        }  # fmt: skip
        text = (ALSO if null["says"] > 1 else NOT).replace("on ", "on a table with the " if i else "on ")
        for name in ("null", "other", "many"):
            text = text.replace(f"{{{name}}}", f"{{{name}{i}}}")
        parts.append(text)
    opening = SAYS if one["says"] > 1 else NONE
    return say("check", f"{opening}; {'; '.join(parts)}.", facts, **pool)


def fooled(one: GroupsCheck) -> bool:
    """Return whether a check finds groups in one Gaussian, which has none."""
    return any(null["says"] > 1 for null in one["nulls"] if null["name"] == NULLS["gaussian"])


def _fooled(facts: Facts) -> Claim | None:
    """Return how many of the usual checks find groups where there are none; None where they were not made."""
    found = facts["reflect"]["groups"]["controls"].get("checks", []) if has(facts, CHECKS) else []
    if not found:
        return None
    names = [i for i, one in enumerate(found) if fooled(one)]
    if not names:
        return say("fooled", "None of the usual checks finds groups in one Gaussian.", facts)
    pool: dict[str, Place] = {f"check{i}": (f"{CHECKS}/{i}/check", "") for i in names}
    of = NUMBERS[len(found)].lower()
    text = f"{NUMBERS[len(names)]} of {of} usual checks find groups in one Gaussian: "
    listed = as_list([f"{{check{i}}}" for i in names])
    text = text.replace(" find ", " finds ") if len(names) == 1 else text
    return say("fooled", f"{text}{listed}. So none of them decides.", facts, **pool)


PASSED = "of one Gaussian with this table's correlations, which has no groups, the verdict is {gaussian}."
FAILED = "the verdict finds groups in one Gaussian, which has none."
OTHERS = (
    " With the same marginals and rank correlation it is {copula}, with columns shuffled, which say nothing of each "
    "other, {shuffled}."
)
SINGLE = " So a gap in a single column makes groups here, without a look at any other."
JOINT = " So the groups are made by columns together, and not by their correlation."
NULLS = {"gaussian": "one Gaussian", "copula": "same marginals and rank correlation", "shuffled": "columns shuffled"}


def nulls(facts: Facts) -> Claim:
    """Return what the verdict says of one Gaussian, and of tables with the same values put together otherwise."""
    found = facts["reflect"]["groups"]["controls"]
    says: dict[str, tuple[int, str]] = {one["name"]: (i, one["says"]) for i, one in enumerate(found["nulls"])}
    pool: dict[str, Place] = {
        key: (f"{CONTROLS}/nulls/{says[name][0]}/says", "") for key, name in NULLS.items() if name in says
    }
    text = (PASSED if found["passed"] else FAILED) + (OTHERS if set(pool) == set(NULLS) else "")
    if found["single_columns"]:
        text += SINGLE
    elif found["passed"] and facts["reflect"]["groups"]["verdict"]["says"] == GROUPS:
        text += JOINT if says.get(NULLS["copula"], (0, GROUPS))[1] != GROUPS else ""
    return say("nulls", text, facts, **pool)


def _at_random(facts: Facts) -> Claim | None:
    at = f"{CONTROLS}/at_random"
    if not has(facts, at) or facts["reflect"]["groups"]["controls"]["at_random"] is None:
        return None
    pool: dict[str, Place] = {"metric": ("metric#/label", ""), "score": (at, "z,.3f")}
    return say("random", "As many groups, drawn at random, have {metric} {score} on the test rows.", facts, **pool)


def _view(facts: Facts) -> View:
    found = facts["reflect"]["groups"]["controls"].get("checks", []) if has(facts, CHECKS) else []
    said = [one for one in (_fooled(facts), _at_random(facts)) if one is not None]
    shown = [beside_nulls(facts, place) for place in [check_of(facts, "silhouette")] if place is not None]
    return {
        "nulls": nulls(facts), "failed": not facts["reflect"]["groups"]["controls"]["passed"],
        "said": said, "shown": shown,
        "tables": [f"{CHECKS}/0/nulls/{i}/name" for i in range(len(found[0]["nulls"]))] if found else [],
        "checks": [
            (f"{CHECKS}/{i}", one["says"] > 1, [_cell(f"{CHECKS}/{i}/nulls/{j}", null["says"]) for j, null in
                                                enumerate(one["nulls"])])
            for i, one in enumerate(found)
        ],
    }  # fmt: skip


def _cell(at: Pointer, says: int) -> tuple[Pointer, bool]:
    return at, says > 1


GROUP_CHECKS = Section("group_checks", "reflect", _view, (CONTROLS,))
