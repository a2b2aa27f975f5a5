"""Groups without a label: an outcome that they are scored by, where the project names one, and zeros where it does not.

No model sees the outcome. Groups predict it by its mean in each of them, so that errors are squared ones.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd

from pipelines.core.cells import value_label
from pipelines.core.errors import InputError, quote
from pipelines.core.steady import steady
from pipelines.facts.clusters import ClustersFacts
from pipelines.facts.define import ForecastFacts, TargetSummary
from pipelines.facts.metric import TargetLook
from pipelines.targets.amount import Amount
from pipelines.targets.arrays import Booleans, Floats
from pipelines.targets.declared import Declared
from pipelines.targets.number import Number
from pipelines.targets.target import Ability
from pipelines.targets.words import TargetWords

NO_OUTCOME = ""  # of problem.outcome: groups are scored by how dense rows left out are where models expect them
LEAST = {"log": 0.0, "log1p": -1.0}  # what an outcome must be above, by its scale
FORWARD: Mapping[str, Callable[[Floats], Floats]] = {"linear": np.asarray, "log": np.log, "log1p": np.log1p}
BACK: Mapping[str, Callable[[Floats], Floats]] = {"linear": np.asarray, "log": np.exp, "log1p": np.expm1}


@dataclass(frozen=True)
class Groups(Number):
    """Groups of rows, scored by the outcome that they predict."""

    name: ClassVar[str] = "clustering"
    rows: ClassVar[Literal["apart", "series", "grouped"]] = "grouped"
    can: ClassVar[frozenset[Ability]] = frozenset()
    words: ClassVar[TargetWords] = TargetWords(
        encoded="finite",
        average="mean",
        constant="the mean of the outcome over the training rows",
        knows="average",
        each_class="",
        linear_model="groups by quantiles of one column, or by k-means on raw values",
        loss="squared error",
        raw_unit="value",
        unit="value",
        mean="outcome's mean",
        evidence="training rows",
        predictions="groups one by one",
        baseline="the plainest groups are what others have to beat",
    )
    engines: ClassVar[Mapping[str, Mapping[str, Any]]] = Number.engines
    blends: ClassVar[bool] = False
    scored: bool = True  # by an outcome; else by how dense rows are
    by: str | None = None  # the column whose quantiles are the baseline; None: k-means on raw values is
    count: int = 5  # groups of the baseline, and of others that do not find their number themselves

    @classmethod
    def of(cls, y: Floats) -> "Groups":
        """Return the target of an outcome, or of densities where it is 0 in all rows: then there is none."""
        return cls() if y.any() else Density()

    def knowing(
        self,
        *,
        squares_errors: bool,  # noqa: ARG002 - so do all metrics of an outcome
        forecast: ForecastFacts | None,  # noqa: ARG002
        clusters: ClustersFacts | None = None,
    ) -> Self:
        """Return the target with what groups are compared with."""
        return self if clusters is None else replace(self, by=clusters["by"], count=clusters["groups"])

    @classmethod
    def judged_as(cls, outcome: str) -> str:
        """Return the kind of an outcome, or of densities without one."""
        return Groups.name if outcome else Density.name

    @classmethod
    def encode(cls, values: pd.Series, labels: list[str] | None, declared: Declared, where: str) -> Floats:  # noqa: ARG003 - there are none
        """Return the outcome on its scale; raise InputError where a value has no logarithm, or none differs."""
        y: Floats = values.to_numpy(np.float64)
        if len(y) and y.min() == y.max():
            raise InputError(
                f"the outcome holds only one value: {value_label(y[0])}",
                where=f"{where}, column {quote(declared.outcome)}",
                allowed="two values or more",
                todo="take another outcome, or leave problem.outcome out",
            )
        least = LEAST.get(declared.outcome_scale, -np.inf)
        if (low := np.flatnonzero(y <= least)).size:
            raise InputError(
                f"{low.size:,} value(s) of the outcome {quote(declared.outcome)} have no logarithm",
                where=f"{where}, row {values.index[low[0]]}: {value_label(y[low[0]])}",
                allowed=f"values above {least:g} with problem.outcome_scale = {declared.outcome_scale!r}",
                todo="take problem.outcome_scale = 'linear', or a `min` in [columns]",
            )
        return steady(FORWARD[declared.outcome_scale](y))

    @classmethod
    def summary(cls, y: Floats, test: Booleans, labels: list[str] | None, declared: Declared) -> TargetSummary:
        """Return quantiles and a histogram of the outcome in its own unit; nothing where there is none."""
        if declared.outcome == NO_OUTCOME:
            return {}
        found = Amount.summary(y, test, labels, declared)
        back, bins = BACK[declared.outcome_scale], found["histogram"]
        return {
            **found,
            "quantiles": {per_cent: float(back(np.asarray(value))) for per_cent, value in found["quantiles"].items()},
            "histogram": {**bins, "edges": back(np.asarray(bins["edges"])).tolist()},
            "scale": declared.outcome_scale,
        }

    @classmethod
    def guess(cls, values: pd.Series, column_type: str | None) -> None:  # noqa: ARG003 - a user asks for groups
        """Return None: no column alone says that its rows fall into groups."""
        return

    def traits(self, y: Floats, declared: Declared) -> TargetLook:
        """Return the same as of other amounts, by the outcome's scale."""
        return {**super().traits(y, declared), "logarithm": declared.outcome_scale != "linear"}


@dataclass(frozen=True)
class Density(Groups):
    """Groups without an outcome: a prediction is the log density at a row, in nats, and a higher one is better.

    Densities are those of rows in units of the standard deviations of their columns, so that scalings compare.
    """

    name: ClassVar[str] = "density"
    words: ClassVar[TargetWords] = TargetWords(
        encoded="0, since there is no outcome",
        average="log density of one normal distribution a column",
        constant="a normal distribution for each column by itself",
        knows="a normal distribution for each column by itself",
        each_class="",
        linear_model="groups by quantiles of one column, or by k-means on raw values",
        loss="negative log density",
        raw_unit="nats",
        unit="nats",
        mean="mean log density",
        evidence="training rows",
        predictions="groups one by one",
        baseline="the plainest groups are what others have to beat",
    )
    scored: bool = False

    @property
    def task(self) -> str:
        """That of groups."""
        return Groups.name

    @classmethod
    def valid(cls, y: pd.Series) -> pd.Series:
        """Return which values are 0: there is no outcome."""
        return y == 0.0

    def judged_loss(self, y: Floats, judgement: Floats) -> Floats:  # noqa: ARG002 - the prediction says it all
        """Return the negative log densities."""
        return -judgement

    def raw_loss(self, y: Floats, raw: Floats) -> Floats:  # noqa: ARG002
        """Return the negative log densities."""
        return -raw

    def gradient_hessian(self, y: Floats, raw: Floats) -> tuple[Floats, Floats]:  # noqa: ARG002
        """Return -1 and 0: nothing is fitted by them."""
        return np.full_like(raw, -1.0), np.zeros_like(raw)

    def trivial(self, y: Floats, seed: int) -> dict[str, Floats]:  # noqa: ARG002
        """Return none: what is known without a feature has no density."""
        return {}

    def trivial_of(self, x: pd.DataFrame) -> dict[str, Floats]:
        """Return the log densities of a normal distribution for each column, and of a box in which all is alike."""
        fitted = np.ones(len(x), bool)
        values = x.to_numpy(np.float64)
        sides = (values.max(axis=0) - values.min(axis=0)) / values.std(axis=0)
        return {
            "a normal distribution for each column": self.unmodelled(x, fitted),
            "every value of a column's range alike": np.full(len(x), -float(np.log(sides).sum())),
        }

    def unmodelled(self, x: pd.DataFrame, fitted: Booleans) -> Floats:
        """Return the log densities of a normal distribution for each column, fitted to some rows, (rows,)."""
        values = x.to_numpy(np.float64)
        middle, spread = values[fitted].mean(axis=0), values[fitted].std(axis=0)
        found = np.zeros(len(values))
        for column in range(values.shape[1]):
            found -= np.square((values[:, column] - middle[column]) / spread[column]) / 2
        return steady(found - values.shape[1] * np.log(2 * np.pi) / 2)

    def traits(self, y: Floats, declared: Declared) -> TargetLook:  # noqa: ARG002 - nothing may mislead
        """Return nothing: there is no target that could mislead a metric."""
        return {}
