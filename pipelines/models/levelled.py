"""LightGBM for forecasts: trees say how far from the level at the origin the target will be, or, of sums, the whole.

Trees cannot carry a level beyond what they have seen; the level can. All that is known is given to them, the level and
the forecasts by rules among it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

import numpy as np
import pandas as pd

from pipelines.models.boosting import PATIENCE, BoostingLearner
from pipelines.models.family import Family, Files, Loading, TreeShap, Variant
from pipelines.models.lightgbm import GrownLightGBM, LightGBMLearner, LightGBMModel, lightgbm_settings
from pipelines.models.model import FoldData, Learner, Notes, Settings
from pipelines.models.predicting.rows import Fast, Reading
from pipelines.models.predicting.trees import fast_lightgbm
from pipelines.models.size import Size
from pipelines.targets.forecast import ENGINES, LEVEL_NAME, Forecast

FILE = "level.json"
TWEEDIE = {"objective": "tweedie", "metric": "tweedie", "tweedie_variance_power": 1.5}


@dataclass(frozen=True)
class LevelledLearner(BoostingLearner):
    """Fits one LightGBM model to what the level leaves, or to the whole value."""

    name: str = "lightgbm_median"
    target: Forecast = field(default_factory=Forecast)  # of which raw predictions are modelled
    whole: bool = False

    def grow(self, data: FoldData) -> "GrownLevelled":
        """Return the model with more trees than its held-out rows ask for, or with `data.trees`.

        Raises ValueError where whole values are fitted, and some are negative.
        """
        if self.whole:
            if min(data.y.min(), data.held_y.min(initial=0.0)) < 0:
                message = "the Tweedie distribution has no values below 0"
                raise ValueError(message)
            inner = data
        else:
            level, held = (x[LEVEL_NAME].to_numpy(np.float64) for x in (data.x, data.held_x))
            label = self.target.label
            inner = replace(data, y=label(data.y) - level, held_y=label(data.held_y) - held)
        grown = LightGBMLearner(self.settings, self.name, self.patience).grow(inner)
        return GrownLevelled(grown, self.whole, self.target.relative)


@dataclass(frozen=True)
class GrownLevelled:
    """A model of which only the first trees will be kept."""

    grown: GrownLightGBM
    whole: bool
    relative: bool

    @property
    def curve(self) -> list[float]:
        """The loss on the rows held out, after each tree."""
        return self.grown.curve

    def stopped_at(self, trees: int) -> "LevelledModel":
        """Return the model of the first `trees` trees, or of all if there are no more."""
        kept = self.grown.stopped_at(trees)
        return LevelledModel(kept, self.whole, self.relative, kept.notes)


@dataclass(frozen=True)
class LevelledModel:
    """One fitted model."""

    family: ClassVar[str] = "levelled"
    trees: LightGBMModel
    whole: bool
    relative: bool
    notes: Notes = field(default_factory=Notes)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return the value for each row, float64 of shape (rows,)."""
        found = self.trees.predict(x)
        return found if self.whole else Forecast(relative=self.relative).inverse(found + x[LEVEL_NAME].to_numpy(float))

    def contributions(self, x: pd.DataFrame) -> np.ndarray:
        """Return LightGBM's own exact SHAP values of what is added to the level, (rows, features, outputs)."""
        return self.trees.contributions(x)

    def save(self) -> dict[str, bytes]:
        """Return the trees' files, and whether they say the whole value."""
        return self.trees.save() | {FILE: json.dumps({"whole": self.whole, "relative": self.relative}).encode()}

    @classmethod
    def load(cls, files: Mapping[str, bytes], given: Loading) -> Self:
        """Return the model that `save` wrote."""
        return cls(LightGBMModel.load(files, given), **json.loads(files[FILE]))


def _settings(size: Size, objective: Mapping[str, object]) -> Settings:
    """Return LightGBM's settings by the size of the table, with this objective."""
    return lightgbm_settings(size) | dict(objective)


def _learner(name: str, objective: Mapping[str, object], *, whole: bool = False) -> Callable[..., Learner]:
    def make(size: Size, _: Settings | None) -> Learner:
        target = size.target if isinstance(size.target, Forecast) else Forecast()
        return LevelledLearner(_settings(size, objective), name, PATIENCE[size.level], target, whole=whole)

    return make


def _of_sums(size: Size, searched: Settings | None) -> Learner | None:
    """Return the learner of whole values by Tweedie's distribution, where the mean is aimed at; None else."""
    aims_at_mean = size.target.engine("lightgbm")["objective"] == ENGINES["mean"]["objective"]
    return _learner("lightgbm_tweedie", TWEEDIE, whole=True)(size, searched) if aims_at_mean else None


def _fast(files: Files, given: Loading, reading: Reading) -> Fast:
    trees, told = fast_lightgbm(files, given, reading), json.loads(files[FILE])
    if told["whole"]:
        return trees
    level, target = reading.names.index(LEVEL_NAME), Forecast(relative=told["relative"])
    return lambda rows: target.inverse(trees(rows) + rows.matrix[:, level])


FAMILY = Family(
    name=LevelledModel.family,
    title="LightGBM on the level",
    load=LevelledModel.load,
    fast=_fast,
    libraries=("lightgbm",),
    imports=("lightgbm",),
    explains=TreeShap(rows=400, of="raw"),
    variants=(
        Variant(
            "lightgbm_median", "LightGBM (absolute error)", "candidate",
            "trees on what the level leaves, fitted to absolute errors: the median",
            _learner("lightgbm_median", ENGINES["median"]), order=40, shown=90, preferred=30, rows="series",
        ),
        Variant(
            "lightgbm_mean", "LightGBM (squared error)", "candidate",
            "trees on what the level leaves, fitted to squared errors: the mean",
            _learner("lightgbm_mean", ENGINES["mean"]), order=41, shown=91, preferred=31, rows="series",
        ),
        Variant(
            "lightgbm_tweedie", "LightGBM (Tweedie)", "candidate",
            "trees on whole values, zeros among them, fitted to Tweedie's deviance; only where errors are squared",
            _of_sums, order=42, shown=92, preferred=32, rows="series",
        ),
    ),
)  # fmt: skip
