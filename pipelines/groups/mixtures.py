"""Mixtures of Gaussians: the density of scaled values, as simple as the Bayesian information criterion allows.

Each number of components is tried with covariances of their own, one that all share, and diagonal ones, from k-means
groups on the values and on whitened values: without the latter, two long groups side by side are never found.

Source: Fraley and Raftery 2002, "Model-based clustering, discriminant analysis, and density estimation", Journal of the
American Statistical Association 97, 611-631.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipelines.groups.columns import Floats
from pipelines.groups.moments import Moments

Integers = NDArray[np.int64]
Kind = Literal["free", "shared", "diagonal"]

MOST = 8  # components
KINDS: tuple[Kind, ...] = ("free", "shared", "diagonal")
LEAST_VARIANCE = 1e-3  # of a component in any direction, where columns have 1: else a few equal rows are one
STARTS = 2  # of k-means, of which the best is kept
STEPS, TOLERANCE = 200, 1e-4  # of expectation-maximisation; nats a row
PATIENCE = 2  # further components that may be worse before no more are tried


@dataclass(frozen=True)
class Mixture:
    """A mixture of Gaussians."""

    weights: Floats  # (components,)
    means: Floats  # (components, columns)
    covariances: Floats  # (components, columns, columns)
    kind: Kind
    bic: float  # of the rows that were fitted; lower is better

    @property
    def size(self) -> int:
        """How many components there are."""
        return len(self.weights)

    @cached_property
    def precisions(self) -> Floats:
        """Inverse covariances (components, columns, columns)."""
        return np.asarray(np.linalg.inv(self.covariances), np.float64)

    def joint(self, z: Floats) -> Floats:
        """Return the log density of rows (n, columns) and component (n, components), weights included."""
        roots = np.linalg.inv(np.linalg.cholesky(self.covariances))
        scales = np.log(np.einsum("kii->ki", roots)).sum(axis=1) - z.shape[1] / 2 * np.log(2 * np.pi)
        joint = np.empty((len(z), self.size))
        for i, (mean, root) in enumerate(zip(self.means, roots, strict=True)):
            away = (z - mean) @ root.T
            joint[:, i] = np.einsum("nd,nd->n", away, away)
        return np.log(self.weights) + scales - joint / 2

    def log_density(self, z: Floats) -> Floats:
        """Return the log density of rows (n, columns), nats (n,)."""
        return _log_sum(self.joint(z))

    def shares(self, z: Floats) -> Floats:
        """Return how probable each component is for rows (n, columns): (n, components), which sum to 1."""
        joint = self.joint(z)
        return np.exp(joint - _log_sum(joint)[:, None])


def best_mixture(z: Floats, rng: np.random.Generator, kinds: Sequence[Kind] = KINDS, most: int = MOST) -> Mixture:
    """Return the mixture of 1 to `most` components with the lowest BIC for rows (n, columns)."""
    return min(mixtures(z, rng, kinds, most), key=lambda one: one.bic)


def mixtures(z: Floats, rng: np.random.Generator, kinds: Sequence[Kind] = KINDS, most: int = MOST) -> list[Mixture]:
    """Return the better mixture of each number of components and kind of covariance, for rows (n, columns).

    A kind goes on to more components until the last PATIENCE were all worse than the best of it.
    """
    starts = _Starts(z, int(rng.integers(2**31)))
    found = [_fit(z, starts.of(1)[0], kinds[0])]
    for kind in kinds:
        bics = [found[0].bic]
        for size in range(2, most + 1):
            if size > 1 + PATIENCE and min(bics[-PATIENCE:]) > min(bics):
                break
            fitted = [_fit(z, labels, kind) for labels in starts.of(size)]
            found.append(min(fitted, key=lambda one: one.bic))
            bics.append(found[-1].bic)
    return found


def fit_mixture(z: Floats, size: int, rng: np.random.Generator, kind: Kind = "free") -> Mixture:
    """Return the better mixture of `size` components with one kind of covariance, for rows (n, columns)."""
    starts = _Starts(z, int(rng.integers(2**31)))
    return min((_fit(z, labels, kind) for labels in starts.of(size)), key=lambda one: one.bic)


def log_density_of_columns(densities: Sequence[Mixture], z: Floats) -> Floats:
    """Return the log density of rows (n, columns) as if columns were independent, nats (n,)."""
    return np.sum([one.log_density(z[:, [i]]) for i, one in enumerate(densities)], axis=0)


class _Starts:
    """Groups by k-means, which mixtures start from; each number of groups is made once."""

    def __init__(self, z: Floats, seed: int) -> None:
        self._views = [z] if z.shape[1] == 1 else [z, whitened(z)]
        self._seed, self._made = seed, dict[int, list[Integers]]()

    def of(self, size: int) -> list[Integers]:
        """Return the groups of the values, and of whitened values where there are several columns."""
        if size not in self._made:
            views = self._views if size > 1 else self._views[:1]
            self._made[size] = list(_distinct(k_means(view, size, self._seed) for view in views))
        return self._made[size]


def k_means(z: Floats, size: int, seed: int) -> Integers:
    """Return the group of each row (n,) by k-means, the best of STARTS."""
    from sklearn.cluster import KMeans

    if size == 1:
        return np.zeros(len(z), np.int64)
    return KMeans(size, n_init=STARTS, random_state=seed).fit_predict(z).astype(np.int64)


def whitened(z: Floats) -> Floats:
    """Return rows (n, columns) turned and scaled such that columns are not correlated and have variance one."""
    values, vectors = np.linalg.eigh(np.cov(z, rowvar=False))
    return (z - z.mean(axis=0)) @ (vectors / np.sqrt(np.maximum(values, LEAST_VARIANCE)))


def _distinct(labels: Iterator[Integers]) -> Iterator[Integers]:
    seen = set[bytes]()
    for one in labels:
        if one.tobytes() not in seen:
            yield one
        seen.add(one.tobytes())


def _fit(z: Floats, labels: Integers, kind: Kind) -> Mixture:
    """Return the mixture that expectation-maximisation reaches from groups of rows (n, columns).

    Source: Dempster, Laird and Rubin 1977, Journal of the Royal Statistical Society B 39, 1-38. It is what
    scikit-learn's GaussianMixture reaches from the same start, in a tenth of its time on a few thousand rows: both
    steps are products of two matrices, since a log density is linear in a row's values and their products in pairs.
    """
    moments, member, before = Moments(z, crossed=kind != "diagonal"), np.eye(int(labels.max()) + 1)[labels], -np.inf
    for _ in range(STEPS):
        mixture = _maximised(moments, moments.sums(member), kind)
        now, member = moments.expected(mixture.weights, mixture.means, mixture.covariances)
        if now - before < TOLERANCE:
            break
        before = now
    columns = z.shape[1]
    own = {"free": columns * (columns + 1) // 2, "shared": 0, "diagonal": columns}[kind] + columns + 1
    parameters = mixture.size * own - 1 + (columns * (columns + 1) // 2 if kind == "shared" else 0)
    return replace(mixture, bic=-2 * float(mixture.log_density(z).sum()) + parameters * float(np.log(len(z))))


def _maximised(moments: Moments, sums: Floats, kind: Kind) -> Mixture:
    """Return the likeliest mixture for the sums of moments that belong to each component."""
    count = sums[:, 0] + 1e-9  # none of no rows
    weights, means = count / moments.rows, moments.means(sums, count)
    if kind == "shared":
        left = moments.together - (means * weights[:, None]).T @ means
        covariances = np.broadcast_to(left, (len(count), *left.shape))
    else:
        covariances = moments.covariances(sums, count, means)
    return Mixture(weights, means, covariances + LEAST_VARIANCE * np.eye(moments.columns), kind, np.nan)


def _log_sum(joint: Floats) -> Floats:
    """Return the logarithm of the sum of exponentials over components (n,)."""
    most = joint.max(axis=1)
    return most + np.log(np.exp(joint - most[:, None]).sum(axis=1))
