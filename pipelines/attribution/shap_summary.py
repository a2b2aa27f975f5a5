"""SHAP values of the strong model: how much each feature moves its predictions, and in which direction.

Exact TreeSHAP (Lundberg et al. 2020, "From local explanations to global understanding with explainable AI for
trees"): LightGBM's and xgboost's own, shap's TreeExplainer for a forest.
"""

from typing import Any

import numpy as np

from pipelines.estimators.archive import SavedModel, load
from pipelines.estimators.encode import tree_matrix
from pipelines.submit import Submit
from pipelines.table import Table

BOOSTED_ROWS = 1_000  # test rows, evenly spaced
FOREST_ROWS = 100  # deep trees are slow to explain
POINTS = 150  # of the cloud, a feature
FEATURES = 8  # that have a cloud


def shap_facts(table: Table, strong_model: bytes, submit: Submit) -> dict[str, Any] | None:
    """Return `{model, family, rows, unit, features, points}`, or None for a family that is not made of trees.

    `features` is a list of `{feature, mean_abs}`, largest first; `points` a list of `{feature, values}` for the
    first eight, `values` being `{value, position, effect}`: the feature's value (None: missing), where it lies among
    the rows' (0 to 1; None for categories and missing values), and its SHAP value in `unit`.
    """
    model = load(strong_model)
    if model.family not in ("lightgbm", "xgboost", "random_forest"):
        return None
    most = FOREST_ROWS if model.family == "random_forest" else BOOSTED_ROWS
    test = table.rows("test")
    take = np.linspace(0, len(test.y) - 1, min(len(test.y), most)).astype(np.int64)
    rows = Table(test.frame.iloc[take].reset_index(drop=True), table.task)
    pending = [submit(shap_values, model, i, rows, name=f"shap fold {i}") for i in range(len(model.folds))]
    values = np.mean([one.result() for one in pending], axis=0)
    names = model.features
    size = np.abs(values).mean(axis=0)
    order = [int(i) for i in np.argsort(-size, kind="stable")]
    unit = "value" if table.task == "regression" else "probability" if model.family == "random_forest" else "log-odds"
    return {
        "model": model.schema["model"],
        "family": model.family,
        "rows": len(take),
        "unit": unit,
        "features": [{"feature": names[i], "mean_abs": float(size[i])} for i in order],
        "points": [{"feature": names[i], "values": _cloud(rows, names[i], values[:, i])} for i in order[:FEATURES]],
    }


def shap_values(model: SavedModel, fold: int, rows: Table) -> np.ndarray:
    """Return the SHAP values of one fold's model for `rows`, (rows, features), in the unit of its raw output."""
    fitted: Any = model.folds[fold]
    if model.family == "random_forest":
        import shap

        explained = shap.TreeExplainer(fitted.forest).shap_values(fitted.matrix(rows.x), check_additivity=False)
        values = np.asarray(explained)
        return values[:, :, 1] if values.ndim == 3 else values  # noqa: PLR2004 - one slice a class
    matrix = tree_matrix(rows.x, fitted.schema)
    if model.family == "lightgbm":
        return np.asarray(fitted.booster.predict(matrix, pred_contrib=True, num_threads=1))[:, :-1]
    import xgboost

    kinds = ["c" if name in fitted.schema.categories else "q" for name in fitted.schema.features]
    given = xgboost.DMatrix(matrix, feature_types=kinds, enable_categorical=True, nthread=1)
    fitted.booster.set_param({"nthread": 1})
    return np.asarray(fitted.booster.predict(given, pred_contribs=True), np.float64)[:, :-1]


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
        ranks = column.rank(pct=True).to_numpy(np.float64)
        shown = [None if gone else float(value) for value, gone in zip(column, missing, strict=True)]
        place = [None if gone else float(rank) for rank, gone in zip(ranks, missing, strict=True)]
    return [{"value": shown[i], "position": place[i], "effect": float(effect[i])} for i in order]
