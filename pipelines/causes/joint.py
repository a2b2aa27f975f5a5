"""What two numeric features say together, beyond any curve of either: columns of a pair, fitted on top of a model.

Each column made of a pair loses what the sum of two curves, one of each feature, says of it (least squares on the
fitting rows); what is left cannot gain by bending a single effect. So 1 / b, which is a curve in b, never passes for
the ratio a / b.
"""

from typing import NamedTuple

import numpy as np

from pipelines.causes.cause import Columns, Trees
from pipelines.causes.pair import LaterPair, Pair, curve
from pipelines.core.rowwise import row_products
from pipelines.targets import Floats, Target

CONSTANT = 1e-9  # spread below which a column, which has about one, says nothing beyond the curves
STEPS, HALVINGS = 12, 20  # of Newton's method, at most
NEAR = 1e-3  # change of all coefficients, in raw predictions a standard deviation, below which the last step was taken


ANY_OF_PAIR = Trees("any joint effect of the same two features", "any features", leaves=8)


class Beyond(NamedTuple):
    """What was learned of a pair's columns in the fitting rows: with it they can be made of other rows as well."""

    learned: tuple[Floats, ...]  # of the pair, in the order in which its columns ask for it
    middle: Floats  # (columns,) mean of each column that is made
    size: Floats  # and its standard deviation
    finite: Floats  # places of the columns that numbers can hold
    curved: Floats  # (curves, 1 + finite columns) coefficients of the curves; a first column of zeros has none
    spread: Floats  # (1 + finite columns,) standard deviation of what curves leave

    def of(self, first: Floats, second: Floats, columns: Columns) -> Floats:
        """Return the columns of other rows (rows,), as `beyond_curves` makes them, (rows, columns)."""
        pair = LaterPair(first, second, np.empty(0, bool), given=iter(self.learned))
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            made = columns.make(pair)
            scaled = [(made[i] - self.middle[i]) / self.size[i] for i in self.finite.astype(np.int64)]
        whole = np.column_stack([np.zeros(len(first)), *scaled])
        left = whole - row_products(_curves(pair), self.curved)
        kept = self.spread > CONSTANT
        return np.asarray(left[:, kept] / self.spread[kept])


def beyond_curves(pair: Pair, columns: Columns) -> Floats:
    """Return the columns, (rows, columns), less what curves of each feature say; spread 1 in the fitting rows.

    Columns that no number can hold, and those that curves say whole, are left out.
    """
    return learn_beyond(pair, columns)[0]


def learn_beyond(pair: Pair, columns: Columns) -> tuple[Floats, Beyond]:
    """Return what `beyond_curves` returns, and what it learned."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        raw = columns.make(pair)
        middle = [one[pair.fit].mean() for one in raw]
        size = [one[pair.fit].std() for one in raw]
        scaled = [(one - mean) / std for one, mean, std in zip(raw, middle, size, strict=True)]
    finite = [i for i, one in enumerate(scaled) if np.isfinite(one).all()]
    made = np.column_stack([np.zeros(len(pair.fit)), *(scaled[i] for i in finite)])
    curves = _curves(pair)
    curved, *_ = np.linalg.lstsq(curves[pair.fit], made[pair.fit], rcond=None)
    left = made - curves @ curved
    spread = left[pair.fit].std(axis=0)
    numbers = (np.asarray(one, np.float64) for one in (middle, size, finite, curved, spread))
    return np.asarray(left[:, spread > CONSTANT] / spread[spread > CONSTANT]), Beyond(tuple(pair.learned), *numbers)


def _curves(pair: Pair) -> Floats:
    """Return the constant and the curves of each number of the pair, (rows, curves)."""
    single = [curve(pair.scores(values)) for values in (pair.first, pair.second)]
    return np.column_stack([np.ones(len(pair.first)), *single[0], *single[1]])


def coefficients_on_top(
    x: Floats, y: Floats, start: Floats, weight: Floats, penalty: float, target: Target
) -> Floats:  # fmt: skip
    """Return the coefficients, (columns,) or (columns, classes), of columns `x` on top of raw predictions `start`.

    Newton's method on the target's loss, weighted by row, with `penalty` times the mean curvature at the start on the
    squares of the coefficients. A step is halved while the loss rises along its end more steeply than it falls at its
    beginning. Within a step several classes are solved one by one, without their mixed derivatives, so that numbers
    which all classes share are found slowly; they change no prediction.
    """

    def derivatives(coefficients: Floats) -> tuple[Floats, Floats]:
        with np.errstate(over="ignore", invalid="ignore"):
            parts = target.gradient_hessian(y, start + (x @ coefficients).reshape(start.shape))
        slope, curvature = (part.reshape(len(x), -1) * weight[:, None] for part in parts)
        return x.T @ slope, curvature

    coefficients = np.zeros((x.shape[1], start.reshape(len(start), -1).shape[1]))
    slope, curvature = derivatives(coefficients)
    ridge = penalty * curvature.mean(axis=0)
    for _ in range(STEPS):
        gradient = slope + ridge * coefficients
        step = np.column_stack([
            np.linalg.solve((x.T * curvature[:, k]) @ x + ridge[k] * np.eye(x.shape[1]), -gradient[:, k])
            for k in range(gradient.shape[1])
        ])  # fmt: skip
        for _ in range(HALVINGS):
            slope, curvature = derivatives(coefficients + step)
            if ((slope + ridge * (coefficients + step)) * step).sum() <= -(gradient * step).sum():
                break
            step /= 2
        coefficients = coefficients + step
        if np.abs(step).max(initial=0.0) < NEAR:
            break
    return coefficients if start.ndim > 1 else coefficients[:, 0]
