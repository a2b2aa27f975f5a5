"""The advice in words: for each action what to do first, then what follows from it."""

from collections.abc import Callable, Mapping
from typing import Literal

from pipelines.answer.bias import bias
from pipelines.answer.places import SAVING, amount, chance, every, money, saving, say, scores
from pipelines.answer.shares import has_linear, repaired_part
from pipelines.answer.splits import split_remedy
from pipelines.answer.standing import Standing
from pipelines.causes import BY_NAME
from pipelines.facts.answer import Action
from pipelines.facts.claims import Place
from pipelines.facts.compare.decisions import Decision
from pipelines.facts.pointer import given
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list, gain_form, score_form
from pipelines.splits import SPLITS
from pipelines.targets import TARGETS

FAR = 20  # times the test rows that there are, beyond which "more test rows" is no advice
REPAIRED = "reflect#/repaired"


def say_advice(at: Standing, action: Action, facts: Facts) -> list[Claim]:
    """Return what to do, the most important sentence first."""
    found: list[Claim | None] = [FIRST[action](facts)]
    if action in ("use the repaired", "use the strong"):
        found += [_decide(action, facts), _watch(at, action, facts)]
    if action in ("keep the repaired", "keep the baseline"):
        found += [_decide(action, facts), _off(action, facts)]
    if action in ("keep the repaired", "try side by side"):
        found.append(_why_not_strong(at, facts))
    if action == "keep the baseline" and at.verdict != "better" and at.pays:
        found.append(
            say("saves", SAVES.replace("{saved}", amount(facts, "{saved} {saved_ci}")), facts, **saving(facts))
        )
    if action in ("keep the repaired", "keep the baseline", "use neither"):
        found.append(_further(facts))
    return [claim for claim in found if claim is not None]


def _plain(template: str) -> Callable[[Facts], Claim]:
    """Return the writer of a sentence that needs no fact but the names of the target's kind."""
    return lambda facts: say("advice", template.replace("AVERAGE", _average(facts)), facts)


def _average(facts: Facts) -> str:
    return TARGETS[facts["define"]["task"]].words.average


def _read(facts: Facts) -> Claim:
    where = "define#/doubts/0"
    column = "the table" if facts["define"]["doubts"][0]["column"] is None else "{column}"
    pool: dict[str, Place] = {"column": (f"{where}/column", ""), "decide": (f"{where}/decide", "")}
    return say("advice", f"First decide how {column} is to be read ({{decide}}), and build again.", facts, **pool)


def _ask(facts: Facts) -> Claim:
    found = facts["reflect"]["leak_verdict"]
    names = every("reflect#/leak_verdict/features", len(found["features"]) if found else 0)
    one = len(names) == 1
    return say(
        "advice",
        f"First ask whether {as_list([f'{{{name}}}' for name in names])} {'is' if one else 'are'} known at the "
        f"moment of the decision. If not, drop {'it' if one else 'them'} and build again; until then use neither "
        "model.",
        facts,
        **names,
    )


def _split(facts: Facts) -> Claim:
    found = split_remedy(facts)
    return found if found is not None else _plain("Split otherwise, and build again.")(facts)


def _repair(verb: str) -> Callable[[Facts], Claim]:
    """Return the writer of the advice to use the repaired baseline."""

    def write(facts: Facts) -> Claim:
        repaired = facts["reflect"].get("repaired")
        if repaired is None:
            message = "there is no repaired baseline to advise"
            raise ValueError(message)
        form = gain_form(facts)
        changes = [BY_NAME[name].remedy or name for name in repaired["causes"]]
        pool: dict[str, Place] = {
            "score": (f"{REPAIRED}/score", score_form(facts)), "share": (f"{REPAIRED}/share", ".0%"), **scores(facts),
            "gain": (f"{REPAIRED}/versus_baseline/value", form),
        }  # fmt: skip
        if repaired["codes"] is not None:
            pool |= every(f"{REPAIRED}/codes/values", len(repaired["codes"]["values"]), "g")
            values = as_list([f"{{item{i}}}" for i in range(len(repaired["codes"]["values"]))])
            changes.insert(0, f"{values} read as missing")
        found = {"some": " {share} of the gain", "all": " all of the gain", "more": " more than the strong model"}
        share = found.get(repaired_part(facts) or "", " a gain of {gain}")
        made = "a linear model" if has_linear(facts) else "it"
        return say(
            "advice",
            f"{verb} the repaired baseline: with {as_list(changes)} {made} reaches {{metric}} {{score}},{share}.",
            facts,
            **pool,
        )

    return write


def _keep(facts: Facts) -> Claim:
    """Return why the baseline stays."""
    difference = facts["compare"]["difference"]
    verdict, rows, needed = difference["verdict"], facts["compare"]["test_rows"], difference["rows_needed"]
    if verdict == "underpowered" and needed is not None and needed <= FAR * rows:
        pool: dict[str, Place] = {
            "needed": ("compare#/difference/rows_needed", ",.0f"),
            "rows": ("compare#/test_rows", ",.0f"),
        }
        return say(
            "advice",
            "Keep the baseline for now: about {needed} test rows would most likely settle it, where there are {rows}.",
            facts,
            **pool,
        )
    threshold = facts["compare"]["threshold"]
    dearer = verdict == "better" and threshold is not None and threshold["saving"]["ci"][1] < 0
    return say("advice", DEARER if dearer else KEEP[verdict], facts, metric=("metric#/label", ""))


DEARER = "Keep the baseline's decisions: the strong model has the better score, but its decisions cost more."
SAVES = (
    "The strong model's decisions would save all the same, {saved} per {of} rows: where money counts more than the "
    "score, run both side by side."
)
KEEP = {
    "better": (
        "Keep the baseline's decisions: the strong model has the better score, but its decisions are not shown to cost "
        "less."
    ),
    "tie": "Keep the baseline: it is simpler, and the difference in {metric} is too small to act on.",
    "worse": (
        "Keep the baseline, and find out what misleads the strong model: compare its scores on the folds and on the "
        "test rows."
    ),
    "underpowered": (
        "Keep the baseline: no number of test rows within reach would show the strong model to be better by enough."
    ),
}


def _use_neither(facts: Facts) -> Claim:
    if not facts["reflect"]["signal"]["present"]:
        return _plain("Use neither model: neither is shown to predict better than the AVERAGE.")(facts)
    return _plain(
        "Use neither model: the baseline does worse than the AVERAGE, and the strong model is not shown to do better."
    )(facts)


FIRST: Mapping[Action, Callable[[Facts], Claim]] = {
    "read the table": _read,
    "use neither": _use_neither,
    "find the leak": _plain(
        "First find out why the score is next to perfect: drop what is not known at the moment of the decision, "
        "keep rows that "
        "belong together on one side of the split, and build again. Until then use neither model."
    ),
    "ask about columns": _ask,
    "split otherwise": _split,
    "check the controls": _plain(
        "First find out why the negative controls found an effect: until then use neither model, and do not repeat "
        "the causes."
    ),
    "follow the level": _plain(
        "Use neither model as it is: learn from rows of the same period or place as those to be predicted, or find "
        "what changed "
        "the target's level."
    ),
    "keep the repaired": _repair("Use"),
    "keep the baseline": _keep,
    "try side by side": _plain("Run the strong model beside what is in use, on new rows, before you rely on it."),
    "use the repaired": _repair("Use"),
    "use the strong": _plain("Use the strong model."),
}  # fmt: skip


def _decide(action: Action, facts: Facts) -> Claim | None:
    """Return from which probability on to act, and what that saves; None without costs, or where nothing is flagged."""
    found = decided(action, facts)
    if found is None:
        return None
    where, decision = found
    saved = SAVING if action == "use the strong" else f"{REPAIRED}/saving_per_thousand"
    pool: dict[str, Place] = {"from": (f"{where}/threshold", chance), **saving(facts, saved)}
    nothing = idle(facts, decision)
    if nothing is None and action not in ("use the repaired", "use the strong"):
        return None
    if nothing is not None:
        pool |= {"nothing": (f"compare#/threshold/{nothing}", money), "cost": (f"{where}/expected_cost", money)}
        return say("decide", IDLE[nothing].replace("{nothing}", amount(facts, "{nothing}")), facts, **pool)
    if not 0 < decision["threshold"] < 1:
        return None
    return say(
        "decide",
        "Act from a predicted probability of {from} on: per {of} rows that saves "
        f"{amount(facts, '{saved} {saved_ci}')} over the baseline.",
        facts,
        **pool,
    )


IDLE = {
    "of_nobody": (
        "But flagging no row costs no more than its decisions: {nothing} a row on the test rows, against {cost}."
    ),
    "of_everybody": (
        "But flagging all rows costs no more than its decisions: {nothing} a row on the test rows, against {cost}."
    ),
}


def decided(action: Action, facts: Facts) -> tuple[Pointer, Decision] | None:
    """Return where the decisions of the model that is advised stand, and what they are; None without costs."""
    threshold, repaired = facts["compare"]["threshold"], facts["reflect"].get("repaired")
    if threshold is None:
        return None
    if action == "use the strong":
        return "compare#/threshold/strong", threshold["strong"]
    if action == "keep the baseline":
        return "compare#/threshold/baseline", threshold["baseline"]
    if action in ("use the repaired", "keep the repaired") and repaired is not None and repaired["threshold"]:
        return f"{REPAIRED}/threshold", repaired["threshold"]
    return None


def idle(facts: Facts, decision: Decision) -> Literal["of_nobody", "of_everybody"] | None:
    """Return which way of doing without a model costs no more than its decisions on the test rows; None if neither."""
    threshold = given(facts["compare"]["threshold"])
    if min(threshold["of_nobody"], threshold["of_everybody"]) > decision["expected_cost"]:
        return None
    return "of_nobody" if threshold["of_nobody"] <= threshold["of_everybody"] else "of_everybody"


def _watch(at: Standing, action: Action, facts: Facts) -> Claim | None:
    """Return what to do first where test rows differ from training rows already, or where predictions are off."""
    if at.biased and action == "use the strong":
        return _again(facts)
    if not at.drift:
        return None
    return say(
        "watch", "Score it again on newer rows first: the test rows already differ from the training rows.", facts
    )


def _again(facts: Facts) -> Claim:
    """Return what to do with a model that is off in one direction: rows in time may have changed, others not."""
    later = SPLITS[facts["define"]["split"]["kind"]].later
    first = "Fit it again on the latest rows first" if later else "Find out why first"
    return say("watch", f"{first}: on the test rows its predictions are off in one direction.", facts)


def _off(action: Action, facts: Facts) -> Claim | None:
    """Return what to do with the baseline where it is kept, and is off in one direction as well."""
    return _again(facts) if action == "keep the baseline" and bias(facts, "baseline") is not None else None


def _why_not_strong(at: Standing, facts: Facts) -> Claim | None:
    """Return what keeps the strong model from being advised."""
    if at.verdict != "better":
        return None
    if at.unstable:
        reason = "its score changes too much from fold to fold, or from seed to seed"
    elif at.folds_disagree:
        reason = "over the folds its gain is not shown"
    elif at.pays is False:
        reason = "its decisions are not shown to cost less"
    else:
        return None
    return say("why_not", f"The strong model is better on the test rows, but {reason}.", facts)


def _further(facts: Facts) -> Claim | None:
    """Return what would improve the score further, as step 7 measured it."""
    return next((claim for claim in facts["reflect"]["claims"] if claim["id"] == "what_next"), None)
