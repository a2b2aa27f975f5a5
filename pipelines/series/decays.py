"""What is known at the origin says less and less the further ahead one looks: the same columns times fading weights.

A linear model of `x`, `x` times a fast decay and `x` times a slow one can let the past count fully at the first step
and hardly at the last.
"""

from typing import Any

import numpy as np

FAST = 1.5  # steps after which the fast weight has fallen to a third
SLOW_SHARE, SLOWEST = 0.25, 3.0  # of the horizon, and at least so many steps


def with_decays(matrix: np.ndarray, horizon: int) -> np.ndarray:
    """Return the columns, and the columns times either decay, (rows, 3 x columns).

    The last column of `matrix` is the step, from 1 to `horizon`; it is not among what is returned.
    """
    values, step = matrix[:, :-1], matrix[:, -1:]
    fast, slow = np.exp(-(step - 1) / FAST), np.exp(-(step - 1) / max(SLOWEST, SLOW_SHARE * horizon))
    return np.hstack([values, values * fast, values * slow])


def products_with_last(matrix: np.ndarray) -> np.ndarray:
    """Return each column but the last, times the last, (rows, columns - 1)."""
    return matrix[:, :-1] * matrix[:, -1:]


def times_last() -> Any:  # noqa: ANN401 - scikit-learn has no types
    """Return the unfitted transformer of columns to their products with the last one: medians for gaps, scaled."""
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    return Pipeline(
        [
            ("impute", SimpleImputer(strategy="median", keep_empty_features=True)),
            ("multiply", FunctionTransformer(products_with_last)),
            ("standardise", StandardScaler()),
        ]
    )


def decayed(horizon: int) -> Any:  # noqa: ANN401 - scikit-learn has no types
    """Return the unfitted transformer of columns of which the last is the step: medians for gaps, decays, scaled."""
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    return Pipeline(
        [
            ("impute", SimpleImputer(strategy="median", keep_empty_features=True)),
            ("decay", FunctionTransformer(with_decays, kw_args={"horizon": horizon})),
            ("standardise", StandardScaler()),
        ]
    )
