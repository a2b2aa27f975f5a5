"""The linear model's matrix: median impute, standard scale, one-hot."""

import numpy as np
import pandas as pd

from pipelines.targets.target import Estimator

MAX_DENSE_COLUMNS = 500  # wider one-hot tables are kept sparse: 500 columns of 200,000 rows are 0.8 GB


def linear_preparation(x: pd.DataFrame) -> Estimator:
    """Return the unfitted ColumnTransformer that turns frames like `x` into the linear model's matrix."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numeric, categorical = _usable(x)
    if not numeric and not categorical:
        message = "no feature has a single value in these rows"
        raise ValueError(message)
    width = one_hot_width(x)
    numbers = Pipeline([("impute", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    categories = Pipeline(
        [
            ("impute", SimpleImputer(strategy="most_frequent")),
            ("encode", OneHotEncoder(handle_unknown="ignore", sparse_output=width > MAX_DENSE_COLUMNS)),
        ],
    )
    return ColumnTransformer(
        [("numeric", numbers, numeric), ("category", categories, categorical)],
        sparse_threshold=1.0 if width > MAX_DENSE_COLUMNS else 0.0,
        verbose_feature_names_out=False,
    )


def one_hot_width(x: pd.DataFrame) -> int:
    """Return how many columns the features become: one a number, one a level of a category; none without a value."""
    numeric, categorical = _usable(x)
    return len(numeric) + sum(x[name].nunique() for name in categorical)


def _usable(x: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the numbers and the categories that have a value."""
    is_category = np.array([isinstance(dtype, pd.CategoricalDtype) for dtype in x.dtypes], bool)
    known = x.notna().any().to_numpy(bool)
    return x.columns[known & ~is_category].tolist(), x.columns[known & is_category].tolist()
