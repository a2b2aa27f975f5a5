"""Why the strong model is better, in sentences: the cause, that it is a leak, or that there is nothing to explain."""

from pipelines.causes import BY_NAME
from pipelines.facts.define import is_doubted
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import (
    ATTRIBUTION,
    Phrase,
    begin,
    better,
    gain_form,
    gain_with_ci,
    judged,
    listed,
    mattering,
    names,
    phrase,
    say,
    together,
    words,
)
from pipelines.metrics import METRICS
from pipelines.targets import TARGETS

ROWS = ("compare#/test_rows", ",.0f")
METRIC = ("metric#/label", "")
DIFFERENCE, LEAK = "compare#/difference", "reflect#/leak_verdict"


def main_reason(facts: Facts) -> Claim:
    """Return why the strong model is better, or that there is nothing to explain."""
    if not facts["reflect"]["signal"]["present"]:
        return no_signal(facts)
    if is_the_leak(facts):
        return the_leak(facts)
    if not better(facts):
        return no_gain(facts)
    places = mattering(facts)
    return largest_cause(places[0], facts) if places else no_single_cause(facts)


def largest_cause(place: int, facts: Facts) -> Claim:
    """Return how much of the gain the cause explains that gains most on the test rows."""
    item = facts["reflect"]["attribution"][place]
    cause = BY_NAME[item["factor"]]
    part = gain_with_ci(f"{ATTRIBUTION}/{place}", facts)
    if item["gain"] <= 0:
        folds = gain_with_ci(f"{ATTRIBUTION}/{place}/out_of_fold", facts)
        none = phrase(EXPLAINS_NOTHING, facts, cause=words(cause.wording), part=part, folds=folds)
        return together("main_reason", [begin(none)])
    all_of_it = item["gain"] > facts["compare"]["difference"]["value"]
    first = phrase(
        EXPLAINS_ALL if all_of_it else EXPLAINS_PART, facts,
        cause=words(cause.wording), part=part,
        total=(f"{DIFFERENCE}/value", gain_form(facts)), metric=METRIC,
        linear=words("; a linear model can use them as well" if cause.remedy is not None and _linear(facts) else ""),
    )  # fmt: skip
    return together("main_reason", [begin(first)] if item["confirmed"] else [begin(first), words(UNCONFIRMED)])


def _linear(facts: Facts) -> bool:
    """Return whether the baseline is a linear model; groups are not."""
    return TARGETS[facts["define"]["task"]].rows != "grouped"


EXPLAINS_PART = (
    "{cause} explain {part} of the {total} that the strong model gains over the baseline in {metric}{linear}."
)
EXPLAINS_ALL = (
    "{cause} explain all of the {total} that the strong model gains over the baseline in {metric}, and more: "
    "{part}{linear}. Other changes lose a part of it again."
)
EXPLAINS_NOTHING = "{cause} gain most over the folds, {folds}, but nothing on the test rows: {part}."
UNCONFIRMED = "The folds show it, the test rows alone do not."


def no_single_cause(facts: Facts) -> Claim:
    """Return that the gain has no single cause."""
    form = gain_form(facts)
    return say(
        "main_reason",
        "The strong model gains {total} {ci} in {metric} on {rows} test rows, and no single change that was tested "
        "explains it.",
        facts,
        total=(f"{DIFFERENCE}/value", form), ci=(f"{DIFFERENCE}/ci", form), metric=METRIC, rows=ROWS,
    )  # fmt: skip


def no_gain(facts: Facts) -> Claim:
    """Return that there is no gain to explain, and what the difference is: from the baseline, or from a constant."""
    place, form = judged(facts), gain_form(facts)
    first = phrase(
        NO_GAIN[facts["compare"]["difference"]["verdict"]], facts,
        total=(f"{place}/value", form), ci=(f"{place}/ci", form), metric=METRIC, rows=ROWS,
    )  # fmt: skip
    return together("main_reason", [first] if place == DIFFERENCE else [first, words(FROM_CONSTANT)])


FROM_CONSTANT = "It is the difference from a constant, which does better here than the baseline."
NO_GAIN = {
    "tie": (
        "There is no gain to explain: the difference in {metric} on {rows} test rows, {total} {ci}, is too small "
        "to act on."
    ),
    "worse": (
        "There is no gain to explain: the strong model is worse. The difference in {metric} on {rows} test rows is "
        "{total} {ci}."
    ),
    "underpowered": (
        "There is no established gain to explain: {rows} test rows are too few to know the difference in {metric}, "
        "{total} {ci}."
    ),
}


def no_signal(facts: Facts) -> Claim:
    """Return that no model is shown to be better than one that knows no feature."""
    signal = facts["reflect"]["signal"]
    tests = {one["model"]: (i, one) for i, one in enumerate(signal["tests"]) if one["model"] in ("baseline", "strong")}
    form = gain_form(facts, margin=not METRICS[signal["metric"]].is_auc)
    gains = {
        name: phrase(
            "{gain} {ci}", facts, gain=(f"reflect#/signal/tests/{i}/gain", form),
            ci=(f"reflect#/signal/tests/{i}/ci", form),
        )
        for name, (i, _) in tests.items()
    }  # fmt: skip
    said = [
        words(f"{'As it is read, this' if is_doubted(facts['define']) else 'This'} data {NO_SIGNAL}"),
        phrase(
            "In {metric} the baseline differs from a constant by {baseline} over the folds, and the strong model by "
            "{strong} on {rows} test rows.",
            facts,
            metric=("reflect#/signal/label", ""), rows=ROWS, **gains,
        ),
    ]  # fmt: skip
    largest = max(test["ci"][1] for _, test in tests.values())
    if signal["metric"] == facts["metric"]["primary"] and largest >= facts["metric"]["margin"]:
        said.append(words("The rows are too few to rule out a gain of more than the margin."))
    if better(facts):
        said.append(words("The strong model beats the baseline, but there is nothing to explain."))
    return together("main_reason", said)


NO_SIGNAL = (
    "shows no signal: after correction for several tests, no model predicts better than a constant beyond chance."
)


def is_the_leak(facts: Facts) -> bool:
    """Return whether what the strong model gains depends on columns that may give the target away."""
    leak = facts["reflect"]["leak_verdict"]
    return leak is not None and leak["is_the_gain"]


def the_leak(facts: Facts) -> Claim:
    """Return that the gain is the leak, if the suspects leak."""
    verdict, gain = facts["reflect"]["leak_verdict"], gain_form(facts)
    count = len(verdict["features"]) if verdict else 0
    return say(
        "main_reason", LEAK_OF_ONE if count == 1 else LEAK_OF_SEVERAL, facts,
        features=names(f"{LEAK}/features", count, facts), metric=METRIC, with_it=(f"{LEAK}/gain_with", gain),
        without=(f"{LEAK}/gain_without", gain), ci=(f"{LEAK}/ci", gain),
    )  # fmt: skip


LEAK_OF_ONE = (
    "The gain depends on {features}, which may give the target away. With it a quick strong model leads the baseline "
    "by {with_it} in {metric} over the folds, without it by {without} {ci}. If it leaks, the gain is the leak."
)
LEAK_OF_SEVERAL = (
    "The gain depends on {features}, which may give the target away. With them a quick strong model leads the baseline "
    "by {with_it} in {metric} over the folds, without them by {without} {ci}. If they leak, the gain is the leak."
)


def other_reasons(facts: Facts) -> Claim | None:
    """Return the other causes that matter, the largest gain first; all of them where the reason is a leak."""
    leak = is_the_leak(facts)
    places = mattering(facts)[0 if leak else 1 :]
    if not better(facts) or not places:
        return None
    causes = listed([_one_more(place, facts) for place in places])
    template = "Of the changes to the baseline, {causes} bring this gain." if leak else "{causes} matter as well."
    return together("other_reasons", [begin(phrase(template, facts, causes=causes))])


def _one_more(place: int, facts: Facts) -> Phrase:
    """Return a cause with its gain on the test rows, and what the folds say where these alone do not show it."""
    item, where = facts["reflect"]["attribution"][place], f"{ATTRIBUTION}/{place}"
    cause, gain = words(BY_NAME[item["factor"]].wording), gain_with_ci(where, facts)
    if item["confirmed"]:
        return phrase("{cause} ({gain})", facts, cause=cause, gain=gain)
    return phrase(
        "{cause} ({gain}; the folds show it, {folds}, the test rows alone do not)",
        facts,
        cause=cause, gain=gain, folds=(f"{where}/out_of_fold/gain", gain_form(facts)),
    )  # fmt: skip
