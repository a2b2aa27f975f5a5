"""Tables without groups that look like a table: what any check must be held against.

One Gaussian has the table's means and covariances, a copula its marginals and rank correlations. Whatever a check finds
in these is no group: silhouettes, stability and pictures find islands in both.
"""

import numpy as np
from numpy.typing import ArrayLike

from pipelines.groups.columns import Floats


def one_gaussian(values: ArrayLike, rng: np.random.Generator) -> Floats:
    """Return as many rows of one Gaussian with the means and covariances of `values` (n, columns)."""
    table = np.asarray(values, np.float64)
    root = _root(np.cov(table, rowvar=False).reshape(table.shape[1], -1))
    return table.mean(axis=0) + rng.normal(size=table.shape) @ root.T


def gaussian_copula(values: ArrayLike, rng: np.random.Generator) -> Floats:
    """Return as many rows with the same values in each column of `values` (n, columns), and its rank correlations.

    Gaussians with correlations of 2 sin(pi/6 rank correlation) have that rank correlation (Pearson 1907; Kruskal 1958,
    "Ordinal measures of association", equation 6.2); each column's values then come in the order of its Gaussian. Ties
    are broken by chance, and correlations that no Gaussian can have are replaced by the nearest ones.
    """
    from scipy.stats import rankdata

    table = np.asarray(values, np.float64)
    spearman = np.corrcoef(rankdata(table, axis=0), rowvar=False).reshape(table.shape[1], -1)
    root = _root(2 * np.sin(np.pi / 6 * spearman))
    root /= np.linalg.norm(root, axis=1, keepdims=True)
    order = np.argsort(np.argsort(rng.normal(size=table.shape) @ root.T, axis=0), axis=0)
    return np.take_along_axis(np.sort(table, axis=0), order, axis=0)


def _root(matrix: Floats) -> Floats:
    """Return a square root of a symmetric matrix, negative eigenvalues of which count as zero."""
    values, vectors = np.linalg.eigh(matrix)
    return vectors * np.sqrt(np.maximum(values, 0))
