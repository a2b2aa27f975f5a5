"""Forecasts by rules as models: the one rule that is asked for, or for each series the one that did best so far.

The rules' forecasts are columns of the table (`pipelines/series/methods.py`); a model learns which of them to take.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np
import pandas as pd

from pipelines.core.keys import SERIES
from pipelines.core.steady import steady
from pipelines.inputs import level_codes, level_names
from pipelines.models.family import Family, Loading, Variant
from pipelines.models.model import FoldData, Learner, Notes, Settings
from pipelines.models.size import Size
from pipelines.series.methods import DRIFT, LAST, MEAN, SMOOTHED, THETAS, TRENDED
from pipelines.targets import Target

FILE = "rules.json"


@dataclass(frozen=True)
class RuleLearner:
    """Takes, for each series, the rule that erred least on the rows that it is fitted to."""

    target: Target
    name: str
    rules: tuple[str, ...]  # columns of the table

    @property
    def settings(self) -> Settings:
        """What the facts say about how it is fitted."""
        if len(self.rules) == 1:
            return {"predicts": self.rules[0]}
        return {"chosen for each series among": "; ".join(self.rules)}

    def fit(self, data: FoldData) -> "RuleModel":
        """Return the rule of each series; of equals the first. Raises ValueError where the table holds no forecasts."""
        if data.seen is None:
            message = "the table holds no forecasts by rules"
            raise ValueError(message)
        losses = self.target.judged_loss(data.y, data.seen[list(self.rules)].to_numpy(np.float64))
        codes, names = level_codes(data.seen[SERIES]), level_names(data.seen[SERIES])
        total = np.array([np.bincount(codes, one, minlength=len(names)) for one in losses.T])
        best = np.argmin(steady(total), axis=0)
        of_all = self.rules[int(np.argmin(steady(total.sum(axis=1))))]
        seen = np.bincount(codes, minlength=len(names)) > 0
        chosen = {name: self.rules[best[place]] for place, name in enumerate(names) if seen[place]}
        counts = {rule: list(chosen.values()).count(rule) for rule in self.rules}
        return RuleModel(chosen, of_all, {"rows_used": len(data.y), "chosen": {"series": str(counts)}})


@dataclass(frozen=True)
class RuleModel:
    """The rule of each series."""

    family: ClassVar[str] = "rule"
    chosen: Mapping[str, str]  # by series
    otherwise: str  # of a series that was not seen
    notes: Notes = field(default_factory=Notes)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return the rules' forecasts, float64 of shape (rows,); `x` needs their columns and the series."""
        found = np.empty(len(x))
        series = x[SERIES].astype(object).map(lambda name: self.chosen.get(str(name), self.otherwise)).to_numpy(object)
        for rule in dict.fromkeys(series):
            rows = series == rule
            found[rows] = x[rule].to_numpy(np.float64)[rows]
        return found

    def save(self) -> dict[str, bytes]:
        """Return the choice as JSON."""
        return {FILE: json.dumps({"chosen": dict(self.chosen), "otherwise": self.otherwise}, indent=1).encode()}

    @classmethod
    def load(cls, files: Mapping[str, bytes], _: Loading) -> Self:
        """Return the model that `save` wrote."""
        saved = json.loads(files[FILE])
        return cls(saved["chosen"], saved["otherwise"])


def _learner(name: str, rules: Sequence[str]) -> Callable[[Size, Settings | None], Learner]:
    return lambda size, _: RuleLearner(size.target, name, tuple(rules))


FAMILY = Family(
    name=RuleModel.family,
    title="rule",
    load=RuleModel.load,
    variants=(
        Variant(
            "mean_of_seasons", "mean of seasons", "candidate", "the mean of the last four values of the same place",
            _learner("mean_of_seasons", [MEAN]), order=90, shown=20, preferred=10, rows="series",
        ),
        Variant(
            "smoothing", "exponential smoothing", "candidate",
            "level and season, smoothed by the constants that erred least for each series",
            _learner("smoothing", SMOOTHED), order=91, shown=30, preferred=11, rows="series",
        ),
        Variant(
            "damped_trend", "damped trend", "candidate",
            "smoothing with a damped trend, or without one, by what erred least for each series",
            _learner("damped_trend", (*SMOOTHED, *TRENDED)), order=92, shown=31, preferred=12, rows="series",
        ),
        Variant(
            "theta", "Theta", "candidate",
            "smoothing without the season and half a line's slope, by the constants that erred least for each series",
            _learner("theta", THETAS), order=93, shown=32, preferred=13, rows="series",
        ),
        Variant(
            "last_value", "last value", "classic", "the value at the origin",
            _learner("last_value", [LAST]), order=94, shown=10, rows="series",
        ),
        Variant(
            "drift_line", "drift", "classic", "the line through the first and the last value",
            _learner("drift_line", [DRIFT]), order=95, shown=11, rows="series",
        ),
    ),
)  # fmt: skip
