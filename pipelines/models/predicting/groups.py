"""Products of matrices that give a row the same bits wherever it stands, and in whatever company.

BLAS adds up the products of a row in the order that suits its processor. Times one column of coefficients: rows in
groups, those at the end of the matrix otherwise than the rest, and large matrices cut among threads. Times several:
small matrices otherwise than large ones. So a row alone may come out a last digit away from the same row among
thousands. Here matrices are made up to whole groups, cut into pieces that one thread takes, and multiplied by so many
more columns of zeros that the product is a large one: a row is added up as it is in a whole group of a large matrix.
"""

import numpy as np

from pipelines.targets.arrays import Floats, Matrix

GROUP = 16  # rows; a multiple of what OpenBLAS groups
PIECE = 4_096  # numbers of a matrix that OpenBLAS leaves to one thread, by half
LARGE = 1_000_000  # products, above which OpenBLAS takes no matrix for small on any processor


def in_groups(matrix: Floats) -> Floats:
    """Return the matrix (rows, columns) with copies of its last row behind it, up to whole groups."""
    short = -len(matrix) % GROUP
    return np.concatenate([matrix, np.repeat(matrix[-1:], short, axis=0)]) if short else matrix


class Coefficients:
    """Coefficients of a fitted linear model, (columns,) or (classes, columns) as scikit-learn keeps them."""

    def __init__(self, values: Floats) -> None:
        """Take the coefficients, and of several classes make room for columns of zeros."""
        self._columns = values.shape[-1]
        self._classes = len(values) if values.ndim > 1 else 1
        self._values = values
        if self._classes > 1:
            self._values = np.zeros((max(self._enough(GROUP), self._classes), self._columns))
            self._values[: self._classes] = values

    def times(self, matrix: Matrix) -> Floats:
        """Return the product of a matrix of whole groups, dense or sparse, (rows,) or (rows, classes)."""
        if not isinstance(matrix, np.ndarray):  # a sparse row is added up by itself
            own = self._values[: self._classes] if self._classes > 1 else self._values
            return np.asarray(matrix @ own.T)
        if self._classes > 1:
            taken = max(self._enough(len(matrix)), self._classes)
            return (matrix @ self._values[:taken].T)[:, : self._classes]
        rows = max(GROUP, PIECE // self._columns // GROUP * GROUP)
        pieces = [matrix[start : start + rows] @ self._values.T for start in range(0, len(matrix), rows)]
        return np.concatenate(pieces) if len(pieces) > 1 else pieces[0]

    def _enough(self, rows: int) -> int:
        """Return how many columns of coefficients make a large product."""
        return LARGE // (rows * self._columns) + 1
