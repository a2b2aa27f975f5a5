"""What the kinds of target that are amounts share: a number a row, without classes."""

from collections.abc import Callable
from typing import ClassVar

import numpy as np
import pandas as pd

from pipelines.core.cells import value_label
from pipelines.core.errors import InputError, quote
from pipelines.core.steady import steady
from pipelines.facts.define import TargetSummary
from pipelines.facts.metric import TargetLook
from pipelines.targets.arrays import Booleans, Estimator, Floats, Integers, Matrix
from pipelines.targets.declared import Declared
from pipelines.targets.target import Target

QUANTILES = 101  # of the target, among which the best constant is looked for
SHOWN_QUANTILES = (0, 1, 5, 25, 50, 75, 95, 99, 100)  # per cent
BINS = 30  # of the histogram
TINY = 0.01  # of the median of |y|: relative errors of rows below it drown the rest
TAIL = 0.01  # the most extreme share of rows


class Amount(Target):
    """A target whose values are amounts: all rows are of one stratum, and each teaches something."""

    sparse_levels: ClassVar[bool] = False
    fastest_learning: ClassVar[float] = 0.5

    @classmethod
    def labels(cls, values: pd.Series, declared: Declared, where: str) -> None:  # noqa: ARG003 - there are none
        """Return None: amounts have no labels."""
        return

    @classmethod
    def encode(cls, values: pd.Series, labels: list[str] | None, declared: Declared, where: str) -> Floats:  # noqa: ARG003 - there are none
        """Return the values; raise InputError where they do not vary."""
        y: Floats = values.to_numpy(np.float64)
        if len(y) and y.min() == y.max():
            raise InputError(
                f"the target holds only one value: {value_label(y[0])}",
                where=f"{where}, column {quote(declared.target)}",
                allowed="two values or more",
                todo="take a file in which the target varies",
            )
        return y

    @classmethod
    def valid(cls, y: pd.Series) -> pd.Series:
        """Return which values are finite."""
        return y.abs() < np.inf

    @classmethod
    def summary(cls, y: Floats, test: Booleans, labels: list[str] | None, declared: Declared) -> TargetSummary:  # noqa: ARG003 - there are none
        """Return quantiles and a histogram."""
        edges = cls.edges(y)
        back = np.exp if declared.target_scale == "log" else np.asarray
        shown = zip(SHOWN_QUANTILES, np.percentile(back(y), SHOWN_QUANTILES), strict=True)
        return {
            "quantiles": {str(q): float(v) for q, v in shown},
            "histogram": {
                "edges": back(edges).tolist(),
                "train": np.histogram(y[~test], edges)[0].tolist(),
                "test": np.histogram(y[test], edges)[0].tolist(),
            },
            "unit": declared.unit,
            "scale": declared.target_scale,
        }

    @classmethod
    def edges(cls, y: Floats) -> Floats:
        """Return the edges of the histogram's bins, equally wide."""
        return np.histogram_bin_edges(y, BINS)

    def loss(self, y: Floats, prediction: Floats) -> Floats:
        """Return the losses of the values."""
        return self.judged_loss(y, prediction)

    def judged(self, y: Floats, prediction: Floats) -> Floats:  # noqa: ARG002 - a value is judged as it is
        """Return the value."""
        return prediction

    def constant(self, y: Floats, rows: int) -> Floats:
        """Return the mean."""
        return np.full(rows, y.mean())

    def best_constant(
        self, y: Floats, rows: int, score: Callable[[Floats, Floats], float], gain: Callable[[float, float], float]
    ) -> Floats:
        """Return the mean, or the quantile of `y` that scores better."""
        tried = [float(y.mean()), *np.quantile(y, np.linspace(0, 1, QUANTILES), method="nearest").tolist()]
        scores = [score(y, np.full(len(y), value)) for value in tried]
        best = max(range(len(tried)), key=lambda i: (gain(scores[0], scores[i]), -i))
        return np.full(rows, tried[best])

    def trivial(self, y: Floats, seed: int) -> dict[str, Floats]:  # noqa: ARG002 - nothing is drawn
        """Return the mean and the median."""
        return {"always the mean": np.full(y.size, y.mean()), "always the median": np.full(y.size, np.median(y))}

    def traits(self, y: Floats, declared: Declared) -> TargetLook:
        """Return how many values are near zero, and how much of the squared deviation the most extreme rows hold."""
        size = np.abs(y)
        return {
            "logarithm": declared.target_scale == "log",
            "near_zero": {"below": TINY, "share": float((size <= TINY * np.median(size)).mean())},
            "tails": {"rows": TAIL, "squared_deviation": held_by_the_tail(np.square(y - y.mean()))},
        }

    def one_hot(self, y: Floats) -> Floats:
        """Return `y` itself."""
        return y

    def strata(self, y: Floats) -> Integers:
        """Return zeros: all rows are of one stratum."""
        return np.zeros(len(y), np.int64)

    def evidence(self, y: Floats) -> int:
        """Return the number of rows: a regression learns from each."""
        return len(y)

    @classmethod
    def predicted(cls, estimator: Estimator, x: Matrix) -> Floats:
        """Return the value."""
        return steady(estimator.predict(x))

    def places(self, y: Floats) -> Floats:
        """Return each row's mid-rank over the number of rows."""
        from scipy.stats import rankdata

        return np.asarray(rankdata(y) / len(y))


def held_by_the_tail(losses: Floats) -> float:
    """Return the share of the losses' sum that the TAIL of rows with the largest ones hold."""
    ordered = np.sort(losses)
    return float(ordered[-max(1, round(TAIL * losses.size)) :].sum() / ordered.sum()) if ordered.sum() > 0 else 0.0
