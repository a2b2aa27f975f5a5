"""Small facts of step 6 that further fits, intervals and sizes leave behind, for the projects of sample_facts.py."""

from conftest import Facts

ROWS = (160, 320, 640)


def learning_curves(best: float, baseline: float, *, greater: bool) -> list[Facts]:
    """Return two curves that end at the models' scores: the baseline's has met, the strong one's still climbs."""
    sign = 1.0 if greater else -1.0
    return [
        _curve("baseline", "baseline", 1.0, baseline, 0.0004, 0.0002, "bias", "do not help", sign),
        _curve("lightgbm", "strong", 1.0, best, 0.02, 0.006, "variance", "help", sign),
    ]


def _curve(  # noqa: PLR0917 - a sample's numbers
    name: str, role: str, weight: float, end: float, gap: float, step: float, limit: str, more: str, sign: float
) -> Facts:
    points = [
        {"share": rows / ROWS[-1], "rows": rows,
         "train": end + sign * (gap + step * i), "train_sd": 0.002,
         "validation": end - sign * step * i, "validation_sd": 0.004}
        for i, rows in zip((2, 1, 0), ROWS, strict=True)
    ]  # fmt: skip
    return {
        "model": name, "role": role, "weight": weight, "folds": 5, "points": points,
        "left_out": [{"share": 0.0625, "rows": 40, "why": "too few rows"}],
        "reading": {
            "more_rows": more, "limit": limit,
            "last_step": {"value": step, "ci": [step - 0.0001, step + 0.0001], "from_rows": 320, "to_rows": 640},
            "gap": {"value": gap, "ci": [gap - 0.0003, gap + 0.0003]},
            "over_dummy": {"value": 0.3, "ci": [0.28, 0.32]},
        },
    }  # fmt: skip


def stability(*, flagged: bool) -> Facts:
    """Return the stability of a model whose worst fold is fine, or is not."""
    worst = 0.782 if flagged else 0.861
    scores = [0.866, 0.872, worst, 0.869, 0.868]
    below = 0.861 - worst if flagged else 0.0
    return {
        "rarer_class": 0.067, "allowed": 0.05, "flagged": flagged,
        "folds": {"mean": 0.865, "ci": [0.861, 0.869], "scores": scores, "worst": worst, "below": below,
                  "flagged": flagged},
        "seeds": {"model": "lightgbm", "weight": 1.0, "fold": 2, "scores": [worst, worst + 0.002, worst + 0.003],
                  "move": 0.003, "flagged": False},
    }  # fmt: skip


def intervals() -> Facts:
    """Return intervals of which the strong model's hold on average, but not for the lowest fifth."""

    def covered(level: float, rows: int, reach: float, promise: str = "held") -> Facts:
        middle = level - 0.1 if promise == "broken" else level
        return {"rows": rows, "predicted": 13.0, "coverage": middle,
                "ci": [middle - reach, min(1.0, middle + reach)], "promise": promise}  # fmt: skip

    def levels(narrow: float, broken: bool) -> list[Facts]:
        return [
            {
                "level": level, "reach": narrow * level, "factor": 1 + narrow * level, "width": 300000 * narrow * level,
                **covered(level, 200, 0.03),
                "fifths": [
                    {"name": name} | covered(level, 40, 0.08, "broken" if broken and name == "lowest" else "held")
                    for name in ("lowest", "second", "middle", "fourth", "highest")
                ],
                "broken": ["lowest"] if broken else [], "exceeded": [],
            }
            for level in (0.5, 0.8, 0.9, 0.95)
        ]  # fmt: skip

    return {
        "exchangeable": None, "unit": "USD", "log": True, "shown_level": 0.9, "narrower": 0.1,
        "models": [{"model": "baseline", "levels": levels(0.4, broken=False)},
                   {"model": "strong", "levels": levels(0.36, broken=True)}],
    }  # fmt: skip


def complexity(worth: str, gain_in_margins: float) -> Facts:
    """Return what a strong model of one part costs to keep."""
    return {
        "baseline": {"bytes": 22527, "parts": 1, "trees": None},
        "strong": {"bytes": 2252700, "parts": 1, "trees": 1106},
        "times_bytes": 100.0, "gain_in_margins": gain_in_margins, "worth": worth, "mean_pays": None,
    }  # fmt: skip


def model_times() -> Facts:
    """Return the times of both models, as `sevenfold timings` measures them."""
    return {
        "baseline": {"bytes": 22527, "fit_seconds": 0.4, "single_microseconds": 2100.0, "batch_microseconds": 0.31,
                     "batch_rows": 200},
        "strong": {"bytes": 2252700, "fit_seconds": 12.0, "single_microseconds": 4300.0, "batch_microseconds": 55.0,
                   "batch_rows": 200},
    }  # fmt: skip
