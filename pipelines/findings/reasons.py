"""Why the strong model is better, in sentences: the cause, that it is a leak, or that there is nothing to explain."""

from typing import Any

from pipelines.causes import BY_NAME, CAUSES, SCALE
from pipelines.facts.claims import Place
from pipelines.facts.define import is_doubted
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list, gain_form, judged, mattering, matters, say
from pipelines.metrics import METRICS


def main_reason(facts: Facts) -> Claim:
    """Why the strong model is better, or that there is nothing to explain."""
    gain, places = gain_form(facts), mattering(facts)
    shared = {
        "total": ("compare#/difference/value", gain),
        "ci": ("compare#/difference/ci", gain),
        "label": ("metric#/label", ""),
        "rows": ("compare#/test_rows", ",.0f"),
    }
    verdict = facts["compare"]["difference"]["verdict"]
    if not facts["reflect"]["signal"]["present"]:
        return no_signal(facts)
    if is_the_leak(facts):
        return the_leak(facts)
    if verdict != "better":
        place = judged(facts)
        shared |= {"total": (f"{place}/value", gain), "ci": (f"{place}/ci", gain)}
        from_constant = "" if place == "compare#/difference" else FROM_CONSTANT
        return say("main_reason", NOTHING_TO_EXPLAIN[verdict] + from_constant, facts, **shared)
    if not places:
        template = (
            "The strong model improves {label} by {total} {ci} on {rows} test rows, but no single change that was "
            "tested explains it by itself."
        )
        return say("main_reason", template, facts, **shared)
    top = places[0]
    item = facts["reflect"]["attribution"][top]
    whole = "the {total} by which the strong model improves {label} on {rows} test rows"
    if item["gain"] > facts["compare"]["difference"]["value"]:
        template = f"All of {whole}, and more ({{part}} {{part_ci}}), comes from {{cause}}: "
    else:
        template = f"{{part}} {{part_ci}} of {whole} come from {{cause}}: "
    template += BY_NAME[item["factor"]].wording + ("." if item["confirmed"] else UNCONFIRMED)
    del shared["ci"]
    where = f"reflect#/attribution/{top}"
    return say(
        "main_reason", template, facts, part=(f"{where}/gain", gain), part_ci=(f"{where}/ci", gain),
        cause=(f"{where}/factor", ""), **shared,
    )  # fmt: skip


UNCONFIRMED = "; the folds show it, the test rows alone do not."
FROM_CONSTANT = " It is that from a constant, which does better here than the baseline."
NOTHING_TO_EXPLAIN = {
    "tie": (
        "There is no gain to explain: the difference in {label} on {rows} test rows, {total} {ci}, is smaller than "
        "anyone would act on."
    ),
    "worse": "There is no gain to explain: the strong model is worse, {total} {ci} in {label} on {rows} test rows.",
    "underpowered": (
        "There is no established gain to explain: the difference in {label}, {total} {ci}, is known too vaguely "
        "from {rows} test rows."
    ),
}


def no_signal(facts: Facts) -> Claim:
    """That no model is shown to be better than one that knows no feature."""
    signal = facts["reflect"]["signal"]
    tests = {one["model"]: i for i, one in enumerate(signal["tests"])}
    form = gain_form(facts, margin=not METRICS[signal["metric"]].is_auc)
    shown = {
        f"{name}{suffix}": (f"reflect#/signal/tests/{tests[name]}/{what}", form)
        for name in ("baseline", "strong")
        for suffix, what in (("", "gain"), ("_ci", "ci"))
    }
    opening = "As it is read, this data" if is_doubted(facts["define"]) else "This data"
    template = (
        f"{opening} shows no signal: after correction for several tests, no model is better than a constant beyond "
        "chance. In {measured} the baseline differs from one by {baseline} {baseline_ci} over the folds, the strong "
        "model by {strong} {strong_ci} on {rows} test rows."
    )
    told = [signal["tests"][place]["ci"][1] for place in tests.values()]
    if signal["metric"] == facts["metric"]["primary"] and max(told) >= facts["metric"]["margin"]:
        template += " The rows are too few to rule out a gain of more than the margin."
    if facts["compare"]["difference"]["verdict"] == "better":
        template += " The strong model beats the baseline, but there is nothing to explain."
    return say(
        "main_reason", template, facts, measured=("reflect#/signal/label", ""), rows=("compare#/test_rows", ",.0f"),
        **shown,
    )  # fmt: skip


def is_the_leak(facts: Facts) -> bool:
    """Return whether what the strong model gains hangs on columns that may give the target away."""
    leak = facts["reflect"]["leak_verdict"]
    return leak is not None and leak["is_the_gain"]


def the_leak(facts: Facts) -> Claim:
    """That the gain is the leak, if the suspects leak."""
    leak, gain = "reflect#/leak_verdict", gain_form(facts)
    verdict = facts["reflect"]["leak_verdict"]
    count = len(verdict["features"]) if verdict else 0
    names = {f"feature{i}": (f"{leak}/features/{i}", "") for i in range(count)}
    return say(
        "main_reason",
        f"The gain hangs on {as_list([f'{{{name}}}' for name in names])}, which may give the target away: with "
        "everything a quick strong model leads the baseline by {with_it} in {label} over the folds, without by "
        f"{{without}} {{ci}}. If {'it leaks' if count == 1 else 'they leak'}, the gain is the leak.", facts,
        **names, label=("metric#/label", ""), with_it=(f"{leak}/gain_with", gain),
        without=(f"{leak}/gain_without", gain), ci=(f"{leak}/ci", gain),
    )  # fmt: skip


def other_reasons(facts: Facts) -> Claim | None:
    """The other causes that matter, in order of their gain; all of them where the reason is a leak."""
    leak = is_the_leak(facts)
    places = mattering(facts)[0 if leak else 1 :]
    if facts["compare"]["difference"]["verdict"] != "better" or not places:
        return None
    form, attribution = gain_form(facts), facts["reflect"]["attribution"]
    shown: dict[str, Place] = {f"cause{i}": (f"reflect#/attribution/{i}/factor", "") for i in places}
    shown |= {f"gain{i}": (f"reflect#/attribution/{i}/gain", form) for i in places}
    shown |= {f"ci{i}": (f"reflect#/attribution/{i}/ci", form) for i in places}
    open_there = [i for i in places if not attribution[i]["confirmed"]]
    shown |= {f"folds{i}": (f"reflect#/attribution/{i}/out_of_fold/gain", form) for i in open_there}
    on_folds = "; the folds show it, {{folds{}}}, the test rows alone do not"
    listed = as_list(
        [
            f"{{cause{i}}} ({{gain{i}}} {{ci{i}}}{'' if attribution[i]['confirmed'] else on_folds.format(i)})"
            for i in places
        ]
    )
    verb = "also matters" if len(places) == 1 else "also matter"
    template = f"As changes to the baseline it shows as {listed}." if leak else f"On top of that, {listed} {verb}."
    return say("other_reasons", template, facts, **shown)


def which_feature(facts: Facts) -> Claim | None:
    """The single feature behind the first cause that matters and has one."""
    return _which_part("which_feature", facts)


def which_pair(facts: Facts) -> Claim | None:
    """The pair of features that acts together most."""
    return _which_part("which_pair", facts)


def _which_part(claim: str, facts: Facts) -> Claim | None:
    """The part that gains most alone, of the first cause that matters and whose detail is told by that claim."""
    form = gain_form(facts)
    for cause in CAUSES:
        detail = cause.detail
        if detail is None or detail.claim != claim or not matters(facts, cause.name):
            continue
        found = _effects(facts, detail.where)
        if not found or not found[0]["matters"] or not _kept(facts, cause.name, detail.needs):
            continue
        if "{feature}" in detail.sentence:
            names = {"feature": (f"{detail.where}/0/feature", "")}
        else:
            names = {name: (f"{detail.where}/0/features/{i}", "") for i, name in enumerate(("first", "second"))}
        places = names | {"gain": (f"{detail.where}/0/gain", form), "ci": (f"{detail.where}/0/ci", form)}
        return say(claim, detail.sentence, facts, **places)
    return None


def _effects(facts: Facts, where: str) -> list[Any]:
    """Return the effects at a pointer into step 7's facts; none where there is no such key."""
    found: Any = facts["reflect"]
    for key in where.removeprefix("reflect#/").split("/"):
        found = found.get(key, {})
    return list(found)


def _kept(facts: Facts, cause: str, change: str | None) -> bool:
    """Return whether the ladder kept that change for a cause, where one is asked for."""
    items = [item for item in facts["reflect"]["attribution"] if item["factor"] == cause]
    return change is None or any(one["kept"] for item in items for one in item["tried"] if one["change"] == change)


def codes(facts: Facts) -> Claim | None:
    """How much of the scale's gain repairs codes among the numbers."""
    found = facts["reflect"]["codes"]
    if not (matters(facts, SCALE.name) and found and found["matters"]):
        return None
    names = {f"feature{i}": (f"reflect#/codes/features/{i}", "") for i in range(len(found["features"]))}
    values = {f"value{i}": (f"reflect#/codes/values/{i}", "g") for i in range(len(found["values"]))}
    what = as_list([f"{{{place}}}" for place in values])
    where = as_list([f"{{{place}}}" for place in names])
    form = gain_form(facts)
    scale = next(item for item in facts["reflect"]["attribution"] if item["factor"] == SCALE.name)
    most = found["gain"] > scale["out_of_fold"]["gain"] / 2
    return say(
        "codes",
        ("Most" if most else "Part") + " of what ranks repair is not tails but what look like codes: "
        f"taking only {what} as missing, in {where} ({{rows}} training rows), gains {{gain}} {{ci}} over the folds.",
        facts,
        **names, **values, rows=("reflect#/codes/rows", ",.0f"), gain=("reflect#/codes/gain", form),
        ci=("reflect#/codes/ci", form),
    )  # fmt: skip
