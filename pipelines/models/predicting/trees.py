"""Models made of trees, walked by the libraries' own compiled code."""

import json

import numpy as np

from pipelines.core.steady import steady
from pipelines.models.encode import TreeSchema
from pipelines.models.family import Files, Loading
from pipelines.models.forest_text import forest_text
from pipelines.models.predicting.lightgbm_library import LightGBMBooster
from pipelines.models.predicting.rows import Fast, Reading, Rows, TreeColumns
from pipelines.models.predicting.xgboost_library import XGBoostBooster
from pipelines.models.saving.lightgbm_text import checked_text
from pipelines.models.saving.plain import UnknownPart, read_plain
from pipelines.models.saving.tree_check import unsound
from pipelines.models.saving.xgboost_file import check_xgboost
from pipelines.targets.arrays import Floats


def fast_lightgbm(files: Files, _: Loading, reading: Reading) -> Fast:
    """Return a saved LightGBM model."""
    columns = _columns(files, reading)
    booster = LightGBMBooster(checked_text(files["model.txt"]))
    _need_features(booster.features, reading)
    return lambda rows: steady(booster.predict(rows.trees(columns)))


def fast_xgboost(files: Files, _: Loading, reading: Reading) -> Fast:
    """Return a saved xgboost model."""
    columns, content = _columns(files, reading), files["model.ubj"]
    booster = XGBoostBooster(content, check_xgboost(content))
    _need_features(booster.features, reading)
    return lambda rows: steady(booster.predict(rows.trees(columns)))


def fast_forest(files: Files, given: Loading, reading: Reading) -> Fast:
    """Return a saved forest; LightGBM walks through its trees, in its own format."""
    schema = TreeSchema.load(files)
    columns = reading.trees(schema, json.loads(files["category_means.json"]))
    if columns is None:
        raise UnknownPart("other features")
    forest = read_plain(files["model.skops"])
    classes = len(forest["classes_"]) if forest.kind.endswith("Classifier") else 1
    trees = [one["tree_"] for one in forest["estimators_"]]
    nodes, values = [tree["nodes"] for tree in trees], [tree["values"] for tree in trees]
    if any(value.shape != (len(node), 1, classes) for node, value in zip(nodes, values, strict=True)):
        raise unsound("a tree has not as many values as nodes")
    last = [value[:, 0, 1:] if classes == 2 else value[:, 0] for value in values]  # noqa: PLR2004 - one says it all
    booster = LightGBMBooster(forest_text(nodes, last, len(reading.names), explained=False))
    estimator = Mean(booster, columns, len(trees))
    return lambda rows: given.target.predicted(estimator, rows)


class Mean:
    """The mean of trees' values, as `Target.predicted` asks an estimator for it."""

    def __init__(self, booster: LightGBMBooster, columns: TreeColumns, trees: int) -> None:
        self._booster, self._columns, self._trees = booster, columns, trees

    def predict(self, rows: Rows) -> Floats:
        """Return the values, (rows,)."""
        return self._booster.predict(rows.trees(self._columns)) / self._trees

    def predict_proba(self, rows: Rows) -> Floats:
        """Return the classes' probabilities, (rows, classes)."""
        found = self.predict(rows)
        return found if found.ndim > 1 else np.stack([1 - found, found], axis=1)


def _columns(files: Files, reading: Reading) -> TreeColumns:
    columns = reading.trees(TreeSchema.load(files))
    if columns is None:
        raise UnknownPart("other features")
    return columns


def _need_features(found: int, reading: Reading) -> None:
    if found != len(reading.names):
        raise unsound(f"a booster of {found} features, where the schema names {len(reading.names)}")
