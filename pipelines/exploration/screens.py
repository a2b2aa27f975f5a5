"""Quick linear fits, one change at a time: a quick look at which causes of step 7 could matter.

This is no verdict. It uses few rows, a linear model and training rows only; step 7 then measures each cause properly,
and says which of these guesses came true.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipelines.causes import CAUSES
from pipelines.causes.design import Design, Half
from pipelines.causes.plan import Features
from pipelines.core.project import Project
from pipelines.core.submit import Submit
from pipelines.exploration.intervals import Estimate, QuickTruth
from pipelines.facts.eda.screens import CauseScreens, Screen
from pipelines.inputs import by_kind
from pipelines.metrics import metric_of

MAX_COLUMNS = 60  # best columns alone; the normal equations cost the square of this
MATERIAL = 0.005  # of AUC or R2: what counts where the project's margin is in another currency
WIDE = 100  # columns from which Newton's steps, whose cost grows with the square, cost more than those of lbfgs
ITERATIONS = 200
SURE = 1.5  # half-widths, three standard errors: several fits are tried, and noise must not come out as signal
NOT_APPLICABLE: Screen = {"applicable": False, "before": None, "score": None, "gain": None, "ci": None, "kept": False}


@dataclass(frozen=True)
class Screened:
    """The facts of the screens, and what the best design predicts."""

    facts: CauseScreens
    predictor: np.ndarray  # out-of-fold log-odds or values, (rows,), or values by class, (rows, classes)


def screen_causes(x: pd.DataFrame, truth: QuickTruth, project: Project, submit: Submit) -> Screened:
    """Return how much out-of-fold score each cause adds to a plain linear fit.

    `x` is (rows, at most MAX_COLUMNS features). The changes are made in the causes' order, each on top of those before
    it that helped, as step 7 nests them. Facts: `plain` and `best` {score, ci}, `factors` {cause: see judge},
    `material`, `signal` (the best design is better than a constant beyond doubt), `metric` and its `label`.
    """
    features, design = Features(x, *by_kind(x)), Design()
    best = _cross_fit(features, truth, design, "plain", submit)
    start = truth.score(best)
    material = smallest_material(project, truth, start)
    causes: dict[str, Screen] = {}
    for cause in CAUSES:
        if cause.quick is None:
            continue
        if not cause.quick.applies(features):
            causes[cause.name] = NOT_APPLICABLE
            continue
        changed = cause.quick.change(design)
        tried = _cross_fit(features, truth, changed, cause.name, submit)
        causes[cause.name] = judge(truth, best, tried, material)
        if causes[cause.name]["kept"]:
            design, best = changed, tried
    end = truth.score(best)
    facts: CauseScreens = {
        "metric": truth.metric.name, "label": truth.look.label,
        "plain": {"score": start.value, "ci": start.ci}, "factors": causes, "best": {"score": end.value, "ci": end.ci},
        "material": material, "signal": beats_trivial(truth, end),
    }  # fmt: skip
    return Screened(facts, best)


def judge(truth: QuickTruth, before: np.ndarray, after: np.ndarray, material: float) -> Screen:
    """Return the facts of one change: {applicable, before, score, gain, ci, kept}; `kept`: the gain is to be believed.

    Cross-validated noise can score worse than a constant, and getting back to a constant is no gain. So a fit worse
    than trivial counts as trivial, and the better fit must itself be better than trivial beyond doubt.
    """
    if truth.score(before).value <= truth.trivial:
        before = truth.constant
    gain, score = truth.gain(before, after), truth.score(after)
    kept = gain.lo > 0 and gain.value >= material and beats_trivial(truth, score)
    return {
        "applicable": True, "before": truth.score(before).value, "score": score.value,
        "gain": gain.value, "ci": gain.ci, "kept": bool(kept),
    }  # fmt: skip


def beats_trivial(truth: QuickTruth, score: Estimate) -> bool:
    """Return whether a score is better than a constant's by SURE half-widths of its interval."""
    return score.value - truth.trivial > SURE * (score.value - score.lo)


def smallest_material(project: Project, truth: QuickTruth, start: Estimate) -> float:
    """Return the gain in the screens' metric that is worth acting on: the project's margin where it translates."""
    margin, primary = project.metric.margin, metric_of(project.metric)
    if primary.name == truth.metric.name:
        return margin
    variance = float(np.var(truth.y))
    if primary.squares_errors and primary.unit_power == 1 and not truth.binary and variance > 0:
        error = np.sqrt(variance * max(1 - start.value, 0))
        return float(max(error**2 - max(error - margin, 0) ** 2, 0) / variance)
    return MATERIAL


def _cross_fit(features: Features, truth: QuickTruth, design: Design, name: str, submit: Submit) -> np.ndarray:
    """Return the out-of-fold linear predictor of one design, in the shape of the truth."""
    pending = {
        fold: submit(predict_fold, features, truth, design, int(fold), name=f"{name}: quick fit, fold {fold}")
        for fold in np.unique(truth.fold)
    }
    out = np.empty(truth.y.shape)
    for fold, work in pending.items():
        out[truth.fold == fold] = work.result()
    return out


def predict_fold(features: Features, truth: QuickTruth, design: Design, fold: int) -> np.ndarray:
    """Return the linear predictor of the rows of `fold`, fitted on the other rows: log-odds, or the value."""
    held = truth.fold == fold
    y = truth.y[~held]
    fit, other = design.matrices(Half(replace(features, x=features.x[~held]), y, features.x[held]))
    return fit_linear_predictor(truth.binary, fit, y, other, design.penalty)


def fit_linear_predictor(binary: bool, x: np.ndarray, y: np.ndarray, other: np.ndarray, penalty: float) -> np.ndarray:
    """Return the prediction for `other` (rows, columns) of a ridge or an L2-penalised logistic fit to `x` and `y`.

    Logistic: log-odds; zeros where `y` has one class.
    """
    if not binary:
        from sklearn.linear_model import Ridge

        return np.asarray(Ridge(alpha=penalty, solver="cholesky").fit(x, y).predict(other), np.float64)
    from sklearn.linear_model import LogisticRegression

    if len(np.unique(y)) < 2:  # noqa: PLR2004 - two classes
        return np.zeros(len(other))
    solver, tolerance = ("lbfgs", 1e-3) if x.shape[1] > WIDE else ("newton-cholesky", 1e-4)
    model = LogisticRegression(C=1 / penalty, solver=solver, max_iter=ITERATIONS, tol=tolerance)
    return np.asarray(model.fit(x, y > 0).decision_function(other), np.float64)
