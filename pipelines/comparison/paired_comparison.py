"""The paired comparison of step 6: all models on the same test rows, by what they predicted."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.comparison.calibrations import calibration_facts, hand_out_calibrations
from pipelines.comparison.confusion import confusion_facts
from pipelines.comparison.curves import curve_facts
from pipelines.comparison.decisions import decide
from pipelines.comparison.dispersion import dispersion_facts
from pipelines.comparison.errors import residual_facts
from pipelines.comparison.forecasts import forecast_scores
from pipelines.comparison.grouped import groups_compared
from pipelines.comparison.intervals import prediction_intervals
from pipelines.comparison.scores import (
    BASELINE,
    CONSTANT,
    PAIR,
    STRONG,
    Measured,
    adjusted,
    delong_difference,
    folds_difference,
    measure,
    original_scale,
    other_metrics,
)
from pipelines.core.project import Project
from pipelines.core.submit import Pending, Submit
from pipelines.core.table import Table
from pipelines.facts.compare import OfForecasts, OfGroups, ScoredFacts
from pipelines.facts.compare.decisions import Threshold
from pipelines.facts.compare.scores import Difference, ScoredModel
from pipelines.facts.shared import Model
from pipelines.facts.steps import Facts
from pipelines.inference.bootstrap import CONFIDENCE, REPLICATES
from pipelines.inference.cost import Costs
from pipelines.inference.truth import Truth
from pipelines.inference.verdict import verdict
from pipelines.metrics import Metric, metric_of
from pipelines.metrics.prepared import Floats
from pipelines.models.fit import predictions_by_model


def paired_comparison(
    table: Table, project: Project, predictions: Mapping[str, pd.DataFrame], facts: Facts, submit: Submit
) -> ScoredFacts:
    """Return what the predictions of steps 4 and 5 give: scores, the difference and its verdict, calibration and so on.

    All models are compared on the same test rows by a paired bootstrap, by group or stretch of time where rows depend
    on each other. Gains, savings and their intervals are positive where the strong model is better. `predictions` are
    the tables of `baseline` and `strong`, `facts` those of both and of `metric`. Raises ValueError where a prediction
    table is not for the rows of `table`.
    """
    seed, primary = project.seed, metric_of(project.metric)
    known = predictions_by_model(table, predictions)
    tested = (table.frame["split"] == "test").to_numpy()
    train, test = ({name: one[side] for name, one in known.items()} for side in (table.scored, tested))
    rows = table.rows("test")
    truth = Truth.of(table, tested, primary, seed)
    known_without = _known_without(table, primary, known)
    measured = submit(measure, truth, test, known_without, name="scores: paired bootstrap")
    calibrated = hand_out_calibrations(rows, test, seed, submit)
    decided = _decisions(table.y[table.scored], train, truth, test, project, submit)
    described = {model["name"]: model for model in facts["baseline"]["models"]}
    described |= {model["name"]: model for model in facts["strong"]["models"]}
    found = measured.result()
    forecasts = _of_forecasts(table, known, facts)
    return {
        "metric": primary.name,
        "label": primary.label,
        "greater_is_better": primary.greater_is_better,
        "confidence": CONFIDENCE,
        "test_rows": len(rows.y),
        "test_groups": None if rows.group is None else len(np.unique(rows.group)),
        "resamples": REPLICATES,
        "models": _models(found, test, described),
        "difference": _difference(found, rows, test, described, project, facts["metric"]["minimum_detectable"]),
        "other_metrics": other_metrics(primary, rows.y, test, table.target.name),
        "original_scale": original_scale(rows.y, test, project.problem),
        "calibration": calibration_facts(calibrated),
        "threshold": decided.result() if decided else None,
        "curves": curve_facts(rows, test),
        "confusion": confusion_facts(rows, test),
        "residuals": residual_facts(rows, test),
        "intervals": prediction_intervals(table, train, test, project),
        **dispersion_facts(rows, test),
        **forecasts,
        **_of_groups(table, known, primary, project),
    }


def _of_forecasts(table: Table, known: Mapping[str, Floats], facts: Facts) -> OfForecasts:
    """Return how forecasts err; nothing where the rows are no moments of series."""
    if "forecast" not in facts.get("define", {}):
        return {}
    return {"forecasts": forecast_scores(table, known, facts["define"]["forecast"])}


def _of_groups(table: Table, known: Mapping[str, Floats], primary: Metric, project: Project) -> OfGroups:
    """Return groups beside what has none; nothing where the rows form no groups."""
    if not table.grouped:
        return {}
    return {"groups": groups_compared(table, known, primary, project.metric.margin, project.seed)}


def _known_without(table: Table, primary: Metric, known: Mapping[str, Floats]) -> Floats:
    """Return what is predicted of the test rows without any model: the best constant, or of series the dummy."""
    if table.forward:
        return known["dummy"][table.tested]
    known_of_rows = table.target.unmodelled(table.x, table.trained)
    if known_of_rows is not None:
        return known_of_rows[table.tested]
    tested = int(table.tested.sum())
    return table.target.best_constant(table.rows("train").y, tested, primary.score, primary.gain)


def _decisions(
    train_y: Floats, train: Mapping[str, Floats], truth: Truth, test: Mapping[str, Floats],
    project: Project, submit: Submit,
) -> Pending[Threshold] | None:  # fmt: skip
    """Hand out the choice of thresholds by cost; None where no costs are given."""
    given = project.metric.cost
    if given is None:
        return None
    costs = Costs(given.false_positive, given.false_negative)
    chosen_on, judged_on = ({model: side[model] for model in PAIR} for side in (train, test))
    return submit(decide, train_y, chosen_on, truth, judged_on, costs, name="decisions by cost")


def _models(found: Measured, test: Mapping[str, Floats], described: Mapping[str, Model]) -> list[ScoredModel]:
    """Return each model's score and gain over the baseline, in the order of the steps' facts."""
    p_values = adjusted(found["gain"], test)
    models: list[ScoredModel] = []
    for name, facts in described.items():
        if name not in test:
            continue
        score, gain = found["score"][name], found["gain"].get(name)
        models.append(
            {
                "name": name,
                "role": facts["role"],
                "score": score.value,
                "ci": list(score.ci),
                "cv_mean": facts["cv_mean"],
                "cv_sd": facts["cv_sd"],
                "versus_baseline": None
                if gain is None
                else {
                    "value": gain.value,
                    "ci": list(gain.ci),
                    "p_value": gain.p_value,
                    "p_adjusted": p_values[name],
                },
            }
        )
    return models


def _difference(
    found: Measured, rows: Table, test: Mapping[str, Floats], described: Mapping[str, Model], project: Project,
    minimum_detectable: float | None,
) -> Difference:  # fmt: skip
    """Return the difference between strong model and baseline, its verdict, and two other ways of measuring it.

    Where the baseline loses to the best constant, to beat it says nothing: the verdict is that against the constant.
    """
    primary, margin = metric_of(project.metric), project.metric.margin
    gain, constant = found["gain"][STRONG], found["over_constant"]
    judged = gain if constant is None else constant
    said = verdict(judged.value, judged.ci, margin, len(rows.y))
    pair = described[BASELINE], described[STRONG]
    drawn = "rows" if rows.unit is None else "stretches of time" if rows.group is None else "groups"
    difference: Difference = {
        "value": gain.value,
        "ci": list(gain.ci),
        "se": gain.se,
        "p_value": gain.p_value,
        "margin": margin,
        "against": BASELINE if constant is None else CONSTANT,
        "verdict": said.name,
        "rows_needed": said.rows_needed,
        "close": said.close,
        "close_to": said.close_to,
        "method": f"Paired bootstrap, {REPLICATES} resamples of the test {drawn}",
        "delong": delong_difference(primary, rows.y, test, grouped=rows.unit is not None),
        # Stretches of time one after another are no repetitions: later models know more.
        "nadeau_bengio": None if rows.target.rows == "series" else folds_difference(*pair, primary),
        "minimum_detectable": minimum_detectable,
    }
    if constant is not None:
        difference["constant"] = {"value": constant.value, "ci": list(constant.ci), "p_value": constant.p_value}
    return difference
