"""The models that were tried on the same folds, and which of them the strong model is."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.pointer import given
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.facts.strong import Ensemble
from pipelines.findings.wording import score_form
from pipelines.report.section import Picture, Section, View
from pipelines.report.views import each, without
from pipelines.report.words import model as plain_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE, TUNING = "strong#/models", "strong#/tuning"
BEST = 5  # models that are shown first


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.fits import draw_candidates

    return draw_candidates(facts)


def _tried(facts: Facts) -> list[int]:
    """Return the places of the models that were tried, the best mean over the folds first."""
    models, sign = facts["strong"]["models"], -1 if facts["metric"]["greater_is_better"] else 1
    places = [place for place, one in enumerate(models) if one["role"] != "strong"]
    return sorted(places, key=lambda place: sign * given(models[place]["cv_mean"]))


def _chosen(facts: Facts) -> int:
    """Return the place of the model that was taken."""
    return next(
        place for place in _tried(facts) if facts["strong"]["models"][place]["name"] == facts["strong"]["chosen"]
    )


def _title(facts: Facts) -> Claim:
    """Return what the chosen model and the baseline have over the folds."""
    baseline = next(place for place, one in enumerate(facts["baseline"]["models"]) if one["role"] == "baseline")
    form = score_form(facts)
    pool: dict[str, Place] = {
        "chosen": (f"{WHERE}/{_chosen(facts)}/cv_mean", form),
        "baseline": (f"baseline#/models/{baseline}/cv_mean", form),
    }
    name = plain_name(facts["strong"]["chosen"])
    return say(
        "title", (f"Over the folds the chosen model ({name}) has {{chosen}}, the baseline {{baseline}}"), facts, **pool
    )


def _mean(ensemble: Ensemble | None) -> View:
    """Return what became of the weighted mean, where there is one."""
    if ensemble is None:
        return {}
    kept = ensemble["kept"]
    return {
        "kept": kept,
        "gained": ensemble["gain"] > 0,
        "better": ensemble["better"],
        "several": len(ensemble["weights"]) > 1,
    }


def _tuned(facts: Facts) -> str | None:
    """Return whether settings were searched for: "no" where there is a reason against it, None where not asked."""
    tuning = facts["strong"]["tuning"]
    return None if tuning is None else "no" if tuning.get("why") is not None else "yes"


def fewer_folds(facts: Facts) -> set[str]:
    """Return the names of the models that were not fitted on all folds."""
    models = facts["strong"]["models"]
    return {one["name"] for one in models if one["folds"] < len(one["fold_scores"])}


def _view(facts: Facts) -> View:
    strong = facts["strong"]
    places, fewer = _tried(facts), fewer_folds(facts)
    models: list[Pointer] = [f"{WHERE}/{i}" for i in places if strong["models"][i]["name"] not in fewer]
    return {
        "title": _title(facts),
        "top": models[:BEST],
        "others": models[BEST:],
        "models": models,
        "all": [f"{WHERE}/{i}" for i in places],
        "fewer": [f"{WHERE}/{i}" for i in places if strong["models"][i]["name"] in fewer],
        "chosen": f"{WHERE}/{_chosen(facts)}",
        **_mean(strong["ensemble"]),
        "tuned": _tuned(facts),
        "edges": each(facts, f"{TUNING}/at_the_edge"),
        "failed": without("strong#/failed", strong["failed"]),
        "left_out": without("strong#/left_out", strong["left_out"]),
    }


CANDIDATES = Section("candidates", "strong", _view, (WHERE,), pictures=(Picture("5-candidates", _draw, "strong#"),))
