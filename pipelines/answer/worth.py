"""Whether the strong model is worth its size, in one sentence."""

from pipelines.answer.places import SAVING, amount, gap, saving, say, times
from pipelines.answer.standing import Standing
from pipelines.facts.answer import Action
from pipelines.facts.claims import Place
from pipelines.facts.pointer import given
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import ci_form

SETTLED: tuple[Action, ...] = (
    "keep the repaired",
    "keep the baseline",
    "try side by side",
    "use the repaired",
    "use the strong",
)
OPEN = "Whether the strong model is worth {times} times the bytes is open until that is settled."
OF_NO_USE = "The strong model is not shown to be worth {times} times the bytes: neither model is shown to be of use."
BY_WORTH = {
    "saves": (
        "The strong model is worth {times} times the bytes wherever the upkeep of a larger model costs less than its "
        "decisions save."
    ),
    "gains": (
        "The strong model gains {gap} {ci} for {times} times the bytes; the project file names no cost of an error, so "
        "its worth is yours to judge."
    ),
    "no saving": "The strong model is not shown to be worth {times} times the bytes: its decisions may save nothing.",
    "costs more": (
        "The strong model is not worth {times} times the bytes: its decisions cost more, a saving of {saved} "
        "{saved_ci} per {of} rows."
    ),
    "no gain": (
        "The strong model is not worth {times} times the bytes: the gain of {gap} {ci} lies within the margin."
    ),
    "worse": "The strong model is not worth {times} times the bytes: it is worse.",
    "unproven": (
        "The strong model is not shown to be worth {times} times the bytes: the gain of {gap} {ci} on the test rows is "
        "not confirmed over the folds and seeds."
    ),
    "same": (
        "The strong model is not worth {times} times the bytes: on the test rows its decisions cost as much as the "
        "baseline's."
    ),
    "not shown": "The strong model is not shown to be worth {times} times the bytes: the difference is {gap} {ci}.",
}
BESIDE_REPAIRED = (
    "Over the repaired baseline the strong model adds {added} {added_ci} for {times} times the baseline's bytes"
)
BEHIND_REPAIRED = (
    "The strong model scores worse than the repaired baseline, a difference of {added} {added_ci}, and takes {times} "
    "times the baseline's bytes"
)


def say_worth(at: Standing, action: Action, facts: Facts) -> Claim:
    """Return whether the strong model's gain is worth its bytes: over the repaired baseline where that is used."""
    pool: dict[str, Place] = {"times": ("compare#/complexity/times_bytes", times), **gap(facts)}
    if action == "use neither":
        return say("worth", OF_NO_USE, facts, **pool)
    if action not in SETTLED:
        return say("worth", OPEN, facts, **pool)
    if action in ("use the repaired", "keep the repaired"):
        return _over_the_repaired(facts, pool)
    worth = facts["compare"]["complexity"]["worth"]
    if facts["compare"]["threshold"] is not None:
        pool |= saving(facts, SAVING)
    template = BY_WORTH["unproven" if at.unproven and worth in ("gains", "saves") else worth]
    if worth == "no saving" and not any(given(facts["compare"]["threshold"])["saving"]["ci"]):
        template = BY_WORTH["same"]
    if at.verdict != "better" and at.pays:  # the score decides, and its decisions save all the same
        template = template.replace("The strong", "By {metric} the strong", 1)
        pool |= {"metric": ("metric#/label", "")}
    return say("worth", template.replace("{saved_ci}", amount(facts, "{saved_ci}")), facts, **pool)


YOURS = ", to be weighed against its size"


def _over_the_repaired(facts: Facts, pool: dict[str, Place]) -> Claim:
    """Return what the strong model adds to the repaired baseline, in score and, with costs, in money."""
    where = "reflect#/repaired"
    form = ci_form(f"{where}/strong_adds/ci", facts)
    pool = pool | {"added": (f"{where}/strong_adds/value", form), "added_ci": (f"{where}/strong_adds/ci", form)}
    repaired = given(facts["reflect"].get("repaired"))
    template = BEHIND_REPAIRED if repaired["strong_adds"]["ci"][1] < 0 else BESIDE_REPAIRED
    saved = repaired["strong_saves_per_thousand"]
    if saved is None:
        return say("worth", f"{template}.", facts, **pool)
    pool |= saving(facts, f"{where}/strong_saves_per_thousand")
    money = amount(facts, "{saved} {saved_ci}")
    low, high = saved["ci"]
    save = f"its decisions cost more, a saving of {money}" if high < 0 else f"its decisions save {money}"
    doubt = ", which may be nothing" if low <= 0 <= high else YOURS if low > 0 else ""
    return say("worth", f"{template}, and {save} per {{of}} rows{doubt}.", facts, **pool)
