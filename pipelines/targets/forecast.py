"""The value of a series some steps ahead.

Its *level* is the mean of a long window that ends at the origin. Linear models say how far from it the target will be,
so none has to carry on a trend that may have stopped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd

from pipelines.core.steady import steady
from pipelines.facts.clusters import ClustersFacts
from pipelines.facts.define import ForecastFacts
from pipelines.targets.arrays import Estimator, Floats, Matrix
from pipelines.targets.declared import Declared
from pipelines.targets.number import Number
from pipelines.targets.target import Ability
from pipelines.targets.words import TargetWords

Aim = Literal["mean", "median"]
PENALTY = 1e-3  # times the rows, on columns of standard deviation 1: one that is chosen on early stretches of time is
# far too strong where a trend ends there, and what later rungs repair is then no cause
CALENDAR, LEVEL, STEP, SERIES, HISTORY = "calendar", "level", "step", "series", "history"  # roles of features
LEVEL_NAME = "level"  # of the feature
# Forecasts by rules without anything to choose, the dummy first; `pipelines/series/methods.py` makes them.
TRIVIAL = ("seasonal naive", "mean of four seasons", "last value of all", "drift")
ORACLE = "oracle: "  # begins the names of the table's columns that hold what no one knows in time
MOST_RAW = 60.0  # logarithms beyond are no forecast
ENGINES: Mapping[Aim, Mapping[str, Any]] = {
    "mean": {"objective": "regression", "metric": "l2"},
    "median": {"objective": "regression_l1", "metric": "l1"},
}


@dataclass(frozen=True)
class Forecast(Number):
    """A forecast: by the metric, models aim at the mean of what may come, or at its median."""

    name: ClassVar[str] = "forecast"
    rows: ClassVar[Literal["apart", "series", "grouped"]] = "series"
    can: ClassVar[frozenset[Ability]] = frozenset({"residuals"})
    words: ClassVar[TargetWords] = TargetWords(
        encoded="finite",
        average="value one season before",
        constant="the value one season before, the last that is known",
        knows="the value one season before",
        each_class="",
        linear_model="ridge regression on calendar and level",
        loss="error",
        raw_unit="value",
        unit="value",
        mean="target's mean",
        evidence="training rows",
        predictions="forecasts one by one",
    )
    engines: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        **Number.engines,
        "linear": {"model": "ridge regression on calendar and level", "penalty": "a thousandth of the rows"},
        "classic": {"without": ()},
    }
    aim: Aim = "mean"
    relative: bool = False  # effects multiply: a raw prediction is the logarithm of one more than the value
    roles: tuple[tuple[str, str], ...] = ()  # of the features, by name
    methods: tuple[str, ...] = ()  # columns of the table that hold forecasts by rules, and oracles
    hidden: tuple[str, ...] = ()  # roles of features that the ladder's trees do not see, beside the level's

    def knowing(
        self,
        *,
        squares_errors: bool,
        forecast: ForecastFacts | None,
        clusters: ClustersFacts | None = None,  # noqa: ARG002 - series form no groups
    ) -> Self:
        """Return the target with its aim, and what its table's columns are."""
        features, methods = ((), ()) if forecast is None else (forecast["features"], forecast["methods"])
        roles = tuple((one["name"], str(one["role"])) for one in features)
        relative = forecast is not None and forecast["effects"] == "relative"
        aim: Aim = "mean" if squares_errors else "median"
        return replace(self, aim=aim, relative=relative, roles=roles, methods=tuple(methods))

    def with_role(self, *wanted: str) -> list[str]:
        """Return the features that have one of these roles, in order."""
        return [name for name, role in self.roles if role in wanted]

    @classmethod
    def encode(cls, values: pd.Series, labels: list[str] | None, declared: Declared, where: str) -> Floats:  # noqa: ARG003
        """Return the values; series that do not vary are refused by name where the table is made."""
        return values.to_numpy(np.float64)

    def label(self, y: Floats) -> Floats:
        """Return the logarithms of one more where effects are relative, else the values."""
        return steady(np.log1p(y)) if self.relative else y

    def inverse(self, raw: Floats) -> Floats:
        """Return the value."""
        return steady(np.expm1(np.minimum(raw, MOST_RAW))) if self.relative else raw

    def remember(self, estimator: Estimator, y: Floats) -> None:  # noqa: ARG002 - only whether effects are relative
        """Keep on the fitted linear model that its sums are logarithms, where they are."""
        estimator.relative_ = self.relative

    @classmethod
    def guess(cls, values: pd.Series, column_type: str | None) -> None:  # noqa: ARG003 - a user asks for a forecast
        """Return None: no column alone says that it is to be forecast."""
        return

    def engine(self, name: str) -> dict[str, Any]:
        """Return an engine's settings, of LightGBM those of the aim."""
        return dict(ENGINES[self.aim]) if name == "lightgbm" else super().engine(name)

    def judged_loss(self, y: Floats, judgement: Floats) -> Floats:
        """Return absolute errors where the median is aimed at, squared ones else."""
        error = (y if judgement.ndim == 1 else y[:, None]) - judgement
        return np.abs(error) if self.aim == "median" else np.square(error)

    def raw_loss(self, y: Floats, raw: Floats) -> Floats:
        """Return the same of raw predictions, of logarithms where effects are relative."""
        return self.judged_loss(self.label(y), raw)

    def gradient_hessian(self, y: Floats, raw: Floats) -> tuple[Floats, Floats]:
        """Return the derivatives of half the squared error, or of the absolute one with 1 for its second."""
        slope = raw - self.label(y)
        return np.sign(slope) if self.aim == "median" else slope, np.ones_like(raw)

    def linear_estimator(
        self, matrix: Matrix, penalty: float = 1.0, *, exact: bool = True, seed: int | None = None
    ) -> Estimator:
        """Return the ridge regression, held by a thousandth of the rows."""
        return super().linear_estimator(matrix, penalty * PENALTY * matrix.shape[0], exact=exact, seed=seed)

    @property
    def rules(self) -> tuple[str, ...]:
        """The forecasts by rules, without the oracles."""
        return tuple(name for name in self.methods if not name.startswith(ORACLE))

    @property
    def trivial_rules(self) -> tuple[str, ...]:
        """The rules without anything to choose."""
        return tuple(name for name in TRIVIAL if name in self.methods)

    def alone(self, features: Sequence[str]) -> tuple[tuple[int, ...], ...]:
        """Return each feature by itself; those of the past with the step, since they may mean less further ahead."""
        step = next((place for place, name in enumerate(features) if name in self.with_role(STEP)), None)
        of_past = set(self.with_role(HISTORY))
        return tuple(
            (place, step) if step is not None and features[place] in of_past else (place,)
            for place in self.in_trees(features)
        )

    def in_trees(self, features: Sequence[str]) -> tuple[int, ...]:
        """Return all except the level and what is hidden: trees that split on the level repeat its latest mean."""
        hidden = set(self.with_role(LEVEL, *self.hidden))
        return tuple(place for place, name in enumerate(features) if name not in hidden)

    def hiding(self, *roles: str) -> Self:
        """Return the target whose trees do not see the features of these roles either."""
        return replace(self, hidden=roles)

    def still(self, features: Sequence[str]) -> list[str]:
        """Return the calendar and the level."""
        return [name for name in self.with_role(CALENDAR, LEVEL) if name in features]

    def offset(self, x: pd.DataFrame) -> Floats:
        """Return the level at the origin."""
        level: Floats = x[LEVEL_NAME].to_numpy(np.float64)
        return level

    @classmethod
    def predicted(cls, estimator: Estimator, x: Matrix) -> Floats:
        """Return the level and what the estimator adds to it, as a value."""
        fitted = estimator[-1] if hasattr(estimator, "steps") else estimator
        return cls(relative=getattr(fitted, "relative_", False)).inverse(
            steady(estimator.predict(x) + x[LEVEL_NAME].to_numpy(np.float64))
        )

    def raw_predicted(self, estimator: Estimator, x: Matrix) -> Floats:
        """Return the same on the scale on which effects add up."""
        return self.label(self.predicted(estimator, x))

    def plain(self, x: pd.DataFrame) -> pd.DataFrame:
        """Return what the calendar says."""
        return x[[name for name in self.with_role(CALENDAR) if name in x.columns]]
