"""The few rows that `dvc metrics` and `dvc plots` show, taken from the facts without computing anything."""

from flows.repository.files import Facts


def metrics_summary(compare: Facts) -> Facts:
    """Return the test scores of the dummy, the baseline and the strong model, their difference and the verdict."""
    scores = {model["role"]: model["score"] for model in compare["models"] if model["role"] != "ladder"}
    difference = compare["difference"]
    return {
        "metric": compare["metric"],
        **{role: scores.get(role) for role in ("dummy", "baseline", "strong")},
        "difference": difference["value"],
        "lo": difference["ci"][0],
        "hi": difference["ci"][1],
        "verdict": difference["verdict"],
    }


def roc_rows(compare: Facts) -> list[Facts]:
    """Return one row a point of every model's ROC curve; no rows for regression."""
    curves = (compare.get("curves") or {}).get("roc") or {}
    return [
        {"model": model, "false_positive_rate": point["x"], "true_positive_rate": point["y"]}
        for model, points in curves.items()
        for point in points
    ]


def calibration_rows(compare: Facts) -> list[Facts]:
    """Return one row a bin of every model's predicted and observed shares; no rows for regression."""
    return [
        {"model": entry["model"], "predicted": bin_["predicted"], "observed": bin_["observed"], "rows": bin_["rows"]}
        for entry in compare.get("calibration") or []
        for bin_ in entry["bins"]
    ]


def attribution_rows(reflect: Facts) -> list[Facts]:
    """Return one row a factor: its gain on the test rows, with its interval."""
    rows = [(row, row["ci"] or [None, None]) for row in reflect["attribution"]]
    return [{"factor": row["factor"], "gain": row["gain"], "lo": lo, "hi": hi} for row, (lo, hi) in rows]
