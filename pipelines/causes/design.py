"""Matrices for quick linear fits: each feature as it is, or in one of the ways that causes try.

A design is to step 3 what a plan is to step 7: simpler columns of the same kind, for a look at few rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from pipelines.causes.plan import Features
from pipelines.causes.ranks import normal_scores
from pipelines.inputs import level_codes, level_names

LEVELS = 300  # commonest levels of a category that get a column of their own; the others share none
KNOTS = 7  # bends that a feature may have
CONSTANT = 1e-12  # spread below which a column holds one value
PENALTY = 1.0  # as the baseline's

Sides = tuple[np.ndarray, np.ndarray]  # one column: of the fitting rows, and of the other rows
Columns = tuple[list[np.ndarray], list[np.ndarray]]  # the same of several


@dataclass(frozen=True)
class Half:
    """The rows that a design learns from (medians, ranks, levels) and the rows it is applied to."""

    fit: Features
    y: np.ndarray
    other: pd.DataFrame


@dataclass(frozen=True)
class Number:
    """A feature that holds numbers, in both halves, the median of the fitting rows in place of missing values."""

    known: np.ndarray  # fitting rows with a value
    fit: np.ndarray
    other: np.ndarray
    y: np.ndarray  # of the fitting rows

    @property
    def present(self) -> np.ndarray:
        """The values of the fitting rows."""
        return self.fit[self.known]

    @cached_property
    def scores(self) -> Sides:
        """Normal scores of the ranks."""
        return normal_scores(self.present, self.fit), normal_scores(self.present, self.other)


NumberColumns = Callable[[Number], list[Sides]]
JointColumns = Callable[[Half], list[Sides]]


def raw(number: Number) -> list[Sides]:
    """Return the values."""
    return [(number.fit, number.other)]


def ranks(number: Number) -> list[Sides]:
    """Return normal scores in place of the values."""
    return [number.scores]


def bends(number: Number) -> list[Sides]:
    """Return piecewise linear functions of the ranks (Friedman and Silverman 1989, Technometrics 31)."""
    knots = normal_scores(number.present, _knots(number.present, number.y[number.known]))
    fit, other = number.scores
    return [(np.maximum(fit - knot, 0), np.maximum(other - knot, 0)) for knot in knots]


@dataclass(frozen=True)
class Design:
    """What the matrix holds; by default what the baseline makes of each feature."""

    numbers: tuple[NumberColumns, ...] = (raw,)  # of each feature that holds numbers
    level_weight: float = 1.0  # of the column of a level: below 1 its coefficient is held harder
    marks: bool = False  # a mark where a value is missing
    together: tuple[JointColumns, ...] = ()  # columns made of several features
    penalty: float = PENALTY

    def matrices(self, half: Half) -> tuple[np.ndarray, np.ndarray]:
        """Return the matrices (rows, columns) of the fitting and of the other rows, at least one column wide.

        Numbers are standardised on the fitting rows, marks and levels stay 0 and 1, as in the baseline.
        """
        fit, other = [], []
        categories, x = set(half.fit.categorical), half.fit.x
        for name in x.columns:
            a, b = (self._category if name in categories else self._numeric)(x[name], half.other[name], half.y)
            fit += a
            other += b
        for make in self.together:
            a, b = _standardised(make(half))
            fit += a
            other += b
        if not fit:
            return np.zeros((len(x), 1)), np.zeros((len(half.other), 1))
        return np.column_stack(fit), np.column_stack(other)

    def _numeric(self, column: pd.Series, there: pd.Series, y: np.ndarray) -> Columns:
        values, others = column.to_numpy(np.float64), there.to_numpy(np.float64)
        known = ~np.isnan(values)
        if not known.any():
            return [], []
        middle = float(np.median(values[known]))
        fitting, applied = (np.where(np.isnan(one), middle, one) for one in (values, others))
        number = Number(known, fitting, applied, y)
        fit, other = _standardised([sides for make in self.numbers for sides in make(number)], middle)
        if self.marks and not known.all():
            fit.append(1.0 - known)
            other.append(np.isnan(others).astype(np.float64))
        return fit, other

    def _category(self, column: pd.Series, there: pd.Series, _: np.ndarray) -> Columns:
        fit, other = level_codes(column), level_codes(there)
        known = fit >= 0
        if not known.any():
            return [], []
        counts = np.bincount(fit[known], minlength=len(level_names(column)))
        order = np.argsort(-counts, kind="stable")
        own = order[: min(LEVELS, int((counts > 0).sum()))]
        sides = []
        for codes in (fit, other):
            filled = np.where(codes >= 0, codes, order[0])
            columns = [(filled == level) * self.level_weight for level in own]
            if self.marks and not known.all():
                columns.append((codes < 0).astype(np.float64))
            sides.append(columns)
        return sides[0], sides[1]


def _standardised(pairs: list[Sides], middle: float = 0.0) -> Columns:
    """Return the columns with mean 0 and standard deviation 1 in the fitting rows; constant ones are left out."""
    columns = []
    for fit, other in pairs:
        mean, spread = fit.mean(), fit.std()
        if spread > CONSTANT * max(abs(middle), CONSTANT):
            columns.append(((fit - mean) / spread, (other - mean) / spread))
    return [a for a, _ in columns], [b for _, b in columns]


def _knots(values: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return where a feature may bend: quantiles of the rows, in which rare and common targets weigh the same.

    Where events are rare they sit in one corner of the feature, and that corner needs the resolution.
    """
    share = np.linspace(0, 1, KNOTS + 2)[1:-1]
    classes = np.unique(y)
    if y.ndim > 1 or len(classes) != 2:  # noqa: PLR2004 - not a binary target
        return np.unique(np.quantile(values, share))
    order = np.argsort(values, kind="stable")
    ordered, positive = values[order], y[order] == classes[1]
    weight = np.where(positive, 1 / positive.sum(), 1 / (~positive).sum())
    place = np.searchsorted(np.cumsum(weight) / weight.sum(), share)
    return np.unique(ordered[np.minimum(place, len(ordered) - 1)])
