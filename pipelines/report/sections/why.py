"""Which changes to the baseline matter, and how this is known; the opening has said the verdict."""

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.reasons import is_the_leak
from pipelines.findings.wording import as_list, gain_form, mattering
from pipelines.report.section import Section, View
from pipelines.report.sections.causes import by_chance
from pipelines.report.views import count_of, told

NO_GAIN = {
    "tie": "There is no gain to explain: all changes together stay within the margin.",
    "worse": "There is no gain to explain: the strong model is worse.",
    "underpowered": "There is no established gain to explain: the rows are too few.",
}
FROM_CONSTANT = "There is no gain to explain beyond what a constant has."
BY_CHANCE = (
    "The largest change is {cause}: it gains {gain} {ci} on the test rows and {folds} {folds_ci} over the folds. After "
    "correction for testing several changes, that may be chance."
)
WHOLE = "the whole difference"
OF_SOME_ROWS = "the strong model's lead over the baseline fitted to the same rows"  # step 7 looks at some of them
PARTS = ("which_feature", "codes", "which_pair", "unused_gain")  # claims of step 7, beside the causes


def _causes(facts: Facts) -> Claim | None:
    """Return the changes that matter, each with its gain; None where none does."""
    places, form = mattering(facts), gain_form(facts)
    if not places:
        return None
    pool: dict[str, Place] = {}
    listed = []
    for place in places:
        where, item = f"reflect#/attribution/{place}", facts["reflect"]["attribution"][place]
        pool |= {
            f"cause{place}": (f"{where}/factor", ""), f"gain{place}": (f"{where}/gain", form),
            f"ci{place}": (f"{where}/ci", form), f"folds{place}": (f"{where}/out_of_fold/gain", form),
        }  # fmt: skip
        unconfirmed = f", and {{folds{place}}} over the folds: the test rows alone do not show it"
        listed.append(f"{{cause{place}}} ({{gain{place}}} {{ci{place}}}{'' if item['confirmed'] else unconfirmed})")
    if is_the_leak(facts) or not facts["reflect"]["controls"]["passed"]:
        return say("reason", f"As changes to the baseline, the gain shows as {as_list(listed)}.", facts, **pool)
    matter = f"{count_of(places, 'change to the baseline matters', 'changes to the baseline matter')}"
    return say("reason", f"{matter}: {as_list(listed)}.", facts, **pool)


def _by_chance(facts: Facts) -> Claim | None:
    """Return the largest change that reaches the margin and may be chance; None where there is none."""
    items = facts["reflect"]["attribution"]
    found = [place for place, item in enumerate(items) if by_chance(item)]
    if not found:
        return None
    place = max(found, key=lambda place: items[place]["gain"])
    where, form = f"reflect#/attribution/{place}", gain_form(facts)
    pool: dict[str, Place] = {
        "cause": (f"{where}/factor", ""), "gain": (f"{where}/gain", form), "ci": (f"{where}/ci", form),
        "folds": (f"{where}/out_of_fold/gain", form), "folds_ci": (f"{where}/out_of_fold/ci", form),
    }  # fmt: skip
    return say("reason", BY_CHANCE, facts, **pool)


def _reason(facts: Facts) -> Claim | None:
    """Return why the strong model is better, or that there is nothing to explain."""
    verdict = facts["compare"]["difference"]["verdict"]
    if verdict != "better" and facts["compare"]["difference"].get("against") == "constant":
        return say("reason", FROM_CONSTANT, facts)
    if verdict != "better":
        return say("reason", NO_GAIN[verdict], facts)
    return _causes(facts) or _by_chance(facts)


def _claims(facts: Facts) -> list[Pointer]:
    """Return where the claims of step 7 stand that say more: of no signal all of it, of failed controls nothing."""
    if not facts["reflect"]["signal"]["present"]:
        return told(facts, "main_reason")
    return told(facts, *PARTS) if facts["reflect"]["controls"]["passed"] else []


def _view(facts: Facts) -> View:
    leak = facts["reflect"]["leak_verdict"]
    return {
        "reason": _reason(facts) if facts["reflect"]["signal"]["present"] else None,
        "claims": _claims(facts),
        "sum": WHOLE if facts["reflect"]["thinned"] is None else OF_SOME_ROWS,
        "leak": leak is not None and leak["is_the_gain"],
        "several": leak is not None and len(leak["features"]) > 1,
    }


WHY = Section("why", "reflect", _view, ("reflect#/claims",))
