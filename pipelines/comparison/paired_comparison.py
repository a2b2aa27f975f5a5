"""The paired comparison of step 6: all models on the same test rows, by what they predicted."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from pipelines.comparison.confusion import confusion_of_classes
from pipelines.comparison.decisions import decide
from pipelines.comparison.intervals import prediction_intervals
from pipelines.comparison.scores import (
    BASELINE,
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
from pipelines.facts.compare import Calibration as CalibrationFacts
from pipelines.facts.compare import (
    CurvePair,
    Curves,
    Difference,
    OriginalScale,
    Residuals,
    ScoredFacts,
    ScoredModel,
    Threshold,
)
from pipelines.facts.shared import Compared, Model
from pipelines.facts.shared import Point as PointFacts
from pipelines.facts.steps import Facts
from pipelines.inference.bootstrap import CONFIDENCE, REPLICATES, Estimate
from pipelines.inference.calibration import Calibration, calibrate
from pipelines.inference.cost import Costs
from pipelines.inference.curves import Point, precision_recall_curve, roc_curve
from pipelines.inference.residuals import residuals
from pipelines.inference.verdict import verdict
from pipelines.metrics import metric_of
from pipelines.metrics.prepared import Floats
from pipelines.models.fit import predictions_by_model
from pipelines.targets.labelled import indicators

PAIR = (BASELINE, STRONG)


def paired_comparison(
    table: Table, project: Project, predictions: Mapping[str, pd.DataFrame], facts: Facts, submit: Submit
) -> ScoredFacts:
    """Return what the predictions of steps 4 and 5 tell: scores, the difference and its verdict, calibration and so on.

    All models are compared on the same test rows by a paired bootstrap, by group where rows are grouped. Gains,
    savings and their intervals are positive where the strong model is better. `predictions` are the tables of
    `baseline` and `strong`, `facts` those of both and of `metric`. Raises ValueError where a prediction table is not
    for the rows of `table`.
    """
    seed, primary = project.split.seed, metric_of(project.metric)
    binary, regression = table.task == "binary", table.task == "regression"
    several = table.task == "multiclass"
    known = predictions_by_model(table, predictions)
    tested = (table.frame["split"] == "test").to_numpy()
    train, test = ({name: one[side] for name, one in known.items()} for side in (~tested, tested))
    rows = table.rows("test")
    measured = submit(measure, primary, rows.y, test, rows.group, seed, name="scores: paired bootstrap")
    calibrated = {
        model: submit(_calibration, rows.y, test[model], rows.group, seed, name=f"calibration {model}")
        for model in (() if regression else PAIR)
    }
    decided = _decisions(table.rows("train").y, train, rows, test, project, submit)
    described = {model["name"]: model for model in facts["baseline"]["models"]}
    described |= {model["name"]: model for model in facts["strong"]["models"]}
    found = measured.result()
    return {
        "metric": primary.name,
        "label": primary.label,
        "greater_is_better": primary.greater_is_better,
        "confidence": CONFIDENCE,
        "test_rows": len(rows.y),
        "test_groups": None if rows.group is None else len(np.unique(rows.group)),
        "resamples": REPLICATES,
        "models": _models(found, test, described),
        "difference": _difference(
            found["gain"][STRONG], rows, test, described, project, facts["metric"]["minimum_detectable"]
        ),
        "other_metrics": other_metrics(primary, rows.y, test, table.task),
        "original_scale": _original_scale(rows.y, test, project),
        "calibration": [_plain(model, part.result()) for model, part in calibrated.items()] or None,
        "threshold": decided.result() if decided else None,
        "curves": _curves(rows.y, test) if binary else None,
        "confusion": [confusion_of_classes(model, rows.y, test[model]) for model in PAIR] if several else None,
        "residuals": [_residuals(model, rows.y, test[model]) for model in PAIR] if regression else None,
        "intervals": prediction_intervals(table, train, test, project) if regression else None,
    }


def _decisions(
    train_y: Floats, train: Mapping[str, Floats], rows: Table, test: Mapping[str, Floats],
    project: Project, submit: Submit,
) -> Pending[Threshold] | None:  # fmt: skip
    """Hand out the choice of thresholds by cost; None where no costs are given."""
    given = project.metric.cost
    if given is None:
        return None
    costs = Costs(given.false_positive, given.false_negative)
    chosen_on, judged_on = ({model: side[model] for model in PAIR} for side in (train, test))
    return submit(
        decide, train_y, chosen_on, rows.y, judged_on, rows.group, costs, project.split.seed, name="decisions by cost"
    )


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
    gain: Estimate, rows: Table, test: Mapping[str, Floats], described: Mapping[str, Model], project: Project,
    minimum_detectable: float | None,
) -> Difference:  # fmt: skip
    """Return the difference between strong model and baseline, its verdict, and two other ways of measuring it."""
    primary, margin = metric_of(project.metric), project.metric.margin
    said = verdict(gain.value, gain.ci, margin, len(rows.y))
    drawn = "rows" if rows.group is None else "groups"
    return {
        "value": gain.value,
        "ci": list(gain.ci),
        "se": gain.se,
        "p_value": gain.p_value,
        "margin": margin,
        "verdict": said.name,
        "rows_needed": said.rows_needed,
        "close": said.close,
        "close_to": said.close_to,
        "method": f"Paired bootstrap, {REPLICATES} resamples of the test {drawn}",
        "delong": delong_difference(primary, rows.y, test, grouped=rows.group is not None),
        "nadeau_bengio": folds_difference(described[BASELINE], described[STRONG], primary),
        "minimum_detectable": minimum_detectable,
    }


def _original_scale(y: Floats, test: Mapping[str, Floats], project: Project) -> OriginalScale | None:
    if project.problem.target_scale != "log":
        return None
    return {"unit": project.problem.unit, "metrics": original_scale(y, test)}


def _calibration(y: Floats, prediction: Floats, group: np.ndarray | None, seed: int) -> Calibration:
    """Return the calibration of the event's probabilities, or of those of all classes together.

    Every class of a row is then a yes or no of its own, and the classes of a row, which hang together, are a group.
    """
    if prediction.ndim == 1:
        return calibrate(y, prediction, seed=seed, group=group)
    classes = prediction.shape[1]
    unit = np.repeat(np.arange(len(y)) if group is None else group, classes)
    return calibrate(indicators(y, classes).ravel(), prediction.ravel(), seed=seed, group=unit)


def _plain(model: Compared, found: Calibration) -> CalibrationFacts:
    return {
        "model": model,
        "bins": [
            {"predicted": one.predicted, "observed": one.observed, "rows": one.rows, "lo": one.lo, "hi": one.hi}
            for one in found.bins
        ],
        "by": found.by,
        "ece": found.ece,
        "ece_ci": list(found.ece_ci),
        "ece_by_chance": found.ece_by_chance,
        "brier": found.brier,
        "reliability": found.reliability,
        "resolution": found.resolution,
        "uncertainty": found.uncertainty,
        "within_bins": found.within_bins,
    }


def _curves(y: Floats, test: Mapping[str, Floats]) -> Curves:
    def both(curve: Callable[[Floats, Floats], list[Point]]) -> CurvePair:
        return {"baseline": plain(curve(y, test[BASELINE])), "strong": plain(curve(y, test[STRONG]))}

    def plain(points: list[Point]) -> list[PointFacts]:
        return [{"x": point.x, "y": point.y} for point in points]

    return {"roc": both(roc_curve), "precision_recall": both(precision_recall_curve)}


def _residuals(name: Compared, y: Floats, prediction: Floats) -> Residuals:
    found = residuals(y, prediction)
    return {
        "model": name,
        "deciles": [
            {
                "bin": i, "tenth": i + 1, "predicted": one.predicted, "rows": one.rows, "mean": one.mean,
                "ci": list(one.ci), "quantiles": one.quantiles,
            }
            for i, one in enumerate(found.deciles)
        ],
        "histogram": {"edges": found.edges, "counts": found.counts},
        "normal": [{"normal": at, "error": error} for at, error in found.normal],
    }  # fmt: skip
