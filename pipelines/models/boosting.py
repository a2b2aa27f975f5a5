"""Boosted trees: LightGBM and xgboost on one fold, grown until the loss on the rows held out falls no more.

Where to stop is a choice of its own: on noise, the number of trees that is best on some rows predicts those rows better
than chance. So `cross_fit` stops each fold where the other folds' rows say. The stopping loss is log loss or squared
error, not the project's metric: they are smooth in every tree, where average precision on 30 events jumps at random.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import pandas as pd

from pipelines.models.encode import TreeSchema, tree_matrix, tree_schema
from pipelines.models.folds import FoldData, best_trees
from pipelines.models.settings import MAX_TREES, PATIENCE

if TYPE_CHECKING:
    import lightgbm
    import xgboost

# One thread and a fixed order of sums: the same bytes whoever else is computing.
LIGHTGBM_FIXED = {"num_threads": 1, "deterministic": True, "force_col_wise": True, "verbosity": -1}


@dataclass(frozen=True)
class LightGBM:
    """The recipe of one LightGBM model."""

    settings: dict[str, Any]
    name: str = "lightgbm"
    patience: int = PATIENCE["standard"]

    def fit(self, data: FoldData) -> "LightGBMModel":
        """Return the model with `data.trees` trees, or with as many as are best on its held-out rows."""
        grown = self.grow(data)
        return grown.stopped_at(data.trees or best_trees([grown.curve]))

    def grow(self, data: FoldData) -> "GrownLightGBM":
        """Return the model with more trees than its held-out rows ask for, or with `data.trees`."""
        import lightgbm

        schema = tree_schema(data.x)
        fixed = LIGHTGBM_FIXED | {"feature_pre_filter": False}
        columns = schema.categorical_positions
        train = lightgbm.Dataset(tree_matrix(data.x, schema), data.y, categorical_feature=columns, params=fixed)
        held = train.create_valid(tree_matrix(data.held_x, schema), data.held_y)
        history: dict[str, Any] = {}
        patient = [] if data.trees else [lightgbm.early_stopping(self.patience, verbose=False)]
        booster = lightgbm.train(
            self.settings | fixed | {"seed": data.seed},
            train,
            data.trees or MAX_TREES,
            valid_sets=[held],
            callbacks=[*patient, lightgbm.record_evaluation(history)],
        )
        curve = [float(loss) for losses in history["valid_0"].values() for loss in losses]
        return GrownLightGBM(schema, booster.model_to_string(num_iteration=-1), curve, len(data.y))


@dataclass(frozen=True)
class GrownLightGBM:
    """A LightGBM model of which only the first trees will be kept."""

    schema: TreeSchema
    text: str  # LightGBM's own format: what predicts here is to the bit what the archive gives back
    curve: list[float]
    rows: int

    def stopped_at(self, trees: int) -> "LightGBMModel":
        """Return the model of the first `trees` trees, or of all if there are no more."""
        whole, trees = _lightgbm_from(self.text), min(trees, len(self.curve))
        gain = whole.feature_importance("gain", iteration=trees)
        kept = _lightgbm_from(whole.model_to_string(num_iteration=trees))
        return LightGBMModel(self.schema, kept, _notes(self.rows, trees, gain, self.curve))


@dataclass(frozen=True)
class LightGBMModel:
    """One fitted LightGBM model."""

    family: ClassVar[str] = "lightgbm"
    schema: TreeSchema
    booster: "lightgbm.Booster"
    notes: dict[str, Any] = field(default_factory=dict)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return P(positive) or the value for each row, float64 of shape (rows,)."""
        return np.asarray(self.booster.predict(tree_matrix(x, self.schema), num_threads=1), np.float64)

    def save(self) -> dict[str, bytes]:
        """Return LightGBM's own text format, and the schema."""
        return {"model.txt": self.booster.model_to_string(num_iteration=-1).encode(), **self.schema.save()}

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> Self:
        """Return the model that `save` wrote."""
        return cls(TreeSchema.load(files), _lightgbm_from(files["model.txt"].decode()))


@dataclass(frozen=True)
class XGBoost:
    """The recipe of one xgboost model."""

    settings: dict[str, Any]
    name: str = "xgboost"
    patience: int = PATIENCE["standard"]

    def fit(self, data: FoldData) -> "XGBoostModel":
        """Return the model with `data.trees` trees, or with as many as are best on its held-out rows."""
        grown = self.grow(data)
        return grown.stopped_at(data.trees or best_trees([grown.curve]))

    def grow(self, data: FoldData) -> "GrownXGBoost":
        """Return the model with more trees than its held-out rows ask for, or with `data.trees`."""
        import xgboost

        schema = tree_schema(data.x)
        typed = _xgboost_types(schema)
        train = xgboost.QuantileDMatrix(tree_matrix(data.x, schema), data.y, **typed)
        held = xgboost.QuantileDMatrix(tree_matrix(data.held_x, schema), data.held_y, ref=train, **typed)
        history: dict[str, Any] = {}
        booster = xgboost.train(
            self.settings | {"nthread": 1, "seed": data.seed, "verbosity": 0},
            train,
            data.trees or MAX_TREES,
            evals=[(held, "held_out")],
            early_stopping_rounds=None if data.trees else self.patience,
            evals_result=history,
            verbose_eval=False,
        )
        loss = np.array(next(iter(history["held_out"].values())))
        # xgboost measures the root of the squared error; told as the squared error, like LightGBM's.
        curve = loss**2 if self.settings["eval_metric"] == "rmse" else loss
        return GrownXGBoost(schema, booster, [float(value) for value in curve], len(data.y))


@dataclass(frozen=True)
class GrownXGBoost:
    """An xgboost model of which only the first trees will be kept."""

    schema: TreeSchema
    booster: "xgboost.Booster"
    curve: list[float]
    rows: int

    def stopped_at(self, trees: int) -> "XGBoostModel":
        """Return the model of the first `trees` trees, or of all if there are no more."""
        trees = min(trees, len(self.curve))
        kept = self.booster[:trees]
        gains = kept.get_score(importance_type="total_gain")
        gain = np.array([gains.get(f"f{i}", 0.0) for i in range(len(self.schema.features))])
        return XGBoostModel(self.schema, kept, _notes(self.rows, trees, gain, self.curve))


@dataclass(frozen=True)
class XGBoostModel:
    """One fitted xgboost model."""

    family: ClassVar[str] = "xgboost"
    schema: TreeSchema
    booster: "xgboost.Booster"
    notes: dict[str, Any] = field(default_factory=dict)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return P(positive) or the value for each row, float64 of shape (rows,)."""
        import xgboost

        matrix = xgboost.DMatrix(tree_matrix(x, self.schema), **_xgboost_types(self.schema))
        return np.asarray(self.booster.predict(matrix), np.float64)

    def save(self) -> dict[str, bytes]:
        """Return xgboost's own binary JSON format, and the schema."""
        return {"model.ubj": bytes(self.booster.save_raw("ubj")), **self.schema.save()}

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> Self:
        """Return the model that `save` wrote."""
        import xgboost

        booster = xgboost.Booster({"nthread": 1})
        booster.load_model(bytearray(files["model.ubj"]))
        return cls(TreeSchema.load(files), booster)


def _lightgbm_from(text: str) -> "lightgbm.Booster":
    import lightgbm

    return lightgbm.Booster(model_str=text)


def _xgboost_types(schema: TreeSchema) -> dict[str, Any]:
    """Return the arguments that tell xgboost which matrix columns are categories."""
    categorical = set(schema.categorical_positions)
    types = ["c" if i in categorical else "q" for i in range(len(schema.features))]
    return {"feature_types": types, "enable_categorical": True, "nthread": 1}


def _notes(rows: int, trees: int, gain: np.ndarray, curve: list[float]) -> dict[str, Any]:
    total = float(gain.sum())
    share = gain / total if total > 0 else np.zeros(len(gain))
    return {
        "rows_used": rows,
        "trees": trees,
        "stopped_early": len(curve) < MAX_TREES,
        "importance": [float(value) for value in share],
        "curve": curve,
    }
