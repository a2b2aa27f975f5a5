"""Whether groups say anything that the columns as numbers, or as one hump, do not."""

from typing import TYPE_CHECKING, Any

from pipelines.answer.places import say
from pipelines.core.rounding import score_form
from pipelines.facts.claims import Place
from pipelines.facts.compare.groups import GroupsCompared
from pipelines.facts.pointer import has, resolve
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.groups import PAIRS, QUANTILES, STRONG, Adds, adds, pair_of, value_form
from pipelines.findings.wording import ci_form
from pipelines.models.grouped.names import BOOSTED, BOOSTED_TOO, ONE_HUMP, STRAIGHT, STRAIGHT_TOO
from pipelines.report.section import Picture, Section, View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GAIN = "{metric} {base} without, {other} with them, a gain of {gain} {ci}."
BESIDE: dict[Adds, str] = {
    "nothing": f"Groups say nothing that the numbers do not: put beside the numbers, trees have {GAIN}",
    "open": f"Groups are not shown to say anything that the numbers do not: put beside the numbers, trees have {GAIN}",
    "more": f"Groups say something that trees on the numbers do not: put beside the numbers, trees have {GAIN}",
    "little": f"Groups say a little that trees on the numbers do not, perhaps too little to act on: they have {GAIN}",
    "less": f"Groups do harm beside the numbers: trees have {GAIN}",
}
ALONE: dict[Adds, str] = {
    "more": "The numbers themselves, in trees, say more than the groups: {other} in place of {base}, {gain} {ci}.",
    "little": (
        "The numbers themselves, in trees, say a little more than the groups, perhaps too little to act on: {other} in "
        "place of {base}, {gain} {ci}."
    ),
    "less": "The groups say more than trees on the numbers: {base} in place of {other}, a difference of {gain} {ci}.",
    "nothing": "The numbers themselves, in trees, are not worth more than the groups: {other} and {base}, {gain} {ci}.",
    "open": "Whether the numbers say more than the groups stays open: {other} and {base}, {gain} {ci}.",
}
KINK: dict[Adds, str] = {
    "more": "To a straight line the groups add {gain} {ci}: a bend that a line lacks.",
    "little": "To a straight line the groups add a little, a bend that a line lacks: {gain} {ci}.",
    "less": "To a straight line the groups do harm: {gain} {ci}.",
    "nothing": "To a straight line, too, the groups add nothing that is worth acting on: {gain} {ci}.",
    "open": "Whether the groups add anything to a straight line stays open: {gain} {ci}.",
}
HUMP: dict[Adds, str] = {
    "more": "Several humps describe rows left out better than one Gaussian does: {gain} {ci} nats a row.",
    "little": "Several humps describe rows left out a little better than one Gaussian does: {gain} {ci} nats a row.",
    "less": "One Gaussian describes rows left out better than the groups do: {gain} {ci} nats a row.",
    "nothing": "Groups describe rows left out no better than one Gaussian does: {gain} {ci} nats a row.",
    "open": "Groups are not shown to describe rows left out better than one Gaussian does: {gain} {ci} nats a row.",
}
NO_VERDICT = " That is a shape, and no verdict on groups: a skewed hump takes several Gaussians, too."
NEUTRAL = "Outcome by group, and by as many slices of what trees on the numbers predict"
SPAN = (
    "Mean outcomes of the groups lie from {group_low} to {group_high}; sliced by what trees on the numbers predict, "
    "from {low} to {high}"
)


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.groups import draw_outcome

    return draw_outcome(facts)


def _said(name: str, words: dict[Adds, str], facts: Facts, base: str, other: str) -> Claim | None:
    found = pair_of(facts, base, other)
    return None if found is None else say(name, words[adds(facts, found[1])], facts, **_pool(facts, *found))


def _pool(facts: Facts, at: Pointer, _: GroupsCompared) -> dict[str, Place]:
    form, score = ci_form(f"{at}/out_of_fold/ci", facts), score_form(facts["metric"]["margin"])
    return {
        "metric": ("metric#/label", ""), "base": (f"{at}/base_score", score), "other": (f"{at}/other_score", score),
        "gain": (f"{at}/out_of_fold/value", form), "ci": (f"{at}/out_of_fold/ci", form),
    }  # fmt: skip


def beside(facts: Facts) -> Claim | None:
    """Return whether groups add anything to trees on the numbers; None where that was not tried."""
    return _said("beside", BESIDE, facts, BOOSTED, BOOSTED_TOO)


def alone(facts: Facts) -> Claim | None:
    """Return whether the numbers say more than the groups; None where that was not tried."""
    return _said("alone", ALONE, facts, STRONG, BOOSTED)


def kink(facts: Facts) -> Claim | None:
    """Return what groups add to a straight line; None where that was not tried."""
    return _said("kink", KINK, facts, STRAIGHT, STRAIGHT_TOO)


def one_hump(facts: Facts) -> Claim | None:
    """Return whether groups describe rows better than one hump; None where an outcome scores them."""
    found = pair_of(facts, ONE_HUMP, STRONG)
    if found is None:
        return None
    says = adds(facts, found[1])
    return say("hump", HUMP[says] + (NO_VERDICT if says == "more" else ""), facts, **_pool(facts, *found))


def _title(facts: Facts) -> Claim:
    """Return from where to where the outcome's means lie, by group and by slice."""
    ends = _ends(facts, "reflect#/groups/profiles", "outcome"), _ends(facts, QUANTILES, "outcome")
    if None in ends:
        return say("title", NEUTRAL, facts)
    pool: dict[str, Place] = {}
    for name, found in zip(("group_", ""), ends, strict=True):
        low, high = found  # type: ignore[misc]
        pool |= {f"{name}low": (low, value_form), f"{name}high": (high, value_form)}
    return say("title", SPAN, facts, **pool)


def _ends(facts: Facts, where: Pointer, key: str) -> tuple[Pointer, Pointer] | None:
    """Return where the lowest and the highest mean stand; None where there are none."""
    found: list[Any] = list(resolve(facts, where) or []) if has(facts, where) else []  # type: ignore[call-overload]
    known = [(one[key]["value"], f"{where}/{i}/{key}/value") for i, one in enumerate(found) if one[key] is not None]
    return (min(known)[1], max(known)[1]) if known else None


def said(facts: Facts) -> list[Claim]:
    """Return what groups say beside the numbers, or beside one hump, the most important first."""
    return [one for one in (beside(facts), alone(facts), kink(facts), one_hump(facts)) if one is not None]


def beside_one_hump(facts: Facts) -> bool:
    """Return whether groups are compared with one Gaussian, as they are without an outcome."""
    return pair_of(facts, ONE_HUMP, STRONG) is not None


def _view(facts: Facts) -> View | None:
    pairs = [f"{PAIRS}/{place}" for place in range(len(facts["compare"]["groups"]["pairs"]))]
    sliced = has(facts, f"{QUANTILES}/0")
    return {
        "more": said(facts)[1:], "pairs": pairs, "title": _title(facts) if sliced else None,
        "nats": beside_one_hump(facts),
    } if pairs else None  # fmt: skip


GROUP_NUMBERS = Section(
    "group_numbers", "reflect", _view, (PAIRS, "reflect#/groups"),
    pictures=(Picture("7-group-outcome", _draw, f"{QUANTILES}/0"),),
)  # fmt: skip
