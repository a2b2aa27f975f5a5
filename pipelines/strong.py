"""Step 5: classics and candidates on the shared folds; the best candidate, or a mean of several, is `strong`."""

from collections.abc import Sequence

from pipelines.core.errors import InputError
from pipelines.core.project import Project
from pipelines.core.submit import Submit, import_first
from pipelines.core.table import Table
from pipelines.facts.shared import TRIED, Setting
from pipelines.facts.strong import StrongFacts, StrongModel
from pipelines.metrics import Metric, metric_of
from pipelines.models.choosing.choice import Chosen, choose_strong
from pipelines.models.choosing.portfolio import in_teaching_order, portfolio, preferred, size_of
from pipelines.models.choosing.race import Race
from pipelines.models.choosing.tuning import tune
from pipelines.models.describe import curve_facts, failure_facts, importance_facts, model_facts, stopping_note
from pipelines.models.families import imports
from pipelines.models.fit import Fit, prediction_table
from pipelines.models.folds import CrossFit, cross_fit, is_whole
from pipelines.models.mean import SETTINGS
from pipelines.models.saving import archive


def strong(table: Table, project: Project, submit: Submit) -> Fit[StrongFacts]:
    """Return all models' predictions and the chosen one's again as `strong`, the saved chosen model, and facts.

    See `choose_strong` for the choice. A model that fails is reported in `failed` and the others go on. Raises
    InputError where all candidates fail.
    """
    level, seed, metric = project.effort.level, project.seed, metric_of(project.metric)
    import_first(*imports(level, table.target.rows, table.rows_are))
    size = size_of(table, level)
    tuned = tune(table, size, seed, submit)
    fitted = portfolio(size, None if tuned is None else tuned.settings)
    tried = preferred([learner.name for learner in fitted.candidates])
    race = Race(table, tried, [learner.name for learner in fitted.classics], seed)
    # Of stretches of time one after another the first is no sample of the others.
    done, failed = cross_fit(fitted.learners, table, seed, submit, None if table.forward else race)
    by_name = {one.name: one for one in done}
    candidates = [by_name[name] for name in tried if name in by_name and is_whole(by_name[name], table)]
    if not candidates:
        raise InputError(
            "no strong model could be fitted: " + "; ".join(f"{failure.name}: {failure.why}" for failure in failed),
            where=f"project {project.name}, step strong",
            todo="look at the columns and the target that step define reports",
        )
    chosen = choose_strong(candidates, table, metric, project.metric.margin, seed, submit)
    settings = {learner.name: learner.settings for learner in fitted.learners}
    shown = [by_name[name] for name in in_teaching_order(list(by_name))] + ([chosen.model] if chosen.is_mean else [])
    curves = [curve_facts(one, table.target.words.loss) for one in candidates]
    importances = [importance_facts(one, list(table.in_trees.columns)) for one in candidates]
    models = _model_facts(shown, chosen, [one.name for one in candidates], settings, table, metric)
    facts: StrongFacts = {
        "metric": metric.name,
        "label": metric.label,
        "greater_is_better": metric.greater_is_better,
        "models": models,
        **chosen.facts,
        "features_used": list(table.in_trees.columns),
        "race": race.facts,
        "tuning": None if tuned is None else tuned.facts,
        "failed": failure_facts(failed),
        "left_out": [{"name": name, "why": why} for name, why in fitted.left_out],
        "note": stopping_note(models),
        "evidence": {"rows": size.rows, "features": size.features, "outside_commonest_class_or_rows": size.evidence},
        "importances": [entry for entry in importances if entry],
        "learning_curves": [entry for entry in curves if entry],
    }
    columns = {one.name: one.prediction for one in shown} | {"strong": chosen.model.prediction}
    return Fit(prediction_table(table, columns), archive.save(chosen.model, table, project), facts)


def _model_facts(
    shown: Sequence[CrossFit], chosen: Chosen, candidates: Sequence[str], settings: dict[str, dict[str, Setting]],
    table: Table, metric: Metric,
) -> list[StrongModel]:  # fmt: skip
    """Return what the facts say of each model, and of the chosen one again as `strong`."""
    facts: list[StrongModel] = [
        {
            **model_facts(one, table, metric, role=TRIED, settings=settings.get(one.name, SETTINGS)),
            "candidate": one is chosen.model or one.name in candidates,
            "folds": sum(part.fold >= 0 for part in one.folds),
        }
        for one in shown
    ]
    copied = next(entry for entry in facts if entry["name"] == chosen.model.name)
    return [*facts, {**copied, "name": "strong", "role": "strong"}]
