"""Fit a way of grouping to rows."""

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pandas as pd

from pipelines.core.steady import steady
from pipelines.groups.columns import Scaling
from pipelines.groups.mixtures import LEAST_VARIANCE, Kind, Mixture, fit_mixture, mixtures
from pipelines.models.grouped.assign import Assignment
from pipelines.models.grouped.gaussians import Gaussians, bic
from pipelines.models.grouped.grouped import GroupedModel
from pipelines.models.grouped.way import MOST_GROUPS, Way
from pipelines.targets.arrays import Floats, Integers

STARTS = 10  # of k-means, of which the best is taken: on raw values, whose tails make groups of few rows, two differ
MOST_ROWS = 10_000  # among which dense regions are looked for: its time grows with their square
LEAST_SHARE = 0.02  # of the rows that a dense region must hold
KEPT_VARIANCE = 0.9  # that principal components hold

Kept = dict[Hashable, Any]  # what was learned of the same rows before


def fit_way(way: Way, x: pd.DataFrame, seed: int, kept: Kept | None = None) -> GroupedModel:
    """Return the groups of the rows `x` (rows, features) without missing values; nothing is known of an outcome.

    Groups are numbered by their size, the largest first. `kept` holds what was learned of the same rows before. Raises
    ValueError where a feature has one value only.
    """
    memory: Kept = {} if kept is None else kept
    values = x.to_numpy(np.float64)
    key = "scaling", way.bent, seed
    if key not in memory:
        made = Scaling.fit(values, np.random.default_rng(seed), bent=way.bent)
        memory[key] = made, made.apply(values, np.random.default_rng(seed))[0]
    scaling, scaled = memory[key]
    turn = _turn(way, scaled)
    measured = scaled if turn is None else scaled @ turn
    by = None if way.by is None else list(x.columns).index(way.by)
    if by is not None:
        measured = values[:, [by]]
    assignment, gaussians = _largest_first(*FINDERS[way.method](way, measured, scaled, seed))
    return GroupedModel(
        tuple(map(str, x.columns)), scaling, turn, by, assignment, gaussians, None,
        {"rows_used": len(x), "chosen": {"groups": gaussians.groups}},
    )  # fmt: skip


def with_outcome(model: GroupedModel, x: pd.DataFrame, y: Floats) -> GroupedModel:
    """Return the model that predicts each group's mean of the outcome `y` (rows,) among the rows `x`.

    A group that none of the rows is given predicts the mean of all.
    """
    labels = model.groups(x)
    size = np.bincount(labels, minlength=model.gaussians.groups)
    total = np.bincount(labels, y, minlength=model.gaussians.groups)
    means = np.divide(total, size, out=np.full(len(size), float(y.mean())), where=size > 0)
    return replace(model, means=steady(means))


def _turn(way: Way, scaled: Floats) -> Floats | None:
    if way.whitened:
        return whitening(scaled)
    return components(scaled, KEPT_VARIANCE) if way.reduced else None


def components(scaled: Floats, share: float) -> Floats:
    """Return the directions of the largest variance, (columns, components), that together hold a share of it."""
    sizes, directions = np.linalg.eigh(np.cov(scaled, rowvar=False).reshape(scaled.shape[1], -1))
    held = np.cumsum(sizes[::-1]) / sizes.sum()
    most = int(np.searchsorted(held, share)) + 1
    return np.ascontiguousarray(directions[:, ::-1][:, :most])


def whitening(scaled: Floats) -> Floats:
    """Return the matrix (columns, columns) by which centred values have variance 1 and no correlation."""
    sizes, directions = np.linalg.eigh(np.cov(scaled, rowvar=False).reshape(scaled.shape[1], -1))
    return np.asarray(directions / np.sqrt(np.maximum(sizes, LEAST_VARIANCE)))


def _by_quantiles(way: Way, measured: Floats, scaled: Floats, _: int) -> tuple[Assignment, Gaussians]:
    """Return groups of as nearly the same size as equal values allow."""
    column = measured[:, 0]
    inner = np.arange(1, way.groups or 1) / (way.groups or 1)
    edges = np.unique(np.quantile(column, inner, method="inverted_cdf"))
    edges = edges[(edges > column.min()) & (edges <= column.max())]
    labels = np.searchsorted(edges, column, side="right")
    assignment = Assignment("quantiles", edges[:, None], np.arange(len(edges) + 1))
    return assignment, Gaussians.of_labels(scaled, labels, way.spread)


def _by_centres(way: Way, measured: Floats, scaled: Floats, seed: int) -> tuple[Assignment, Gaussians]:
    counts = range(1, MOST_GROUPS + 1) if way.groups is None else (way.groups,)
    tried = [_centres(groups, way, measured, scaled, seed) for groups in counts]
    scores = [bic(gaussians, scaled, way.spread) for _, gaussians in tried]
    return tried[int(np.argmin(steady(scores)))]


def _centres(groups: int, way: Way, measured: Floats, scaled: Floats, seed: int) -> tuple[Assignment, Gaussians]:
    from sklearn.cluster import KMeans

    found = KMeans(groups, n_init=STARTS, random_state=seed).fit(measured).labels_
    labels = np.unique(found, return_inverse=True)[1]  # of equal rows there may be fewer groups than were asked for
    centres = steady(np.stack([measured[labels == one].mean(axis=0) for one in range(labels.max() + 1)]))
    return Assignment("nearest", centres, np.arange(len(centres))), Gaussians.of_labels(scaled, labels, way.spread)


def _by_mixture(way: Way, _: Floats, scaled: Floats, seed: int) -> tuple[Assignment, Gaussians]:
    rng, kind = np.random.default_rng(seed), cast("Kind", way.spread)
    if way.groups == 1 or way.spread == "columns":
        return Assignment.likeliest(), Gaussians.of_labels(scaled, np.zeros(len(scaled), np.int64), way.spread)
    tried = mixtures(scaled, rng, (kind,), MOST_GROUPS) if way.groups is None else [
        fit_mixture(scaled, way.groups, rng, kind)
    ]  # fmt: skip
    found: Mixture = min(tried, key=lambda one: float(steady(one.bic)))
    return Assignment.likeliest(), Gaussians(found.weights / found.weights.sum(), found.means, found.covariances)


def _by_density(way: Way, measured: Floats, scaled: Floats, seed: int) -> tuple[Assignment, Gaussians]:
    """Return the dense regions of at most MOST_ROWS rows; every other row belongs to the nearest row of one.

    Source: Campello, Moulavi and Sander 2013, Density-based clustering based on hierarchical density estimates.
    """
    from sklearn.cluster import HDBSCAN

    rows = np.arange(len(measured))
    if len(rows) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(seed).choice(rows, MOST_ROWS, replace=False))
    least = max(5, round(LEAST_SHARE * len(rows)))
    found = HDBSCAN(min_cluster_size=least, copy=True).fit(measured[rows]).labels_
    core = found >= 0
    if not core.any():
        core, found = np.ones(len(rows), bool), np.zeros(len(rows), np.int64)
    assignment = Assignment("nearest", measured[rows][core], found[core].astype(np.int64))
    unused = Gaussians(np.ones(1), np.zeros((1, 1)), np.ones((1, 1, 1)))
    labels = assignment.groups(measured, unused, measured)
    return assignment, Gaussians.of_labels(scaled, labels, way.spread)


FINDERS: dict[str, Callable[[Way, Floats, Floats, int], tuple[Assignment, Gaussians]]] = {
    "quantiles": _by_quantiles, "k-means": _by_centres, "mixture": _by_mixture, "dense regions": _by_density,
}  # fmt: skip


def _largest_first(assignment: Assignment, found: Gaussians) -> tuple[Assignment, Gaussians]:
    """Return the same groups, numbered by their share of the rows, of equals by their place."""
    order: Integers = np.argsort(-steady(found.weights), kind="stable")
    place = np.argsort(order)
    labels = place[assignment.labels] if len(assignment.labels) else assignment.labels
    gaussians = Gaussians(found.weights[order], found.means[order], found.covariances[order])
    return replace(assignment, labels=labels), gaussians
