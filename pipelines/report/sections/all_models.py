"""All models on the test rows, beside the baseline."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.shared import TRIED, Claim, Interval, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.wording import score_form
from pipelines.ladder.alpha import ALPHA
from pipelines.report.section import Picture, Section, View
from pipelines.report.sections.candidates import WHERE, fewer_folds
from pipelines.report.words import capitalised, model

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MODELS = "compare#/models"
LEADERS = ("baseline", "strong")


def clear(ci: Interval) -> bool:
    """Return whether an interval is clear of zero."""
    return not ci[0] <= 0 <= ci[1]


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.compare import draw_models

    return draw_models(facts)


def _title(facts: Facts) -> Claim:
    """Return which model has the best score on the test rows."""
    models = facts["compare"]["models"]
    best = (max if facts["metric"]["greater_is_better"] else min)(range(len(models)), key=lambda i: models[i]["score"])
    name = capitalised(model(models[best]["name"]))
    if models[best]["role"] == "strong":
        name = "The strong model"
    return say(
        "title",
        f"{name} has the best score on the test rows, {{score}}",
        facts,
        score=(f"{MODELS}/{best}/score", score_form(facts)),
    )


def _folds(facts: Facts) -> dict[str, Pointer]:
    """Return where stands how many folds a model learned on, of each row whose model did not learn on all."""
    fewer = fewer_folds(facts)
    at = {one["name"]: f"{WHERE}/{i}/folds" for i, one in enumerate(facts["strong"]["models"]) if one["name"] in fewer}
    return {f"{MODELS}/{i}": at[one["name"]] for i, one in enumerate(facts["compare"]["models"]) if one["name"] in at}


def _view(facts: Facts) -> View:
    models, chosen = facts["compare"]["models"], facts["strong"]["chosen"]
    shown = [i for i, one in enumerate(models) if not (one["role"] == TRIED and one["name"] == chosen)]
    against = [models[place]["versus_baseline"] for place in shown]
    return {
        "title": _title(facts),
        "rows": [(f"{MODELS}/{place}", models[place]["role"] in LEADERS) for place in shown],
        "folds": _folds(facts),
        "strong": next(f"{MODELS}/{place}" for place, one in enumerate(models) if one["role"] == "strong"),
        "p_decides": any(one is not None and clear(one["ci"]) != (one["p_adjusted"] < ALPHA) for one in against),
        "logarithm": facts["define"]["target_scale"] == "log",
    }


ALL_MODELS = Section("all_models", "compare", _view, (MODELS,), pictures=(Picture("6-models", _draw, "compare#"),))
