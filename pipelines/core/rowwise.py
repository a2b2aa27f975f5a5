"""Products of a matrix's rows with coefficients, whose digits do not depend on the other rows.

A matrix product by BLAS adds up in an order that depends on the number of rows and on a row's place among them, so that
a row's last digits are others alone than among many. Who answers for single rows cannot have that.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def row_products(matrix: Any, coefficients: NDArray[np.float64]) -> NDArray[np.float64]:  # noqa: ANN401 - or sparse
    """Return `matrix` (rows, columns), dense or sparse, times coefficients (columns,) or (columns, outputs).

    float64 of shape (rows,) or (rows, outputs).
    """
    if not isinstance(matrix, np.ndarray):  # a sparse product goes row by row
        return np.asarray(matrix @ coefficients)
    rows = np.ascontiguousarray(matrix, np.float64)
    if coefficients.ndim == 1:
        return np.asarray((rows * coefficients).sum(axis=1))
    return np.column_stack([(rows * one).sum(axis=1) for one in coefficients.T])
