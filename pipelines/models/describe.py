"""Fitted models as facts: scores, settings, trees, importances, learning curves, and which rows chose."""

from collections.abc import Sequence

import numpy as np

from pipelines.core.table import Table
from pipelines.facts.shared import Failed, Model, Role, Setting
from pipelines.facts.strong import Importances, LossCurve, StrongModel
from pipelines.metrics.metric import Metric
from pipelines.models.folds import CrossFit, Failure, fold_numbers

CURVE_POINTS = 50  # of a learning curve in the facts
STOPPED_ELSEWHERE = "How many trees boosting keeps in a fold is decided by the other folds' rows."
STOPPED_ALONE = (
    "A boosted model that learned on the first fold alone keeps as many trees as are best on the rows that this fold "
    "holds out, so its score is slightly optimistic."
)
CHOSEN = (
    "Some models choose a setting on the rows that the first fold holds out, so their scores there are slightly "
    "optimistic."
)
NOT_BY_TEST_ROWS = "The test rows play no part in fitting, stopping or choosing."


def fold_scores(fitted: CrossFit, table: Table, metric: Metric) -> np.ndarray:
    """Return the metric on each fold's held-out rows, float64 of shape (folds,).

    It is NaN where the metric is undefined, and in a fold that the model was not fitted on.
    """
    held_out = {part.fold: part.held_out for part in fitted.folds}
    return np.array(
        [
            metric.score(table.y[table.fold == fold], held_out[fold]) if fold in held_out else np.nan
            for fold in fold_numbers(table)
        ]
    )


def model_facts(fitted: CrossFit, table: Table, metric: Metric, *, role: Role, settings: dict[str, Setting]) -> Model:
    """Return the facts of one model. Standard deviations are between folds.

    `skipped` says in words which rows of a fold the model did not get to see, and why.
    """
    scores = fold_scores(fitted, table, metric)
    known = scores[np.isfinite(scores)]
    notes = [part.model.notes for part in fitted.folds]
    predicted = table.scored & np.isin(table.fold, [part.fold for part in fitted.folds])
    mean_prediction, mean_target = _means(table.y[predicted], fitted.prediction[predicted])
    facts: Model = {
        "name": fitted.name,
        "role": role,
        "family": fitted.folds[0].model.family,
        "settings": settings,
        "cv_mean": float(known.mean()) if len(known) else None,
        "cv_sd": float(known.std(ddof=1)) if len(known) > 1 else None,
        "fold_scores": [float(score) if np.isfinite(score) else None for score in scores],
        "rows_used": max(note["rows_used"] for note in notes),
        "skipped": notes[0].get("skipped"),
        "mean_prediction": mean_prediction,
        "mean_target": mean_target,
    }
    if "trees" in notes[0]:
        facts["trees"] = [note["trees"] for note in notes]
    if "chosen" in notes[0]:
        facts["chosen"] = {setting: [note["chosen"][setting] for note in notes] for setting in notes[0]["chosen"]}
    if "stopped_early" in notes[0]:
        facts["stopped_early"] = all(note["stopped_early"] for note in notes)
    return facts


def _means(y: np.ndarray, prediction: np.ndarray) -> tuple[float | list[float], float | list[float]]:
    """Return the mean prediction and the mean target; of several classes, the mean probability and share of each."""
    if prediction.ndim == 1:
        return float(prediction.mean()), float(y.mean())
    shares = np.bincount(y.astype(np.int64), minlength=prediction.shape[1]) / len(y)
    return prediction.mean(axis=0).tolist(), shares.tolist()


def failure_facts(failed: list[Failure]) -> list[Failed]:
    """Return the models that could not be fitted, with their reasons."""
    return [{"name": failure.name, "why": failure.why} for failure in failed]


def importance_facts(fitted: CrossFit, features: list[str]) -> Importances | None:
    """Return each feature's share of the model's gain, most important first; None where a model has no such thing."""
    notes = [part.model.notes for part in fitted.folds]
    if "importance" not in notes[0]:
        return None
    shares = np.array([note["importance"] for note in notes])
    order = np.argsort(-shares.mean(axis=0), kind="stable")
    return {
        "model": fitted.name,
        "features": [
            {"feature": features[i], "share": float(shares[:, i].mean()), "sd": float(shares[:, i].std(ddof=1))}
            for i in order
        ],
    }


def curve_facts(fitted: CrossFit, loss: str) -> LossCurve | None:
    """Return the mean validation loss of the folds by number of trees, at most CURVE_POINTS points.

    It ends where the first fold stopped, so every point is a mean of the same folds. None for models without one.
    """
    notes = [part.model.notes for part in fitted.folds]
    if "curve" not in notes[0]:
        return None
    length = min(len(note["curve"]) for note in notes)
    mean = np.mean([note["curve"][:length] for note in notes], axis=0)
    # Early trees change the loss most, so the points stand closer there.
    at = np.unique(np.geomspace(1, length, min(CURVE_POINTS, length)).round().astype(np.int64))
    return {
        "model": fitted.name,
        "loss": loss,
        "points": [{"trees": int(trees), "loss": float(mean[trees - 1])} for trees in at],
    }


def stopping_note(models: Sequence[StrongModel]) -> str:
    """Return which rows decided where boosting stops and which settings are chosen, as it was for these models."""
    boosters = [one for one in models if "stopped_early" in one]
    alone = [one["folds"] < len(one["fold_scores"]) for one in boosters]  # on the first fold only
    said = {
        STOPPED_ELSEWHERE: not all(alone),
        STOPPED_ALONE: any(alone),
        CHOSEN: any("chosen" in one for one in models),
        NOT_BY_TEST_ROWS: True,
    }
    return " ".join(sentence for sentence, holds in said.items() if holds)
