"""What step 7 found, in sentences: the main reason, what did not matter, the main caveat, what to do next.

Every number and name is bound to the fact that it states. Where there is no gain there is no cause: nothing here
claims one.
"""

import math
from collections.abc import Callable
from typing import Any

from pipelines.attribution.ladder import LADDER, STRONGEST_PAIRS
from pipelines.claims import Facts, claim

Claim = dict[str, Any]
WHAT = {
    "encoding": "treating categories better",
    "missingness": "telling missing values apart",
    "scale": "ranks in place of raw values, which a linear model can use as well",
    "shape": "letting the effects of single features bend",
    "interaction": "letting features act together",
    "tuning": "all the rest, such as tuning and other kinds of models",
}


def story(facts: Facts) -> list[Claim]:
    """Return the claims of step 7, the main reason first; `facts` are those of all steps, step 7's own included.

    Raises ClaimError where a fact that a sentence needs is not there.
    """
    tellers: tuple[Callable[[Facts], Claim | None], ...] = (
        main_reason, other_reasons, which_feature, codes, which_pair, did_not_matter, undecided, unused_gain,
        main_caveat, room, what_next,
    )  # fmt: skip
    return [told for teller in tellers if (told := teller(facts)) is not None]


def main_reason(facts: Facts) -> Claim:
    """Why the strong model is better, or that there is nothing to explain."""
    gain, places = _gain_form(facts), _mattering(facts)
    shared = {
        "total": ("compare#/difference/value", gain), "ci": ("compare#/difference/ci", gain),
        "label": ("metric#/label", ""), "rows": ("compare#/test_rows", ",.0f"),
    }  # fmt: skip
    verdict = facts["compare"]["difference"]["verdict"]
    if verdict != "better":
        return _claim("main_reason", NOTHING_TO_EXPLAIN[verdict], facts, **shared)
    if not places:
        template = (
            "The strong model improves {label} by {total} {ci} on {rows} test rows, but no single change that was "
            "tested explains it by itself."
        )
        return _claim("main_reason", template, facts, **shared)
    top = places[0]
    item = facts["reflect"]["attribution"][top]
    whole = "the {total} by which the strong model improves {label} on {rows} test rows"
    if item["gain"] > facts["compare"]["difference"]["value"]:
        template = f"All of {whole}, and more ({{part}} {{part_ci}}), comes from {{factor}}: "
    else:
        template = f"{{part}} {{part_ci}} of {whole} come from {{factor}}: "
    template += WHAT[item["factor"]] + ("." if item["confirmed"] else UNCONFIRMED)
    del shared["ci"]
    where = f"reflect#/attribution/{top}"
    return _claim(
        "main_reason", template, facts, part=(f"{where}/gain", gain), part_ci=(f"{where}/ci", gain),
        factor=(f"{where}/factor", ""), **shared,
    )  # fmt: skip


UNCONFIRMED = "; the folds show it, the test rows alone do not."
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


def other_reasons(facts: Facts) -> Claim | None:
    """The other factors that matter, in order of their gain."""
    places = _mattering(facts)[1:]
    if facts["compare"]["difference"]["verdict"] != "better" or not places:
        return None
    form, attribution = _gain_form(facts), facts["reflect"]["attribution"]
    shown = {f"factor{i}": (f"reflect#/attribution/{i}/factor", "") for i in places}
    shown |= {f"gain{i}": (f"reflect#/attribution/{i}/gain", form) for i in places}
    shown |= {f"ci{i}": (f"reflect#/attribution/{i}/ci", form) for i in places}
    open_there = [i for i in places if not attribution[i]["confirmed"]]
    shown |= {f"folds{i}": (f"reflect#/attribution/{i}/out_of_fold/gain", form) for i in open_there}
    on_folds = "; the folds show it, {{folds{}}}, the test rows alone do not"
    listed = _listed([
        f"{{factor{i}}} ({{gain{i}}} {{ci{i}}}{'' if attribution[i]['confirmed'] else on_folds.format(i)})"
        for i in places
    ])  # fmt: skip
    verb = "also matters" if len(places) == 1 else "also matter"
    return _claim("other_reasons", f"On top of that, {listed} {verb}.", facts, **shown)


def which_feature(facts: Facts) -> Claim | None:
    """The single feature behind the scale or the shape."""
    for kind, factor, words in (
        ("scales", "scale", "Ranking {feature} alone, and nothing else, gains {gain} {ci} over the folds."),
        ("shapes", "shape", "Letting only {feature} bend gains {gain} {ci} over the folds."),
    ):
        found = facts["reflect"][kind]
        if _matters(facts, factor) and found and found[0]["matters"]:
            where, form = f"reflect#/{kind}/0", _gain_form(facts)
            return _claim(
                "which_feature", words, facts,
                feature=(f"{where}/feature", ""), gain=(f"{where}/gain", form), ci=(f"{where}/ci", form),
            )  # fmt: skip
    return None


def codes(facts: Facts) -> Claim | None:
    """How much of the scale's gain repairs codes among the numbers."""
    found = facts["reflect"]["codes"]
    if not (_matters(facts, "scale") and found and found["matters"]):
        return None
    names = {f"feature{i}": (f"reflect#/codes/features/{i}", "") for i in range(len(found["features"]))}
    values = {f"value{i}": (f"reflect#/codes/values/{i}", "g") for i in range(len(found["values"]))}
    what = _listed([f"{{{place}}}" for place in values])
    where = _listed([f"{{{place}}}" for place in names])
    form = _gain_form(facts)
    scale = next(item for item in facts["reflect"]["attribution"] if item["factor"] == "scale")
    most = found["gain"] > scale["out_of_fold"]["gain"] / 2
    return _claim(
        "codes",
        ("Most" if most else "Part") + " of what ranks repair is not tails but what look like codes: "
        f"taking only {what} as missing, in {where} ({{rows}} training rows), gains {{gain}} {{ci}} over the folds.",
        facts,
        **names, **values, rows=("reflect#/codes/rows", ",.0f"), gain=("reflect#/codes/gain", form),
        ci=("reflect#/codes/ci", form),
    )  # fmt: skip


def which_pair(facts: Facts) -> Claim | None:
    """The pair of features that acts together most."""
    found = facts["reflect"]["interactions"]
    kept = any(
        one["kept"] for item in facts["reflect"]["attribution"] if item["factor"] == "interaction"
        for one in item["tried"] if one["change"] == STRONGEST_PAIRS
    )  # fmt: skip
    if not (_matters(facts, "interaction") and kept and found and found[0]["matters"]):
        return None
    where, form = "reflect#/interactions/0", _gain_form(facts)
    return _claim(
        "which_pair", "Letting only {first} and {second} act together gains {gain} {ci} over the folds.", facts,
        first=(f"{where}/features/0", ""), second=(f"{where}/features/1", ""),
        gain=(f"{where}/gain", form), ci=(f"{where}/ci", form),
    )  # fmt: skip


def did_not_matter(facts: Facts) -> Claim | None:
    """The factors that were tested and did not turn out to matter, apart from those that the rows cannot judge."""
    return _idle(facts, "did_not_matter", "Tested, and not found to matter: ", "{factor}", undecided=False)


def undecided(facts: Facts) -> Claim | None:
    """The factors whose gain may be chance, and may as well be more than the margin."""
    return _idle(facts, "undecided", "The rows are too few to judge ", "{factor} ({ci} {rows})", undecided=True)


def _idle(facts: Facts, name: str, words: str, each: str, *, undecided: bool) -> Claim | None:
    attribution = facts["reflect"]["attribution"]
    idle = [
        i for i, item in enumerate(attribution)
        if item["applicable"] and not item["matters"] and item["undecided"] == undecided
    ]  # fmt: skip
    if not idle:
        return None
    shown, parts = {}, []
    for i in idle:
        shown[f"factor{i}"] = (f"reflect#/attribution/{i}/factor", "")
        part = each.replace("{factor}", f"{{factor{i}}}")
        if undecided:
            unconfirmed = attribution[i]["out_of_fold"]["ci"][0] > 0  # there the folds say yes, and the test rows not
            where = "ci" if unconfirmed else "out_of_fold/ci"
            shown[f"ci{i}"] = (f"reflect#/attribution/{i}/{where}", _gain_form(facts))
            part = part.replace("{ci}", f"{{ci{i}}}")
            part = part.replace("{rows}", "on the test rows" if unconfirmed else "over the folds")
        parts.append(part)
    listed = _listed(parts)
    return _claim(name, f"{words}{listed}.", facts, **shown)


def unused_gain(facts: Facts) -> Claim | None:
    """A change that would gain something, where the strong model as a whole does not."""
    places = _mattering(facts)
    if facts["compare"]["difference"]["verdict"] == "better" or not places:
        return None
    where = f"reflect#/attribution/{places[0]}"
    return _claim(
        "unused_gain",
        "One change to the baseline gains {gain} {ci} over the folds, which the strong model does not turn into a "
        "better score: {factor}.", facts,
        gain=(f"{where}/out_of_fold/gain", _gain_form(facts)), ci=(f"{where}/out_of_fold/ci", _gain_form(facts)),
        factor=(f"{where}/factor", ""),
    )  # fmt: skip


def main_caveat(facts: Facts) -> Claim:
    """What most limits these findings."""
    reflect = facts["reflect"]
    if not reflect["controls"]["passed"]:
        return _claim(
            "main_caveat",
            "The negative controls showed an effect where there is none: these findings are not to be trusted.",
            facts,
        )
    suspects = [i for i, item in enumerate(reflect["leakage"]) if item["suspect"]]
    if suspects:
        where, form = f"reflect#/leakage/{suspects[0]}", _gain_form(facts)[1:]
        return _claim(
            "main_caveat",
            "{feature} may give the target away: without it a quick model falls from {before} to {after} in "
            "{label}.", facts,
            feature=(f"{where}/feature", ""), before=(f"{where}/score_with", form),
            after=(f"{where}/score_without", form), label=("metric#/label", ""),
        )  # fmt: skip
    close = [i for i, item in enumerate(reflect["attribution"]) if item["close"]]
    if close:
        places = {f"factor{i}": (f"reflect#/attribution/{i}/factor", "") for i in close}
        listed = _listed([f"{{factor{i}}}" for i in close])
        return _claim("main_caveat", f"Whether it matters is a close call for {listed}.", facts, **places)
    return _claim(
        "main_caveat",
        "What two changes could both explain is credited to the one that comes first on the ladder.",
        facts,
    )


def room(facts: Facts) -> Claim:
    """How far the best model out of fold is from what more rows would make of such models."""
    form, headroom = _gain_form(facts)[1:], facts["reflect"]["headroom"]
    far = 1 if facts["compare"]["greater_is_better"] else 0
    which = " (the last rung of the ladder)" if headroom["best"]["model"] == LADDER else ""
    return _claim(
        "room",
        f"Out of fold the best model{which} has {{label}} {{score}}. With a quick model's learning curve drawn on, "
        "such models on these features would hardly get beyond {end}.", facts,
        label=("metric#/label", ""), score=("reflect#/headroom/best/score", form),
        end=(f"reflect#/headroom/reachable/{far}", form),
    )  # fmt: skip


def what_next(facts: Facts) -> Claim:
    """What would pay most."""
    headroom = facts["reflect"]["headroom"]
    if headroom["more_rows"]["pays"]:
        return _claim(
            "what_next", "More rows would pay: {rows} of them to train on promise {gain} in {label}.", facts,
            rows=("reflect#/headroom/more_rows/times/0/rows", ",.0f"),
            gain=("reflect#/headroom/more_rows/times/0/gain", _gain_form(facts)), label=("metric#/label", ""),
        )  # fmt: skip
    if headroom["advice"] == "many more rows":
        return _claim(
            "what_next",
            "Twice the rows would hardly pay ({gain} in {label}); ten times as many promise {more}.", facts,
            gain=("reflect#/headroom/more_rows/times/0/gain", _gain_form(facts)), label=("metric#/label", ""),
            more=("reflect#/headroom/more_rows/times/1/gain", _gain_form(facts)),
        )  # fmt: skip
    return _claim("what_next", "More rows would hardly pay: look for features that say something new.", facts)


def _claim(name: str, template: str, facts: Facts, /, **places: tuple[str, str]) -> Claim:
    """Return the claim, saying of an error on the logarithm that it is one."""
    if facts["define"]["target_scale"] == "log":
        template = template.replace("{label}", "{label} of the logarithm")
    return claim(name, template, facts, **places)


def _mattering(facts: Facts) -> list[int]:
    """Return the places of the factors that matter, the largest gain on the test rows first."""
    attribution = facts["reflect"]["attribution"]
    return sorted((i for i, item in enumerate(attribution) if item["matters"]), key=lambda i: -attribution[i]["gain"])


def _matters(facts: Facts, factor: str) -> bool:
    better = facts["compare"]["difference"]["verdict"] == "better"
    return better and any(item["matters"] for item in facts["reflect"]["attribution"] if item["factor"] == factor)


def _gain_form(facts: Facts) -> str:
    """Return the format of a gain: one digit more than the margin's leading one."""
    return f"+,.{max(0, -math.floor(math.log10(facts['metric']['margin']))) + 1}f"


def _listed(words: list[str]) -> str:
    """Return the words as a list in a sentence."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
