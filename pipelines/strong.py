"""Step 5: random forest, LightGBM and xgboost on the shared folds; the best of them is `strong`."""

from typing import Any

from pipelines.errors import InputError
from pipelines.estimators import archive
from pipelines.estimators.boosting import LightGBM, XGBoost
from pipelines.estimators.describe import curve_facts, failure_facts, fold_scores, importance_facts, model_facts
from pipelines.estimators.fit import Fit, prediction_table
from pipelines.estimators.folds import Learner, cross_fit
from pipelines.estimators.forest import RandomForest
from pipelines.estimators.selection import choose
from pipelines.estimators.settings import Size, forest_settings, lightgbm_settings, measure_size, xgboost_settings
from pipelines.project import Project
from pipelines.statistics.metrics import METRICS
from pipelines.submit import Submit, import_first
from pipelines.table import Table

# Tied models are taken in this order. LightGBM reads categories and missing values as they are, and predicts
# fastest; a forest is the largest and the slowest to explain.
PREFERENCE = ("lightgbm", "xgboost", "random_forest")
STOPPING_NOTE = (
    "Boosting stops on the rows that its fold holds out, so its out-of-fold scores are optimistic; "
    "the test rows play no part in fitting, stopping or choosing."
)
FOREST_SKIPPED = "each tree draws at most max_rows rows of its fold's training rows"


def strong(table: Table, project: Project, submit: Submit) -> Fit:
    """Return the three models' predictions and the chosen one's again as `strong`, the saved chosen model, and facts.

    The choice is by mean score of the project's metric over the folds, so on training rows alone. A model that
    fails is told in `failed` and the others go on. Raises InputError where all fail.
    """
    import_first("sklearn.ensemble", "xgboost", "lightgbm")
    training = table.fold >= 0
    size = measure_size(table.y[training], len(table.features), project.problem.task, project.effort.level)
    learners = _learners(size)
    done, failed = cross_fit(learners, table, project.split.seed, submit)
    if not done:
        raise InputError(
            "no strong model could be fitted: " + "; ".join(f"{failure.name}: {failure.why}" for failure in failed),
            where=f"project {project.name}, step strong",
            todo="look at the columns and the target that step define reports",
        )
    metric = METRICS[project.metric.primary]
    by_name = {fitted.name: fitted for fitted in done}
    names = [name for name in PREFERENCE if name in by_name]
    choice = choose({name: fold_scores(by_name[name], table, metric) for name in names}, metric, names)

    chosen = by_name[choice.name]
    settings = {learner.name: learner.settings for learner in learners}
    models = [
        model_facts(
            fitted,
            table,
            metric,
            role="ladder",
            settings=settings[fitted.name],
            skipped=FOREST_SKIPPED if fitted.name == "random_forest" else None,
        )
        for fitted in done
    ]
    copied = next(entry for entry in models if entry["name"] == choice.name)
    loss = "squared error" if project.problem.task == "regression" else "log loss"
    curves = [curve_facts(fitted, loss) for fitted in done]
    importances = [importance_facts(fitted, table.features) for fitted in done]
    facts: dict[str, Any] = {
        "metric": metric.name,
        "label": metric.label,
        "greater_is_better": metric.greater_is_better,
        "models": [*models, copied | {"name": "strong", "role": "strong"}],
        "chosen": choice.name,
        "why_chosen": choice.why,
        "ranking": choice.ranking,
        "features_used": table.features,
        "failed": failure_facts(failed),
        "note": STOPPING_NOTE,
        "evidence": {"rows": size.rows, "features": size.features, "rarest_class_or_rows": size.evidence},
        "importances": [entry for entry in importances if entry],
        "learning_curves": [entry for entry in curves if entry],
    }
    columns = {fitted.name: fitted.prediction for fitted in done} | {"strong": chosen.prediction}
    return Fit(prediction_table(table, columns), archive.save(chosen, table, project), facts)


def _learners(size: Size) -> list[Learner]:
    """Return the recipes, slowest first so that the last fits to end are short ones."""
    return [
        RandomForest(size.task, forest_settings(size)),
        XGBoost(xgboost_settings(size)),
        LightGBM(lightgbm_settings(size)),
    ]
