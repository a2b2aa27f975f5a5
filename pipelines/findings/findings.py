"""What step 7 found, in sentences: the main reason, what did not matter, the main caveat, what to do next.

Every number, and every name that comes from the data, is bound to the fact that it states. Where there is no gain there
is no cause: nothing here claims one.
"""

from collections.abc import Callable

from pipelines.causes import BY_NAME
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.details import codes, which_feature, which_pair
from pipelines.findings.idle import did_not_matter, undecided, unused_gain
from pipelines.findings.reasons import METRIC, main_reason, other_reasons
from pipelines.findings.wording import Phrase, as_list, gain_form, names, phrase, say, score_form, together, words
from pipelines.ladder.ladder import LADDER
from pipelines.ladder.route import BASELINE
from pipelines.metrics import METRICS


def story(facts: Facts) -> list[Claim]:
    """Return the claims of step 7, the main reason first; `facts` are those of all steps, step 7's own included.

    Raises BindingError where a fact that a sentence needs is not there.
    """
    writers: tuple[Callable[[Facts], Claim | None], ...] = (
        main_reason, too_good, other_reasons, which_feature, codes, which_pair, did_not_matter, undecided, unused_gain,
        main_caveat, room, what_next,
    )  # fmt: skip
    return [claim for write in writers if (claim := write(facts)) is not None]


def too_good(facts: Facts) -> Claim | None:
    """Return that a score next to perfect is a question, whatever the verdict, and what to ask."""
    found = facts["reflect"].get("too_good")
    if found is None:
        return None
    best = max(range(len(found["models"])), key=lambda i: found["models"][i]["test"])
    score = phrase(
        "A score next to perfect is suspicious: {model} has {looked} {test} on the test rows.", facts,
        model=words("the baseline" if found["models"][best]["model"] == BASELINE else "the strong model"),
        looked=("reflect#/too_good/label", ""), test=(f"reflect#/too_good/models/{best}/test", ".3f"),
    )  # fmt: skip
    return together("too_good", [score, _where_to_look(facts)])


def _where_to_look(facts: Facts) -> Phrase:
    """Return what was found that may give the target away, or what to ask where nothing was."""
    leak = facts["reflect"]["leak_verdict"]
    if leak is not None:
        return phrase(
            "{features} may give the target away: without {them} a quick model has {metric} {without}.", facts,
            features=names("reflect#/leak_verdict/features", len(leak["features"]), facts), metric=METRIC,
            them=words("it" if len(leak["features"]) == 1 else "them"),
            without=("reflect#/leak_verdict/score_without", score_form(facts)),
        )  # fmt: skip
    if any(one["leak"] for one in facts["reflect"]["split_leaks"]):
        return words("Rows that belong together are on both sides of the split.")
    return words(
        "No column was found that gives the target away, alone or with others. Check that each column is known at the "
        "moment of the decision, and that rows of the same thing are on one side of the split."
    )


def main_caveat(facts: Facts) -> Claim:
    """Return what most limits these findings."""
    reflect = facts["reflect"]
    if not reflect["controls"]["passed"]:
        return say("main_caveat", CONTROLS_FAILED, facts)
    suspects = [i for i, item in enumerate(reflect["leakage"]) if item["suspect"]]
    if suspects:
        where, form = f"reflect#/leakage/{suspects[0]}", score_form(facts)
        return say(
            "main_caveat",
            "{feature} may give the target away: without it a quick model goes from {before} to {after} in {metric}.",
            facts,
            feature=(f"{where}/feature", ""), metric=METRIC,
            before=(f"{where}/score_with", form), after=(f"{where}/score_without", form),
        )  # fmt: skip
    close = [item["factor"] for item in reflect["attribution"] if item["close"]]
    if close:
        causes = words(as_list([BY_NAME[name].wording for name in close]))
        return say("main_caveat", "It is a close call whether {causes} matter.", facts, causes=causes)
    return say("main_caveat", FIRST_COME, facts)


CONTROLS_FAILED = "The negative controls showed an effect where there is none: these findings are not to be trusted."
FIRST_COME = "What two changes can both explain is credited to the one that comes first on the ladder."


def room(facts: Facts) -> Claim | None:
    """Return how far the best model out of fold is from what more rows would make of such models."""
    form, headroom = score_form(facts), facts["reflect"]["headroom"]
    if headroom is None:
        return None
    far = 1 if facts["compare"]["greater_is_better"] else 0
    all_changes = " (the baseline with all changes)" if headroom["best"]["model"] == LADDER else ""
    best = phrase(
        "Out of fold the best model{which} has {metric} {score}.", facts,
        which=words(all_changes), metric=METRIC, score=("reflect#/headroom/best/score", form),
    )  # fmt: skip
    end = phrase(
        "A quick model's learning curve, extrapolated, says that such models are unlikely to do better than {end} with "
        "these features.",
        facts,
        end=(f"reflect#/headroom/reachable/{far}", form),
    )
    return together("room", [best, end])


def what_next(facts: Facts) -> Claim | None:
    """Return what would improve the score most."""
    headroom = facts["reflect"]["headroom"]
    if headroom is None:
        return None
    if not facts["reflect"]["signal"]["present"]:
        return say("what_next", NOTHING_PROMISED, facts)
    perfect = METRICS[facts["metric"]["primary"]].perfect
    if abs(perfect - headroom["best"]["score"]) < facts["metric"]["margin"]:
        return say("what_next", NEXT_TO_PERFECT, facts)
    twice, ten_times, form = f"{TIMES}/0", f"{TIMES}/1", gain_form(facts)
    if headroom["more_rows"]["pays"]:
        return say(
            "what_next", MORE_ROWS, facts,
            rows=(f"{twice}/rows", ",.0f"), gain=(f"{twice}/gain", form), metric=METRIC,
        )  # fmt: skip
    if headroom["advice"] == "many more rows":
        return say(
            "what_next",
            "By a quick model's learning curve, twice the rows bring little ({gain} in {metric}); ten times as many, "
            "{more}.",
            facts,
            gain=(f"{twice}/gain", form), metric=METRIC, more=(f"{ten_times}/gain", form),
        )  # fmt: skip
    return say("what_next", NEW_FEATURES, facts)


MORE_ROWS = (
    "More rows would help: by a quick model's learning curve, models fitted to {rows} rows, twice as many, gain {gain} "
    "in {metric}."
)
TIMES = "reflect#/headroom/more_rows/times"
NOTHING_PROMISED = (
    "Look for features that say something: where no model beats a constant, nothing says what more rows would bring."
)
NEXT_TO_PERFECT = (
    "Out of fold the best model is within the margin of a perfect score: neither more rows nor more features can gain "
    "anything that matters."
)
NEW_FEATURES = "By a quick model's learning curve more rows bring little: look for features that say something new."
