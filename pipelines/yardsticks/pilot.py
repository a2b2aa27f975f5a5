"""A pilot on training rows: how exactly can a difference between two models be measured on this test set?

A linear model and a small LightGBM are fitted without one fold and predict that fold, so on about as many rows as the
real models will be: for each fold in turn, or for two of them where rows are many. (Fitted on half of the rows only,
two models differ more from row to row: on generated tables that overstated the standard error by up to a third.) The
paired standard error of their difference, brought to the size of the test set, and how well it is known, give the
smallest true difference that the test set will find.

Assumed: the two real models will differ from row to row about as much as the pilot's two do (two models that agree
more are compared more exactly); test rows are like training rows; the standard error falls with the root of
the rows, or of the positives where the metric lives on them.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipelines.core.submit import Submit, import_first
from pipelines.core.table import FOLDS, Table
from pipelines.inference.bootstrap import replicates
from pipelines.inference.power import freedom_of
from pipelines.inference.truth import Truth
from pipelines.metrics import Metric
from pipelines.metrics.prepared import Floats
from pipelines.models.encode import tree_matrix, tree_schema
from pipelines.models.families import pilot_of
from pipelines.models.folds import fold_data
from pipelines.models.lightgbm import FAMILY as LIGHTGBM
from pipelines.models.lightgbm import LIGHTGBM_FIXED, lightgbm_settings
from pipelines.models.linear import FAMILY as LINEAR
from pipelines.models.linear import fit_linear
from pipelines.models.model import Learner
from pipelines.models.size import measure_size
from pipelines.targets import Target

PILOT_ROWS = 200_000  # training rows at most: more sharpen the standard error no further
MANY_ROWS = 20_000  # training rows above which HELD_OF_MANY folds are predicted: they give the error well enough
HELD_OF_MANY = 2
RESAMPLES = 1_000
TREES = 100
LEARNING_RATE = 0.1
MODELS = (LINEAR.name, LIGHTGBM.name)
USUAL = "a linear model and a small LightGBM"


class FoldPilot(NamedTuple):
    """What one fold says about the pilot's models."""

    scores: dict[str, float]
    se: float  # of the paired difference
    freedom: float  # degrees of freedom with which se is known
    evidence: int


@dataclass(frozen=True)
class Pilot:
    """What the pilot measured."""

    rows: int  # training rows used
    held: int  # of them held out and predicted
    evidence: int  # of these, rows of the rarer class where the metric needs classes, else all
    se: float  # of the paired difference on that much evidence
    freedom: float  # degrees of freedom with which se is known
    folds: int  # held out in turn
    scores: dict[str, float]  # mean over the held folds
    predictions: dict[str, Floats]  # (held,)
    y: Floats  # (held,)
    what: str  # the two models, in words


@dataclass(frozen=True)
class Failed:
    """Why there is no pilot."""

    why: str


def run_pilot(train: Table, metric: Metric, seed: int, submit: Submit) -> Pilot | Failed:
    """Return the pilot on the training rows `train`, or why a model could not be fitted or the metric not measured."""
    import_first(*LINEAR.imports, *LIGHTGBM.imports)
    table = _sample(train, seed)
    folds = range(FOLDS if len(table.y) <= MANY_ROWS else HELD_OF_MANY)
    learners = {one.name: one for one in pilot_of(table)}
    models = tuple(learners) or MODELS
    pending = {
        (model, fold): submit(
            predict_fold, learners.get(model, model), table, fold, seed, name=f"pilot {model}, fold {fold}"
        )
        for model in models
        for fold in folds
    }
    predicted: dict[tuple[str, int], Floats] = {}
    for key, work in pending.items():
        outcome = work.result()
        if isinstance(outcome, Failed):
            return outcome
        predicted[key] = outcome
    measured = []
    for fold in folds:
        held = table.fold == fold
        truth = Truth.of(table, held, metric, seed)
        predictions = {model: predicted[model, fold] for model in models}
        name = f"pilot difference, fold {fold}"
        measured.append(submit(measure_fold, truth, predictions, name=name))
    whole = {model: np.concatenate([predicted[model, fold] for fold in folds]) for model in models}
    y = np.concatenate([table.y[table.fold == fold] for fold in folds])
    what = "the plainest groups and k-means on values without skewness" if learners else USUAL
    return _combine([work.result() for work in measured], len(table.y), whole, y, what)


def predict_fold(model: str | Learner, table: Table, fold: int, seed: int) -> Floats | Failed:
    """Return predictions for the rows of one fold, by a model fitted on the others; or why it could not be fitted."""
    fit, held = table.fits(fold), table.fold == fold
    x, y, held_x = table.in_trees[fit], table.y[fit], table.in_trees[held]
    try:
        if not isinstance(model, str):
            return model.fit(fold_data(table, fold, seed)).predict(table.seen[held])
        if model == LINEAR.name:
            return table.target.predicted(fit_linear(x, y, table.target), held_x)
        return _predict_boosted(x, y, held_x, table.target, seed)
    except (ValueError, RuntimeError) as error:
        return Failed(f"{model}: {error}")


def measure_fold(truth: Truth, predictions: dict[str, Floats]) -> FoldPilot:
    """Return what one fold says."""
    first, second = predictions
    drawn = replicates(truth, predictions, count=RESAMPLES, pairs=[(first, second)])
    errors = drawn.resampled_errors.get((first, second))
    freedom = np.inf if errors is None else freedom_of(errors)  # not known for what has no influence function
    return FoldPilot(drawn.point, drawn.gain(first, second).se, freedom, evidence(truth.metric, truth.y))


def evidence(metric: Metric, y: Floats) -> int:
    """Return what the exactness of a metric grows with: its rarer class's rows where it needs classes, else rows."""
    needed = metric.needed(y)
    return int(min((y == c).sum() for c in needed)) if needed else len(y)


def _combine(
    found: list[FoldPilot], rows: int, predictions: dict[str, Floats], y: Floats, what: str
) -> Pilot | Failed:  # fmt: skip
    amounts = np.array([fold.evidence for fold in found], np.float64)
    errors = np.array([fold.se for fold in found])
    if not np.isfinite(errors).all() or not (amounts > 0).all():
        return Failed("the metric is undefined on a fold of the training rows")
    # Each fold says what one unit of evidence is worth, se^2 times its amount; here their mean, weighted by amount.
    parts = errors**2 * amounts**2
    unit = float(parts.sum() / amounts.sum())
    total = int(amounts.sum())
    # Satterthwaite 1946: the folds' rows are others, so the variances of their variances add up.
    spread = float((parts**2 * [2 / fold.freedom for fold in found]).sum())
    freedom = 2 * float(parts.sum()) ** 2 / spread if spread > 0 else np.inf
    scores = {model: float(np.mean([fold.scores[model] for fold in found])) for model in predictions}
    return Pilot(rows, y.size, total, float(np.sqrt(unit / total)), freedom, len(found), scores, predictions, y, what)


def _sample(train: Table, seed: int) -> Table:
    """Return at most PILOT_ROWS of the training rows, in their order."""
    rows = len(train.y)
    if rows <= PILOT_ROWS:
        return train
    kept = np.sort(np.random.default_rng(seed).permutation(rows)[:PILOT_ROWS])
    return Table(train.frame.iloc[kept].reset_index(drop=True), train.target)


def _predict_boosted(x: pd.DataFrame, y: Floats, held_x: pd.DataFrame, target: Target, seed: int) -> Floats:
    import lightgbm

    schema = tree_schema(x)
    settings = lightgbm_settings(measure_size(y, x.shape[1], target, "quick")) | LIGHTGBM_FIXED
    settings |= {"seed": seed, "learning_rate": LEARNING_RATE}
    data = lightgbm.Dataset(
        tree_matrix(x, schema), y, categorical_feature=schema.categorical_positions, params=LIGHTGBM_FIXED
    )
    booster = lightgbm.train(settings, data, TREES)
    return np.asarray(booster.predict(tree_matrix(held_x, schema), num_threads=1), np.float64)
