"""All models on the test rows, beside the baseline."""

from pipelines.facts.shared import TRIED, Interval
from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View
from pipelines.report.words import ALPHA

MODELS = "compare#/models"
LEADERS = ("baseline", "strong")


def clear(ci: Interval) -> bool:
    """Return whether an interval is clear of zero."""
    return not ci[0] <= 0 <= ci[1]


def _view(facts: Facts) -> View:
    models, chosen = facts["compare"]["models"], facts["strong"]["chosen"]
    shown = [i for i, one in enumerate(models) if not (one["role"] == TRIED and one["name"] == chosen)]
    against = [models[place]["versus_baseline"] for place in shown]
    return {
        "rows": [(f"{MODELS}/{place}", models[place]["role"] in LEADERS) for place in shown],
        "strong": next(f"{MODELS}/{place}" for place, one in enumerate(models) if one["role"] == "strong"),
        "p_decides": any(one is not None and clear(one["ci"]) != (one["p_adjusted"] < ALPHA) for one in against),
        "logarithm": facts["define"]["target_scale"] == "log",
    }


ALL_MODELS = Section("all_models", "compare", _view, (MODELS,))
