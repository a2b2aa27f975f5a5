"""The facts of a project as they would be in each situation on which the advice depends, alone or several at once."""

from collections.abc import Callable

from conftest import Facts
from sample_facts import SAMPLES, told_again, unstable, with_leak, with_verdict, without_signal

VERDICTS = ("better", "worse", "tie", "underpowered")


def with_the_gain_leaking(facts: Facts) -> Facts:
    """Two columns may give the target away, as step 3 suspected, and the gain depends on them."""
    facts = with_leak(facts)
    facts["eda"]["leak_suspects"] = [
        {"feature": one["feature"], "kind": "missing values", "score_alone": 0.94, "evidence": [],
         "why": "it scores nearly perfectly by being missing"}
        for one in facts["reflect"]["leakage"]
    ]  # fmt: skip
    return facts


def with_suspect(facts: Facts) -> Facts:
    """Two columns may give the target away, and the gain does not depend on them."""
    with_the_gain_leaking(facts)
    facts["reflect"]["leak_verdict"] |= {"is_the_gain": False, "gain_without": 0.15, "ci": [0.13, 0.17]}
    return told_again(facts)


def with_split_leak(facts: Facts) -> Facts:
    """Training on later rows flatters the score."""
    facts["reflect"]["split_leaks"] = [
        {"kind": "time order", "feature": "sold (days)", "rows": 3000, "share": 0.25, "score_with": 0.88,
         "score_without": 0.86, "gain": 0.02, "ci": [0.01, 0.03], "p_value": 0.001, "leak": True, "why": "refitted"}
    ]  # fmt: skip
    return facts


def with_failed_controls(facts: Facts) -> Facts:
    """The same method found an effect where there is none."""
    facts["reflect"]["controls"]["passed"] = False
    return facts


def with_doubt(facts: Facts) -> Facts:
    """Much depends on how one column is read."""
    facts["define"]["doubts"] = [
        {"kind": "cells", "column": "income", "found": "values such as 1.234 hold a dot", "done": "read as decimals",
         "decide": "--missing income=1.234", "weight": 0.6}
    ]  # fmt: skip
    return facts


def with_score_too_good(facts: Facts) -> Facts:
    """A score is next to perfect."""
    models = [{"model": "strong", "out_of_fold": 0.999, "test": 0.9991}]
    facts["reflect"]["too_good"] = {"metric": "roc_auc", "label": "ROC AUC", "bound": 0.995, "models": models}
    return told_again(facts)


def with_drift(facts: Facts) -> Facts:
    """The test rows differ from the training rows."""
    facts["eda"]["drift"] |= {"auc": 0.71, "ci": [0.68, 0.74], "drifted": True}
    return facts


def with_folds_that_disagree(facts: Facts) -> Facts:
    """Over the folds the gain may be zero."""
    facts["compare"]["difference"]["nadeau_bengio"] = {"value": 0.13, "ci": [-0.02, 0.28], "p_value": 0.08}
    return facts


def without_saving(facts: Facts) -> Facts:
    """The strong model's decisions are not shown to cost less; nothing changes where errors have no price."""
    if facts["compare"]["threshold"] is not None:
        for key in ("saving", "saving_per_thousand"):
            facts["compare"]["threshold"][key] |= {"value": 0.2, "ci": [-3.0, 3.4], "p_value": 0.9}
        facts["compare"]["complexity"]["worth"] = "no saving"
    return facts


def behind_a_constant(facts: Facts) -> Facts:
    """The baseline does worse than a constant, and the verdict is on the difference from that."""
    constant = {"value": 0.05, "ci": [0.02, 0.08], "p_value": 0.001}
    facts["compare"]["difference"] |= {"against": "constant", "constant": constant}
    return told_again(facts)


def with_broken_intervals(facts: Facts) -> Facts:
    """The strong model's prediction intervals hold too few rows; nothing changes where none are made."""
    if (intervals := facts["compare"]["intervals"]) is not None:
        for model in intervals["models"]:
            for level in model["levels"]:
                level |= {"coverage": 0.8, "ci": [0.78, 0.82], "promise": "broken"}
    return facts


def with_bias(facts: Facts) -> Facts:
    """The strong model predicts too low on the test rows; nothing changes where errors have no size."""
    for one in facts["compare"]["residuals"] or []:
        one["mean"] = {"value": 0.07, "ci": [0.05, 0.09]}
    return facts


def behind_the_mean(facts: Facts) -> Facts:
    """Both models do worse than the test rows' own mean; nothing changes where no share of a spread is explained."""
    for row in facts["compare"]["other_metrics"]:
        if facts["define"]["task"] == "regression" and row["metric"] == "r2":
            row |= {"dummy": -0.4, "baseline": -0.3, "strong": -0.2}
    return facts


def close(facts: Facts) -> Facts:
    """The verdict is a close call."""
    facts["compare"]["difference"] |= {"close": True, "close_to": "the margin"}
    return facts


def with_repair(facts: Facts, *, added: float = 0.05) -> Facts:
    """The repaired baseline has most of the gain; the strong model adds `added` to it."""
    baseline = next(one for one in facts["compare"]["models"] if one["role"] == "baseline")
    better = 1 if facts["compare"]["greater_is_better"] else -1
    costs = facts["compare"]["threshold"]
    saving = {"value": 20000.0, "ci": [15000.0, 25000.0], "p_value": 1e-9, "rows": 1000}
    facts["reflect"]["repaired"] = {
        "causes": ["scale"], "codes": {"features": ["utilization"], "values": [9600.0, 9800.0], "rows": 91},
        "score": baseline["score"] + better * 0.2, "ci": [baseline["score"] + better * end for end in (0.18, 0.22)],
        "cv_mean": baseline["cv_mean"], "share": 0.75, "bytes": 20_000,
        "versus_baseline": {"value": 0.2, "ci": [0.18, 0.22], "p_value": 1e-9},
        "strong_adds": {"value": added, "ci": [added - 0.02, added + 0.02], "p_value": 0.001},
        "threshold": None if costs is None else costs["baseline"],
        "saving_per_thousand": None if costs is None else saving,
        "strong_saves_per_thousand": None if costs is None else saving | {"value": 9000.0, "ci": [5000.0, 13000.0]},
    }  # fmt: skip
    facts["reflect"]["repaired"]["ci"].sort()
    return facts


def without_repair(facts: Facts) -> Facts:
    """There is nothing to repair."""
    facts["reflect"]["repaired"] = None
    return facts


SITUATIONS: dict[str, Callable[[Facts], Facts]] = {
    "as recorded": lambda facts: facts,
    "no signal": without_signal,
    "the gain is a leak": with_the_gain_leaking,
    "a suspect": with_suspect,
    "the split leaks": with_split_leak,
    "controls failed": with_failed_controls,
    "a doubt": with_doubt,
    "too good": with_score_too_good,
    "drift": with_drift,
    "folds disagree": with_folds_that_disagree,
    "no saving": without_saving,
    "behind a constant": behind_a_constant,
    "unstable": unstable,
    "close": close,
    "behind the mean": behind_the_mean,
    "too low": with_bias,
    "intervals broken": with_broken_intervals,
    "repaired": with_repair,
    "nothing to repair": without_repair,
}


def situation(kind: str, verdict: str, *names: str) -> Facts:
    """Return the facts of a sample with a verdict and in the named situations."""
    facts = with_verdict(without_repair(SAMPLES[kind]()), verdict)
    for name in names:
        facts = SITUATIONS[name](facts)
    return told_again(facts)
