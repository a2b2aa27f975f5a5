"""Columns that look like protected attributes: the score without them, and how decisions differ between groups."""

from collections.abc import Callable
from typing import NamedTuple

from pipelines.answer.places import every, say, two_digits
from pipelines.facts.claims import Place
from pipelines.facts.reflect.people import PeopleColumn, PeopleGroup, Rate, WithoutPeople
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list, gain_form, score_form
from pipelines.report.section import Section, View
from pipelines.report.sections.decisions import NEVER
from pipelines.report.sections.split_leaks import share
from pipelines.report.views import each

NO_COLUMN = (
    "No column looks like a protected attribute by its name or its levels; whether another one stands in for it was "
    "not examined."
)
LOOKS = "The column {feature} looks like a protected attribute ({attribute}) by its BY"
LOOKS_ITSELF = "The column {feature} looks like a protected attribute"  # where the name is the attribute's
WITHOUT = "without {them}, a quick model goes from {metric} {with_it} to {without}, "
LOSS, OPEN, BETTER = "a loss of {gain} {ci}", "a difference of {gain} {ci} that may be zero", "and does better"
FLAGGED = (
    "The share decided positive is lowest, {low}, in the group {low_group}, and highest, {high}, in the group "
    "{high_group}; in truth {low_true} and {high_true} of them are positive."
)
MISJUDGED = (
    "Prediction less truth is lowest on average, {low}, in the group {low_group}, and highest, {high}, in the group "
    "{high_group}SCALE."
)
SAME = "The share decided positive is {low} in each of its groups."


class Person(NamedTuple):
    """One column: what is said of it, and the table of its groups."""

    at: Pointer
    said: Claim
    groups: list[Pointer]
    others: bool  # whether groups are not shown
    decided: bool  # whether rows are decided positive
    by_cost: bool
    none_flagged: bool  # whether the threshold lies above all probabilities


def _without(facts: Facts, where: Pointer) -> dict[str, Place]:
    """Return the places of the scores with and without columns."""
    score, gain = score_form(facts), gain_form(facts)
    return {
        "metric": ("metric#/label", ""), "with_it": (f"{where}/score_with", score),
        "without": (f"{where}/score_without", score), "gain": (f"{where}/gain", gain), "ci": (f"{where}/ci", gain),
    }  # fmt: skip


def _loss(found: WithoutPeople, them: str) -> str:
    """Return what the score does without columns, as a template."""
    low, high = found["ci"]
    return WITHOUT.replace("{them}", them) + (LOSS if low > 0 else BETTER if high < 0 else OPEN)


def ends_of(groups: list[PeopleGroup], value: Callable[[PeopleGroup], float | None]) -> tuple[int, int] | None:
    """Return the places of the groups with the lowest and the highest value; None where there are none to compare."""
    found = {place: one for place, group in enumerate(groups) if (one := value(group)) is not None}
    if len(found) < 2:  # noqa: PLR2004 -- a pair
        return None
    return min(found, key=lambda place: found[place]), max(found, key=lambda place: found[place])


def flagged(group: PeopleGroup) -> float | None:
    """Return the share of a group that is decided positive, where the truth is known as well."""
    found: Rate | None = group["flagged"]
    return None if found is None or group["positives"] is None else found["value"]


def _error(group: PeopleGroup) -> float | None:
    return None if group["mean_error"] is None else group["mean_error"]["value"]


def _differ(where: Pointer, column: PeopleColumn) -> tuple[str, dict[str, Place]]:
    """Return how the groups differ, as a template with its places; nothing where there are no groups to compare."""
    for value, template, key, form in (
        (flagged, FLAGGED, "flagged/value", share), (_error, MISJUDGED, "mean_error/value", two_digits),
    ):  # fmt: skip
        ends = ends_of(column["groups"], value)
        if ends is None:
            continue
        low, high = (f"{where}/groups/{place}" for place in ends)
        if ends[0] == ends[1]:  # all groups have the same value
            return (f" {SAME}", {"low": (f"{low}/{key}", form)}) if value is flagged else ("", {})
        return f" {template}", {
            "low": (f"{low}/{key}", form), "low_group": (f"{low}/group", ""),
            "high": (f"{high}/{key}", form), "high_group": (f"{high}/group", ""),
            "low_true": (f"{low}/positives/value", share), "high_true": (f"{high}/positives/value", share),
        }  # fmt: skip
    return "", {}


def person(facts: Facts, place: int, column: PeopleColumn) -> Person:
    """Return what is said of one column, with the table of its groups."""
    where = f"reflect#/people/{place}"
    without: WithoutPeople | None = column["without"]
    looks = LOOKS_ITSELF if column["feature"].lower() == column["attribute"] else LOOKS.replace("BY", column["by"])
    said = looks + ("." if without is None else f": {_loss(without, 'it')}.")
    differ, pool = _differ(where, column)
    differ = differ.replace("SCALE", ", on the logarithm" if facts["define"]["target_scale"] == "log" else "")
    pool |= {"feature": (f"{where}/feature", ""), "attribute": (f"{where}/attribute", "")}
    if without is not None:
        pool |= _without(facts, f"{where}/without")
    return Person(
        where,
        say("people", said + differ, facts, **pool),
        each(facts, f"{where}/groups"),
        others=column["groups_not_shown"] > 0,
        decided=column["threshold"] is not None,
        by_cost=column["by_cost"],
        none_flagged=(column["threshold"] or 0) >= NEVER,
    )


def together(facts: Facts) -> Claim | None:
    """Return what the score loses without all of the columns; None unless there are several."""
    found = facts["reflect"].get("people_together")
    if found is None:
        return None
    names = every("reflect#/people_together/features", len(found["features"]))
    them = as_list([f"{{{name}}}" for name in names])
    template = _loss(found, them)
    return say(
        "together",
        f"{template[:1].upper()}{template[1:]}.",
        facts,
        **names,
        **_without(facts, "reflect#/people_together"),
    )


def _view(facts: Facts) -> View:
    found = facts["reflect"]["people"]
    return {
        "none_found": None if found else say("none_found", NO_COLUMN, facts),
        "people": [person(facts, place, column) for place, column in enumerate(found)],
        "shares": any(column["threshold"] is not None for column in found),
        "together": together(facts),
    }


PEOPLE = Section("people", "reflect", _view, ("reflect#/claims",))
