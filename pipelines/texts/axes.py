"""The directions in which rows of a matrix differ most, with digits that other processors find too.

Decompositions by LAPACK and ARPACK differ between processors in their last digits, and in the sign of a direction.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

KEPT = (
    20  # binary digits after the first of a direction's largest part: a millionth, far above what processors differ by
)
LEAST = 1e-7  # of the largest singular value: directions below it are noise of the arithmetic

Axes = NDArray[np.float32]  # (columns, axes)


def topics_of(weights: Any, most: int) -> tuple[Axes, float]:  # noqa: ANN401 - a csr matrix of scipy
    """Return the axes of a truncated singular value decomposition of a matrix (rows, columns), the largest first.

    And the share of the columns' variance that lies along them. Source: Halko, Martinsson and Tropp 2011 describe what
    it is for; ARPACK (Lehoucq, Sorensen and Yang 1998) finds the axes to all digits.
    """
    from scipy.sparse.linalg import svds

    count = min(most, min(weights.shape) - 1)
    if count < 1 or not weights.nnz:
        return np.empty((weights.shape[1], 0), np.float32), 0.0
    begin = np.ones(min(weights.shape)) / np.sqrt(min(weights.shape))
    _, sizes, axes = svds(weights, count, v0=begin, tol=0, return_singular_vectors="vh")
    order = np.argsort(-sizes, kind="stable")
    kept = fixed(axes[order[sizes[order] > LEAST * sizes.max()]].T)
    along = np.asarray(weights @ kept)
    spread = np.asarray(weights.multiply(weights).mean(axis=0)).ravel() - np.asarray(weights.mean(axis=0)).ravel() ** 2
    return kept, _share(float(along.var(axis=0).sum()), float(spread.sum()))


def components_of(vectors: NDArray[np.float32], most: int) -> tuple[NDArray[np.float64], Axes, float]:
    """Return the mean of rows (rows, columns), the axes along which they vary most, and their share of the variance.

    Source: principal components, Hotelling 1933, by the eigenvectors of the covariance.
    """
    mean = np.round(vectors.mean(axis=0, dtype=np.float64), 9)
    centred = vectors - mean
    sizes, axes = np.linalg.eigh(centred.T @ centred)
    count = min(most, len(vectors) - 1, vectors.shape[1])
    order = np.argsort(-sizes, kind="stable")[: max(count, 0)]
    order = order[sizes[order] > LEAST * max(float(sizes.max()), np.finfo(float).tiny)]
    return mean, fixed(axes[:, order]), _share(float(sizes[order].sum()), float(np.maximum(sizes, 0).sum()))


def fixed(axes: NDArray[np.float64]) -> Axes:
    """Return axes (columns, axes) with their largest part positive, each rounded to KEPT digits of that part."""
    if not axes.size:
        return axes.astype(np.float32)
    sizes = np.round(np.abs(axes), 9)  # so that of parts of like size the same one is the largest everywhere
    largest = axes[sizes.argmax(axis=0), np.arange(axes.shape[1])]
    unit = np.ldexp(1.0, np.frexp(np.abs(largest))[1] - KEPT)
    return np.asarray((np.round(axes * np.sign(largest) / unit) * unit + 0.0).astype(np.float32))


def _share(part: float, whole: float) -> float:
    return min(part / whole, 1.0) if whole > 0 else 0.0
