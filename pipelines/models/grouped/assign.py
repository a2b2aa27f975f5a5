"""How a row gets its group: by quantiles of a column, by the nearest centre or core row, or by what is likeliest."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipelines.models.grouped.gaussians import Gaussians
from pipelines.targets.arrays import Floats, Integers

Rule = Literal["quantiles", "nearest", "likeliest"]
BLOCK = 4_096  # rows at a time
MANY = 64  # points, and rows, from which on a tree finds the nearest sooner
ALIKE = 1e-9  # relative: the distances of two points that may be equally near


@dataclass(frozen=True)
class Assignment:
    """A rule, and the points that it needs."""

    rule: Rule
    points: Floats  # (points, columns): centres, or core rows; of quantiles (edges, 1), ascending; else none
    labels: Integers  # (points,): the group of each; of quantiles those of the parts, one more than edges

    @classmethod
    def likeliest(cls) -> "Assignment":
        """Return the rule by which a row belongs where the mixture says that it most likely does."""
        return cls("likeliest", np.empty((0, 1)), np.empty(0, np.int64))

    def groups(self, values: Floats, gaussians: Gaussians, scaled: Floats) -> Integers:
        """Return each row's group, (rows,).

        `values` are those in which distances are measured, (rows, columns), of quantiles those of the one column,
        (rows, 1); `scaled` those that the mixture describes.
        """
        if self.rule == "likeliest":
            return gaussians.joint(scaled).argmax(axis=1)
        if self.rule == "quantiles":
            return self.labels[np.searchsorted(self.points[:, 0], values[:, 0], side="right")]
        parts = [values[start : start + BLOCK] for start in range(0, len(values), BLOCK)]
        return self.labels[np.concatenate([_nearest(part, self.points) for part in parts] or [np.empty(0, np.int64)])]


def _nearest(values: Floats, points: Floats) -> Integers:
    """Return the place of the point nearest to each row, of equally near ones the first."""
    if min(len(values), len(points)) < MANY:
        return _by_distances(values, points)
    from scipy.spatial import cKDTree

    away, places = cKDTree(points).query(values, 2)
    found = places[:, 0].astype(np.int64)
    unsure = away[:, 1] * (1 - ALIKE) <= away[:, 0]  # the tree takes either
    found[unsure] = _by_distances(values[unsure], points)
    return found


def _by_distances(values: Floats, points: Floats) -> Integers:
    """Return the same by all distances, column after column."""
    distance = np.zeros((len(values), len(points)))
    for column in range(values.shape[1]):
        distance += np.square(values[:, column, None] - points[None, :, column])
    return distance.argmin(axis=1)
