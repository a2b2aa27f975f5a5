"""A linear model of a matrix, with nothing around it: coefficients and intercept, saved as plain arrays."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from pipelines.core.rowwise import row_products
from pipelines.core.steady import steady
from pipelines.models.linear import fit_coefficients
from pipelines.targets import Target
from pipelines.targets.arrays import Floats, Integers, Matrix

if TYPE_CHECKING:
    from numpy.lib.npyio import NpzFile

FILE = "numbers.npz"


@dataclass(frozen=True)
class LinearPart:
    """Coefficients (columns,) and an intercept; of several classes (columns, classes) and (classes,)."""

    slopes: Floats
    intercept: Floats

    def raw(self, matrix: Matrix) -> Floats:
        """Return matrix times coefficients, (rows,) or (rows, classes); a row has its bits alone and in company."""
        return steady(row_products(matrix, self.slopes) + self.intercept)

    def of(self, columns: Integers) -> "LinearPart":
        """Return the model of some of the columns: those left out have no say."""
        return LinearPart(self.slopes[columns], self.intercept)

    def among(self, columns: Integers, count: int) -> "LinearPart":
        """Return the model of `count` columns, of which its own are some; the others have no say."""
        slopes = np.zeros((count, *self.slopes.shape[1:]))
        slopes[columns] = self.slopes
        return LinearPart(slopes, self.intercept)

    def save(self, **others: Floats) -> dict[str, bytes]:
        """Return one file of arrays, with others beside."""
        written = io.BytesIO()
        np.savez(written, allow_pickle=False, slopes=self.slopes, intercept=self.intercept, **others)
        return {FILE: written.getvalue()}

    @classmethod
    def load(cls, files: Mapping[str, bytes], *others: str) -> tuple[Self, dict[str, Floats]]:
        """Return the model that `save` wrote, and the arrays beside it; raise ValueError where sizes do not agree."""
        found: NpzFile = np.load(io.BytesIO(files[FILE]), allow_pickle=False)
        arrays = {name: np.asarray(found[name], np.float64) for name in ("slopes", "intercept", *others)}
        columns = {len(arrays[name]) for name in ("slopes", *others)}
        if len(columns) > 1 or not all(np.isfinite(one).all() for one in arrays.values()):
            message = "the arrays of a linear model do not fit together"
            raise ValueError(message)
        return cls(arrays["slopes"], arrays["intercept"]), {name: arrays[name] for name in others}


def fit_part(matrix: Matrix, y: Floats, target: Target, penalty: float) -> LinearPart:
    """Return the target's linear model fitted to a matrix (rows, columns) with a penalty.

    Without a column it is the constant. Raises RuntimeError where it does not converge.
    """
    if not matrix.shape[1]:
        matrix = np.zeros((len(y), 1))
        part = fit_part(matrix, y, target, penalty)
        return LinearPart(part.slopes[:0], part.intercept)
    estimator = fit_coefficients(matrix, target.label(y), target, penalty)
    several = target.outputs > 1
    slopes = np.asarray(estimator.coef_, np.float64).reshape(target.outputs, -1)
    intercept = np.asarray(estimator.intercept_, np.float64)
    return LinearPart(slopes.T.copy(), intercept) if several else LinearPart(slopes[0], intercept.reshape(()))
