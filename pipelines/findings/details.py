"""Which part of a cause gains most: a single feature, a pair of features, or codes among the numbers."""

from typing import Any

from pipelines.causes import BY_NAME, SCALE
from pipelines.causes.cause import Detail
from pipelines.core.plural import agree
from pipelines.facts.reflect.effects import Codes
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import (
    Part,
    Phrase,
    attributed,
    gain_with_ci,
    matters,
    names,
    phrase,
    say,
    together,
    words,
)


def which_feature(facts: Facts) -> Claim | None:
    """Return the single feature behind the first cause that matters and has one."""
    return _which_part("which_feature", facts)


def which_pair(facts: Facts) -> Claim | None:
    """Return the pair of features that acts together most."""
    return _which_part("which_pair", facts)


def _which_part(claim: str, facts: Facts) -> Claim | None:
    """Return the part that gains most alone, of the first cause that matters and whose detail that claim reports."""
    for item in facts["reflect"]["attribution"]:
        cause = BY_NAME[item["factor"]]
        detail = cause.detail
        if detail is None or detail.claim != claim or not matters(facts, cause.name):
            continue
        found = _effects(facts, detail.where)
        if found and found[0]["matters"] and _kept(facts, cause.name, detail.needs):
            return say(claim, detail.sentence, facts, effect=gain_with_ci(f"{detail.where}/0", facts), **_of(detail))
    return None


def _of(detail: Detail) -> dict[str, Part]:
    """Return the places of the features that the detail's sentence names."""
    if "{feature}" in detail.sentence:
        return {"feature": (f"{detail.where}/0/feature", "")}
    return {name: (f"{detail.where}/0/features/{i}", "") for i, name in enumerate(("first", "second"))}


def _effects(facts: Facts, where: str) -> list[Any]:
    """Return the effects at a pointer into step 7's facts; none where there is no such key."""
    found: Any = facts["reflect"]
    for key in where.removeprefix("reflect#/").split("/"):
        found = found.get(key, {})
    return list(found)


def _kept(facts: Facts, cause: str, change: str | None) -> bool:
    """Return whether the ladder kept that change for a cause, where one is asked for."""
    found = attributed(facts, cause)
    return change is None or (
        found is not None and any(one["kept"] for one in found["tried"] if one["change"] == change)
    )


def codes(facts: Facts) -> Claim | None:
    """Return how much of what ranks gain comes from codes among the numbers."""
    found, scale = facts["reflect"]["codes"], attributed(facts, SCALE.name)
    if scale is None or found is None or not matters(facts, SCALE.name) or not found["matters"]:
        return None
    most = found["gain"] > scale["out_of_fold"]["gain"] / 2
    return together("codes", [_look_like_codes(found, facts, most=most), _read_as_missing(found, facts)])


def _look_like_codes(found: Codes, facts: Facts, *, most: bool) -> Phrase:
    one = len(found["values"]) == 1
    return phrase(
        "{share} of what ranks gain comes from codes: {values} in {features} ({rows} {word}) {verb}.",
        facts,
        share=words("Most" if most else "Part"),
        values=names("reflect#/codes/values", len(found["values"]), facts, "g"),
        features=names("reflect#/codes/features", len(found["features"]), facts),
        rows=("reflect#/codes/rows", ",.0f"), word=words(agree(found["rows"], "training rows")),
        verb=words("looks like a code, not like a number" if one else "look like codes, not like numbers"),
    )  # fmt: skip


def _read_as_missing(found: Codes, facts: Facts) -> Phrase:
    return phrase(
        "Reading {them} as missing, and nothing else, gains {effect} over the folds.",
        facts,
        them=words("it" if len(found["values"]) == 1 else "them"), effect=gain_with_ci("reflect#/codes", facts),
    )  # fmt: skip
