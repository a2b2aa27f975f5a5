"""What a classic reads: scaled, ranked, or coded columns, each learned from the rows of one fit."""

from collections.abc import Callable, Mapping

import pandas as pd

from pipelines.inputs import LEVELLED, NUMERIC
from pipelines.models.preparation import MAX_DENSE_COLUMNS, linear_preparation, one_hot_width, usable_by_kind
from pipelines.targets import Target
from pipelines.targets.arrays import Estimator

QUANTILES = 1_000  # of a ranked column
SMOOTHING = 20.0  # rows of the overall mean mixed into each category's mean


def _scaled(x: pd.DataFrame, _: Target, __: int) -> Estimator:
    return linear_preparation(x)


def _ranked(x: pd.DataFrame, _: Target, seed: int) -> Estimator:
    """Return normal scores of the numbers, an indicator where a value was missing, and categories one-hot."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import MissingIndicator, SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder, QuantileTransformer

    numeric, categorical = usable_by_kind(x)
    ranks = QuantileTransformer(
        n_quantiles=min(QUANTILES, len(x)), output_distribution="normal", subsample=None, random_state=seed
    )
    dense = one_hot_width(x) <= MAX_DENSE_COLUMNS
    return ColumnTransformer(
        [
            (NUMERIC.name, Pipeline([("impute", SimpleImputer(strategy="median")), ("ranks", ranks)]), numeric),
            ("missing", MissingIndicator(error_on_new=False), numeric),
            (
                LEVELLED.name,
                OneHotEncoder(handle_unknown="ignore", min_frequency=2, sparse_output=not dense),
                categorical,
            ),
        ],
        sparse_threshold=0.0 if dense else 1.0,
    )


def _coded(x: pd.DataFrame, target: Target, seed: int) -> Estimator:
    """Return numbers as they are, missing ones too, and of categories the cross-fitted mean of the target.

    Several classes: the cross-fitted share of each class.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.model_selection import KFold
    from sklearn.preprocessing import TargetEncoder

    numeric, categorical = usable_by_kind(x)
    folds = KFold(5, shuffle=True, random_state=seed)
    encode = TargetEncoder(**target.engines["target_encoder"], smooth=SMOOTHING, cv=folds)
    return ColumnTransformer([(NUMERIC.name, "passthrough", numeric), (LEVELLED.name, encode, categorical)])


COLUMNS: Mapping[str, tuple[str, Callable[[pd.DataFrame, Target, int], Estimator]]] = {
    "scaled": ("mean 0, standard deviation 1; missing: the median; categories one-hot", _scaled),
    "ranked": ("normal scores; missing: the median and an indicator; categories one-hot", _ranked),
    "coded": ("as they are, missing too; categories by their mean of the target", _coded),
}
