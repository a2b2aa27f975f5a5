"""What makes a split look better than it is: rows in training that a model in use would not have, in words."""

from typing import NamedTuple

from pipelines.answer.places import every, say
from pipelines.facts.claims import Place
from pipelines.facts.reflect.split_leaks import SplitLeak
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list, ci_form


class Flattered(NamedTuple):
    """A kind of such rows: where the score comes from, and how to split instead."""

    source: str
    remedy: str


KINDS = {
    "near copies": Flattered(
        "near copies of the rows being predicted",
        'keep rows that belong together on one side, with split.kind = "group"',
    ),
    "one thing": Flattered(
        "other rows of the same things, which {columns} identify",
        'add a column that names the thing, and split by it with split.kind = "group"',
    ),
    "neighbours": Flattered(
        "rows that stand beside the rows being predicted",
        'add a column that says when each row was taken, and split by it with split.kind = "time"',
    ),
    "time order": Flattered(
        "training on rows that are later, by {feature}, than those being predicted",
        'split by {feature} with split.kind = "time"',
    ),
}
BY_ORDER = 'split by {feature} with split.kind = "time"'


def leaking(facts: Facts) -> tuple[Pointer, SplitLeak] | None:
    """Return the first split leak that is shown, and where it stands."""
    for place, item in enumerate(facts["reflect"]["split_leaks"]):
        if item["leak"]:
            return f"reflect#/split_leaks/{place}", item
    return None


def split_caveat(facts: Facts) -> Claim | None:
    """Return how much of the score a model in use will not have, and why."""
    found = leaking(facts)
    if found is None:
        return None
    where, item = found
    form = ci_form(f"{where}/ci", facts)
    return say(
        "split_leak",
        "The split makes all models look better than they will be: {gain} {ci} in {metric} comes from "
        f"{_listed(KINDS[item['kind']].source, item)}, which cannot happen in use.",
        facts,
        gain=(f"{where}/gain", form), ci=(f"{where}/ci", form), metric=("metric#/label", ""), **_names(where, item),
    )  # fmt: skip


def split_remedy(facts: Facts) -> Claim | None:
    """Return how to split instead; None where no leak of the split is shown."""
    found = leaking(facts)
    return None if found is None else remedy(facts, *found, until="; until then the scores of all models are too good")


def remedy(facts: Facts, where: Pointer, item: SplitLeak, *, until: str = "") -> Claim:
    """Return how to split instead of in the way that leaks."""
    words = BY_ORDER if item["kind"] == "neighbours" and item["feature"] is not None else KINDS[item["kind"]].remedy
    template = f"{words[:1].upper()}{words[1:]}, and build again{until}."
    return say("advice", _listed(template, item), facts, **_names(where, item))


def _listed(template: str, item: SplitLeak) -> str:
    """Return the template with a place for each column that identifies a thing."""
    columns = as_list([f"{{item{i}}}" for i in range(len(item.get("features", [])))] or [""])
    return template.replace("{columns}", columns)


def _names(where: Pointer, item: SplitLeak) -> dict[str, Place]:
    """Return the places of the columns that a sentence may name."""
    return {"feature": (f"{where}/feature", ""), **every(f"{where}/features", len(item.get("features", [])))}
