"""The forests on one fold: the random forest, and extra trees, which cut at random."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from pipelines.core.project import Task
from pipelines.models.encode import TreeSchema, tree_matrix, tree_schema
from pipelines.models.folds import FoldData
from pipelines.models.linear import probabilities
from pipelines.models.saving.skops_file import read_estimator, write_estimator
from pipelines.targets.labelled import indicators

KINDS = {"random_forest": "RandomForest", "extra_trees": "ExtraTrees"}
PRIOR_ROWS = 20  # rows of the overall mean mixed into each category's mean


@dataclass(frozen=True)
class RandomForest:
    """The recipe of one forest, `random_forest` or `extra_trees`; `settings` as `forest_settings` gives them."""

    task: Task
    settings: dict[str, Any]
    name: str = "random_forest"

    def fit(self, data: FoldData) -> "RandomForestModel":
        """Return the forest fitted to the fold. The held-out rows are not looked at: nothing stops early."""
        from sklearn import ensemble

        schema = tree_schema(data.x)
        means = category_means(tree_matrix(data.x, schema), data.y, schema, self.task)
        arguments = {key: value for key, value in self.settings.items() if key != "max_rows"}
        rows = min(len(data.y), self.settings["max_rows"])
        kind = KINDS[self.name] + ("Regressor" if self.task == "regression" else "Classifier")
        forest = getattr(ensemble, kind)(
            **arguments, bootstrap=True, max_samples=rows, random_state=data.seed, n_jobs=1
        )
        forest.fit(_forest_matrix(data.x, schema, means), data.y)
        notes = {
            "rows_used": rows,
            "skipped": "drawn anew for each tree" if rows < len(data.y) else None,
            "trees": len(forest.estimators_),
            "importance": [float(value) for value in forest.feature_importances_],
        }
        return RandomForestModel(schema, means, forest, notes)


@dataclass(frozen=True)
class RandomForestModel:
    """One fitted random forest."""

    family: ClassVar[str] = "random_forest"
    schema: TreeSchema
    means: dict[str, list[float]]  # what each category's code stands for
    forest: Any
    notes: dict[str, Any] = field(default_factory=dict)

    def matrix(self, x: pd.DataFrame) -> np.ndarray:
        """Return what the forest itself reads, float32 of shape (rows, features)."""
        return _forest_matrix(x, self.schema, self.means)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return P(positive), the probabilities of the classes, or the value of each row, float64."""
        matrix = self.matrix(x)
        if not hasattr(self.forest, "predict_proba"):
            return np.asarray(self.forest.predict(matrix), np.float64)
        return probabilities(self.forest, matrix)

    def save(self) -> dict[str, bytes]:
        """Return the forest as a skops file, the category means as JSON, and the schema."""
        means = json.dumps(self.means, sort_keys=True, indent=1).encode()
        return {"model.skops": write_estimator(self.forest), "category_means.json": means, **self.schema.save()}

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> Self:
        """Return the model that `save` wrote."""
        means = json.loads(files["category_means.json"])
        return cls(TreeSchema.load(files), means, read_estimator(files["model.skops"]))


def category_means(matrix: np.ndarray, y: np.ndarray, schema: TreeSchema, task: Task) -> dict[str, list[float]]:
    """Return, for each categorical feature, each level's mean of `y`, drawn towards the overall mean.

    A level of n rows weighs n against PRIOR_ROWS of the overall mean, so a level of one row says almost nothing.
    Ordering levels by their mean lets one cut find the best two groups (Breiman et al. 1984, theorem 4.5). Several
    classes: the first principal component of the levels' class shares in place of the mean (Coppersmith, Hong and
    Hosking 1999, Data Mining and Knowledge Discovery 3, 197-217).
    """
    goals = y[:, None] if task != "multiclass" else indicators(y, int(y.max()) + 1)
    means = {}
    for i in schema.categorical_positions:
        name = schema.features[i]
        seen = ~np.isnan(matrix[:, i])
        codes, levels = matrix[seen, i].astype(np.int64), len(schema.categories[name])
        rows = np.bincount(codes, minlength=levels)
        sums = np.column_stack([np.bincount(codes, weights=goal, minlength=levels) for goal in goals[seen].T])
        shares = (sums + PRIOR_ROWS * goals.mean(axis=0)) / (rows + PRIOR_ROWS)[:, None]
        means[name] = (_first_component(shares, rows) if task == "multiclass" else shares[:, 0]).tolist()
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
