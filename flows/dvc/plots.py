"""The few rows that `dvc metrics` and `dvc plots` show, taken from the facts without computing anything."""

from pipelines.facts.compare import CompareFacts
from pipelines.facts.reflect import ReflectFacts
from pipelines.facts.shared import TRIED

Row = dict[str, str | float | None]


def metrics_summary(compare: CompareFacts) -> Row:
    """Return the test scores of the dummy, the baseline and the strong model, their difference and the verdict."""
    scores = {model["role"]: model["score"] for model in compare["models"] if model["role"] != TRIED}
    difference = compare["difference"]
    return {
        "metric": compare["metric"],
        **{role: scores.get(role) for role in ("dummy", "baseline", "strong")},
        "difference": difference["value"],
        "lo": difference["ci"][0],
        "hi": difference["ci"][1],
        "verdict": difference["verdict"],
    }


def roc_rows(compare: CompareFacts) -> list[Row]:
    """Return one row a point of every model's ROC curve; no rows for regression."""
    curves = compare["curves"]
    pair = {} if curves is None else {"baseline": curves["roc"]["baseline"], "strong": curves["roc"]["strong"]}
    return [
        {"model": model, "false_positive_rate": point["x"], "true_positive_rate": point["y"]}
        for model, points in pair.items()
        for point in points
    ]


def calibration_rows(compare: CompareFacts) -> list[Row]:
    """Return one row a bin of every model's predicted and observed shares; no rows for regression."""
    return [
        {"model": entry["model"], "predicted": bin_["predicted"], "observed": bin_["observed"], "rows": bin_["rows"]}
        for entry in compare["calibration"] or []
        for bin_ in entry["bins"]
    ]


def attribution_rows(reflect: ReflectFacts) -> list[Row]:
    """Return one row a cause: its gain on the test rows, with its interval."""
    return [
        {"factor": row["factor"], "gain": row["gain"], "lo": row["ci"][0], "hi": row["ci"][1]}
        for row in reflect["attribution"]
    ]
