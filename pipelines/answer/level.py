"""Whether both models do worse than the test rows' own mean: the target's level is not what it was."""

from typing import NamedTuple

from pipelines.facts.shared import Pointer
from pipelines.facts.steps import Facts
from pipelines.metrics import METRICS

PAIR = ("baseline", "strong")
ROLES = ("dummy", *PAIR)


class Level(NamedTuple):
    """Where the explained shares of the test rows' spread stand, all below zero."""

    label: Pointer
    dummy: Pointer
    baseline: Pointer
    strong: Pointer
    dummy_is_worse: bool  # whether the mean of the training rows does worse still


def level(facts: Facts) -> Level | None:
    """Return where both models' explained shares stand, if below zero despite a signal.

    The mean of those rows would then have been the better prediction: the target's level is not what it was, or a few
    rows are far off. None where it is not so, where no metric says such a share, and where nothing was learned anyway.
    """
    if not facts["reflect"]["signal"]["present"]:
        return None
    places, scores = _primary(facts) or _other(facts) or ({}, {})
    told = [scores.get(role) for role in PAIR]
    if not all(score is not None and score < 0 for score in told):
        return None
    dummy = scores["dummy"]
    worse = dummy is not None and all(score is not None and dummy < score for score in told)
    return Level(places["label"], places["dummy"], places["baseline"], places["strong"], worse)


Shares = tuple[dict[str, Pointer], dict[str, float | None]]


def _primary(facts: Facts) -> Shares | None:
    """Return the shares that the primary metric is; None where it measures no share."""
    if METRICS[facts["metric"]["primary"]].scale != "explained":
        return None
    models = facts["compare"]["models"]
    places = {model["role"]: f"compare#/models/{i}/score" for i, model in enumerate(models)}
    return places | {"label": "metric#/label"}, {model["role"]: model["score"] for model in models}


def _other(facts: Facts) -> Shares | None:
    """Return the shares of the first other metric that is one; None where there is none."""
    rows = facts["compare"]["other_metrics"]
    found = next((i for i, row in enumerate(rows) if METRICS[row["metric"]].scale == "explained"), None)
    if found is None:
        return None
    places = {name: f"compare#/other_metrics/{found}/{name}" for name in (*ROLES, "label")}
    return places, {"dummy": rows[found]["dummy"], "baseline": rows[found]["baseline"], "strong": rows[found]["strong"]}
