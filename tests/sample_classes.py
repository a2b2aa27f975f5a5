"""Small complete facts of a third invented project, of three classes: the binary one's with other targets."""

import sample_comparison
import sample_facts
from conftest import Facts
from sample_findings import BINARY_GAINS, reflect

NAMES = ("early", "late|part", "<never>")
SHARES = (0.5, 0.4, 0.1)


def multiclass() -> Facts:
    """Return the facts of a project of three classes in which most of the gain is scale."""
    facts = sample_facts.binary()
    del facts["reflect"]
    facts["define"] |= _define()
    facts["metric"] |= _metric()
    facts["eda"] |= _eda(facts["eda"])
    facts["baseline"] |= _baseline(facts["baseline"])
    facts["compare"] |= _compare(facts["compare"])
    found = reflect(facts, BINARY_GAINS)
    for place, shape in enumerate(found["shapes"]):
        shape["class"] = place
    for pair in found["interactions"]:
        pair["surface"]["class"] = 1
    for place, points in enumerate(found["shap"]["points"]):
        points["class"] = place % 3
    found["shap"] |= {"events": None}
    return facts | {"reflect": found}


def _define() -> Facts:
    return {
        "project": "payments", "question": "When will this customer pay?", "task": "multiclass", "target": "paid",
        "decision": "Whom to remind, and when", "positive": None,
        "split": sample_facts.binary()["define"]["split"] | {"positives": None},
        "target_summary": {"classes": [
            {"value": name, "rows": round(1000 * share), "share": share, "train_share": share + 0.001,
             "test_share": share - 0.004}
            for name, share in zip(NAMES, SHARES, strict=True)]},
    }  # fmt: skip


def _metric() -> Facts:
    rows = {
        "log_loss": ("log loss", False, 0.0, [18.0, 0.943, 1.5]),
        "roc_auc": ("ROC AUC", True, 1.0, [0.5, 0.5, 0.5]),
        "balanced_accuracy": ("balanced accuracy", True, 1.0, [1 / 3, 1 / 3, 0.331]),
    }
    predictors = ("always the commonest class", "always the classes' shares", "random scores")
    return {
        "primary": "roc_auc", "label": "ROC AUC", "base_rate": None, "label_threshold": None, "cost": None,
        "test_positives": None, "test_rarest": 20, "warnings": [],
        "candidates": [
            {"metric": name, "label": label, "greater_is_better": greater, "perfect": perfect,
             "trivial": [{"predictor": who, "score": score} for who, score in zip(predictors, scores, strict=True)]}
            for name, (label, greater, perfect, scores) in rows.items()
        ],
    }  # fmt: skip


def _eda(facts: Facts) -> Facts:
    columns = [
        column | {"relation": column["relation"] | {"class": NAMES[place % 3]}}
        for place, column in enumerate(facts["columns"])
    ]
    return {"columns": columns, "score_alone_metric": "r2", "score_alone_label": "explained variance"}


def _baseline(facts: Facts) -> Facts:
    return {"coefficients": [one | {"class": place % 3} for place, one in enumerate(facts["coefficients"])]}


def _confusion(model: str, right: int) -> Facts:
    wrong = 100 - right
    counts = [[right, wrong, 0], [wrong, right - 20, 0], [5, 5, 10]]
    return {
        "model": model, "counts": counts,
        "classes": [
            {"class": k, "rows": sum(counts[k]), "recall": counts[k][k] / sum(counts[k]),
             "ci": [counts[k][k] / sum(counts[k]) - 0.05, counts[k][k] / sum(counts[k]) + 0.04],
             "precision": 0.8 if k else None}
            for k in range(3)
        ],
    }  # fmt: skip


def _compare(facts: Facts) -> Facts:
    return {
        "threshold": None,
        "curves": None,
        "confusion": [_confusion("baseline", 70), _confusion("strong", 85)],
        "other_metrics": [one for one in facts["other_metrics"] if one["metric"] == "log_loss"],
        "difference": facts["difference"] | {"delong": None},
        "stability": None,
        "complexity": sample_comparison.complexity("gains", 31.64),
    }
