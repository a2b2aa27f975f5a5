"""Small complete facts of two invented projects, in the shape that the seven steps write them.

The numbers are made up, but agree with each other: gains sum to the difference, rows to the totals.
"""

import math

from conftest import Facts
from sample_findings import BINARY_GAINS, REGRESSION_GAINS, compare_binary, compare_regression, reflect

FOLDS = 5


def binary() -> Facts:
    """Return the facts of a binary project in which most of the gain is scale."""
    facts = {
        "define": _define_binary(), "metric": _metric_binary(), "eda": _eda(),
        "baseline": _baseline([0.701, 0.709, 0.704, 0.711, 0.700]),
        "strong": _strong([0.866, 0.861, 0.869, 0.864, 0.865]),
        "compare": compare_binary(),
    }  # fmt: skip
    return facts | {"reflect": reflect(facts, BINARY_GAINS)}


def regression() -> Facts:
    """Return the facts of a regression project on the log scale that ends in a tie."""
    facts = binary()
    del facts["reflect"]
    facts["define"] |= _define_regression()
    facts["metric"] = _metric_regression()
    facts["baseline"] = _baseline([0.181, 0.179, 0.184, 0.178, 0.183], task="regression")
    facts["strong"] = _strong([0.180, 0.178, 0.183, 0.178, 0.182])
    facts["compare"] = compare_regression()
    return facts | {"reflect": reflect(facts, REGRESSION_GAINS)}


def _define_regression() -> Facts:
    return {
        "project": "cottage_prices", "question": "What does a cottage sell for?", "task": "regression",
        "decision": "Which asking price to suggest", "target": "price", "positive": None, "target_scale": "log",
        "unit": "USD",
        "split": {
            "kind": "time", "column": "sold", "seed": 7, "asked": 0.2, "share": 0.2, "train": 800, "test": 200,
            "folds": [160] * FOLDS, "fold_kind": "contiguous periods of the training time", "boundary": "2015-03-01",
        },
        "target_summary": {
            "quantiles": {"0": 75000.0, "5": 210000.0, "25": 321950.0, "50": 450000.0, "75": 645000.0,
                          "95": 1160000.0, "100": 7700000.0},
            "histogram": {
                "edges": [round(75000 * 1.45**i) for i in range(13)],
                "train": [2, 10, 30, 70, 120, 160, 150, 110, 70, 45, 25, 8],
                "test": [0, 2, 7, 17, 30, 41, 39, 28, 18, 11, 6, 1],
            },
            "unit": "USD", "scale": "log",
        },
    }  # fmt: skip


def _define_binary() -> Facts:
    return {
        "project": "loan_sample", "question": "Which applicants will be 90 days late within two years?",
        "decision": "Who gets a manual review before the loan is granted", "task": "binary", "target": "late",
        "positive": 1, "target_scale": "linear", "unit": None,
        "source": {"kind": "package", "package": "loans==0.6", "member": "loans/data/loans.csv.gz",
                   "file": "data/raw/loans.csv.gz", "sha256": "e30933f25e24" + "0" * 52},
        "rows": 1003, "columns": 6,
        "features": [
            {"name": "utilization", "kind": "numeric", "from": "utilization", "type": "number", "unit": None},
            {"name": "age", "kind": "numeric", "from": "age", "type": "integer", "unit": "years"},
            {"name": "income", "kind": "numeric", "from": "income", "type": "number", "unit": "USD a month"},
            {"name": "purpose|kind", "kind": "category", "from": "purpose|kind", "type": "category", "unit": None},
        ],
        "dropped": ["id"],
        "quarantined": {"count": 3, "reasons": [{"reason": "below the smallest allowed value, 18", "column": "age",
                                                 "rows": 3, "examples": [65, 104, 988]}]},
        "duplicates": {"rows": 12, "conflicting": 4, "across_split": 0, "across_folds": 0,
                       "treatment": "kept on one side of the split"},
        "split": {"kind": "stratified", "column": None, "seed": 7, "asked": 0.2, "share": 0.2, "train": 800,
                  "test": 200,
                  "folds": [160] * FOLDS, "fold_kind": "at random, rows that belong together in one fold",
                  "boundary": None, "positives": {"train": 54, "test": 13}},
        "test_rows_sha256": "0b5e2f" + "0" * 58,
        "target_summary": {"classes": [
            {"value": "0", "rows": 933, "share": 0.933, "train_share": 0.9325, "test_share": 0.935},
            {"value": "1", "rows": 67, "share": 0.067, "train_share": 0.0675, "test_share": 0.065}]},
        "expectations": [
            {"expectation": "expect_column_values_to_be_between", "column": "age", "allowed": "from 18 to 120",
             "success": False, "unexpected": 3,
             "share": 0.003},
            {"expectation": "expect_column_values_to_not_be_null", "column": "income",
             "allowed": "at most 25 % missing", "success": True,
             "unexpected": 198, "share": 0.198},
        ],
        "contract": {"checks": 9, "passed": True},
    }  # fmt: skip


def _metric_binary() -> Facts:
    labels = {"roc_auc": ("ROC AUC", True, 1.0, [0.5, 0.5, 0.5]),
              "accuracy": ("accuracy", True, 1.0, [0.935, 0.065, 0.5]),
              "average_precision": ("average precision", True, 1.0, [0.065, 0.065, 0.065]),
              "f1": ("F1", True, 1.0, [0.0, 0.122, 0.115]), "log_loss": ("log loss", False, 0.0,
                                                                         [0.241, 33.7, 0.693])}  # fmt: skip
    return {
        "label_threshold": 0.5, "primary": "roc_auc", "label": "ROC AUC", "greater_is_better": True,
        "why": "It asks whether a late payer is ranked above a punctual one, whatever the threshold.",
        "margin": 0.005, "base_rate": 0.067,
        "candidates": [
            {"metric": name, "label": label, "greater_is_better": greater, "perfect": perfect,
             "trivial": [{"predictor": who, "score": score} for who, score in
                         zip(("always the base rate", "always yes", "random scores"), scores, strict=True)]}
            for name, (label, greater, perfect, scores) in labels.items()
        ],
        "warnings": [{"metric": "accuracy", "text": "Accuracy is 0.935 for a model that never says yes.",
                      "evidence": [{"fact": "metric#/candidates/1/trivial/0/score", "value": 0.935}]}],
        "minimum_detectable": 0.021,
        "minimum_detectable_how": {"pilot": 400, "rows": 400, "se": 0.0075, "test_rows": 200, "power": 0.8,
                                   "alpha": 0.05},
        "cost": {"false_positive": 50.0, "false_negative": 1200.0, "currency": "USD", "threshold_ideal": 0.04,
                 "of_nobody": 78.0, "of_everybody": 46.75},
    }  # fmt: skip


def _metric_regression() -> Facts:
    rows = {
        "rmse": ("RMSE", False, 0.0, [0.52, 0.53]),
        "mae": ("MAE", False, 0.0, [0.41, 0.40]),
        "r2": ("R²", True, 1.0, [0.0, -0.02]),
    }
    return {
        "primary": "rmse", "label": "RMSE", "greater_is_better": False,
        "why": "Errors on the log scale are relative errors, and large ones weigh most.", "margin": 0.002,
        "base_rate": None,
        "candidates": [
            {"metric": name, "label": label, "greater_is_better": greater, "perfect": perfect,
             "trivial": [{"predictor": who, "score": score} for who, score in
                         zip(("always the mean", "always the median"), scores, strict=True)]}
            for name, (label, greater, perfect, scores) in rows.items()
        ],
        "warnings": [], "minimum_detectable": 0.004,
        "minimum_detectable_how": {"pilot": 400, "rows": 400, "se": 0.0014, "test_rows": 200, "power": 0.8,
                                   "alpha": 0.05},
        "cost": None,
    }  # fmt: skip


def _relation(start: float, step: float) -> Facts:
    return {"form": "rises", "bins": [
        {"label": f"{10 * i} to {10 * i + 9}", "lo": 10.0 * i, "hi": 10.0 * i + 9, "rows": 160,
         "target_mean": start + step * i, "ci": [start + step * i - 0.02, start + step * i + 0.02]}
        for i in range(FOLDS)]}  # fmt: skip


def _evidence(fact: str, value: object, form: str) -> Facts:
    return {"fact": fact, "value": value, "form": form, "shown": format(value, form)}


def _eda() -> Facts:
    numeric = {
        "0": 0.0,
        "1": 0.1,
        "5": 1.0,
        "25": 10.0,
        "50": 25.0,
        "75": 50.0,
        "95": 98.0,
        "99": 400.0,
        "100": 50708.0,
    }
    columns = [
        {"name": name, "kind": "numeric", "type": "number", "missing": missing, "distinct": 640, "quantiles": numeric,
         "outliers": {"count": 17, "share": 0.02125, "rule": "beyond three interquartile ranges"},
         "codes": [{"value": 98.0, "rows": 22}, {"value": 96.0, "rows": 5}] if name == "utilization" else [],
         "mutual_information": alone - 0.45, "score_alone": alone, "relation": _relation(0.02, 0.03)}
        for name, missing, alone in (("utilization", 0.0, 0.78), ("age", 0.0, 0.63), ("income", 0.198, 0.58))
    ]  # fmt: skip
    columns.append(
        {"name": "purpose|kind", "kind": "category", "type": "category", "missing": 0.01, "distinct": 3,
         "top": [{"value": "car", "share": 0.6}, {"value": "a|b", "share": 0.3}, {"value": "<i>", "share": 0.09}],
         "outliers": None, "mutual_information": 0.01, "score_alone": 0.52,
         "relation": {"form": None, "bins": [
             {"label": label, "lo": None, "hi": None, "rows": rows, "target_mean": mean,
              "ci": [mean - 0.02, mean + 0.02]}
             for label, rows, mean in (("car", 480, 0.06), ("a|b", 240, 0.07), ("<i>", 72, 0.09))]}}
    )  # fmt: skip
    return {
        "score_alone_metric": "roc_auc", "score_alone_label": "ROC AUC", "columns": columns,
        "missing": {"features": 1},
        "correlated": [{"features": ["age", "income"], "strength": 0.91, "kind": "Spearman"}],
        "leak_suspects": [], "duplicates_across_split": 0,
        "duplicates": {"test_rows": 0, "share": 0.0, "same_target": None, "repeated": 0.01, "suspect": False},
        "drift": {"auc": 0.503, "ci": [0.487, 0.519], "threshold": 0.55, "drifted": False, "close": False,
                  "rows": {"train": 800, "test": 200}, "unseen_levels": [],
                  "features": [{"feature": "age", "share": 0.41}, {"feature": "income", "share": 0.33}]},
        "hypotheses": [
            {"id": "H1", "factor": "scale", "features": ["utilization"], "predicts": "matters", "close": False,
             "text": "utilization reaches 50,708 while its median is 25: scale will matter.",
             "evidence": [_evidence("eda#/columns/0/name", "utilization", ""),
                          _evidence("eda#/columns/0/quantiles/100", 50708.0, ",.0f"),
                          _evidence("eda#/columns/0/quantiles/50", 25.0, ",.0f")]},
            {"id": "H2", "factor": "missingness", "features": ["income"], "predicts": "does not matter", "close": True,
             "text": "income is missing in 19.8% of the rows, the same target there: missingness will not matter.",
             "evidence": [_evidence("eda#/columns/2/name", "income", ""),
                          _evidence("eda#/columns/2/missing", 0.198, ".1%")]},
        ],
        "conclusion": {"text": "Expected to matter: scale.", "evidence": []},
    }  # fmt: skip


def _mean_sd(scores: list[float]) -> Facts:
    mean = sum(scores) / len(scores)
    return {
        "cv_mean": mean,
        "cv_sd": math.sqrt(sum((s - mean) ** 2 for s in scores) / (len(scores) - 1)),
        "fold_scores": scores,
    }


def _model(name: str, role: str, scores: list[float], settings: Facts, **more: object) -> Facts:
    candidate = {} if role in ("dummy", "baseline") else {"candidate": True}
    return candidate | {"name": name, "role": role, "family": name, "settings": settings, **_mean_sd(scores),
            "rows_used": 640, "skipped": None, "mean_prediction": 0.067, "mean_target": 0.067, **more}  # fmt: skip


def _baseline(scores: list[float], task: str = "binary") -> Facts:
    dummy = [0.5] * FOLDS if task == "binary" else [0.52, 0.53, 0.52, 0.51, 0.52]
    linear = (
        {"model": "logistic regression", "C": 1.0}
        if task == "binary"
        else {"model": "ridge regression", "penalty": 1.0}
    )
    return {
        "models": [_model("dummy", "dummy", dummy, {"predicts": "the training mean"}),
                   _model("baseline", "baseline", scores, linear | {"missing numbers": "median"})],
        "chosen": "baseline", "why_chosen": "the plain linear model is what the strong model has to beat",
        "features_used": ["utilization", "age", "income", "purpose|kind"], "failed": [],
        "coefficients": [{"feature": "age", "level": None, "class": None, "value": -0.41, "sd": 0.02, "move": -0.41},
                         {"feature": "purpose|kind", "level": "<i>", "class": None, "value": 0.22, "sd": 0.09,
                          "move": 0.04},
                         {"feature": "utilization", "level": None, "class": None, "value": -0.013, "sd": 0.008,
                          "move": -0.013}],
        "coefficients_total": 5, "coefficients_per": "standard deviation of a number, or having the level",
    }  # fmt: skip


def _strong(scores: list[float]) -> Facts:
    settings = {"leaves": 31, "learning rate": 0.05}
    models = [
        _model("random_forest", "ladder", [s - 0.004 for s in scores], {"trees": 300}, trees=[300] * FOLDS,
               skipped="drawn anew for each tree"),
        _model("lightgbm", "ladder", scores, settings, trees=[212, 240, 198, 225, 231], stopped_early=True),
        _model("xgboost", "ladder", [s - 0.001 for s in scores], settings, trees=[180, 205, 190, 177, 201],
               stopped_early=True),
    ]  # fmt: skip
    return {
        "models": [*models, models[1] | {"name": "strong", "role": "strong"}], "chosen": "lightgbm",
        "why_chosen": "lightgbm has the best mean score over the folds; xgboost comes within one standard error of the "
                      "paired fold differences",
        "features_used": ["utilization", "age", "income", "purpose|kind"],
        "ensemble": {"gain": 0.0004, "standard_error": 0.0006, "kept": False, "against": "lightgbm",
                     "weights": {"lightgbm": 0.6, "random_forest": 0.4}},
        "failed": [{"name": "svm", "why": "ValueError: no memory"}],
        "left_out": [{"name": "extra_trees", "why": 'effort.level = "quick" fits fewer models'}],
        "note": "Boosting stops on the rows that its fold holds out, so its scores there are optimistic.",
    }  # fmt: skip
