"""What a column of the table is to models, pictures and searches: a number, or one of several levels.

`kind_of` (in the package) says which; nothing else looks at a column's dtype.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from pipelines.inputs.bins import Bin, Binning, common_levels, level_bins, number_bins

Dtype = np.dtype[Any] | pd.api.extensions.ExtensionDtype
Learned = tuple[str, ...] | float | None  # from training rows, for trees: the levels that occur, or what fills gaps
Transformer = Any  # of scikit-learn, which is imported late and has no types


@dataclass(frozen=True)
class Points:
    """Where a curve along a feature is read off: values or levels, and the share of the known rows at each."""

    at: list[float] | list[str]
    share: np.ndarray


class FeatureKind(ABC):
    """A kind of feature. `column` is one of the table's, with its rows in any order and number."""

    name: ClassVar[str]  # in the schema of saved models
    seen_as: ClassVar[Literal["numeric", "category"]]  # by models, and in facts
    named: ClassVar[bool]  # its values are levels with names: `level_codes` and `level_names`
    named_otherwise: ClassVar[bool] = False  # models see other values than readers do

    @abstractmethod
    def holds(self, dtype: Dtype) -> bool:
        """Return whether columns of that dtype are features of this kind."""

    def for_models(self, column: pd.Series) -> pd.Series:
        """Return the column as models see it: numbers, or levels without an order."""
        return column

    @abstractmethod
    def bins(self, column: pd.Series, how: Binning) -> list[Bin]:
        """Return the column's rows in bins: numbers ascending, levels the commonest first, then missing values."""

    @abstractmethod
    def points(self, column: pd.Series, quantiles: Sequence[float], levels: int) -> Points:
        """Return where to read a curve: at the `quantiles` of a number, or at the commonest `levels` of a category."""

    @abstractmethod
    def column_of(self, values: Sequence[float] | Sequence[str], like: pd.Series) -> pd.Series:
        """Return values or levels of the column `like` as models see such a column."""

    @abstractmethod
    def saved(self, column: pd.Series) -> dict[str, object]:
        """Return what a saved model must know of the training rows to read raw values."""

    @abstractmethod
    def restored(self, column: pd.Series, saved: Mapping[str, Any]) -> pd.Series:
        """Return raw values of any dtype as the models that `saved` belongs to see them."""


class SeenKind(FeatureKind):
    """A kind that models see as it is: of a number or a category."""

    @abstractmethod
    def plain(self, *, dense: bool) -> Transformer:
        """Return the unfitted transformer of the linear model: its matrix is `dense`, or may be sparse."""

    @abstractmethod
    def width(self, column: pd.Series) -> int:
        """Return how many columns of the linear model's matrix the feature becomes."""

    @abstractmethod
    def learn(self, column: pd.Series) -> Learned:
        """Return what trees need to know of the training rows."""

    @abstractmethod
    def for_trees(self, column: pd.Series, learned: Learned) -> np.ndarray:
        """Return the column of a tree's matrix, float64 (rows,), NaN where missing or without a meaning."""


class Numeric(SeenKind):
    """Numbers: float64, NaN where missing."""

    name: ClassVar[str] = "numeric"
    seen_as: ClassVar[Literal["numeric", "category"]] = "numeric"
    named: ClassVar[bool] = False

    def holds(self, dtype: Dtype) -> bool:
        """Return whether the dtype is none of categories."""
        return not isinstance(dtype, pd.CategoricalDtype)

    def bins(self, column: pd.Series, how: Binning) -> list[Bin]:
        """Return the bins of the column's values."""
        return number_bins(column.to_numpy(np.float64), how)

    def points(self, column: pd.Series, quantiles: Sequence[float], levels: int) -> Points:  # noqa: ARG002 - no levels
        """Return the values nearest to the quantiles, each once."""
        known = column.dropna().to_numpy(np.float64)
        values, counts = np.unique(np.quantile(known, quantiles, method="nearest"), return_counts=True)
        return Points([float(value) for value in values], counts / counts.sum())

    def column_of(self, values: Sequence[float] | Sequence[str], like: pd.Series) -> pd.Series:  # noqa: ARG002 - float64
        """Return numbers as float64."""
        return pd.Series(values, dtype=np.float64)

    def plain(self, *, dense: bool) -> Transformer:  # noqa: ARG002 - numbers are dense
        """Return the median for missing values, then mean 0 and standard deviation 1."""
        from sklearn.impute import SimpleImputer
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import StandardScaler

        return Pipeline([("impute", SimpleImputer(strategy="median")), ("scale", StandardScaler())])

    def width(self, column: pd.Series) -> int:  # noqa: ARG002 - whatever it holds
        """Return one."""
        return 1

    def learn(self, column: pd.Series) -> Learned:
        """Return the median, where no value is missing: no model learns from such rows where to send gaps."""
        return float(column.median()) if column.notna().all() else None

    def for_trees(self, column: pd.Series, learned: Learned) -> np.ndarray:
        """Return the numbers; missing ones are what was learned to fill them with (LightGBM would read NaN as 0)."""
        values: np.ndarray = column.to_numpy(np.float64, na_value=np.nan)
        return np.where(np.isnan(values), learned, values) if isinstance(learned, float) else values

    def saved(self, column: pd.Series) -> dict[str, object]:  # noqa: ARG002 - numbers are read as they are
        """Return nothing."""
        return {}

    def restored(self, column: pd.Series, saved: Mapping[str, Any]) -> pd.Series:  # noqa: ARG002 - as above
        """Return float64."""
        return column.astype(np.float64)


class Levelled(SeenKind):
    """Categories: pandas' category of text, NaN where missing."""

    name: ClassVar[str] = "category"
    seen_as: ClassVar[Literal["numeric", "category"]] = "category"
    named: ClassVar[bool] = True

    def holds(self, dtype: Dtype) -> bool:
        """Return whether the dtype is one of categories without an order."""
        return isinstance(dtype, pd.CategoricalDtype) and not dtype.ordered

    def bins(self, column: pd.Series, how: Binning) -> list[Bin]:
        """Return the bins of the column's levels."""
        return level_bins(level_codes(column), level_names(column), how)

    def points(self, column: pd.Series, quantiles: Sequence[float], levels: int) -> Points:  # noqa: ARG002 - no order
        """Return the commonest levels, ties by name."""
        codes, names = level_codes(column), level_names(column)
        common = common_levels(codes, len(names))[:levels]
        counts = np.bincount(codes[codes >= 0], minlength=len(names))
        share = counts[common] / max(int(counts.sum()), 1)
        return Points([names[i] for i in common], share / share.sum())

    def column_of(self, values: Sequence[float] | Sequence[str], like: pd.Series) -> pd.Series:
        """Return levels as a category with those of `like`."""
        return pd.Series(pd.Categorical(list(values), like.cat.categories))

    def plain(self, *, dense: bool) -> Transformer:
        """Return the commonest level for missing values, then one column a level seen; unseen ones are all zeros."""
        from sklearn.impute import SimpleImputer
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import OneHotEncoder

        encode = OneHotEncoder(handle_unknown="ignore", sparse_output=not dense)
        return Pipeline([("impute", SimpleImputer(strategy="most_frequent")), ("encode", encode)])

    def width(self, column: pd.Series) -> int:
        """Return the number of levels that occur."""
        return int(column.nunique())

    def learn(self, column: pd.Series) -> Learned:
        """Return the levels that occur, sorted."""
        seen = column.cat.categories[np.unique(column.cat.codes[column.notna()])]
        return tuple(sorted(str(level) for level in seen))

    def for_trees(self, column: pd.Series, learned: Learned) -> np.ndarray:
        """Return each row's place among the levels learned, NaN where it is missing or none of them."""
        position = {level: float(i) for i, level in enumerate(learned if isinstance(learned, tuple) else ())}
        # One look-up a category, not one a row; the last entry serves the code -1 of missing values.
        table = np.array([*(position.get(level, np.nan) for level in level_names(column)), np.nan])
        return table[level_codes(column)]

    def saved(self, column: pd.Series) -> dict[str, object]:
        """Return the levels of the training rows."""
        return {"levels": sorted(str(level) for level in column.dropna().unique())}

    def restored(self, column: pd.Series, saved: Mapping[str, Any]) -> pd.Series:  # noqa: ARG002 - models know theirs
        """Return a category of the values as text."""
        text = column.astype(object).where(column.notna(), None)
        return text.map(lambda value: None if value is None else str(value)).astype("category")


def level_codes(column: pd.Series) -> np.ndarray:
    """Return the place of each row's level in `level_names`, integers (rows,), -1 where missing."""
    codes: np.ndarray = column.cat.codes.to_numpy()
    return codes


def level_names(column: pd.Series) -> list[str]:
    """Return the names of a column's levels, in their order, those without a row too."""
    return [str(level) for level in column.cat.categories]


NUMERIC, LEVELLED = Numeric(), Levelled()
