"""Facts of the samples as they would be in every case that an interview or a post must put into words."""

from collections.abc import Callable
from itertools import product

from conftest import Facts
from sample_facts import SAMPLES, told_again, unstable, with_leak, with_verdict, without_signal

VERDICTS = ("better", "tie", "worse", "underpowered")
LEAK = {
    "kind": "time order", "feature": "age", "rows": 2240, "share": 1.0, "score_with": 0.98, "score_without": 0.54,
    "gain": 0.44, "ci": [0.37, 0.5], "p_value": 1e-9, "leak": True, "why": "refitted with and without",
}  # fmt: skip


def split_leak(facts: Facts) -> Facts:
    """Return the facts as they would be where rows from later make all scores too good."""
    facts["reflect"]["split_leaks"] = [LEAK]
    return facts


def suspected(facts: Facts) -> Facts:
    """Return the facts as they would be where a column may give the target away, and is not the whole gain."""
    facts["reflect"]["leak_verdict"] = with_leak(facts)["reflect"]["leak_verdict"] | {"is_the_gain": False}
    return told_again(facts)


def failed_controls(facts: Facts) -> Facts:
    """Return the facts as they would be where the controls find an effect in nothing."""
    facts["reflect"]["controls"] |= {"passed": False}
    return told_again(facts)


def doubted(facts: Facts) -> Facts:
    """Return the facts as they would be where much hangs on how a column is read."""
    doubt = {"kind": "codes", "column": "age", "found": "a value stands for none", "done": "it is read as a number",
             "decide": "--missing", "weight": 0.5}  # fmt: skip
    facts["define"]["doubts"] = [doubt]
    return told_again(facts)


def too_good(facts: Facts) -> Facts:
    """Return the facts as they would be where the strong model is next to perfect."""
    scores = [{"model": "strong", "out_of_fold": 0.9995, "test": 0.9994}]
    facts["reflect"]["too_good"] = {"metric": "roc_auc", "label": "ROC AUC", "bound": 0.999, "models": scores}
    return told_again(facts)


def behind_the_mean(facts: Facts) -> Facts:
    """Return the facts as they would be where both models do worse than the test rows' own mean."""
    row = {"metric": "r2", "label": "R2", "greater_is_better": True, "dummy": -0.3, "baseline": -0.2, "strong": -0.1}
    facts["compare"]["other_metrics"] = [row]
    return facts


def lost_baseline(facts: Facts) -> Facts:
    """Return the facts as they would be where a constant does better than the baseline."""
    facts["compare"]["difference"] |= {
        "against": "constant", "constant": {"value": 0.1, "ci": [0.05, 0.15], "p_value": 0.01},
    }  # fmt: skip
    return told_again(facts)


def drifted(facts: Facts) -> Facts:
    """Return the facts as they would be where test rows differ from training rows, and the verdict is close."""
    facts["eda"]["drift"] |= {"auc": 0.8, "ci": [0.78, 0.82], "drifted": True, "features": []}
    facts["compare"]["difference"] |= {"close": True, "close_to": "the margin"}
    return facts


def folds_disagree(facts: Facts) -> Facts:
    """Return the facts as they would be where the gain may be zero over the folds."""
    facts["compare"]["difference"]["nadeau_bengio"] = {"value": 0.1, "ci": [-0.1, 0.3], "p_value": 0.3}
    return facts


def repaired(facts: Facts) -> Facts:
    """Return the facts as they would be where a linear model has most of the gain."""
    gain = {"value": 0.2, "ci": [0.1, 0.3], "p_value": 0.001}
    threshold = facts["compare"]["threshold"]
    saving = threshold and threshold["saving_per_thousand"]
    facts["reflect"]["repaired"] = {
        "causes": ["scale"], "codes": None, "score": 0.9, "ci": [0.85, 0.95], "cv_mean": 0.89, "versus_baseline": gain,
        "strong_adds": {"value": 0.05, "ci": [0.01, 0.09], "p_value": 0.01}, "share": 0.8,
        "threshold": threshold and threshold["strong"], "saving_per_thousand": saving,
        "strong_saves_per_thousand": saving, "bytes": 1000,
    }  # fmt: skip
    return facts


def saves_nothing(facts: Facts) -> Facts:
    """Return the facts as they would be where decisions by the strong model save nothing that shows."""
    if facts["compare"]["threshold"] is not None:
        facts["compare"]["threshold"]["saving"] |= {"value": 1.0, "ci": [-2.0, 4.0]}
        facts["compare"]["threshold"]["saving_per_thousand"] |= {"value": 1000.0, "ci": [-2000.0, 4000.0]}
    return facts


CHANGES: dict[str, Callable[[Facts], Facts]] = {
    "as recorded": lambda facts: facts, "no signal": without_signal, "leak": with_leak, "suspected": suspected,
    "split leak": split_leak, "failed controls": failed_controls, "doubted": doubted, "too good": too_good,
    "behind the mean": behind_the_mean, "lost baseline": lost_baseline, "drifted": drifted,
    "folds disagree": folds_disagree, "unstable": unstable, "repaired": repaired, "saves nothing": saves_nothing,
    "leak and split leak": lambda facts: split_leak(with_leak(facts)),
    "failed controls and leak": lambda facts: failed_controls(with_leak(facts)),
    "doubted without signal": lambda facts: doubted(without_signal(facts)),
    "too good by a leak": lambda facts: too_good(with_leak(facts)),
    "all that can be": lambda facts: doubted(drifted(unstable(split_leak(failed_controls(with_leak(facts)))))),
}  # fmt: skip
CASES = {
    f"{kind}, {verdict}, {change}": (kind, verdict, change)
    for kind, verdict, change in product(SAMPLES, VERDICTS, CHANGES)
    if kind == "binary" or verdict in ("better", "tie")
}


def facts_of(case: str) -> Facts:
    """Return the facts of a case."""
    kind, verdict, change = CASES[case]
    return CHANGES[change](with_verdict(SAMPLES[kind](), verdict))
