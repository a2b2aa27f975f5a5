"""Matrices for quick linear fits: each feature as it is, or in one of the ways that step 7 will try."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

LEVELS = 300  # commonest levels of a category that get a column of their own; the others share none
KNOTS = 7  # bends a feature may have in the shape design
SHRINK = 10.0  # rows of the overall mean that a level's target mean is mixed with


@dataclass(frozen=True)
class Half:
    """The rows that a design learns from (medians, ranks, levels, target means) and the rows it is applied to."""

    fit: pd.DataFrame
    y: np.ndarray
    other: pd.DataFrame


def design(half: Half, parts: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return the matrices (rows, columns) of the fitting and of the other rows, standardised on the fitting rows.

    `parts` names what they hold: "raw" (numbers, median for missing) or "ranks" (normal scores of the ranks instead),
    "levels" (a column for each category level), "means" (target means of levels), "missing" (indicators), "bends"
    (numbers by piecewise linear functions of their ranks, Friedman and Silverman 1989, Technometrics 31).
    """
    fit, other = [], []
    for name in half.fit.columns:
        column, there = half.fit[name], half.other[name]
        build = _category if isinstance(column.dtype, pd.CategoricalDtype) else _numeric
        a, b = build(column, there, half.y, parts)
        fit += a
        other += b
    if not fit:
        return np.zeros((len(half.fit), 1)), np.zeros((len(half.other), 1))
    x, z = np.column_stack(fit), np.column_stack(other)
    middle, spread = x.mean(axis=0), x.std(axis=0)
    keep = spread > 1e-12  # noqa: PLR2004 - a constant column
    if not keep.any():
        return np.zeros((len(half.fit), 1)), np.zeros((len(half.other), 1))
    return (x[:, keep] - middle[keep]) / spread[keep], (z[:, keep] - middle[keep]) / spread[keep]


def normal_scores(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the normal score of each of `at` by its mid-rank among `values` (both without missing ones).

    Ranks between 0 and 1 through the inverse normal distribution (van der Waerden 1952).
    """
    ordered = np.sort(values)
    rank = (np.searchsorted(ordered, at, "left") + np.searchsorted(ordered, at, "right")) / 2
    return ndtri((rank + 0.5) / (len(ordered) + 1))


def _numeric(
    column: pd.Series, there: pd.Series, y: np.ndarray, parts: tuple[str, ...]
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    a, b = column.to_numpy(np.float64), there.to_numpy(np.float64)
    known = ~np.isnan(a)
    if not known.any():
        return [], []
    middle = float(np.median(a[known]))
    outs: list[list[np.ndarray]] = []
    knots = _knots(a, y, known) if "bends" in parts else np.zeros(0)
    for values in (a, b):
        missing = np.isnan(values)
        filled = np.where(missing, middle, values)
        scores = normal_scores(a[known], filled)
        out = [scores if "ranks" in parts else filled]
        if "bends" in parts:
            at = normal_scores(a[known], knots)
            out += [] if "ranks" in parts else [scores]
            out += [np.maximum(scores - knot, 0) for knot in at]
        if "missing" in parts:
            out.append(missing.astype(np.float64))
        outs.append(out)
    return outs[0], outs[1]


def _knots(values: np.ndarray, y: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return where a feature may bend: quantiles of the rows, in which rare and common targets weigh the same.

    Where events are rare they sit in one corner of the feature, and that corner needs the resolution.
    """
    share = np.linspace(0, 1, KNOTS + 2)[1:-1]
    classes = np.unique(y)
    if len(classes) != 2:  # noqa: PLR2004 - not a binary target
        return np.unique(np.quantile(values[known], share))
    order = np.argsort(values[known], kind="stable")
    ordered, positive = values[known][order], y[known][order] == classes[1]
    weight = np.where(positive, 1 / max(positive.sum(), 1), 1 / max((~positive).sum(), 1))
    place = np.searchsorted(np.cumsum(weight) / weight.sum(), share)
    return np.unique(ordered[np.minimum(place, len(ordered) - 1)])


def _category(
    column: pd.Series, there: pd.Series, y: np.ndarray, parts: tuple[str, ...]
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    a, b = column.cat.codes.to_numpy(), there.cat.codes.to_numpy()
    known = a >= 0
    if not known.any():
        return [], []
    counts = np.bincount(a[known], minlength=len(column.cat.categories))
    commonest = int(np.argmax(counts))
    own = np.argsort(-counts, kind="stable")[: min(LEVELS, int((counts > 0).sum()))]
    outs: list[list[np.ndarray]] = []
    means = level_means(a, y, len(counts)) if "means" in parts else None
    for codes, fitting in ((a, True), (b, False)):
        filled = np.where(codes >= 0, codes, commonest)
        out = [(filled == level).astype(np.float64) for level in own] if "levels" in parts else []
        if means is not None:
            out.append(_left_out(means, a, y) if fitting else means.at(codes))
        if "missing" in parts:
            out.append((codes < 0).astype(np.float64))
        outs.append(out)
    return outs[0], outs[1]


@dataclass(frozen=True)
class LevelMeans:
    """Shrunken target means of levels (Micci-Barreca 2001, SIGKDD Explorations 3)."""

    totals: np.ndarray
    counts: np.ndarray
    overall: float

    def at(self, codes: np.ndarray) -> np.ndarray:
        """Return each row's level mean; missing is a level of its own, the last."""
        return ((self.totals + SHRINK * self.overall) / (self.counts + SHRINK))[codes]


def level_means(codes: np.ndarray, y: np.ndarray, levels: int) -> LevelMeans:
    """Return the shrunken means of `y` (rows,) by level; `codes` (rows,) are 0 to `levels` - 1, missing negative."""
    place = np.where(codes >= 0, codes, levels)
    return LevelMeans(
        np.bincount(place, weights=y, minlength=levels + 1), np.bincount(place, minlength=levels + 1), float(y.mean())
    )


def _left_out(means: LevelMeans, codes: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return each fitting row's level mean as seen from the other nine tenths, so that no row sees its own target."""
    tenth = np.arange(len(codes)) % 10
    out = np.empty(len(codes))
    levels = len(means.totals) - 1
    for part in range(10):
        mine = tenth == part
        others = level_means(codes[~mine], y[~mine], levels)
        out[mine] = others.at(codes[mine])
    return out
