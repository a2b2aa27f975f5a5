"""SHAP values of the strong model: how much each feature moves its predictions, and in which direction.

Exact TreeSHAP (Lundberg et al. 2020, "From local explanations to global understanding with explainable AI for
trees"): LightGBM's and xgboost's own, shap's TreeExplainer for a forest.
"""

from typing import Any

import numpy as np

from pipelines.core.submit import Submit
from pipelines.core.table import Table
from pipelines.models.encode import tree_matrix
from pipelines.models.ensemble import EnsembleModel
from pipelines.models.folds import FoldModel
from pipelines.models.recipes import TREES
from pipelines.models.saving.archive import SavedModel, load

BOOSTED_ROWS = 1_000  # test rows, evenly spaced
FOREST_ROWS = 100  # deep trees are slow to explain
POINTS = 150  # of the cloud, a feature
FEATURES = 8  # that have a cloud
FEW_EVENTS = 50  # rows of the rarer class that a sample should hold
MOST_EVENTS = 200  # that are added where it would hold fewer


def shap_facts(table: Table, strong_model: bytes, submit: Submit) -> dict[str, Any] | None:
    """Return `{model, family, weight, rows, events, enriched, unit, features, points}`, None where there are no trees.

    Of a weighted mean of models the one made of trees that weighs most is explained, and `weight` is its share (1 where
    the strong model is a single one).
    `rows` test rows are explained, `events` of them of the rarer of two classes, else None; `enriched` says that rows
    of that class were added, since evenly spaced rows would hold next to none.
    `features` is a list of `{feature, mean_abs}`, largest first; `points` a list of `{feature, values, class}` for the
    first eight, `values` being `{value, position, effect}`: the feature's value (None: missing), where it lies among
    the rows' (0: none is smaller, 1: none larger; None for categories and missing values), and its SHAP value in
    `unit`. Of several classes `mean_abs` is the mean over them, and the points are of the `class`, by its number, that
    the feature moves most.
    """
    model = load(strong_model)
    found = _trees(model)
    if found is None:
        return None
    name, weight, fitted = found
    family = fitted[0].family
    most = FOREST_ROWS if family == "random_forest" else BOOSTED_ROWS
    test = table.rows("test")
    take, rare = shap_sample(test, most)
    rows = Table(test.frame.iloc[take].reset_index(drop=True), table.target)
    pending = [submit(shap_values, one, rows, name=f"shap fold {i}") for i, one in enumerate(fitted)]
    values = np.mean([one.result() for one in pending], axis=0)
    names = model.features
    size = np.abs(values).mean(axis=(0, 2))
    order = [int(i) for i in np.argsort(-size, kind="stable")]
    unit = "value" if table.task == "regression" else "probability" if family == "random_forest" else "log-odds"
    return {
        "model": name,
        "family": family,
        "weight": weight,
        "rows": len(take),
        "events": None if rare is None else int(rare[take].sum()),
        "enriched": rare is not None and len(take) > min(len(test.y), most),
        "unit": unit,
        "features": [{"feature": names[i], "mean_abs": float(size[i])} for i in order],
        "points": [_points(rows, names[i], values[:, i]) for i in order[:FEATURES]],
    }


def _points(rows: Table, name: str, values: np.ndarray) -> dict[str, Any]:
    """Return a feature's cloud; of several classes, that of the class that it moves most."""
    most = int(np.abs(values).mean(axis=0).argmax())
    of_class = most if rows.task == "multiclass" else None
    return {"feature": name, "values": _cloud(rows, name, values[:, most]), "class": of_class}


def _trees(model: SavedModel) -> tuple[str, float, tuple[FoldModel, ...]] | None:
    """Return the name, the weight and the fold models of what is made of trees and weighs most; None without such."""
    first = model.folds[0]
    if not isinstance(first, EnsembleModel):
        return (str(model.schema["model"]), 1.0, model.folds) if first.family in TREES else None
    places = [place for place, part in enumerate(first.parts) if part.family in TREES]
    if not places:
        return None
    heaviest = max(places, key=lambda place: first.weights[place])
    parts = tuple(one.parts[heaviest] for one in model.folds if isinstance(one, EnsembleModel))
    return first.names[heaviest], first.weights[heaviest], parts


def shap_values(fitted: Any, rows: Table) -> np.ndarray:  # noqa: ANN401 - a fold's model of one of TREES
    """Return the SHAP values of one fold's model for `rows`, (rows, features, classes), in its raw output's unit.

    Two classes and a regression have one of the last.
    """
    count, features = len(rows.y), len(rows.features)
    if fitted.family == "random_forest":
        import shap

        explained = shap.TreeExplainer(fitted.forest).shap_values(fitted.matrix(rows.x), check_additivity=False)
        values = np.asarray(explained).reshape(count, features, -1)
        return values[:, :, 1:] if values.shape[2] == 2 else values  # noqa: PLR2004 - no and yes mirror each other
    matrix = tree_matrix(rows.x, fitted.schema)
    if fitted.family == "lightgbm":
        found = np.asarray(fitted.booster.predict(matrix, pred_contrib=True, num_threads=1))
        return found.reshape(count, -1, features + 1)[:, :, :-1].transpose(0, 2, 1)
    import xgboost

    kinds = ["c" if name in fitted.schema.categories else "q" for name in fitted.schema.features]
    given = xgboost.DMatrix(matrix, feature_types=kinds, enable_categorical=True, nthread=1)
    fitted.booster.set_param({"nthread": 1})
    found = np.asarray(fitted.booster.predict(given, pred_contribs=True), np.float64)
    return found.reshape(count, -1, features + 1)[:, :, :-1].transpose(0, 2, 1)


def shap_sample(test: Table, most: int) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the rows to explain, evenly spaced, with rare events added, and which rows are of the rarer class."""
    take = np.linspace(0, len(test.y) - 1, min(len(test.y), most)).astype(np.int64)
    if test.task != "binary":
        return take, None
    rare = test.y == (test.y.mean() < 0.5)  # noqa: PLR2004 - the middle
    if rare[take].sum() >= FEW_EVENTS:
        return take, rare
    events = np.flatnonzero(rare)
    added = events[np.linspace(0, len(events) - 1, min(len(events), MOST_EVENTS)).astype(np.int64)]
    return np.unique(np.concatenate([take, added])), rare


def _cloud(rows: Table, name: str, effect: np.ndarray) -> list[dict[str, Any]]:
    """Return a thinned cloud of a feature's values and effects, ordered by effect."""
    order = np.argsort(effect, kind="stable")
    order = order[np.linspace(0, len(order) - 1, min(len(order), POINTS)).astype(np.int64)]
    column = rows.x[name]
    missing = column.isna().to_numpy()
    if name in rows.categorical:
        shown: list[Any] = [None if gone else str(value) for value, gone in zip(column, missing, strict=True)]
        place: list[float | None] = [None] * len(shown)
    else:
        below = column.rank(method="min").to_numpy(np.float64) - 1
        above = (~missing).sum() - column.rank(method="max").to_numpy(np.float64)
        ranks = np.divide(below, below + above, out=np.full(len(below), 0.5), where=below + above > 0)
        shown = [None if gone else float(value) for value, gone in zip(column, missing, strict=True)]
        place = [None if gone else float(rank) for rank, gone in zip(ranks, missing, strict=True)]
    return [{"value": shown[i], "position": place[i], "effect": float(effect[i])} for i in order]
