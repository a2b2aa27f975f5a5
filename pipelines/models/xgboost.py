"""xgboost on one fold: trees that grow level by level."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import pandas as pd

from pipelines.core.steady import steady
from pipelines.models.boosting import (
    MAX_TREES,
    MIN_HESSIAN,
    PATIENCE,
    SHRINKAGE,
    BoostingLearner,
    boosting_notes,
    contributions_of,
    learning_rate,
    leaves,
)
from pipelines.models.encode import TreeSchema, tree_matrix, tree_schema
from pipelines.models.family import Family, Loading, TreeShap, Variant
from pipelines.models.model import FoldData, Notes, Settings
from pipelines.models.predicting.trees import fast_xgboost
from pipelines.models.saving.xgboost_file import check_xgboost
from pipelines.models.size import SMALL_TABLE, Size

if TYPE_CHECKING:
    import xgboost


def xgboost_settings(size: Size) -> Settings:
    """Return xgboost's parameters (https://xgboost.readthedocs.io/en/stable/parameter.html)."""
    rows = 5.0 if size.rows < SMALL_TABLE else 20.0
    return {
        **size.target.engine("xgboost"),
        "tree_method": "hist",
        "learning_rate": learning_rate(size),
        "max_depth": {7: 3, 15: 4, 31: 5}[leaves(size)],
        # A sum of hessians: rows in a regression, rows times p(1-p) in a classification.
        "min_child_weight": rows if size.target.hessian_counts_rows else MIN_HESSIAN,
        "reg_lambda": SHRINKAGE,
        "colsample_bynode": 0.5,
    }


@dataclass(frozen=True)
class XGBoostLearner(BoostingLearner):
    """Fits one xgboost model."""

    name: str = "xgboost"

    def grow(self, data: FoldData) -> "GrownXGBoost":
        """Return the model with more trees than its held-out rows ask for, or with `data.trees`."""
        import xgboost

        schema = tree_schema(data.x)
        typed = _types(schema)
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
        # xgboost measures the root of the squared error; reported as the squared error, like LightGBM's.
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
        return XGBoostModel(self.schema, kept, boosting_notes(self.rows, trees, gain, self.curve))


@dataclass(frozen=True)
class XGBoostModel:
    """One fitted xgboost model."""

    family: ClassVar[str] = "xgboost"
    schema: TreeSchema
    booster: "xgboost.Booster"
    notes: Notes = field(default_factory=Notes)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return P(positive) or the value for each row, float64 of shape (rows,)."""
        return steady(self.booster.predict(self._matrix(x)))

    def contributions(self, x: pd.DataFrame) -> np.ndarray:
        """Return xgboost's own exact SHAP values, (rows, features, outputs)."""
        self.booster.set_param({"nthread": 1})
        found = np.asarray(self.booster.predict(self._matrix(x), pred_contribs=True), np.float64)
        return contributions_of(found, len(self.schema.features))

    def _matrix(self, x: pd.DataFrame) -> "xgboost.DMatrix":
        import xgboost

        return xgboost.DMatrix(tree_matrix(x, self.schema), **_types(self.schema))

    def save(self) -> dict[str, bytes]:
        """Return xgboost's own binary JSON format, and the schema."""
        return {"model.ubj": bytes(self.booster.save_raw("ubj")), **self.schema.save()}

    @classmethod
    def load(cls, files: Mapping[str, bytes], _: Loading) -> Self:
        """Return the model that `save` wrote."""
        import xgboost

        check_xgboost(files["model.ubj"])
        booster = xgboost.Booster({"nthread": 1})
        booster.load_model(bytearray(files["model.ubj"]))
        return cls(TreeSchema.load(files), booster)


def _types(schema: TreeSchema) -> dict[str, Any]:
    """Return the arguments that say to xgboost which matrix columns are categories."""
    categorical = set(schema.categorical_positions)
    types = ["c" if i in categorical else "q" for i in range(len(schema.features))]
    return {"feature_types": types, "enable_categorical": True, "nthread": 1}


FAMILY = Family(
    name=XGBoostModel.family,
    title="xgboost",
    load=XGBoostModel.load,
    fast=fast_xgboost,
    libraries=("xgboost",),
    imports=("xgboost",),
    explains=TreeShap(rows=400, of="raw"),
    variants=(
        Variant(
            "xgboost", "xgboost", "candidate", "as LightGBM, its trees grow level by level",
            lambda size, _: XGBoostLearner(xgboost_settings(size), patience=PATIENCE[size.level]),
            order=30, shown=80, preferred=80,
        ),
    ),
)  # fmt: skip
