"""The forests on one fold: the random forest, and extra trees, which cut at random.

Rules for settings: leaves of 10 rows (probabilities) or 3 (regression), fewer where events are rare; a tree sees at
most 15,000 rows (10,000 at `quick`, 30,000 at `thorough`), since its cost grows faster than rows, and more rows gain
less than more trees: on 96,000 rows of loan_default 30,000 rows a tree took two thirds more time and were no better.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from pipelines.models.encode import TreeSchema, tree_matrix, tree_schema
from pipelines.models.family import Family, Loading, TreeShap, Variant
from pipelines.models.forest_shap import forest_shap
from pipelines.models.model import FoldData, Notes, Settings
from pipelines.models.predicting.trees import fast_forest
from pipelines.models.saving.skops_file import read_estimator, write_estimator
from pipelines.models.size import LITTLE_EVIDENCE, Level, Size
from pipelines.targets import Target

CLASSES = {"random_forest": "RandomForest", "extra_trees": "ExtraTrees"}  # of scikit-learn, without their suffix
PRIOR_ROWS = 20  # rows of the overall mean mixed into each category's mean
TREES: dict[Level, int] = {"quick": 30, "standard": 60, "thorough": 200}
ROWS: dict[Level, int] = {"quick": 10_000, "standard": 15_000, "thorough": 30_000}  # of one tree, at most


def forest_settings(size: Size) -> Settings:
    """Return the arguments of scikit-learn's RandomForestClassifier or RandomForestRegressor, and `max_rows` of a tree.

    Features a split: a third for regression, the root of their number for classification (Hastie, Tibshirani
    and Friedman, The Elements of Statistical Learning, section 15.3).
    """
    rules = size.target.engines["forest"]
    few, many = rules["min_samples_leaf"]
    return {
        "n_estimators": TREES[size.level],
        "min_samples_leaf": few if size.evidence < LITTLE_EVIDENCE else many,
        "max_features": rules["max_features"],
        "max_rows": ROWS[size.level],
        **rules["arguments"],
    }


@dataclass(frozen=True)
class ForestLearner:
    """Fits one forest, `random_forest` or `extra_trees`; `settings` as `forest_settings` gives them."""

    target: Target
    settings: Settings
    name: str = "random_forest"

    def fit(self, data: FoldData) -> "ForestModel":
        """Return the forest fitted to the fold. The held-out rows are not looked at: nothing stops early."""
        from sklearn import ensemble

        schema = tree_schema(data.x)
        means = category_means(tree_matrix(data.x, schema), data.y, schema, self.target)
        arguments = {key: value for key, value in self.settings.items() if key != "max_rows"}
        rows = min(len(data.y), self.settings["max_rows"])
        kind = CLASSES[self.name] + self.target.engines["sklearn"]["suffix"]
        forest = getattr(ensemble, kind)(
            **arguments, bootstrap=True, max_samples=rows, random_state=data.seed, n_jobs=1
        )
        forest.fit(_forest_matrix(data.x, schema, means), data.y)
        notes: Notes = {
            "rows_used": rows,
            "skipped": "drawn again for each tree" if rows < len(data.y) else None,
            "trees": len(forest.estimators_),
            "importance": [float(value) for value in forest.feature_importances_],
        }
        return ForestModel(type(self.target), schema, means, forest, notes)


@dataclass(frozen=True)
class ForestModel:
    """One fitted forest."""

    family: ClassVar[str] = "random_forest"
    target: type[Target]
    schema: TreeSchema
    means: dict[str, list[float]]  # what each category's code stands for
    forest: Any
    notes: Notes = field(default_factory=Notes)

    def matrix(self, x: pd.DataFrame) -> np.ndarray:
        """Return what the forest itself reads, float32 of shape (rows, features)."""
        return _forest_matrix(x, self.schema, self.means)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return P(positive), the probabilities of the classes, or the value of each row, float64."""
        return self.target.predicted(self.forest, self.matrix(x))

    def contributions(self, x: pd.DataFrame) -> np.ndarray:
        """Return exact SHAP values, (rows, features, outputs); deep trees are slow to explain."""
        return forest_shap(self.forest, self.matrix(x))

    def save(self) -> dict[str, bytes]:
        """Return the forest as a skops file, the category means as JSON, and the schema."""
        means = json.dumps(self.means, sort_keys=True, indent=1).encode()
        return {"model.skops": write_estimator(self.forest), "category_means.json": means, **self.schema.save()}

    @classmethod
    def load(cls, files: Mapping[str, bytes], given: Loading) -> Self:
        """Return the model that `save` wrote."""
        means = json.loads(files["category_means.json"])
        return cls(given.target, TreeSchema.load(files), means, read_estimator(files["model.skops"]))


def category_means(matrix: np.ndarray, y: np.ndarray, schema: TreeSchema, target: Target) -> dict[str, list[float]]:
    """Return, for each categorical feature, each level's mean of `y`, drawn towards the overall mean.

    A level of n rows weighs n against PRIOR_ROWS of the overall mean, so a level of one row says almost nothing.
    Ordering levels by their mean lets one cut find the best two groups (Breiman et al. 1984, theorem 4.5). Several
    classes: the first principal component of the levels' class shares in place of the mean (Coppersmith, Hong and
    Hosking 1999, Data Mining and Knowledge Discovery 3, 197-217).
    """
    goals = target.one_hot(y).reshape(len(y), -1)
    means = {}
    for i in schema.categorical_positions:
        name = schema.features[i]
        seen = ~np.isnan(matrix[:, i])
        codes, levels = matrix[seen, i].astype(np.int64), len(schema.categories[name])
        rows = np.bincount(codes, minlength=levels)
        sums = np.column_stack([np.bincount(codes, weights=goal, minlength=levels) for goal in goals[seen].T])
        shares = (sums + PRIOR_ROWS * goals.mean(axis=0)) / (rows + PRIOR_ROWS)[:, None]
        means[name] = (_first_component(shares, rows) if target.outputs > 1 else shares[:, 0]).tolist()
    return means


def _first_component(shares: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the first principal component of the levels' class shares (levels, classes), levels weighing their rows.

    Its sign, which is arbitrary, is that which makes the largest loading positive.
    """
    centred = shares - np.average(shares, axis=0, weights=rows)
    loading = np.linalg.eigh(centred.T @ (centred * rows[:, None]))[1][:, -1]
    return np.asarray(centred @ loading * np.sign(loading[np.abs(loading).argmax()]))


def _forest_matrix(x: pd.DataFrame, schema: TreeSchema, means: dict[str, list[float]]) -> np.ndarray:
    """Return the tree matrix with each category's code replaced by its mean; missing and unseen stay NaN."""
    matrix = tree_matrix(x, schema)
    for i in schema.categorical_positions:
        known = ~np.isnan(matrix[:, i])
        matrix[known, i] = np.asarray(means[schema.features[i]])[matrix[known, i].astype(np.int64)]
    # scikit-learn's trees compute in float32; larger numbers would become infinite there.
    limit = float(np.finfo(np.float32).max)
    np.clip(matrix, -limit, limit, out=matrix)
    return matrix.astype(np.float32)


FAMILY = Family(
    name=ForestModel.family,
    title="random forest",
    load=ForestModel.load,
    fast=fast_forest,
    libraries=("sklearn", "skops"),
    imports=("sklearn.ensemble",),
    explains=TreeShap(rows=100, of="prediction"),
    variants=(
        Variant(
            "random_forest", "random forest", "candidate", f"{TREES['standard']} deep trees, each on a draw of rows",
            lambda size, _: ForestLearner(size.target, forest_settings(size)),
            order=10, shown=50, preferred=100,
        ),
        Variant(
            "extra_trees", "extra trees", "candidate", "the same with cuts at random",
            lambda size, _: ForestLearner(size.target, forest_settings(size), "extra_trees"),
            order=20, shown=60, preferred=90, efforts=("standard", "thorough"),
        ),
    ),
)  # fmt: skip
