"""What a column of the table is to models, pictures and searches: a number, or one of several levels.

`kind_of` (in the package) says which; nothing else looks at a column's dtype.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from pipelines.inputs.bins import Bin, Binning, common_levels, level_bins, number_bins

Dtype = np.dtype[Any] | pd.api.extensions.ExtensionDtype


@dataclass(frozen=True)
class Points:
    """Where a curve along a feature is read off: values or levels, and the share of the known rows at each."""

    at: list[float] | list[str]
    share: np.ndarray


class FeatureKind(ABC):
    """A kind of feature. `column` is one of the table's, with its rows in any order and number."""

    name: ClassVar[Literal["numeric", "category"]]  # in facts, and in the schema of saved models

    @abstractmethod
    def holds(self, dtype: Dtype) -> bool:
        """Return whether columns of that dtype are features of this kind."""

    @abstractmethod
    def bins(self, column: pd.Series, how: Binning) -> list[Bin]:
        """Return the column's rows in bins: numbers ascending, levels the commonest first, then missing values."""

    @abstractmethod
    def points(self, column: pd.Series, quantiles: Sequence[float], levels: int) -> Points:
        """Return where to read a curve: at the `quantiles` of a number, or at the commonest `levels` of a category."""


class Numeric(FeatureKind):
    """Numbers: float64, NaN where missing."""

    name: ClassVar[Literal["numeric", "category"]] = "numeric"

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


class Levelled(FeatureKind):
    """Categories: pandas' category of text, NaN where missing."""

    name: ClassVar[Literal["numeric", "category"]] = "category"

    def holds(self, dtype: Dtype) -> bool:
        """Return whether the dtype is one of categories."""
        return isinstance(dtype, pd.CategoricalDtype)

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


def level_codes(column: pd.Series) -> np.ndarray:
    """Return the place of each row's level in `level_names`, integers (rows,), -1 where missing."""
    codes: np.ndarray = column.cat.codes.to_numpy()
    return codes


def level_names(column: pd.Series) -> list[str]:
    """Return the names of a category's levels, sorted, those without a row too."""
    return [str(level) for level in column.cat.categories]


NUMERIC, LEVELLED = Numeric(), Levelled()
