"""Matrices for quick linear fits: each feature as it is, or in one of the ways that step 7 will try."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from pipelines.inputs import is_category, level_codes, level_names

LEVELS = 300  # commonest levels of a category that get a column of their own; the others share none
POOLING = 0.5  # of a level's column: its coefficient is held four times harder, so that small levels lean on the mean
KNOTS = 7  # bends a feature may have in the shape design
CONSTANT = 1e-12  # spread below which a column holds one value

Parts = tuple[str, ...]
Columns = tuple[list[np.ndarray], list[np.ndarray]]  # of the fitting rows, of the other rows


@dataclass(frozen=True)
class Half:
    """The rows that a design learns from (medians, ranks, levels) and the rows it is applied to."""

    fit: pd.DataFrame
    y: np.ndarray
    other: pd.DataFrame


def design(half: Half, parts: Parts) -> tuple[np.ndarray, np.ndarray]:
    """Return the matrices (rows, columns) of the fitting and of the other rows, at least one column wide.

    `parts` names what they hold: "raw" (numbers, the median for missing) or "ranks" (normal scores instead), "levels"
    (a column for each level of a category, the commonest for missing) or "pooled" (the same, held harder), "missing"
    (a mark where a value is missing), "bends" (piecewise linear functions of the ranks: Friedman and Silverman 1989,
    Technometrics 31). Numbers are standardised on the fitting rows, marks and levels stay 0 and 1, as in the baseline.
    """
    fit, other = [], []
    for name in half.fit.columns:
        column, there = half.fit[name], half.other[name]
        if is_category(column):
            a, b = _category(column, there, parts)
        else:
            a, b = _numeric(column.to_numpy(np.float64), there.to_numpy(np.float64), half.y, parts)
        fit += a
        other += b
    if not fit:
        return np.zeros((len(half.fit), 1)), np.zeros((len(half.other), 1))
    return np.column_stack(fit), np.column_stack(other)


def normal_scores(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the normal score of each of `at` by its mid-rank among `values` (both without missing ones).

    Ranks between 0 and 1 through the inverse normal distribution (van der Waerden 1952).
    """
    ordered = np.sort(values)
    rank = (np.searchsorted(ordered, at, "left") + np.searchsorted(ordered, at, "right")) / 2
    scores: np.ndarray = ndtri((rank + 0.5) / (len(ordered) + 1))
    return scores


def _numeric(fit: np.ndarray, other: np.ndarray, y: np.ndarray, parts: Parts) -> Columns:
    known = ~np.isnan(fit)
    if not known.any():
        return [], []
    middle = float(np.median(fit[known]))
    values = [np.where(np.isnan(column), middle, column) for column in (fit, other)]
    scores = [normal_scores(fit[known], column) for column in values] if {"ranks", "bends"} & set(parts) else []
    pairs = [(scores if "ranks" in parts else values)]
    if "bends" in parts:
        pairs += [] if "ranks" in parts else [scores]
        knots = normal_scores(fit[known], _knots(fit[known], y[known]))
        pairs += [[np.maximum(column - knot, 0) for column in scores] for knot in knots]
    columns = [_standardised(*pair) for pair in pairs if pair[0].std() > CONSTANT * max(abs(middle), CONSTANT)]
    if "missing" in parts and not known.all():
        columns.append((1.0 - known, np.isnan(other).astype(np.float64)))
    return [a for a, _ in columns], [b for _, b in columns]


def _standardised(fit: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    middle, spread = fit.mean(), fit.std()
    return (fit - middle) / spread, (other - middle) / spread


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


def _category(column: pd.Series, there: pd.Series, parts: Parts) -> Columns:
    fit, other = level_codes(column), level_codes(there)
    known = fit >= 0
    if not known.any():
        return [], []
    counts = np.bincount(fit[known], minlength=len(level_names(column)))
    order = np.argsort(-counts, kind="stable")
    own = order[: min(LEVELS, int((counts > 0).sum()))]
    weight = POOLING if "pooled" in parts else 1.0
    sides = []
    for codes in (fit, other):
        filled = np.where(codes >= 0, codes, order[0])
        columns = [(filled == level) * weight for level in own]
        if "missing" in parts and not known.all():
            columns.append((codes < 0).astype(np.float64))
        sides.append(columns)
    return sides[0], sides[1]
