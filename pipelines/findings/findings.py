"""What step 7 found, in sentences: the main reason, what did not matter, the main caveat, what to do next.

Every number and name is bound to the fact that it states. Where there is no gain there is no cause: nothing here
claims one.
"""

from collections.abc import Callable

from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.reasons import codes, main_reason, other_reasons, which_feature, which_pair
from pipelines.findings.wording import as_list, gain_form, mattering, say, score_form
from pipelines.ladder.ladder import BASELINE, LADDER
from pipelines.metrics import METRICS


def story(facts: Facts) -> list[Claim]:
    """Return the claims of step 7, the main reason first; `facts` are those of all steps, step 7's own included.

    Raises BindingError where a fact that a sentence needs is not there.
    """
    tellers: tuple[Callable[[Facts], Claim | None], ...] = (
        main_reason, too_good, other_reasons, which_feature, codes, which_pair, did_not_matter, undecided, unused_gain,
        main_caveat, room, what_next,
    )  # fmt: skip
    return [told for teller in tellers if (told := teller(facts)) is not None]


def did_not_matter(facts: Facts) -> Claim | None:
    """The causes that were tested and did not turn out to matter, apart from those that the rows cannot judge."""
    return _idle(facts, "did_not_matter", "Tested, and not found to matter: ", "{cause}", undecided=False)


def undecided(facts: Facts) -> Claim | None:
    """The causes whose gain may be chance, and may as well be more than the margin."""
    return _idle(facts, "undecided", "The rows are too few to judge ", "{cause} ({ci} {rows})", undecided=True)


def _idle(facts: Facts, name: str, words: str, each: str, *, undecided: bool) -> Claim | None:
    attribution = facts["reflect"]["attribution"]
    idle = [
        i
        for i, item in enumerate(attribution)
        if item["applicable"] and not item["matters"] and item["undecided"] == undecided
    ]
    if not idle:
        return None
    shown: dict[str, Place] = {}
    parts = []
    for i in idle:
        shown[f"cause{i}"] = (f"reflect#/attribution/{i}/factor", "")
        part = each.replace("{cause}", f"{{cause{i}}}")
        if undecided:
            unconfirmed = attribution[i]["out_of_fold"]["ci"][0] > 0  # there the folds say yes, and the test rows not
            where = "ci" if unconfirmed else "out_of_fold/ci"
            shown[f"ci{i}"] = (f"reflect#/attribution/{i}/{where}", gain_form(facts))
            part = part.replace("{ci}", f"{{ci{i}}}")
            part = part.replace("{rows}", "on the test rows" if unconfirmed else "over the folds")
        parts.append(part)
    listed = as_list(parts)
    return say(name, f"{words}{listed}.", facts, **shown)


def unused_gain(facts: Facts) -> Claim | None:
    """A change that would gain something, where the strong model as a whole does not."""
    places = mattering(facts)
    if facts["compare"]["difference"]["verdict"] == "better" or not places:
        return None
    where = f"reflect#/attribution/{places[0]}"
    return say(
        "unused_gain",
        "One change to the baseline gains {gain} {ci} over the folds, which the strong model does not turn into a "
        "better score: {cause}.",
        facts,
        gain=(f"{where}/out_of_fold/gain", gain_form(facts)),
        ci=(f"{where}/out_of_fold/ci", gain_form(facts)),
        cause=(f"{where}/factor", ""),
    )


def too_good(facts: Facts) -> Claim | None:
    """A score next to perfect is a question, whatever the verdict: what to ask, with what was found."""
    found = facts["reflect"].get("too_good")
    if found is None:
        return None
    best = max(range(len(found["models"])), key=lambda i: found["models"][i]["test"])
    place = f"reflect#/too_good/models/{best}"
    model = "the baseline" if found["models"][best]["model"] == BASELINE else "the strong model"
    leak, copies = facts["reflect"]["leak_verdict"], [one["leak"] for one in facts["reflect"]["split_leaks"]]
    names: dict[str, Place] = {}
    if leak is not None:
        names = {f"feature{i}": (f"reflect#/leak_verdict/features/{i}", "") for i in range(len(leak["features"]))}
        names["without"] = ("reflect#/leak_verdict/score_without", score_form(facts))
        names["primary"] = ("metric#/label", "")
        why = (
            f"{as_list([f'{{{name}}}' for name in names if name.startswith('feature')])} may give the target away: "
            "without what is suspected a quick model has {primary} {without}."
        )
    elif any(copies):
        why = "Rows that belong together stand on both sides of the split."
    else:
        why = (
            "No column was found that gives the target away, alone or with others, so ask of each whether it was "
            "known at the moment of the decision, and whether rows of one and the same thing stand on both sides."
        )
    return say(
        "too_good",
        f"A score next to perfect is suspicious: {model} has {{looked}} {{test}} on the test rows. {why}", facts,
        looked=("reflect#/too_good/label", ""), test=(f"{place}/test", ".3f"), **names,
    )  # fmt: skip


def main_caveat(facts: Facts) -> Claim:
    """What most limits these findings."""
    reflect = facts["reflect"]
    if not reflect["controls"]["passed"]:
        return say(
            "main_caveat",
            "The negative controls showed an effect where there is none: these findings are not to be trusted.",
            facts,
        )
    suspects = [i for i, item in enumerate(reflect["leakage"]) if item["suspect"]]
    if suspects:
        where, form = f"reflect#/leakage/{suspects[0]}", score_form(facts)
        return say(
            "main_caveat",
            "{feature} may give the target away: without it a quick model goes from {before} to {after} in {label}.",
            facts,
            feature=(f"{where}/feature", ""),
            before=(f"{where}/score_with", form),
            after=(f"{where}/score_without", form),
            label=("metric#/label", ""),
        )
    close = [i for i, item in enumerate(reflect["attribution"]) if item["close"]]
    if close:
        places = {f"cause{i}": (f"reflect#/attribution/{i}/factor", "") for i in close}
        listed = as_list([f"{{cause{i}}}" for i in close])
        return say("main_caveat", f"Whether it matters is a close call for {listed}.", facts, **places)
    return say(
        "main_caveat",
        "What two changes could both explain is credited to the one that comes first on the ladder.",
        facts,
    )


def room(facts: Facts) -> Claim:
    """How far the best model out of fold is from what more rows would make of such models."""
    form, headroom = score_form(facts), facts["reflect"]["headroom"]
    far = 1 if facts["compare"]["greater_is_better"] else 0
    which = " (the last rung of the ladder)" if headroom["best"]["model"] == LADDER else ""
    return say(
        "room",
        f"Out of fold the best model{which} has {{label}} {{score}}. With a quick model's learning curve drawn on, "
        "such models on these features would hardly get beyond {end}.",
        facts,
        label=("metric#/label", ""),
        score=("reflect#/headroom/best/score", form),
        end=(f"reflect#/headroom/reachable/{far}", form),
    )


NOTHING_PROMISED = (
    "Look for features that say something: where no model beats a constant, nothing says what more rows would bring."
)


def what_next(facts: Facts) -> Claim:
    """What would pay most."""
    headroom = facts["reflect"]["headroom"]
    if not facts["reflect"]["signal"]["present"]:
        return say("what_next", NOTHING_PROMISED, facts)
    perfect = METRICS[facts["metric"]["primary"]].perfect
    if abs(perfect - headroom["best"]["score"]) < facts["metric"]["margin"]:
        return say(
            "what_next",
            "Out of fold the best model is within the margin of a perfect score: neither more rows nor more features "
            "can gain anything that matters.",
            facts,
        )
    if headroom["more_rows"]["pays"]:
        return say(
            "what_next", "More rows would pay: {rows} of them to train on promise {gain} in {label}.", facts,
            rows=("reflect#/headroom/more_rows/times/0/rows", ",.0f"),
            gain=("reflect#/headroom/more_rows/times/0/gain", gain_form(facts)), label=("metric#/label", ""),
        )  # fmt: skip
    if headroom["advice"] == "many more rows":
        return say(
            "what_next",
            "Twice the rows would hardly pay ({gain} in {label}); ten times as many promise {more}.",
            facts,
            gain=("reflect#/headroom/more_rows/times/0/gain", gain_form(facts)),
            label=("metric#/label", ""),
            more=("reflect#/headroom/more_rows/times/1/gain", gain_form(facts)),
        )
    return say("what_next", "More rows would hardly pay: look for features that say something new.", facts)
