"""Step 5: classics and candidates on the shared folds; the best candidate, or a mean of several, is `strong`."""

from collections.abc import Sequence
from typing import Any

from pipelines.core.errors import InputError
from pipelines.core.project import Project
from pipelines.core.submit import Submit, import_first
from pipelines.core.table import Table
from pipelines.metrics.metric import METRICS, Metric
from pipelines.models.choosing.portfolio import PREFERENCE, TEACHING, portfolio
from pipelines.models.choosing.selection import beats, choose, chosen_elsewhere
from pipelines.models.choosing.tuning import tune
from pipelines.models.describe import curve_facts, failure_facts, fold_scores, importance_facts, model_facts
from pipelines.models.ensemble import ROUNDS, combine
from pipelines.models.fit import Fit, prediction_table
from pipelines.models.folds import CrossFit, cross_fit
from pipelines.models.linear import MODULES
from pipelines.models.saving import archive
from pipelines.models.settings import measure_size

ENSEMBLE = "ensemble"
ENSEMBLE_SETTINGS = {"model": "weighted mean of predictions, weights chosen greedily out of fold", "rounds": ROUNDS}
STOPPING_NOTE = (
    "How many trees boosting keeps in a fold is decided by the other folds' rows. Other models choose a setting on the "
    "rows that their fold holds out, so their out-of-fold scores are slightly optimistic. The test rows play no part "
    "in fitting, stopping or choosing."
)


def strong(table: Table, project: Project, submit: Submit) -> Fit:
    """Return all models' predictions and the chosen one's again as `strong`, the saved chosen model, and facts.

    The choice is by mean score of the project's metric over the folds, so on training rows alone: a weighted mean of
    the candidates where it beats the best of them by more than noise, else that one or a simpler one tied with it. A
    model that fails is told in `failed` and the others go on. Raises InputError where all candidates fail.
    """
    import_first("sklearn.ensemble", "xgboost", "lightgbm")
    if project.effort.level != "quick":
        import_first(*MODULES, "sklearn.calibration", "sklearn.neighbors", "sklearn.svm", "optuna")
    training = table.fold >= 0
    size = measure_size(table.y[training], len(table.features), project.problem.task, project.effort.level)
    tuned = tune(table, size, project.split.seed, submit)
    fitted = portfolio(size, None if tuned is None else tuned.settings)
    learners = [*fitted.candidates, *fitted.classics]
    done, failed = cross_fit(learners, table, project.split.seed, submit)
    candidates = _in_preference(done)
    if not candidates:
        raise InputError(
            "no strong model could be fitted: " + "; ".join(f"{failure.name}: {failure.why}" for failure in failed),
            where=f"project {project.name}, step strong",
            todo="look at the columns and the target that step define reports",
        )
    metric = METRICS[project.metric.primary]
    chosen, choice = _choose(candidates, table, metric, project, submit)
    settings = {learner.name: learner.settings for learner in learners}
    shown = sorted(done, key=lambda one: TEACHING.index(one.name))
    if chosen.name == ENSEMBLE:
        shown.append(chosen)
    facts: dict[str, Any] = {
        "metric": metric.name,
        "label": metric.label,
        "greater_is_better": metric.greater_is_better,
        "models": _model_facts(shown, chosen, candidates, settings | {ENSEMBLE: ENSEMBLE_SETTINGS}, table, metric),
        **choice,
        "features_used": table.features,
        "tuning": None if tuned is None else tuned.facts,
        "failed": failure_facts(failed),
        "left_out": [{"name": name, "why": why} for name, why in fitted.left_out],
        "note": STOPPING_NOTE,
        "evidence": {"rows": size.rows, "features": size.features, "outside_commonest_class_or_rows": size.evidence},
        "importances": [entry for entry in (importance_facts(one, table.features) for one in done) if entry],
        "learning_curves": [
            entry
            for entry in (
                curve_facts(one, "squared error" if size.task == "regression" else "log loss") for one in done
            )
            if entry
        ],
    }
    columns = {one.name: one.prediction for one in shown} | {"strong": chosen.prediction}
    return Fit(prediction_table(table, columns), archive.save(chosen, table, project), facts)


def _in_preference(done: Sequence[CrossFit]) -> list[CrossFit]:
    """Return the candidates that could be fitted, the preferred ones first."""
    by_name = {one.name: one for one in done}
    return [by_name[name] for name in PREFERENCE if name in by_name]


def _choose(
    candidates: list[CrossFit], table: Table, metric: Metric, project: Project, submit: Submit
) -> tuple[CrossFit, dict[str, Any]]:
    """Return the model that becomes `strong`, and the facts of the choice."""
    scores = {one.name: fold_scores(one, table, metric) for one in candidates}
    single = choose(scores, metric, list(scores), project.metric.margin)
    combined, weights = combine(ENSEMBLE, table, candidates, submit)
    best = single.ranking[0]["name"]
    rival = chosen_elsewhere(scores, {one.name: one.prediction for one in candidates}, table.fold, metric)
    judged = beats(table, metric, combined.prediction, rival, project.split.seed) | {"against": best}
    kept = judged["kept"] and len(weights) > 1
    why = (
        "a weighted mean of several models beats the best of them by more than one standard error on training rows "
        "that helped neither to fit, nor to weigh, nor to choose it"
    )
    taken = combined if kept else next(one for one in candidates if one.name == single.name)
    return taken, {
        "chosen": taken.name,
        "why_chosen": why if kept else single.why,
        "ranking": single.ranking,
        "ensemble": judged | {"kept": kept, "weights": weights},
    }


def _model_facts(
    shown: Sequence[CrossFit], chosen: CrossFit, candidates: Sequence[CrossFit], settings: dict[str, Any],
    table: Table, metric: Metric,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return what the facts tell of each model, and of the chosen one again as `strong`."""
    told = [
        model_facts(one, table, metric, role="ladder", settings=settings[one.name])
        | {"candidate": one.name in {ENSEMBLE, *(candidate.name for candidate in candidates)}}
        for one in shown
    ]
    copied = next(entry for entry in told if entry["name"] == chosen.name)
    return [*told, copied | {"name": "strong", "role": "strong"}]
