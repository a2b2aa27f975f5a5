"""Small complete facts of two invented projects, in the shape that the seven steps write them.

The numbers are made up, but agree with each other: gains sum to the difference, rows to the totals.
"""

import math

from pipelines.attribution.story import story

FOLDS = 5
STEPS = ("define", "metric", "eda", "baseline", "strong", "compare", "reflect")


def binary() -> dict[str, dict]:
    """Return the facts of a binary project in which most of the gain is scale."""
    facts = {
        "define": _define_binary(), "metric": _metric_binary(), "eda": _eda(),
        "baseline": _baseline([0.701, 0.709, 0.704, 0.711, 0.700]), "strong": _strong([0.866, 0.861, 0.869, 0.864, 0.865]),
        "compare": _compare_binary(),
    }  # fmt: skip
    return facts | {"reflect": _reflect(facts, BINARY_GAINS)}


def regression() -> dict[str, dict]:
    """Return the facts of a regression project on the log scale that ends in a tie."""
    facts = binary()
    del facts["reflect"]
    facts["define"] |= _define_regression()
    facts["metric"] = _metric_regression()
    facts["baseline"] = _baseline([0.181, 0.179, 0.184, 0.178, 0.183], task="regression")
    facts["strong"] = _strong([0.180, 0.178, 0.183, 0.178, 0.182])
    facts["compare"] = _compare_regression()
    return facts | {"reflect": _reflect(facts, REGRESSION_GAINS)}


def _define_regression() -> dict:
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


def _define_binary() -> dict:
    return {
        "project": "loan_sample", "question": "Which applicants will be 90 days late within two years?",
        "decision": "Who gets a manual review before the loan is granted", "task": "binary", "target": "late",
        "positive": 1, "target_scale": "linear", "unit": None,
        "source": {"kind": "package", "package": "loans==0.6", "member": "loans/data/loans.csv.gz",
                   "file": "data/raw/loans.csv.gz", "sha256": "e30933f25e242a244fdd2cf41d0784416f60cefff39842738a77bd3d2ee22b3f"},
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
        "duplicates": {"rows": 12, "conflicting": 4, "across_split": 0, "across_folds": 0, "treatment": "kept on one side of the split"},
        "split": {"kind": "stratified", "column": None, "seed": 7, "asked": 0.2, "share": 0.2, "train": 800, "test": 200,
                  "folds": [160] * FOLDS, "fold_kind": "at random, rows that belong together in one fold", "boundary": None, "positives": {"train": 54, "test": 13}},
        "test_rows_sha256": "0b5e2f" + "0" * 58,
        "target_summary": {"classes": [
            {"value": "0", "rows": 933, "share": 0.933, "train_share": 0.9325, "test_share": 0.935},
            {"value": "1", "rows": 67, "share": 0.067, "train_share": 0.0675, "test_share": 0.065}]},
        "expectations": [
            {"expectation": "expect_column_values_to_be_between", "column": "age", "allowed": "from 18 to 120", "success": False, "unexpected": 3,
             "share": 0.003},
            {"expectation": "expect_column_values_to_not_be_null", "column": "income", "allowed": "at most 25 % missing", "success": True,
             "unexpected": 198, "share": 0.198},
        ],
        "contract": {"checks": 9, "passed": True},
    }  # fmt: skip


def _metric_binary() -> dict:
    labels = {"roc_auc": ("ROC AUC", True, 1.0, [0.5, 0.5, 0.5]), "accuracy": ("accuracy", True, 1.0, [0.935, 0.065, 0.5]),
              "average_precision": ("average precision", True, 1.0, [0.065, 0.065, 0.065]),
              "f1": ("F1", True, 1.0, [0.0, 0.122, 0.115]), "log_loss": ("log loss", False, 0.0, [0.241, 33.7, 0.693])}  # fmt: skip
    return {
        "primary": "roc_auc", "label": "ROC AUC", "greater_is_better": True,
        "why": "It asks whether a late payer is ranked above a punctual one, whatever the threshold.",
        "margin": 0.005, "base_rate": 0.067,
        "candidates": [
            {"metric": name, "label": label, "greater_is_better": greater, "perfect": perfect,
             "trivial": [{"predictor": who, "score": score} for who, score in
                         zip(("always the base rate", "always yes", "a coin"), scores, strict=True)]}
            for name, (label, greater, perfect, scores) in labels.items()
        ],
        "warnings": [{"metric": "accuracy", "text": "Accuracy is 0.935 for a model that never says yes.",
                      "evidence": [{"fact": "metric#/candidates/1/trivial/0/score", "value": 0.935}]}],
        "minimum_detectable": 0.021,
        "minimum_detectable_how": {"pilot": 400, "rows": 400, "se": 0.0075, "test_rows": 200, "power": 0.8, "alpha": 0.05},
        "cost": {"false_positive": 50.0, "false_negative": 1200.0, "currency": "USD", "threshold_ideal": 0.04,
                 "of_nobody": 78.0, "of_everybody": 46.75},
    }  # fmt: skip


def _metric_regression() -> dict:
    rows = {
        "rmse": ("RMSE", False, 0.0, [0.52, 0.53]),
        "mae": ("MAE", False, 0.0, [0.41, 0.40]),
        "r2": ("R²", True, 1.0, [0.0, -0.02]),
    }
    return {
        "primary": "rmse", "label": "RMSE", "greater_is_better": False,
        "why": "Errors on the log scale are relative errors, and large ones weigh most.", "margin": 0.002, "base_rate": None,
        "candidates": [
            {"metric": name, "label": label, "greater_is_better": greater, "perfect": perfect,
             "trivial": [{"predictor": who, "score": score} for who, score in
                         zip(("always the mean", "always the median"), scores, strict=True)]}
            for name, (label, greater, perfect, scores) in rows.items()
        ],
        "warnings": [], "minimum_detectable": 0.004,
        "minimum_detectable_how": {"pilot": 400, "rows": 400, "se": 0.0014, "test_rows": 200, "power": 0.8, "alpha": 0.05},
        "cost": None,
    }  # fmt: skip


def _relation(start: float, step: float) -> dict:
    return {"form": "rises", "bins": [
        {"label": f"{10 * i} to {10 * i + 9}", "lo": 10.0 * i, "hi": 10.0 * i + 9, "rows": 160,
         "target_mean": start + step * i, "ci": [start + step * i - 0.02, start + step * i + 0.02]}
        for i in range(FOLDS)]}  # fmt: skip


def _evidence(fact: str, value: object, form: str) -> dict:
    return {"fact": fact, "value": value, "form": form, "shown": format(value, form)}


def _eda() -> dict:
    numeric = {"0": 0.0, "1": 0.1, "5": 1.0, "25": 10.0, "50": 25.0, "75": 50.0, "95": 98.0, "99": 400.0, "100": 50708.0}
    columns = [
        {"name": name, "kind": "numeric", "type": "number", "missing": missing, "distinct": 640, "quantiles": numeric,
         "outliers": {"count": 17, "share": 0.02125, "rule": "more than three interquartile ranges beyond the quartiles"},
         "codes": [{"value": 98.0, "rows": 22}, {"value": 96.0, "rows": 5}] if name == "utilization" else [],
         "mutual_information": alone - 0.45, "score_alone": alone, "relation": _relation(0.02, 0.03)}
        for name, missing, alone in (("utilization", 0.0, 0.78), ("age", 0.0, 0.63), ("income", 0.198, 0.58))
    ]  # fmt: skip
    columns.append(
        {"name": "purpose|kind", "kind": "category", "type": "category", "missing": 0.01, "distinct": 3,
         "top": [{"value": "car", "share": 0.6}, {"value": "a|b", "share": 0.3}, {"value": "<i>", "share": 0.09}],
         "outliers": None, "mutual_information": 0.01, "score_alone": 0.52,
         "relation": {"form": None, "bins": [
             {"label": label, "lo": None, "hi": None, "rows": rows, "target_mean": mean, "ci": [mean - 0.02, mean + 0.02]}
             for label, rows, mean in (("car", 480, 0.06), ("a|b", 240, 0.07), ("<i>", 72, 0.09))]}}
    )  # fmt: skip
    return {
        "score_alone_metric": "roc_auc", "score_alone_label": "ROC AUC", "columns": columns,
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
             "text": "income is missing in 19.8% of the rows, and the target is the same there: missingness will not matter.",
             "evidence": [_evidence("eda#/columns/2/name", "income", ""), _evidence("eda#/columns/2/missing", 0.198, ".1%")]},
        ],
        "conclusion": {"text": "Expected to matter: scale.", "evidence": []},
    }  # fmt: skip


def _mean_sd(scores: list[float]) -> dict:
    mean = sum(scores) / len(scores)
    return {
        "cv_mean": mean,
        "cv_sd": math.sqrt(sum((s - mean) ** 2 for s in scores) / (len(scores) - 1)),
        "fold_scores": scores,
    }


def _model(name: str, role: str, scores: list[float], settings: dict, **more: object) -> dict:
    return {"name": name, "role": role, "family": name, "settings": settings, **_mean_sd(scores), "rows_used": 640,
            "skipped": None, "mean_prediction": 0.067, "mean_target": 0.067, **more}  # fmt: skip


def _baseline(scores: list[float], task: str = "binary") -> dict:
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
        "coefficients": [{"feature": "age", "level": None, "value": -0.41, "sd": 0.02},
                         {"feature": "purpose|kind", "level": "<i>", "value": 0.22, "sd": 0.09},
                         {"feature": "utilization", "level": None, "value": -0.013, "sd": 0.008}],
        "coefficients_total": 5, "coefficients_per": "standard deviation of a number, or having the level of a category",
    }  # fmt: skip


def _strong(scores: list[float]) -> dict:
    settings = {"leaves": 31, "learning rate": 0.05}
    models = [
        _model("random_forest", "ladder", [s - 0.004 for s in scores], {"trees": 300}, trees=[300] * FOLDS,
               skipped="each tree draws at most `max_rows` rows"),
        _model("lightgbm", "ladder", scores, settings, trees=[212, 240, 198, 225, 231], stopped_early=True),
        _model("xgboost", "ladder", [s - 0.001 for s in scores], settings, trees=[180, 205, 190, 177, 201], stopped_early=True),
    ]  # fmt: skip
    return {
        "models": [*models, models[1] | {"name": "strong", "role": "strong"}], "chosen": "lightgbm",
        "why_chosen": "lightgbm has the best mean score over the folds; xgboost comes within one standard error of the "
                      "paired fold differences",
        "features_used": ["utilization", "age", "income", "purpose|kind"],
        "failed": [{"name": "extra_trees", "why": "not part of this effort level"}],
        "note": "Boosting stops on the rows that its fold holds out, so its out-of-fold scores are very slightly optimistic.",
    }  # fmt: skip


def _compare_binary() -> dict:
    def curve(power: float) -> list[dict]:
        return [{"x": i / 20, "y": (i / 20) ** power} for i in range(21)]

    def bins(bend: float) -> dict:
        points = [
            {"predicted": p, "observed": p + bend * p * (1 - p), "rows": 20, "lo": max(0.0, p - 0.03), "hi": p + 0.05}
            for p in (0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.5)
        ]
        return {
            "bins": points,
            "ece": abs(bend) / 10,
            "ece_by_chance": 0.003,
            "by": "a tenth of the rows in each",
            "within_bins": 0.0,
            "ece_ci": [abs(bend) / 20, abs(bend) / 5],
            "brier": 0.05,
            "reliability": 0.001,
            "resolution": 0.012,
            "uncertainty": 0.061,
        }

    confusion = {"tp": 10, "fp": 50, "fn": 3, "tn": 137}
    return {
        "metric": "roc_auc", "greater_is_better": True, "confidence": 0.95, "test_rows": 200,
        "models": [
            {"name": "dummy", "role": "dummy", "score": 0.5, "ci": [0.5, 0.5], "cv_mean": 0.5, "cv_sd": 0.0, "versus_baseline": None},
            {"name": "baseline", "role": "baseline", "score": 0.706, "ci": [0.695, 0.717], "cv_mean": 0.705, "cv_sd": 0.005,
             "versus_baseline": None},
            {"name": "random_forest", "role": "ladder", "score": 0.861, "ci": [0.851, 0.871], "cv_mean": 0.861, "cv_sd": 0.003,
             "versus_baseline": {"value": 0.155, "ci": [0.139, 0.171], "p_adjusted": 0.0002}},
            {"name": "strong", "role": "strong", "score": 0.8642, "ci": [0.8542, 0.8742], "cv_mean": 0.865, "cv_sd": 0.003,
             "versus_baseline": {"value": 0.1582, "ci": [0.1423, 0.1741], "p_adjusted": 0.0002}},
        ],
        "difference": {
            "value": 0.1582, "ci": [0.1423, 0.1741], "p_value": 0.0002, "margin": 0.005, "minimum_detectable": 0.021,
            "verdict": "better", "rows_needed": None, "close": False, "close_to": None, "method": "Paired bootstrap, 2000 resamples of the test rows",
            "delong": {"value": 0.1582, "ci": [0.1425, 0.1739], "p_value": 1e-12},
            "nadeau_bengio": {"value": 0.16, "ci": [0.148, 0.172], "p_value": 1e-6},
        },
        "other_metrics": [{"metric": "average_precision", "label": "average precision", "greater_is_better": True, "dummy": 0.065, "baseline": 0.21, "strong": 0.39},
                          {"metric": "log_loss", "label": "log loss", "greater_is_better": False, "dummy": 0.241, "baseline": 0.226, "strong": 0.18}],
        "calibration": [{"model": "baseline"} | bins(-0.4), {"model": "strong"} | bins(0.05)],
        "original_scale": None,
        "threshold": {
            "by_cost": True, "chosen_on": "out-of-fold predictions of the training rows", "threshold_ideal": 0.04,
            "baseline": {"threshold": 0.05, "expected_cost": 44.0, "ci": [40.0, 48.0], "confusion": confusion},
            "strong": {"threshold": 0.041, "expected_cost": 30.5, "ci": [27.0, 34.0], "confusion": confusion},
            "saving": {"value": 13.5, "ci": [9.1, 17.9], "p_value": 0.0001, "rows": 1},
            "saving_per_thousand": {"value": 13500.0, "ci": [9100.0, 17900.0], "p_value": 0.0001, "rows": 1000},
            "curve": [{"threshold": 0.02 * i, "baseline": 46.75 - i + 0.09 * i * i, "strong": 46.75 - 2.6 * i + 0.16 * i * i}
                      for i in range(1, 20)],
        },
        "curves": {"roc": {"baseline": curve(0.45), "strong": curve(0.16)},
                   "precision_recall": {"baseline": [{"x": i / 20, "y": 0.5 - i / 46} for i in range(21)],
                                        "strong": [{"x": i / 20, "y": 0.8 - i / 28} for i in range(21)]}},
        "residuals": None,
    }  # fmt: skip


def _compare_regression() -> dict:
    deciles = [
        {
            "bin": i,
            "predicted": 12.4 + 0.2 * i,
            "rows": 20,
            "quantiles": {"5": -0.3, "25": -0.1, "50": 0.01, "75": 0.1, "95": 0.32},
        }
        for i in range(10)
    ]
    facts = _compare_binary()
    return facts | {
        "metric": "rmse", "greater_is_better": False,
        "models": [
            {"name": "dummy", "role": "dummy", "score": 0.523, "ci": [0.513, 0.533], "cv_mean": 0.52, "cv_sd": 0.007, "versus_baseline": None},
            {"name": "baseline", "role": "baseline", "score": 0.1812, "ci": [0.1762, 0.1862], "cv_mean": 0.181, "cv_sd": 0.002,
             "versus_baseline": None},
            {"name": "strong", "role": "strong", "score": 0.1804, "ci": [0.1755, 0.1853], "cv_mean": 0.1802, "cv_sd": 0.002,
             "versus_baseline": {"value": 0.0008, "ci": [-0.0007, 0.0017], "p_adjusted": 0.31}},
        ],
        "difference": {
            "value": 0.0008, "ci": [-0.0007, 0.0017], "p_value": 0.31, "margin": 0.002, "minimum_detectable": 0.0017,
            "verdict": "tie", "rows_needed": None, "close": True, "close_to": "the margin", "method": "Paired bootstrap, 2000 resamples of the test rows",
            "delong": None, "nadeau_bengio": {"value": 0.0009, "ci": [-0.001, 0.0028], "p_value": 0.28},
        },
        "other_metrics": [{"metric": "mae", "label": "mean absolute error", "greater_is_better": False, "dummy": 0.41, "baseline": 0.135, "strong": 0.134},
                          {"metric": "r2", "label": "R²", "greater_is_better": True, "dummy": 0.0, "baseline": 0.88, "strong": 0.881}],
        "original_scale": {"unit": "USD", "metrics": [
            {"metric": "mae", "label": "mean absolute error", "greater_is_better": False, "dummy": 220709.0, "baseline": 74123.0,
             "strong": 73642.0},
            {"metric": "mape", "label": "MAPE", "greater_is_better": False, "dummy": 0.4415, "baseline": 0.1378, "strong": 0.1371}]},
        "calibration": None, "threshold": None, "curves": None,
        "residuals": [{"model": "baseline", "deciles": deciles}, {"model": "strong", "deciles": deciles}],
    }  # fmt: skip


FACTORS = ("encoding", "missingness", "scale", "shape", "interaction", "tuning")
BINARY_GAINS = (0.0, 0.0, 0.1331, 0.0168, 0.0071, 0.0012)
REGRESSION_GAINS = (0.0, 0.0001, 0.0, 0.0005, 0.0003, -0.0001)


def _single(gain: float, *, matters: bool, **more: object) -> dict:
    return {"gain": gain, "ci": [gain - 0.002, gain + 0.002], "p_adjusted": 0.001 if matters else 0.4, "matters": matters,
            "close": False, **more}  # fmt: skip


def _factor(name: str, gain: float, total: float, margin: float) -> dict:
    applies, matters = name != "encoding", gain >= margin
    p = (0.0002 if matters else 0.4) if applies else None
    return {
        "factor": name, "gain": gain, "ci": [gain - 0.004, gain + 0.004] if applies else [0.0, 0.0], "p_adjusted": p,
        "matters": matters, "close": name == "interaction", "close_to": "the margin" if name == "interaction" else None,
        "applicable": applies, "why": "kept: the loss on rows left out fell" if applies else "no feature holds categories",
        "share": gain / total,
        "out_of_fold": {"gain": gain, "ci": [gain - 0.002, gain + 0.002], "p_value": p, "p_adjusted": p,
                        "below_margin": not matters},
    }  # fmt: skip


def _reflect(facts: dict[str, dict], gains: tuple[float, ...]) -> dict:
    compare, margin = facts["compare"], facts["metric"]["margin"]
    total, large = compare["difference"]["value"], compare["difference"]["verdict"] == "better"
    curve = [{"x": float(i), "effect": 0.1 * (i - 5) ** 2 / 25, "linear": 0.01 * (i - 5)} for i in range(11)]
    levels = [{"x": x, "effect": e, "linear": e / 2} for x, e in (("car", -0.1), ("a|b", 0.05), ("<i>", 0.2))]
    surface = {"x": [20.0, 40.0, 60.0], "y": [0.0, 2000.0, 9000.0], "effect": [[-0.2, 0.0, 0.2], [0.0] * 3, [0.2, 0.0, -0.2]]}
    features = {"utilization": 1.2, "age": 0.5, "income": 0.2, "purpose|kind": 0.05}
    best = compare["models"][-1]["cv_mean"]
    reflect = {
        "attribution": [_factor(name, gain, total, margin) for name, gain in zip(FACTORS, gains, strict=True)],
        "scales": [_single(0.11, matters=True, feature="utilization", rows=640)] if large else [],
        "shapes": [_single(0.02, matters=large, feature="utilization", curve=curve),
                   _single(0.0001, matters=False, feature="purpose|kind", curve=levels)],
        "interactions": [_single(0.006, matters=large, features=["age", "income"], surface=surface)],
        "shap": {"model": "lightgbm", "family": "lightgbm", "rows": 200, "unit": "log-odds" if large else "value",
                 "features": [{"feature": name, "mean_abs": size / 2} for name, size in features.items()],
                 "points": [{"feature": name, "values": [
                     {"value": float(i), "position": None if name == "purpose|kind" else i / 40, "effect": size * math.sin(i)}
                     for i in range(40)]} for name, size in features.items()]},
        "leakage": [{"feature": "utilization", "score_alone": 0.78, "suspect": False, "why": "the strongest single column",
                     "score_with": best, "score_without": best - 0.02, "gain_with": total, "gain_without": total / 2,
                     "share_lost": 0.06}],
        "headroom": {
            "reachable": [best - 0.004, best + 0.011], "best": {"model": "lightgbm", "score": best, "se": 0.002},
            "curve": [{"rows": 80 * 2**i, "score": best - 0.02 / 2**i} for i in range(4)],
            "more_rows": {"pays": large, "times": [{"times": 2, "rows": 1280, "gain": 0.006}, {"times": 10, "rows": 6400, "gain": 0.01}]},
            "agreement": {"models": ["lightgbm", "xgboost"], "rank_correlation": 0.983, "gain_of_mean": 0.0004},
            "advice": "more rows" if large else "better features", "how": "learning curve",
        },
        "slices": [{"where": "age is at most 30", "feature": "age", "rows": 140, "difference": 0.19, "ci": [0.12, 0.26],
                    "p_adjusted": 0.002, "better": "strong"}] if large else [],
        "hypotheses": [{"id": "H1", "factor": "scale", "outcome": "came true" if large else "did not", "close": False,
                        "why": "scale matters: its gain is beyond chance" if large else "scale does not matter", "evidence": []},
                       {"id": "H2", "factor": "missingness", "outcome": "came true", "close": False,
                        "why": "missingness does not matter: its gain could be chance", "evidence": []}],
        "controls": {"passed": True, "rows": 800, "features": 4},
    }  # fmt: skip
    return reflect | {"claims": story(facts | {"reflect": reflect})}
