"""The linear model's matrix: what each kind of feature becomes in it, learned from the rows of one fit."""

import pandas as pd

from pipelines.inputs import SEEN_KINDS, by_kind
from pipelines.targets.arrays import Estimator

MAX_DENSE_COLUMNS = 500  # wider one-hot tables are kept sparse: 500 columns of 200,000 rows are 0.8 GB


def linear_preparation(x: pd.DataFrame) -> Estimator:
    """Return the unfitted ColumnTransformer that turns frames like `x` into the linear model's matrix.

    Raises ValueError where no feature has a value.
    """
    from sklearn.compose import ColumnTransformer

    usable = usable_by_kind(x)
    dense = one_hot_width(x) <= MAX_DENSE_COLUMNS
    return ColumnTransformer(
        [(kind.name, kind.plain(dense=dense), names) for kind, names in zip(SEEN_KINDS, usable, strict=True)],
        sparse_threshold=0.0 if dense else 1.0,
        verbose_feature_names_out=False,
    )


def one_hot_width(x: pd.DataFrame) -> int:
    """Return how many columns the features become: one a number, one a level of a category; none without a value."""
    by_names = zip(SEEN_KINDS, _known_by_kind(x), strict=True)
    return sum(kind.width(x[name]) for kind, names in by_names for name in names)


def usable_by_kind(x: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the numbers and the categories that have a value; raise ValueError where none has."""
    known = _known_by_kind(x)
    if not any(known):
        message = "no feature has a single value in these rows"
        raise ValueError(message)
    return known


def _known_by_kind(x: pd.DataFrame) -> tuple[list[str], list[str]]:
    known = set(x.columns[x.notna().any().to_numpy(bool)])
    numeric, categorical = by_kind(x)
    return [name for name in numeric if name in known], [name for name in categorical if name in known]
