"""Step 4: the dummy, which knows no feature, and the plain linear model that the others have to beat."""

import numpy as np

from pipelines.core.errors import InputError
from pipelines.core.project import Project
from pipelines.core.submit import Submit, import_first
from pipelines.core.table import Table
from pipelines.facts.baseline import BaselineFacts, Coefficient
from pipelines.metrics import metric_of
from pipelines.models.coefficients import linear_coefficients
from pipelines.models.describe import failure_facts, model_facts
from pipelines.models.families import baseline_of, dummy_of
from pipelines.models.fit import Fit, prediction_table
from pipelines.models.folds import CrossFit, cross_fit
from pipelines.models.linear import FAMILY, LinearModel
from pipelines.models.model import Learner
from pipelines.models.saving import archive

MAX_COEFFICIENTS = 40  # those that move predictions most, that the facts keep


def baseline(table: Table, project: Project, submit: Submit) -> Fit[BaselineFacts]:
    """Return the dummy's and the baseline's predictions, the saved baseline, and facts.

    Both are fitted on the shared folds; see `models/linear.py` for what the baseline is.
    Raises InputError where the baseline cannot be fitted.
    """
    import_first(*FAMILY.imports)
    linear, dummy = baseline_of(table), dummy_of(table.target)
    learners: list[Learner] = [linear, dummy]
    done, failed = cross_fit(learners, table, project.seed, submit)
    by_name = {fitted.name: fitted for fitted in done}
    if "baseline" not in by_name:
        raise InputError(
            f"the baseline could not be fitted: {failed[0].why}",
            where=f"project {project.name}, step baseline",
            todo="look at the columns and the target that step define reports",
        )
    metric = metric_of(project.metric)
    fitted = by_name["baseline"]
    found = _coefficients(fitted, table)
    facts: BaselineFacts = {
        "metric": metric.name,
        "label": metric.label,
        "greater_is_better": metric.greater_is_better,
        "models": [
            model_facts(by_name["dummy"], table, metric, role="dummy", settings=dummy.settings),
            model_facts(fitted, table, metric, role="baseline", settings=linear.settings),
        ],
        "chosen": "baseline",
        "why_chosen": table.target.words.baseline,
        "features_used": table.features,
        "failed": failure_facts(failed),
        "coefficients": found[:MAX_COEFFICIENTS],
        "coefficients_total": len(found),
        "coefficients_per": "standard deviation of a number, or having the level of a category",
    }
    predictions = prediction_table(table, {name: by_name[name].prediction for name in ("dummy", "baseline")})
    return Fit(predictions, archive.save(fitted, table, project), facts)


def _coefficients(fitted: CrossFit, table: Table) -> list[Coefficient]:
    """Return the coefficients, mean and standard deviation over the folds that have the column, by their `move`.

    `move` is the coefficient times the standard deviation of its column over the training rows: how far it shifts
    predictions there. A level that hardly any row has moves little, however large its coefficient.
    """
    found: dict[tuple[str, str | None, int | None], list[float]] = {}
    models = [part.model for part in fitted.folds if isinstance(part.model, LinearModel)]
    for model in models:
        for one in linear_coefficients(model.pipeline):
            found.setdefault((one.feature, one.level, one.of_class), []).append(one.value)
    of_levels = {feature for feature, level, _ in found if level is not None}
    shares = {feature: _shares(table, feature) for feature in of_levels}
    entries: list[Coefficient] = [
        {
            "feature": feature,
            "level": level,
            "class": of_class,
            "value": float(np.mean(values)),
            "sd": float(np.std(values, ddof=1)) if len(values) > 1 else None,
            "move": float(np.mean(values)) * (1.0 if level is None else _spread(shares[feature].get(level, 0.0))),
        }
        for (feature, level, of_class), values in found.items()
    ]
    entries.sort(key=lambda entry: (-abs(entry["move"]), entry["feature"], entry["level"] or "", entry["class"] or 0))
    return entries


def _shares(table: Table, feature: str) -> dict[str, float]:
    """Return what share of the training rows has each level of a category."""
    values = table.x.loc[table.trained, feature]
    return {str(level): count / len(values) for level, count in values.value_counts().items()}


def _spread(share: float) -> float:
    """Return the standard deviation of a level's column; that of a number is 1, since numbers are scaled to it."""
    return float(np.sqrt(share * (1 - share)))
