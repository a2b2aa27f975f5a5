"""Why it is better, said aloud: the cause, that it is a leak, or that there is nothing to explain."""

from pipelines.answer.places import beyond_chance, say
from pipelines.answer.shares import Part, leading
from pipelines.answer.standing import Standing, standing
from pipelines.causes import BY_NAME, SCALE
from pipelines.facts.answer import Action
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.report.spoken.question import Question
from pipelines.report.spoken.speech import about, both, named, plain, told

LEAK = "reflect#/leak_verdict"

# What is said before any reason where something must be settled first.
BEFORE: dict[Action, str] = {
    "read the table": "How the table is to be read is in doubt, so this may change. ",
    "ask about columns": "Some columns may give the target away, so this may change. ",
    "split otherwise": "The split makes all models look better than they will be, so this may change. ",
    "follow the level": "On the test rows both models do worse than those rows' own mean, so I rely on none of it. ",
}
NO_SIGNAL = "There is nothing to explain: neither model is shown to predict better than a constant."
TOO_GOOD = (
    "I would not explain it before I believe it: a score next to perfect usually means that something gives the "
    "target away."
)
UNTRUSTED = "I do not know: the same method found an effect where there is none, so I trust none of its causes yet."
NOT_BETTER = {
    "tie": "It is not: {metric} is {strong} instead of {baseline}, and such a difference is not worth acting on.",
    "worse": "It is not: the strong model is worse on the test rows, {metric} {strong} instead of {baseline}.",
    "underpowered": (
        "I cannot say that it is: on so few rows the difference, {metric} {strong} instead of {baseline}, may be "
        "nothing."
    ),
}
BEYOND_CHANCE = (
    "I cannot say that it is by enough: the difference, {metric} {strong} instead of {baseline}, is beyond chance and "
    "may be too small to act on."
)
LOST = (
    "It is not shown to be: the baseline loses even to a constant, and the strong model is not shown to beat that "
    "constant."
)
NO_CAUSE = "No single change is shown to explain it: I tried them one at a time."
FOLDS_ONLY = "Over the folds it is {cause}; on the test rows alone no single change is shown to explain it."


def _title(facts: Facts) -> str:
    at = standing(facts)
    if not at.signal:
        return "Is there anything to explain?"
    return "Why is it better?" if at.verdict == "better" else "Is it better, and why?"


def why(facts: Facts) -> Claim:
    """Return the reason in plain speech."""
    at, action = standing(facts), facts["answer"]["action"]
    before = BEFORE.get(action, "")
    if not at.signal:
        return plain(before + NO_SIGNAL, facts)
    if at.too_good:
        return plain(before + TOO_GOOD, facts)
    if at.verdict != "better":
        return say("say", before + _not_better(at, facts), facts, **both(facts))
    if at.leak == "the gain":
        return _leak(facts)
    if not at.controls:
        return plain(UNTRUSTED, facts)
    found = leading(facts)
    return plain(before + NO_CAUSE, facts) if found is None else _cause(facts, *found, before)


def _not_better(at: Standing, facts: Facts) -> str:
    if at.lost_baseline:
        return LOST
    return BEYOND_CHANCE if beyond_chance(facts) else NOT_BETTER[at.verdict]


PARTS: dict[Part, str] = {"some": "About {share}", "all": "All", "more": "More than all"}


def _cause(facts: Facts, place: int, share: Part, before: str) -> Claim:
    """Return how much of the gain the largest cause has, and what a linear model has with it, where it can have it."""
    item = facts["reflect"]["attribution"][place]
    cause, where = BY_NAME[item["factor"]], f"reflect#/attribution/{place}"
    pool: dict[str, Place] = {"share": (f"{where}/share", ".0%"), "cause": (f"{where}/factor", "")}
    if share == "none":
        return say("say", before + FOLDS_ONLY, facts, **pool)
    part = PARTS[share]
    template = f"{before}{part} of the gain comes from one change, {{cause}}: {cause.wording}."
    if cause.name == SCALE.name and mostly_codes(facts, place):
        template += " Most of that is due to values that look like codes among the numbers."
    return say("say", template, facts, **pool)


def mostly_codes(facts: Facts, place: int) -> bool:
    """Return whether most of what the cause at that place of the attribution gains is codes among the numbers."""
    codes, item = facts["reflect"]["codes"], facts["reflect"]["attribution"][place]
    return codes is not None and codes["matters"] and codes["gain"] > item["out_of_fold"]["gain"] / 2


def _leak(facts: Facts) -> Claim:
    """Return what is left of the lead without the columns that may give the target away."""
    verdict, form = facts["reflect"]["leak_verdict"], about(facts)
    count = len(verdict["features"]) if verdict else 0
    names, pool = named(facts, f"{LEAK}/features", count, "the suspected columns")
    return say(
        "say",
        f"Perhaps because of a leak: without {names} the lead over the baseline falls from {{with_it}} to {{without}}.",
        facts,
        **pool, with_it=(f"{LEAK}/gain_with", form), without=(f"{LEAK}/gain_without", form),
    )  # fmt: skip


def _asked(facts: Facts) -> list[Claim]:
    at = standing(facts)
    if at.signal and at.too_good:
        return told(facts, "too_good")
    if at.signal and not at.controls and at.leak != "the gain":
        return [next(claim for claim in facts["answer"]["caveats"] if claim["id"] == "controls_failed")]
    found = leading(facts)
    if found is not None and found[1] == "none" and at.verdict == "better" and at.signal and at.leak != "the gain":
        return [facts["answer"]["finding"], *told(facts, "codes", "unused_gain")]  # no part of the gain to state
    return told(facts, "main_reason", "codes", "other_reasons", "unused_gain")


WHY = Question(_title, why, _asked, "Why")
