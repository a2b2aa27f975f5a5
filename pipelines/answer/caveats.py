"""What could be wrong: each check returns its caveat as a sentence, or nothing. The gravest comes first."""

from collections.abc import Callable

from pipelines.answer.bias import bias
from pipelines.answer.level import level
from pipelines.answer.places import SAVING, amount, beside_level, every, saving, say
from pipelines.answer.splits import split_caveat
from pipelines.answer.standing import folds_disagree
from pipelines.facts.claims import Place
from pipelines.facts.define import is_doubted
from pipelines.facts.pointer import given
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list, ci_form, score_form

Check = Callable[[Facts], Claim | None]
AUC = ".3f"
TENTH = 0.0005  # a share from which a tenth of a per cent shows it


def _controls_failed(facts: Facts) -> Claim | None:
    if facts["reflect"]["controls"]["passed"]:
        return None
    return say(
        "controls_failed", "The negative controls found an effect where there is none: do not trust the causes.", facts
    )


def _leak(facts: Facts) -> Claim | None:
    found = facts["reflect"]["leak_verdict"]
    if found is None:
        return None
    names = every("reflect#/leak_verdict/features", len(found["features"]))
    form = score_form(facts)
    return say(
        "leak",
        f"{as_list([f'{{{name}}}' for name in names])} may give the target away: without, a quick model goes from "
        "{metric} {with_it} to {without}.",
        facts,
        **names, metric=("metric#/label", ""), with_it=("reflect#/leak_verdict/score_with", form),
        without=("reflect#/leak_verdict/score_without", form),
    )  # fmt: skip


def _words(facts: Facts) -> Claim | None:
    looks = facts["eda"]["texts"]["columns"] if "texts" in facts["eda"] else []
    place = next((i for i, look in enumerate(looks) if look["suspects"]), None)
    if place is None:
        return None
    where = f"eda#/texts/columns/{place}"
    several = "Words" if len(looks[place]["suspects"]) > 1 else "A word"
    return say(
        "words",
        f'{several} may give the target away, "{{word}}" in {{column}}: without what is suspected, the words alone go '
        "from {label} {with_it} to {without}.",
        facts,
        word=(f"{where}/suspects/0", ""), column=(f"{where}/column", ""), label=("eda#/score_alone_label", ""),
        with_it=(f"{where}/words_alone/score", AUC), without=(f"{where}/without_suspects/score", AUC),
    )  # fmt: skip


def _doubted(facts: Facts) -> Claim | None:
    if not is_doubted(facts["define"]):
        return None
    where = "define#/doubts/0"
    pool: dict[str, Place] = {
        "found": (f"{where}/found", ""),
        "done": (f"{where}/done", ""),
        "column": (f"{where}/column", ""),
    }
    column = "" if facts["define"]["doubts"][0]["column"] is None else "{column}: "
    return say("doubted", f"How the table is read is in doubt. {column}{{found}}; {{done}}.", facts, **pool)


def _too_good(facts: Facts) -> Claim | None:
    return next((claim for claim in facts["reflect"]["claims"] if claim["id"] == "too_good"), None)


def _behind_the_mean(facts: Facts) -> Claim | None:
    found = level(facts)
    if found is None:
        return None
    pool: dict[str, Place] = {
        "label": (found.label, ""),
        "baseline": (found.baseline, below_zero),
        "strong": (found.strong, below_zero),
    }
    template = (
        "On the test rows both models do worse than those rows' own mean: {label} is {baseline} for the baseline "
        "and {strong} for the strong model, below zero."
    )
    if found.dummy_is_worse:
        pool["dummy"] = (found.dummy, below_zero)
        template += " The mean of the training rows has {dummy}: the target's level has changed."
    return say("level", template, facts, **pool)


def below_zero(value: float) -> str:
    """Return the form of a share that is below zero, and reads so."""
    return next((form for form in (".2f", ".3f", ".4f") if float(format(value, form)) < 0), ".1g")


def _folds_disagree(facts: Facts) -> Claim | None:
    if not folds_disagree(facts):
        return None
    where = "compare#/difference/nadeau_bengio"
    form, (low, high) = ci_form(f"{where}/ci", facts), given(facts["compare"]["difference"]["nadeau_bengio"])["ci"]
    zero = "so it could be zero" if low <= 0 <= high else "which says the opposite of the test rows"
    return say(
        "folds_disagree",
        f"On the training folds the gain is {{value}} {{ci}}, {zero}: it varies from one group of rows to another.",
        facts,
        value=(f"{where}/value", form), ci=(f"{where}/ci", form),
    )  # fmt: skip


def _no_saving(facts: Facts) -> Claim | None:
    threshold = facts["compare"]["threshold"]
    better = facts["compare"]["difference"]["verdict"] == "better"
    if threshold is None or not better or threshold["saving"]["ci"][0] > 0:
        return None
    dearer = threshold["saving"]["ci"][1] < 0
    what = (
        "saves nothing: its decisions cost more, a saving of"
        if dearer
        else "does not translate into a measurable saving:"
    )
    return say(
        "no_saving",
        f"The better score {what} {amount(facts, '{saved} {saved_ci}')} per {{of}} rows.",
        facts,
        **saving(facts, SAVING),
    )


def _unstable(facts: Facts) -> Claim | None:
    found, form = facts["compare"]["stability"], score_form(facts)
    if found is None or not found["flagged"]:
        return None
    folds, seeds = found["folds"]["flagged"], found["seeds"]["flagged"]
    where = "compare#/stability"
    pool: dict[str, Place] = {
        "worst": (f"{where}/folds/worst", form), "below": (f"{where}/folds/below", form),
        "ci": (f"{where}/folds/ci", form), "move": (f"{where}/seeds/move", form),
    }  # fmt: skip
    parts = []
    if folds:
        parts.append("its worst fold scores {worst}, {below} below the interval {ci} of the mean over the folds")
    if seeds:
        parts.append("another seed moves its score on the worst fold by up to {move}")
    return say("unstable", f"The strong model is not stable: {' and '.join(parts)}.", facts, **pool)


def _intervals_broken(facts: Facts) -> Claim | None:
    found = facts["compare"]["intervals"]
    if found is None:
        return None
    for i, model in enumerate(found["models"]):
        for j, one in enumerate(model["levels"]):
            level = one["level"]
            if model["model"] == "strong" and level == found["shown_level"] and one["promise"] == "broken":
                where = f"compare#/intervals/models/{i}/levels/{j}"
                form = beside_level(level, one["ci"])
                return say(
                    "intervals_broken",
                    "The strong model's {level} prediction intervals hold too few of the test rows: {coverage} {ci}.",
                    facts,
                    level=(f"{where}/level", ".0%"), coverage=(f"{where}/coverage", form), ci=(f"{where}/ci", form),
                )  # fmt: skip
    return None


def _biased(facts: Facts) -> Claim | None:
    place = bias(facts)
    if place is None:
        return None
    scale = " on the logarithm" if facts["define"]["target_scale"] == "log" else ""
    way = "low" if place.too_low else "high"
    form = ci_form(f"{place.where}/ci", facts)
    other = bias(facts, "baseline")
    if other is not None and other.too_low == place.too_low:
        return say(
            "biased",
            f"Both models predict too {way} on the test rows: the mean error{scale} is {{value}} {{ci}} for the strong "
            "model and {other} {other_ci} for the baseline.",
            facts,
            value=(f"{place.where}/value", form), ci=(f"{place.where}/ci", form),
            other=(f"{other.where}/value", form), other_ci=(f"{other.where}/ci", form),
        )  # fmt: skip
    return say(
        "biased",
        f"The strong model predicts too {way} on the test rows: its mean error{scale} is {{value}} {{ci}}.",
        facts,
        value=(f"{place.where}/value", form), ci=(f"{place.where}/ci", form),
    )  # fmt: skip


def _drift(facts: Facts) -> Claim | None:
    drift = facts["eda"]["drift"]
    if not drift["drifted"]:
        return None
    pool: dict[str, Place] = {"auc": ("eda#/drift/auc", AUC), "ci": ("eda#/drift/ci", AUC)}
    mostly = ""
    if drift["features"]:
        pool["feature"], mostly = ("eda#/drift/features/0/feature", ""), ", mostly by {feature}"
    return say(
        "drift",
        f"Test rows differ from training rows: a model distinguishes them with ROC AUC {{auc}} {{ci}}{mostly}, so "
        "scores on later rows may differ again.",
        facts,
        **pool,
    )


def _close(facts: Facts) -> Claim | None:
    if not facts["compare"]["difference"]["close"]:
        return None
    pool: dict[str, Place] = {"near": ("compare#/difference/close_to", "")}
    return say(
        "close_call", "The verdict is a close call ({near}): slightly different rows could change it.", facts, **pool
    )


def _across(facts: Facts) -> Claim | None:
    found = facts["eda"]["duplicates"]
    if not found["suspect"]:
        return None
    where = "eda#/duplicates"
    pool: dict[str, Place] = {
        "rows": (f"{where}/test_rows", ",.0f"),
        "share": (f"{where}/share", ".1%" if found["share"] >= TENTH else ".3%"),
        "same": (f"{where}/same_target", ".0%"),
    }
    rows, have = ("test row", "has") if found["test_rows"] == 1 else ("test rows", "have")
    same = "" if found["same_target"] is None else ", and {same} of them the same target"
    template = f"{{rows}} {rows} ({{share}}) {have} the same features as a training row{same}."
    return say("across_split", template, facts, **pool)


CHECKS: tuple[Check, ...] = (
    _controls_failed, _leak, _words, split_caveat, _doubted, _too_good, _behind_the_mean, _folds_disagree,
    _no_saving, _unstable, _biased, _intervals_broken, _drift, _close, _across,
)  # fmt: skip


def caveats(facts: Facts) -> list[Claim]:
    """Return the caveats that hold, the gravest first."""
    return [found for check in CHECKS if (found := check(facts)) is not None]
