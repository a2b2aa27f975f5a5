"""LightGBM for forecasts with the forecasts by rules among its features: trees say what a rule leaves.

Boosted trees learn from all series at once what a rule, which knows one series alone, misses; the rule carries levels
and trends beyond what trees have seen. A hybrid of that kind won the M4 competition (Smyl 2020, International Journal
of Forecasting 36, 75-85), there with a neural network.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

import numpy as np
import pandas as pd

from pipelines.models.boosting import PATIENCE, BoostingLearner
from pipelines.models.family import Family, Loading, Variant
from pipelines.models.lightgbm import GrownLightGBM, LightGBMLearner, LightGBMModel, lightgbm_settings
from pipelines.models.model import FoldData, Learner, Notes, Settings
from pipelines.models.rule import RuleLearner, RuleModel
from pipelines.models.size import Size
from pipelines.series.methods import MEAN, NAIVE, THETAS, TRENDED
from pipelines.targets.arrays import Floats
from pipelines.targets.forecast import LEVEL_NAME, Forecast

FILE = "ruled.json"
RULES = (NAIVE, MEAN, *TRENDED, *THETAS)  # that trees see, less what they are added to


@dataclass(frozen=True)
class RuledLearner(BoostingLearner):
    """Fits one LightGBM model to what the level leaves, or the rule that erred least for each series."""

    name: str = "lightgbm_rules"
    target: Forecast = field(default_factory=Forecast)  # of which raw predictions are modelled
    rules: tuple[str, ...] = ()  # none: the level

    def grow(self, data: FoldData) -> "GrownRuled":
        """Return the model with more trees than its held-out rows ask for, or with `data.trees`.

        Raises ValueError where the table holds no forecasts by rules.
        """
        if data.seen is None or data.held_seen is None:
            message = "the table holds no forecasts by rules"
            raise ValueError(message)
        rule = RuleLearner(self.target, self.name, self.rules).fit(data) if self.rules else None
        start = Start(rule, self.target.relative, tuple(map(str, data.x.columns)))
        label, below, held = self.target.label, start.raw(data.seen), start.raw(data.held_seen)
        inner = replace(
            data, x=start.columns(data.seen, below), y=label(data.y) - below,
            held_x=start.columns(data.held_seen, held), held_y=label(data.held_y) - held,
        )  # fmt: skip
        return GrownRuled(LightGBMLearner(self.settings, self.name, self.patience).grow(inner), start)


@dataclass(frozen=True)
class Start:
    """What trees are added to, on the scale on which effects add up."""

    rule: RuleModel | None  # None: the level
    relative: bool
    features: tuple[str, ...]

    def raw(self, seen: pd.DataFrame) -> Floats:
        """Return it for each row, (rows,)."""
        if self.rule is None:
            return seen[LEVEL_NAME].to_numpy(np.float64)
        return self._label(self.rule.predict(seen))

    def columns(self, seen: pd.DataFrame, raw: Floats) -> pd.DataFrame:
        """Return what trees see: the features, and the rules' forecasts less what trees are added to."""
        rules = {rule: self._label(seen[rule].to_numpy(np.float64)) - raw for rule in RULES}
        return pd.concat([seen[list(self.features)], pd.DataFrame(rules, index=seen.index)], axis="columns")

    def _label(self, values: Floats) -> Floats:
        return Forecast(relative=self.relative).label(values)


@dataclass(frozen=True)
class GrownRuled:
    """A model of which only the first trees will be kept."""

    grown: GrownLightGBM
    start: Start

    @property
    def curve(self) -> list[float]:
        """The loss on the rows held out, after each tree."""
        return self.grown.curve

    def stopped_at(self, trees: int) -> "RuledModel":
        """Return the model of the first `trees` trees, or of all if there are no more."""
        kept = self.grown.stopped_at(trees)
        # The shares of single features say little where rules that were made of them stand beside them.
        notes: Notes = {
            "rows_used": kept.notes["rows_used"], "trees": kept.notes["trees"],
            "stopped_early": kept.notes["stopped_early"], "curve": kept.notes["curve"],
        }  # fmt: skip
        return RuledModel(kept, self.start, notes)


@dataclass(frozen=True)
class RuledModel:
    """One fitted model."""

    family: ClassVar[str] = "ruled"
    trees: LightGBMModel
    start: Start
    notes: Notes = field(default_factory=Notes)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return the value for each row, float64 of shape (rows,); `x` needs the rules' columns and the series."""
        raw = self.start.raw(x)
        return Forecast(relative=self.start.relative).inverse(raw + self.trees.predict(self.start.columns(x, raw)))

    def save(self) -> dict[str, bytes]:
        """Return the trees' files, the rule's, and what else they are added to."""
        rule = {} if self.start.rule is None else self.start.rule.save()
        told = {"relative": self.start.relative, "features": list(self.start.features), "ruled": bool(rule)}
        return self.trees.save() | rule | {FILE: json.dumps(told).encode()}

    @classmethod
    def load(cls, files: Mapping[str, bytes], given: Loading) -> Self:
        """Return the model that `save` wrote."""
        told = json.loads(files[FILE])
        rule = RuleModel.load(files, given) if told["ruled"] else None
        return cls(LightGBMModel.load(files, given), Start(rule, told["relative"], tuple(told["features"])))


def _learner(name: str, rules: Sequence[str]) -> Callable[..., Learner]:
    def make(size: Size, _: Settings | None) -> Learner:
        target = size.target if isinstance(size.target, Forecast) else Forecast()
        return RuledLearner(lightgbm_settings(size), name, PATIENCE[size.level], target, tuple(rules))

    return make


FAMILY = Family(
    name=RuledModel.family,
    title="LightGBM on a rule",
    load=RuledModel.load,
    libraries=("lightgbm",),
    imports=("lightgbm",),
    variants=(
        Variant(
            "lightgbm_rules", "LightGBM with rules", "candidate",
            "trees on what the level leaves, with the forecasts by rules among their features",
            _learner("lightgbm_rules", ()), order=43, shown=93, preferred=33, rows="series",
        ),
        Variant(
            "lightgbm_theta", "LightGBM on Theta", "candidate",
            "trees on what Theta leaves, with the forecasts by rules among their features",
            _learner("lightgbm_theta", THETAS), order=44, shown=94, preferred=34, rows="series",
        ),
    ),
)  # fmt: skip
