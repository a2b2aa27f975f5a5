"""The usual checks of a clustering, for k-means of 2 to MOST groups: shown next to their values on tables without any.

None of them decides. In 46 planted tables, each found groups in a third to all of those that had none.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.groups.columns import Floats
from pipelines.groups.halving import adjusted_rand
from pipelines.groups.mixtures import Integers

MOST = 8  # groups
ROWS = 2_000  # at most: a silhouette takes the distance of every two
BOOTSTRAPS = 10
REFERENCES = 5  # uniform tables of the gap statistic
STABLE = STRONG = 0.8  # from which the stablest groups are said to be stable, or prediction strong
STARTS = 3


@dataclass(frozen=True)
class Checks:
    """Each check, by the number of groups from 2 on: (MOST - 1,)."""

    silhouette: Floats
    stability: Floats  # adjusted Rand index of groups of a bootstrap with those of all rows, mean
    prediction_strength: Floats
    gap: Floats
    gap_error: Floats
    gap_of_one: tuple[float, float]  # of one group, and its error

    def says(self) -> Mapping[str, int]:
        """Return how many groups each check would say there are; 1: no groups."""
        gaps = np.concatenate([[self.gap_of_one[0]], self.gap])
        errors = np.concatenate([[self.gap_of_one[1]], self.gap_error])
        enough = np.flatnonzero(gaps[:-1] >= gaps[1:] - errors[1:])
        return {
            "silhouette": 2 + int(np.argmax(self.silhouette)),
            "stability": 2 + int(np.argmax(self.stability)) if self.stability.max() >= STABLE else 1,
            "prediction_strength": _largest(self.prediction_strength >= STRONG),
            "gap": int(enough[0]) + 1 if len(enough) else len(gaps),
        }


def usual_checks(z: ArrayLike, rng: np.random.Generator, most: int = MOST) -> Checks:
    """Return the checks of scaled rows (n, columns), of ROWS of them at most."""
    table = np.asarray(z, np.float64)
    if len(table) > ROWS:
        table = table[np.sort(rng.choice(len(table), ROWS, replace=False))]
    sizes = range(2, most + 1)
    labels = {size: _k_means(table, size, rng)[0] for size in sizes}
    gaps = gap_statistic(table, most, rng)
    return Checks(
        np.array([_silhouette(table, labels[size]) for size in sizes]),
        np.array([stability(table, labels[size], size, rng) for size in sizes]),
        np.array([prediction_strength(table, size, rng) for size in sizes]),
        gaps[0][1:], gaps[1][1:], (float(gaps[0][0]), float(gaps[1][0])),
    )  # fmt: skip


def stability(z: Floats, labels: Integers, size: int, rng: np.random.Generator) -> float:
    """Return how alike groups of BOOTSTRAPS resamples are to those of all rows (Hennig 2007, by adjusted Rand)."""
    found = []
    for _ in range(BOOTSTRAPS):
        _, centres = _k_means(z[rng.integers(len(z), size=len(z))], size, rng)
        found.append(adjusted_rand(labels, _nearest(z, centres)))
    return float(np.mean(found))


def prediction_strength(z: Floats, size: int, rng: np.random.Generator) -> float:
    """Return in how many pairs of the worst group both rows are together too where the other half made the groups.

    Mean of both halves. Source: Tibshirani and Walther 2005, "Cluster validation by prediction strength", Journal of
    Computational and Graphical Statistics 14, 511-528.
    """
    order = rng.permutation(len(z))
    halves = z[order[: len(z) // 2]], z[order[len(z) // 2 :]]
    made = [_k_means(half, size, rng) for half in halves]
    found = []
    for half, (own, _), (_, centres) in zip(halves, made, made[::-1], strict=True):
        table = np.zeros((size, size))
        np.add.at(table, (own, _nearest(half, centres)), 1)
        counts = table.sum(axis=1)
        pairs = (table * (table - 1)).sum(axis=1)[counts > 1] / (counts * (counts - 1))[counts > 1]
        found.append(float(pairs.min()))
    return float(np.mean(found))


def gap_statistic(z: Floats, most: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return the gap of 1 to `most` groups, and its error, both (most,).

    The gap is how much less the log of the sum of squares within groups is than in uniform tables, turned as the rows
    are. Source: Tibshirani, Walther and Hastie 2001, "Estimating the number of clusters in a data set via the gap
    statistic", Journal of the Royal Statistical Society B 63, 411-423, version (b).
    """
    centred = z - z.mean(axis=0)
    _, _, turn = np.linalg.svd(centred, full_matrices=False)
    turned = centred @ turn.T
    low, high = turned.min(axis=0), turned.max(axis=0)
    own = _log_within(turned, most, rng)
    uniform = np.array([_log_within(rng.uniform(low, high, z.shape), most, rng) for _ in range(REFERENCES)])
    return uniform.mean(axis=0) - own, uniform.std(axis=0) * np.sqrt(1 + 1 / REFERENCES)


def _log_within(z: Floats, most: int, rng: np.random.Generator) -> Floats:
    found = [np.square(z - z.mean(axis=0)).sum()]
    for size in range(2, most + 1):
        labels, centres = _k_means(z, size, rng)
        found.append(np.square(z - centres[labels]).sum())
    return np.log(found)


def _silhouette(z: Floats, labels: Integers) -> float:
    from sklearn.metrics import silhouette_score

    return float(silhouette_score(z, labels))


def _k_means(z: Floats, size: int, rng: np.random.Generator) -> tuple[Integers, Floats]:
    from sklearn.cluster import KMeans

    made = KMeans(size, n_init=STARTS, random_state=int(rng.integers(2**31))).fit(z)
    return made.labels_.astype(np.int64), made.cluster_centers_


def _nearest(z: Floats, centres: Floats) -> Integers:
    from scipy.spatial.distance import cdist

    return cdist(z, centres).argmin(axis=1).astype(np.int64)


def _largest(holds: np.ndarray) -> int:
    """Return the largest number of groups for which it holds, 1 where it does for none."""
    return 2 + int(np.flatnonzero(holds)[-1]) if holds.any() else 1
