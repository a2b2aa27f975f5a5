"""LightGBM on one fold: trees that grow leaf by leaf."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import pandas as pd

from pipelines.core.steady import steady
from pipelines.models.boosting import (
    MIN_HESSIAN,
    PATIENCE,
    SHRINKAGE,
    BoostingLearner,
    boosting_notes,
    contributions_of,
    learning_rate,
    leaves,
    most_trees,
)
from pipelines.models.encode import TreeSchema, tree_matrix, tree_schema
from pipelines.models.family import Family, Loading, TreeShap, Variant
from pipelines.models.model import FoldData, Learner, Notes, Settings
from pipelines.models.predicting.trees import fast_lightgbm
from pipelines.models.saving.lightgbm_text import read_booster
from pipelines.models.size import SMALL_TABLE, Level, Size

if TYPE_CHECKING:
    import lightgbm

# One thread and a fixed order of sums: the same bytes whatever else is running.
LIGHTGBM_FIXED = {"num_threads": 1, "deterministic": True, "force_col_wise": True, "verbosity": -1}


def lightgbm_settings(size: Size) -> Settings:
    """Return LightGBM's parameters (https://lightgbm.readthedocs.io/en/stable/Parameters.html)."""
    small = size.rows < SMALL_TABLE
    return {
        **size.target.engine("lightgbm"),
        "learning_rate": learning_rate(size),
        "num_leaves": leaves(size),
        "min_data_in_leaf": 5 if small else 20,
        "min_sum_hessian_in_leaf": MIN_HESSIAN,
        "lambda_l2": SHRINKAGE,
        "feature_fraction": 0.5,
        "min_data_per_group": 5 if small else 20,  # rows that a category level needs
    }


def lightgbm_portfolio(size: Size) -> dict[str, Settings]:
    """Return LightGBM's settings by model name: the rule's own, and ones that differ from it in what matters most.

    Small trees add up to smoother functions, large ones find rare combinations, random cuts (extra_trees) smooth too;
    which of them a table wants is not to be seen from its size. A regression learns from every row, so the leaves of
    large trees may be small: on hourly counts of bicycles that took a hundredth off the weighted mean's error out of
    fold; on four other regressions it changed less, to either side.
    """
    own = lightgbm_settings(size)
    many = own["num_leaves"]
    return {
        "lightgbm": own,
        "lightgbm_small": own | {"num_leaves": 7 if many > 7 else 4, "feature_fraction": 0.7},  # noqa: PLR2004 - leaves
        "lightgbm_large": own | {"num_leaves": 4 * many, "lambda_l2": 1.0, **size.target.engines["lightgbm_large"]},
        "lightgbm_extra": own | {"num_leaves": 2 * many, "extra_trees": True, "feature_fraction": 0.9},
    }


@dataclass(frozen=True)
class LightGBMLearner(BoostingLearner):
    """Fits one LightGBM model."""

    name: str = "lightgbm"

    def grow(self, data: FoldData) -> "GrownLightGBM":
        """Return the model with more trees than its held-out rows ask for, or with `data.trees`."""
        import lightgbm

        schema, most = tree_schema(data.x), most_trees(self.settings["num_leaves"])
        fixed = LIGHTGBM_FIXED | {"feature_pre_filter": False}
        columns = schema.categorical_positions
        train = lightgbm.Dataset(tree_matrix(data.x, schema), data.y, categorical_feature=columns, params=fixed)
        rounds = data.trees or most
        if not len(data.held_y):  # nothing is held out where all training rows are fitted
            booster = lightgbm.train(self.settings | fixed | {"seed": data.seed}, train, rounds)
            return GrownLightGBM(schema, booster.model_to_string(num_iteration=-1), [0.0] * rounds, len(data.y), most)
        held = train.create_valid(tree_matrix(data.held_x, schema), data.held_y)
        history: dict[str, Any] = {}
        patient = [] if data.trees else [lightgbm.early_stopping(self.patience, verbose=False)]
        booster = lightgbm.train(
            self.settings | fixed | {"seed": data.seed},
            train,
            rounds,
            valid_sets=[held],
            callbacks=[*patient, lightgbm.record_evaluation(history)],
            keep_training_booster=True,  # or it would drop the trees after the best of these rows: others choose it
        )
        curve = [float(loss) for losses in history["valid_0"].values() for loss in losses]
        return GrownLightGBM(schema, booster.model_to_string(num_iteration=-1), curve, len(data.y), most)


@dataclass(frozen=True)
class GrownLightGBM:
    """A LightGBM model of which only the first trees will be kept."""

    schema: TreeSchema
    text: str  # LightGBM's own format: what predicts here is to the bit what the archive gives back
    curve: list[float]
    rows: int
    most: int  # trees at which it would have ended

    def stopped_at(self, trees: int) -> "LightGBMModel":
        """Return the model of the first `trees` trees, or of all if there are no more."""
        whole, trees = _lightgbm_from(self.text), min(trees, len(self.curve))
        gain = whole.feature_importance("gain", iteration=trees)
        kept = _lightgbm_from(whole.model_to_string(num_iteration=trees))
        return LightGBMModel(self.schema, kept, boosting_notes(self.rows, trees, gain, self.curve, self.most))


@dataclass(frozen=True)
class LightGBMModel:
    """One fitted LightGBM model."""

    family: ClassVar[str] = "lightgbm"
    schema: TreeSchema
    booster: "lightgbm.Booster"
    notes: Notes = field(default_factory=Notes)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return P(positive) or the value for each row, float64 of shape (rows,)."""
        return steady(self.booster.predict(tree_matrix(x, self.schema), num_threads=1))

    def contributions(self, x: pd.DataFrame) -> np.ndarray:
        """Return LightGBM's own exact SHAP values, (rows, features, outputs)."""
        found = np.asarray(self.booster.predict(tree_matrix(x, self.schema), pred_contrib=True, num_threads=1))
        return contributions_of(found, len(self.schema.features))

    def save(self) -> dict[str, bytes]:
        """Return LightGBM's own text format, and the schema."""
        return {"model.txt": self.booster.model_to_string(num_iteration=-1).encode(), **self.schema.save()}

    @classmethod
    def load(cls, files: Mapping[str, bytes], _: Loading) -> Self:
        """Return the model that `save` wrote."""
        return cls(TreeSchema.load(files), read_booster(files["model.txt"]))


def _lightgbm_from(text: str) -> "lightgbm.Booster":
    import lightgbm

    return lightgbm.Booster(model_str=text)


def _learner(name: str) -> Callable[[Size, Settings | None], Learner]:
    """Return what makes the learner of one of the settings of `lightgbm_portfolio`."""
    return lambda size, _: LightGBMLearner(lightgbm_portfolio(size)[name], name, PATIENCE[size.level])


def _searched(size: Size, settings: Settings | None) -> Learner:
    return LightGBMLearner(dict(settings or {}), "lightgbm_tuned", PATIENCE[size.level])


MORE: tuple[Level, ...] = ("standard", "thorough")
FAMILY = Family(
    name=LightGBMModel.family,
    title="LightGBM",
    load=LightGBMModel.load,
    fast=fast_lightgbm,
    libraries=("lightgbm",),
    imports=("lightgbm",),
    explains=TreeShap(rows=400, of="raw"),
    variants=(
        Variant(
            "lightgbm", "LightGBM", "candidate", "trees that grow leaf by leaf, settings by the size of the table",
            _learner("lightgbm"), order=40, shown=90, preferred=30,
        ),
        Variant(
            "lightgbm_small", "small LightGBM", "candidate", "few leaves: smoother functions",
            _learner("lightgbm_small"), order=50, shown=100, preferred=50, efforts=MORE,
        ),
        Variant(
            "lightgbm_large", "large LightGBM", "candidate", "many leaves, less shrinkage: rare combinations",
            _learner("lightgbm_large"), order=60, shown=110, preferred=70, efforts=MORE,
        ),
        Variant(
            "lightgbm_extra", "LightGBM with random cuts", "candidate", "cuts at random smooth too",
            _learner("lightgbm_extra"), order=70, shown=120, preferred=60, efforts=MORE,
        ),
        Variant(
            "lightgbm_tuned", "tuned LightGBM", "candidate", "settings found by a search, see below",
            _searched, order=80, shown=130, preferred=40, efforts=MORE, searched=True,
        ),
    ),
)  # fmt: skip
