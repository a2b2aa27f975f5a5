"""The findings of the two invented projects of sample_facts.py: steps 6 and 7."""

import math

import sample_comparison
from conftest import Facts

from pipelines.findings.findings import story
from pipelines.ladder.ladder import STRONGEST_PAIRS


def compare_binary() -> Facts:
    """Return the facts of step 6 of the binary project: clearly better."""

    def curve(power: float) -> list[Facts]:
        return [{"x": i / 20, "y": (i / 20) ** power} for i in range(21)]

    def bins(bend: float) -> Facts:
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
            {"name": "dummy", "role": "dummy", "score": 0.5, "ci": [0.5, 0.5], "cv_mean": 0.5, "cv_sd": 0.0,
             "versus_baseline": None},
            {"name": "baseline", "role": "baseline", "score": 0.706, "ci": [0.695, 0.717], "cv_mean": 0.705,
             "cv_sd": 0.005,
             "versus_baseline": None},
            {"name": "random_forest", "role": "ladder", "score": 0.861, "ci": [0.851, 0.871], "cv_mean": 0.861,
             "cv_sd": 0.003,
             "versus_baseline": {"value": 0.155, "ci": [0.139, 0.171], "p_adjusted": 0.0002}},
            {"name": "strong", "role": "strong", "score": 0.8642, "ci": [0.8542, 0.8742], "cv_mean": 0.865,
             "cv_sd": 0.003,
             "versus_baseline": {"value": 0.1582, "ci": [0.1423, 0.1741], "p_adjusted": 0.0002}},
        ],
        "difference": {
            "value": 0.1582, "ci": [0.1423, 0.1741], "p_value": 0.0002, "margin": 0.005, "minimum_detectable": 0.021,
            "verdict": "better", "rows_needed": None, "close": False, "close_to": None,
            "method": "Paired bootstrap, 2000 resamples of the test rows",
            "delong": {"value": 0.1582, "ci": [0.1425, 0.1739], "p_value": 1e-12},
            "nadeau_bengio": {"value": 0.16, "ci": [0.148, 0.172], "p_value": 1e-6},
        },
        "other_metrics": [{"metric": "average_precision", "label": "average precision", "greater_is_better": True,
                           "dummy": 0.065, "baseline": 0.21, "strong": 0.39},
                          {"metric": "log_loss", "label": "log loss", "greater_is_better": False, "dummy": 0.241,
                           "baseline": 0.226, "strong": 0.18}],
        "calibration": [{"model": "baseline"} | bins(-0.4), {"model": "strong"} | bins(0.05)],
        "original_scale": None,
        "threshold": {
            "by_cost": True, "chosen_on": "out-of-fold predictions of the training rows", "of_nobody": 78.0,
            "of_everybody": 46.75, "threshold_ideal": 0.04,
            "baseline": {"threshold": 0.05, "expected_cost": 44.0, "ci": [40.0, 48.0], "confusion": confusion},
            "strong": {"threshold": 0.041, "expected_cost": 30.5, "ci": [27.0, 34.0], "confusion": confusion},
            "saving": {"value": 13.5, "ci": [9.1, 17.9], "p_value": 0.0001, "rows": 1},
            "saving_per_thousand": {"value": 13500.0, "ci": [9100.0, 17900.0], "p_value": 0.0001, "rows": 1000},
            "curve": [_cost(0.02 * i, 46.75 - i + 0.09 * i * i, 46.75 - 2.6 * i + 0.16 * i * i) for i in range(1, 20)],
        },
        "curves": {"roc": {"baseline": curve(0.45), "strong": curve(0.16)},
                   "precision_recall": {"baseline": [{"x": i / 20, "y": 0.5 - i / 46} for i in range(21)],
                                        "strong": [{"x": i / 20, "y": 0.8 - i / 28} for i in range(21)]}},
        "residuals": None, "intervals": None, "stability": sample_comparison.stability(flagged=False),
        "learning_curves": sample_comparison.learning_curves(0.865, 0.705, greater=True),
        "complexity": sample_comparison.complexity("saves", 31.64),
    }  # fmt: skip


def _cost(threshold: float, baseline: float, strong: float) -> Facts:
    return {
        "threshold": threshold, "baseline": baseline, "strong": strong,
        "baseline_ci": [baseline - 3, baseline + 3], "strong_ci": [strong - 3, strong + 3],
        "saving": baseline - strong, "saving_ci": [baseline - strong - 4, baseline - strong + 4],
    }  # fmt: skip


def compare_regression() -> Facts:
    """Return the facts of step 6 of the regression project: a tie, and close."""
    deciles = [
        {
            "bin": i,
            "tenth": i + 1,
            "predicted": 12.4 + 0.2 * i,
            "rows": 20,
            "mean": 0.012,
            "ci": [-0.02, 0.044],
            "quantiles": {"5": -0.3, "25": -0.1, "50": 0.01, "75": 0.1, "95": 0.32},
        }
        for i in range(10)
    ]
    normal = [{"normal": i / 4, "error": 1.1 * i / 4} for i in range(-12, 13)]
    facts = compare_binary()
    return facts | {
        "metric": "rmse", "greater_is_better": False,
        "models": [
            {"name": "dummy", "role": "dummy", "score": 0.523, "ci": [0.513, 0.533], "cv_mean": 0.52, "cv_sd": 0.007,
             "versus_baseline": None},
            {"name": "baseline", "role": "baseline", "score": 0.1812, "ci": [0.1762, 0.1862], "cv_mean": 0.181,
             "cv_sd": 0.002,
             "versus_baseline": None},
            {"name": "strong", "role": "strong", "score": 0.1804, "ci": [0.1755, 0.1853], "cv_mean": 0.1802,
             "cv_sd": 0.002,
             "versus_baseline": {"value": 0.0008, "ci": [-0.0007, 0.0017], "p_adjusted": 0.31}},
        ],
        "difference": {
            "value": 0.0008, "ci": [-0.0007, 0.0017], "p_value": 0.31, "margin": 0.002, "minimum_detectable": 0.0017,
            "verdict": "tie", "rows_needed": None, "close": True, "close_to": "the margin",
            "method": "Paired bootstrap, 2000 resamples of the test rows",
            "delong": None, "nadeau_bengio": {"value": 0.0009, "ci": [-0.001, 0.0028], "p_value": 0.28},
        },
        "other_metrics": [{"metric": "mae", "label": "mean absolute error", "greater_is_better": False, "dummy": 0.41,
                           "baseline": 0.135, "strong": 0.134},
                          {"metric": "r2", "label": "R²", "greater_is_better": True, "dummy": 0.0, "baseline": 0.88,
                           "strong": 0.881}],
        "original_scale": {"unit": "USD", "metrics": [
            {"metric": "mae", "label": "mean absolute error", "greater_is_better": False, "dummy": 220709.0,
             "baseline": 74123.0,
             "strong": 73642.0},
            {"metric": "mape", "label": "MAPE", "greater_is_better": False, "dummy": 0.4415, "baseline": 0.1378,
             "strong": 0.1371}]},
        "calibration": None, "threshold": None, "curves": None,
        "residuals": [{"model": name, "deciles": deciles, "normal": normal} for name in ("baseline", "strong")],
        "intervals": sample_comparison.intervals(), "stability": None,
        "learning_curves": sample_comparison.learning_curves(0.1802, 0.181, greater=False),
        "complexity": sample_comparison.complexity("no gain", 0.4),
    }  # fmt: skip


FACTORS = ("encoding", "missingness", "scale", "shape", "interaction", "tuning")
BINARY_GAINS = (0.0, 0.0, 0.1331, 0.0168, 0.0071, 0.0012)
REGRESSION_GAINS = (0.0, 0.0001, 0.0, 0.0005, 0.0003, -0.0001)


def _single(gain: float, *, matters: bool, **more: object) -> Facts:
    return {"gain": gain, "ci": [gain - 0.002, gain + 0.002], "p_adjusted": 0.001 if matters else 0.4,
            "matters": matters,
            "close": False, **more}  # fmt: skip


def _factor(name: str, gain: float, total: float, margin: float) -> Facts:
    applies, matters = name != "encoding", gain >= margin
    p = (0.0002 if matters else 0.4) if applies else None
    return {
        "factor": name, "gain": gain, "ci": [gain - 0.004, gain + 0.004] if applies else [0.0, 0.0], "p_adjusted": p,
        "matters": matters, "undecided": False, "confirmed": gain > 0.004,
        "close": name == "interaction", "close_to": "the margin" if name == "interaction" else None,
        "applicable": applies, "why": "kept: the loss fell" if applies else "no feature holds categories",
        "share": gain / total,
        "out_of_fold": {"gain": gain, "ci": [gain - 0.002, gain + 0.002], "p_value": p, "p_adjusted": p,
                        "below_margin": not matters},
        "tried": [{"change": STRONGEST_PAIRS, "kept": True, "improvement": 0.001, "se": 0.0001, "rounds": 20,
                   "rows": 640}] if name == "interaction" else [],
    }  # fmt: skip


def without_signal(facts: Facts) -> Facts:
    """Return the facts as they would be where no model beats a constant."""
    facts["reflect"]["signal"] |= {
        "present": False,
        "tests": [
            {"model": "baseline", "rows": "training", "gain": -0.001, "ci": [-0.012, 0.01], "p_adjusted": 1.0},
            {"model": "strong", "rows": "test", "gain": 0.004, "ci": [-0.02, 0.028], "p_adjusted": 1.0},
        ],
    }
    for item in facts["reflect"]["attribution"]:
        item |= {"matters": False, "close": False, "close_to": None}
    return _told_again(facts)


def with_leak(facts: Facts) -> Facts:
    """Return the facts as they would be where what the strong model gains is what two columns give away."""
    why = "knowing only whether it is missing scores 0.940 in ROC AUC"
    suspects = [
        facts["reflect"]["leakage"][0] | {"feature": name, "suspect": True, "why": why}
        for name in ("utilization", "income")
    ]
    return _told_again(
        facts
        | {
            "reflect": facts["reflect"]
            | {
                "leakage": suspects,
                "leak_verdict": {
                    "features": ["utilization", "income"],
                    "score_with": 0.865,
                    "score_without": 0.71,
                    "gain_with": 0.16,
                    "gain_without": 0.005,
                    "ci": [-0.002, 0.012],
                    "share_lost": 0.42,
                    "is_the_gain": True,
                },
            }
        }
    )


def _told_again(facts: Facts) -> Facts:
    facts["reflect"]["claims"] = story(facts)
    return facts


def reflect(facts: Facts, gains: tuple[float, ...]) -> Facts:
    """Return the facts of step 7 for the six factors' gains, which sum to the difference."""
    compare, margin = facts["compare"], facts["metric"]["margin"]
    total, large = compare["difference"]["value"], compare["difference"]["verdict"] == "better"
    curve = [{"x": float(i), "effect": 0.1 * (i - 5) ** 2 / 25, "linear": 0.01 * (i - 5)} for i in range(11)]
    levels = [{"x": x, "effect": e, "linear": e / 2} for x, e in (("car", -0.1), ("a|b", 0.05), ("<i>", 0.2))]
    surface = {
        "x": [20.0, 40.0, 60.0],
        "y": [0.0, 2000.0, 9000.0],
        "effect": [[-0.2, 0.0, 0.2], [0.0] * 3, [0.2, 0.0, -0.2]],
        "class": None,
    }
    features = {"utilization": 1.2, "age": 0.5, "income": 0.2, "purpose|kind": 0.05}
    best = compare["models"][-1]["cv_mean"]
    found: Facts = {
        "attribution": [_factor(name, gain, total, margin) for name, gain in zip(FACTORS, gains, strict=True)],
        "scales": [_single(0.11, matters=True, feature="utilization", rows=640)] if large else [],
        "codes": {"features": ["utilization"], "values": [96.0, 98.0], "rows": 14, "gain": 0.021, "ci": [0.01, 0.032],
                  "p_value": 0.0002, "matters": True, "close": False} if large else None,
        "shapes": [_single(0.02, matters=large, feature="utilization", curve=curve, **{"class": None}),
                   _single(0.0001, matters=False, feature="purpose|kind", curve=levels, **{"class": None})],
        "pairs_screened": {"features": 4, "of": 4},
        "dates_tested": {"dates": 0, "of": 0},
        "interactions": [_single(0.006, matters=large, features=["age", "income"], surface=surface)],
        "shap": {"model": "lightgbm", "family": "lightgbm", "weight": 0.6 if large else 1.0,
                 "rows": 200, "events": 61 if large else None,
                 "enriched": False, "unit": "log-odds" if large else "value",
                 "features": [{"feature": name, "mean_abs": size / 2} for name, size in features.items()],
                 "points": [{"feature": name, "class": None, "values": [
                     {"value": float(i), "position": None if name == "purpose|kind" else i / 40,
                      "effect": size * math.sin(i)}
                     for i in range(40)]} for name, size in features.items()]},
        "leakage": [{"feature": "utilization", "score_alone": 0.78, "suspect": False,
                     "why": "the strongest single column",
                     "score_with": best, "score_without": best - 0.02, "gain_with": total, "gain_without": total / 2,
                     "share_lost": 0.06}],
        "leak_verdict": None,
        "signal": {"present": True, "metric": "roc_auc" if large else "rmse",
                   "label": "ROC AUC" if large else "RMSE", "tests": [
            {"model": "baseline", "rows": "training", "gain": 0.2, "ci": [0.19, 0.21], "p_adjusted": 0.0002},
            {"model": "strong", "rows": "test", "gain": 0.36, "ci": [0.35, 0.37], "p_adjusted": 0.0002}]},
        "split_leaks": [
            {"kind": "near copies", "feature": None, "rows": 600, "share": 0.002, "leak": False,
             "score_with": None, "score_without": None, "gain": None, "ci": None, "p_value": None,
             "why": "hardly any row has a near copy"},
            {"kind": "time order", "feature": "sold (days)", "rows": 600, "share": 0.2, "leak": False,
             "score_with": best, "score_without": best - 0.002, "gain": 0.002, "ci": [-0.004, 0.008], "p_value": 0.5,
             "why": "refitted with and without, on equally many rows"},
        ],
        "headroom": {
            "reachable": [best - 0.004, best + 0.011], "best": {"model": "lightgbm", "score": best, "se": 0.002},
            "curve": [{"rows": 80 * 2**i, "score": best - 0.02 / 2**i} for i in range(4)],
            "more_rows": {"pays": large, "times": [{"times": 2, "rows": 1280, "gain": 0.006},
                                                   {"times": 10, "rows": 6400, "gain": 0.01}]},
            "ceiling": None if large else {"rows": 14, "score": 0.1711, "se": 0.0004, "binds": True},
            "agreement": {"models": ["lightgbm", "xgboost"], "rank_correlation": 0.983, "gain_of_mean": 0.0004,
                          "pays": False},
            "advice": "more rows" if large else "better features", "how": "learning curve",
        },
        "slices": [{"where": "age is at most 30", "feature": "age", "rows": 140, "difference": 0.19, "ci": [0.12, 0.26],
                    "p_adjusted": 0.002, "better": "strong"}] if large else [],
        "hypotheses": [{"id": "H1", "factor": "scale", "outcome": "came true" if large else "did not", "close": False,
                        "why": "scale matters: its gain is beyond chance" if large else "scale does not matter",
                        "evidence": []},
                       {"id": "H2", "factor": "missingness", "outcome": "came true", "close": False,
                        "why": "missingness does not matter: its gain could be chance", "evidence": []}],
        "controls": {"passed": True, "rows": 800, "features": 4},
    }  # fmt: skip
    return found | {"claims": story(facts | {"reflect": found})}
