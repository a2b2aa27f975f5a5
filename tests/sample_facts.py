"""Facts of three small projects, as `record_samples.py` recorded them, and as they would be where something differs."""

import json
from pathlib import Path

from conftest import Facts

from pipelines.findings.findings import story

FOLDER = Path(__file__).parent / "samples"


def load(kind: str) -> Facts:
    """Return the recorded facts of all seven steps, which a test may change."""
    return json.loads((FOLDER / f"{kind}.json").read_text(encoding="utf-8"))


def binary() -> Facts:
    """Return the facts of loans of which few are late; most of the gain is scale, and that is codes."""
    return load("binary")


def multiclass() -> Facts:
    """Return the facts of payments of three classes, of which the strong model is a weighted mean."""
    return load("multiclass")


def regression() -> Facts:
    """Return the facts of cottages, by time and on the logarithm of the price, which end in a tie."""
    return load("regression")


def forecast() -> Facts:
    """Return the facts of three shops' daily sales, forecast a week ahead."""
    return load("forecast")


SAMPLES = {"binary": binary, "multiclass": multiclass, "regression": regression}


def tracked(project: str) -> Facts:
    """Return the facts of a project in the repository, the answer to them included."""
    folder = FOLDER.parent.parent / "reports" / project
    files = [*sorted((folder / "facts").glob("*.json")), folder / "answer.json"]
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


def told_again(facts: Facts) -> Facts:
    """Return the facts with the claims that follow from them."""
    facts["reflect"]["claims"] = story(facts)
    return facts


def with_verdict(facts: Facts, verdict: str) -> Facts:
    """Return the facts as they would be with another verdict."""
    needed = 9000 if verdict == "underpowered" else None
    facts["compare"]["difference"] |= {"verdict": verdict, "rows_needed": needed}
    return told_again(facts)


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
    return told_again(facts)


def with_leak(facts: Facts) -> Facts:
    """Return the facts as they would be where what the strong model gains is what two columns give away."""
    names = ["utilization", "income"]
    why = "knowing only whether it is missing scores 0.940 in ROC AUC"
    known = facts["reflect"]["leakage"][0]
    facts["reflect"]["leakage"] = [known | {"feature": name, "suspect": True, "why": why} for name in names]
    facts["reflect"]["leak_verdict"] = {
        "features": names, "score_with": 0.865, "score_without": 0.71, "gain_with": 0.16, "gain_without": 0.005,
        "ci": [-0.002, 0.012], "share_lost": 0.42, "is_the_gain": True,
    }  # fmt: skip
    return told_again(facts)


def unstable(facts: Facts) -> Facts:
    """Return the facts as they would be where the strong model's worst fold is far below the others."""
    facts["compare"]["stability"] = {
        "rarer_class": 0.067, "allowed": 0.05, "flagged": True,
        "folds": {"mean": 0.865, "ci": [0.861, 0.869], "scores": [0.866, 0.872, 0.782, 0.869, 0.868], "worst": 0.782,
                  "below": 0.079, "flagged": True},
        "seeds": {"model": "lightgbm", "weight": 1.0, "fold": 2, "scores": [0.782, 0.784, 0.785], "move": 0.003,
                  "flagged": False},
    }  # fmt: skip
    return facts


def with_serving(facts: Facts) -> Facts:
    """Return the facts with those that `sevenfold serve --verify` writes."""
    rows = facts["define"]["split"]["test"]
    facts["serving"] = {
        "project": facts["define"]["project"], "test_rows": rows, "batch_rows": 1000,
        "models": [
            {"name": name, "batched": {"sent": rows, "equal": rows}, "single": {"sent": rows, "equal": rows}}
            for name in ("strong", "baseline")
        ],
        "columns": len({one["from"] for one in facts["define"]["features"]}), "may_be_missing": 1,
        "archive_bytes": 1_200_000,
    }  # fmt: skip
    return facts


def with_times(facts: Facts) -> Facts:
    """Return the facts with those that `sevenfold timings` measures, of the models that there are."""
    size = facts["compare"]["complexity"]
    facts["timings"] = {
        "project": facts["define"]["project"], "cores": 2, "total_seconds": 6.2, "peak_mib": 410,
        "steps": [{"step": "define", "seconds": 4.2, "peak_mib": 410},
                  {"step": "metric", "seconds": 2.0, "peak_mib": 300}],
        "models": {
            "baseline": {"bytes": size["baseline"]["bytes"], "fit_seconds": 0.4, "single_microseconds": 2100.0,
                         "batch_microseconds": 0.31, "batch_rows": 200},
            "strong": {"bytes": size["strong"]["bytes"], "fit_seconds": 12.0, "single_microseconds": 4300.0,
                       "batch_microseconds": 55.0, "batch_rows": 200},
        },
    }  # fmt: skip
    return facts
