"""Orders in which rows are like their neighbours: a moment, a running number, the file's own order.

Neighbours are alike where a column moves slowly along the order: von Neumann's ratio (1941, Annals of Mathematical
Statistics 12), the mean squared step over twice the variance, is 1 of values in no order and near 0 of slow ones. It is
taken inside SEGMENTS stretches of the order, around a straight line in each: what merely rises along the order, as any
feature may, does not count.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipelines.core.table import Table
from pipelines.inputs import by_kind

SEGMENTS = 10
FEWEST = 30  # rows of a segment
BEYOND = 4.0  # standard errors, of a target that is alike in neighbours
LIKE = 0.8  # ratio of a target that is alike enough to matter
SORTED = 0.9  # of the steps that go one way: then the file is sorted by the column, which is no order in time
STRETCHES, STRETCH = 10, 250  # of the order, and rows of each, in which rows are predicted by those nearest to them
NEAREST = 5
TOLD = 0.1  # share of the target's variance that the nearest rows must explain
LOST = 0.5  # of that, what goes where they come from other stretches
WORSE = 4.0  # or times as much variance as is left unexplained then
EVERYWHERE = 0.5  # of the mean over the segments, which their median must reach: one step along the order is no time
SLOW = 0.5  # ratio of features that show a row's place
MIN_VALUES = 100  # different moments
STEPS = 5.0  # times the median gap, as far apart as moments are
REGULAR = 0.9  # share of the gaps that are so short
EVEN = 0.1  # distance from moments that are spread evenly over their range (Kolmogorov's)
MOMENTS = ((3e8, 4.2e9), (3e11, 4.2e12), (3e14, 4.2e15), (3e17, 4.2e18))  # since 1970, in s to ns: 1979 to 2103
MOST_COLUMNS = 40  # features whose steps are looked at


class Order(NamedTuple):
    """An order in which neighbours are alike."""

    feature: str | None  # None: the file's own
    places: np.ndarray  # (rows,) int64: the rows in that order


def find_orders(x: pd.DataFrame, row_id: np.ndarray, y: np.ndarray, dates: Sequence[str]) -> list[Order]:
    """Return the orders along which the target is alike in neighbours, though no line explains it.

    `x` are features as models see them, `row_id` places in the file, `y` the target as numbers, `dates` the features
    that count days or seconds. A feature that may be something else than a moment counts only where another feature is
    slow along it, and so does the file's order, since no model sees that. In the end, rows that are nearest in these
    features must predict the target, and must fail to where they come from another part of the order.
    """
    if len(y) < SEGMENTS * FEWEST:
        return []
    numbers = by_kind(x)[0]
    columns = {name: x[name].to_numpy(np.float64) for name in numbers}
    found: list[Order] = []
    in_file = np.argsort(row_id, kind="stable")
    for name in (*numbers, None):
        sure = name in dates or (name is not None and _is_moment(columns[name]))
        if name is None and found:  # the file follows an order that is known
            continue
        if name is not None and not (sure or _is_running(columns[name])):
            continue
        values = row_id[in_file] if name is None else columns[name][in_file]
        places = in_file[np.argsort(values, kind="stable")]
        if not _alike(y[places]) or (name is None and _is_sorted([y, *columns.values()], places)):
            continue
        others = [columns[other] for other in numbers if other != name][:MOST_COLUMNS]
        slow = [other for other in others if _is_slow(other[places])]
        telling = slow if name is None else [columns[name], *slow]
        if (sure or slow) and _is_remembered(telling, y, places):
            found.append(Order(name, places))
    return found


def target_as_number(table: Table) -> np.ndarray:
    """Return the target as one number a row, float64: of several classes, whether it is the commonest."""
    if "probabilities" not in table.target.can:
        return table.y
    return np.asarray(table.y == np.bincount(table.y.astype(np.int64)).argmax(), np.float64)


def _is_moment(values: np.ndarray) -> bool:
    """Return whether the values are seconds since 1970, or thousandths and so on."""
    low, high = np.nanmin(values), np.nanmax(values)
    whole = bool((np.isnan(values) | (values == np.round(values))).all())
    return whole and len(np.unique(values)) >= MIN_VALUES and any(a <= low and high <= b for a, b in MOMENTS)


def _is_running(values: np.ndarray) -> bool:
    """Return whether the values are spread over their range as a clock or a counter would spread them."""
    moments = np.unique(values[~np.isnan(values)])
    if np.isnan(values).any() or len(moments) < MIN_VALUES:
        return False
    gaps = np.diff(moments)
    if (gaps <= STEPS * np.median(gaps)).mean() < REGULAR:
        return False
    ordered = np.sort(values)
    uniform = (ordered - ordered[0]) / (ordered[-1] - ordered[0])
    return bool(np.abs(uniform - np.linspace(0, 1, len(ordered))).max() <= EVEN)


def _alike(y: np.ndarray) -> bool:
    """Return whether neighbours in the given order are alike, along all of it."""
    likeness = 1 - _ratios(y)
    if not len(likeness):
        return False
    mean = float(likeness.mean())
    return mean >= max(1 - LIKE, BEYOND / np.sqrt(len(y))) and float(np.median(likeness)) >= EVERYWHERE * mean


def _is_slow(values: np.ndarray) -> bool:
    """Return whether a column moves slowly in the given order, for most of it."""
    ratios = _ratios(values)
    return len(ratios) >= EVERYWHERE * SEGMENTS and float(np.median(ratios)) <= SLOW


def _is_sorted(columns: Sequence[np.ndarray], places: np.ndarray) -> bool:
    """Return whether the order is that of the values of one of the columns."""
    for values in columns:
        steps = np.diff(values[places])
        steps = steps[np.isfinite(steps) & (steps != 0)]
        if len(steps) and abs(np.sign(steps).mean()) >= 2 * SORTED - 1:
            return True
    return False


def _is_remembered(columns: Sequence[np.ndarray], y: np.ndarray, places: np.ndarray) -> bool:
    """Return whether the rows nearest in some columns predict the target, but not where they come from elsewhere."""
    if len(places) > STRETCHES * STRETCH:
        parts = np.array_split(places, STRETCHES)
        places = np.concatenate([part[:STRETCH] for part in parts])
    ranks = [pd.Series(values[places]).rank(pct=True).fillna(-0.5).to_numpy() for values in columns]
    space, target = np.column_stack(ranks), y[places]
    stretch = np.arange(len(places)) * STRETCHES // len(places)
    mixed = np.random.default_rng(0).permutation(stretch)
    beside, apart = (_explained(space, target, of) for of in (mixed, stretch))
    return beside >= TOLD and (apart <= (1 - LOST) * beside or 1 - apart >= WORSE * (1 - beside))


def _explained(space: np.ndarray, y: np.ndarray, part: np.ndarray) -> float:
    """Return the share of the variance of y explained by the mean of the rows nearest to each in other parts."""
    from sklearn.neighbors import NearestNeighbors

    predicted = np.empty(len(y))
    for held in np.unique(part):
        inside, fit = np.flatnonzero(part == held), np.flatnonzero(part != held)
        search = NearestNeighbors(n_neighbors=min(NEAREST, len(fit)), algorithm="brute").fit(space[fit])
        predicted[inside] = y[fit][search.kneighbors(space[inside], return_distance=False)].mean(axis=1)
    return float(1 - ((y - predicted) ** 2).sum() / max(((y - y.mean()) ** 2).sum(), 1e-300))


def _ratios(values: np.ndarray) -> np.ndarray:
    """Return von Neumann's ratio around a straight line in each segment in which the values vary about it."""
    spread = float(np.nanvar(values))
    found = []
    for part in np.array_split(values, SEGMENTS):
        known = part[~np.isnan(part)]
        if len(known) < FEWEST or not spread:
            continue
        place = np.arange(len(known))
        rest = known - np.polyval(np.polyfit(place, known, 1), place)
        variance = float((rest**2).sum())
        if variance > 1e-3 * spread * len(known):  # a function of the order leaves next to nothing
            found.append(float((np.diff(rest) ** 2).sum() / 2 / variance))
    return np.array(found)
