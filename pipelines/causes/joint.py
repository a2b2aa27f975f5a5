"""What two numeric features say together, beyond any curve of either: columns of a pair, fitted on top of a model.

Each column made of a pair loses what the sum of two curves, one of each feature, says of it (least squares on the
fitting rows); what is left cannot gain by bending a single effect. So 1 / b, which is a curve in b, never passes for
the ratio a / b.
"""

import numpy as np

from pipelines.causes.cause import Columns, Trees
from pipelines.causes.pair import Pair, curve
from pipelines.targets import Floats, Target

CONSTANT = 1e-9  # spread below which a column, which has about one, says nothing beyond the curves
STEPS, HALVINGS = 12, 20  # of Newton's method, at most
NEAR = 1e-3  # change of all coefficients, in raw predictions a standard deviation, below which the last step was taken


ANY_OF_PAIR = Trees("any joint effect of the same two features", "any features", leaves=8)


def beyond_curves(pair: Pair, columns: Columns) -> Floats:
    """Return the columns, (rows, columns), less what curves of each feature say; spread 1 in the fitting rows.

    Columns that no number can hold, and those that curves say whole, are left out.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        scaled = [(one - one[pair.fit].mean()) / one[pair.fit].std() for one in columns.make(pair)]
    made = np.column_stack([np.zeros(len(pair.fit)), *(one for one in scaled if np.isfinite(one).all())])
    single = [curve(pair.scores(values)) for values in (pair.first, pair.second)]
    curves = np.column_stack([np.ones(len(made)), *single[0], *single[1]])
    curved, *_ = np.linalg.lstsq(curves[pair.fit], made[pair.fit], rcond=None)
    left = made - curves @ curved
    spread = left[pair.fit].std(axis=0)
    return np.asarray(left[:, spread > CONSTANT] / spread[spread > CONSTANT])


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
