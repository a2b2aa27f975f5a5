"""SHAP values of the strong model: how much each feature moves its predictions, and in which direction.

Exact TreeSHAP (Lundberg et al. 2020, "From local explanations to global understanding with explainable AI for
trees"): LightGBM's and xgboost's own; a forest's trees are handed to LightGBM.
"""

from collections.abc import Mapping

import numpy as np

from pipelines.core.submit import Submit
from pipelines.core.table import Table
from pipelines.experiments.experiment import Experiment, Given
from pipelines.facts.reflect.shap import Shap, ShapCloud, ShapPoint
from pipelines.inputs import is_category, kind_of
from pipelines.models.families import family_of
from pipelines.models.family import TreeShap
from pipelines.models.model import TreeModel
from pipelines.models.refittable import heaviest
from pipelines.models.saving.archive import Part, SavedModel

POINTS = 150  # of the cloud, a feature
FEATURES = 8  # that have a cloud
FEW_EVENTS = 50  # rows of the rarer class that a sample should hold
MOST_EVENTS = 200  # that are added where it would hold fewer


def made_of_trees(model: SavedModel) -> list[tuple[Part, TreeShap]]:
    """Return the parts of a model that SHAP explains, and how."""
    return [(part, shap) for part in model.parts if (shap := family_of(part.folds[0].family).explains)]


def shap_facts(table: Table, model: SavedModel, submit: Submit) -> Shap:
    """Return SHAP values of the strong model, of which some part is `made_of_trees`.

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
    part, shap = max(made_of_trees(model), key=lambda one: one[0].weight)
    test = table.rows("test")
    take, rare = shap_sample(test, shap.rows)
    rows = Table(test.frame.iloc[take].reset_index(drop=True), table.target)
    pending = [submit(shap_values, one, rows, name=f"shap fold {i}") for i, one in enumerate(part.folds)]
    values = np.mean([one.result() for one in pending], axis=0)
    names = list(table.in_trees.columns)
    size = np.abs(values).mean(axis=(0, 2))
    order = [int(i) for i in np.argsort(-size, kind="stable")]
    return {
        "model": part.name,
        "family": part.folds[0].family,
        "weight": part.weight,
        "rows": len(take),
        "events": None if rare is None else int(rare[take].sum()),
        "enriched": rare is not None and len(take) > min(len(test.y), shap.rows),
        "unit": table.target.words.raw_unit if shap.of == "raw" else table.target.words.unit,
        "features": [{"feature": names[i], "mean_abs": float(size[i])} for i in order],
        "points": [_points(rows, names[i], values[:, i]) for i in order[:FEATURES]],
    }


def _points(rows: Table, name: str, values: np.ndarray) -> ShapCloud:
    """Return a feature's cloud; of several classes, that of the class that it moves most."""
    most = int(np.abs(values).mean(axis=0).argmax())
    of_class = most if rows.target.outputs > 1 else None
    return {"feature": name, "values": _cloud(rows, name, values[:, most]), "class": of_class}


def shap_values(fitted: TreeModel, rows: Table) -> np.ndarray:
    """Return the SHAP values of one fold's model for `rows`, (rows, features, outputs)."""
    return fitted.contributions(rows.in_trees)


def shap_sample(test: Table, most: int) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the rows to explain, evenly spaced, with rare events added, and which rows are of the rarer class."""
    take = np.linspace(0, len(test.y) - 1, min(len(test.y), most)).astype(np.int64)
    rare = test.target.rarer(test.y)
    if rare is None or rare[take].sum() >= FEW_EVENTS:
        return take, rare
    events = np.flatnonzero(rare)
    added = events[np.linspace(0, len(events) - 1, min(len(events), MOST_EVENTS)).astype(np.int64)]
    return np.unique(np.concatenate([take, added])), rare


def _cloud(rows: Table, name: str, effect: np.ndarray) -> list[ShapPoint]:
    """Return a thinned cloud of a feature's values and effects, ordered by effect."""
    order = np.argsort(effect, kind="stable")
    order = order[np.linspace(0, len(order) - 1, min(len(order), POINTS)).astype(np.int64)]
    column, missing = rows.in_trees[name], rows.in_trees[name].isna().to_numpy()
    named = kind_of(rows.frame[name]).named
    write = str if named else float
    shown = [None if gone else write(value) for value, gone in zip(rows.frame[name], missing, strict=True)]
    place: list[float | None] = [None] * len(shown)
    if not is_category(column):
        below = column.rank(method="min").to_numpy(np.float64) - 1
        above = (~missing).sum() - column.rank(method="max").to_numpy(np.float64)
        ranks = np.divide(below, below + above, out=np.full(len(below), 0.5), where=below + above > 0)
        place = [None if gone else float(rank) for rank, gone in zip(ranks, missing, strict=True)]
    return [{"value": shown[i], "position": place[i], "effect": float(effect[i])} for i in order]


def _run(given: Given) -> Mapping[str, object]:
    facts = shap_facts(given.study.table, given.strong, given.study.submit)
    name, weight = heaviest(given.facts["strong"])
    return {"shap": {**facts, "model": name, "weight": weight}}


SHAP = Experiment(
    "shap", _run, applies=lambda given: bool(made_of_trees(given.strong)), otherwise={"shap": None}, early=True
)
