"""Ordered levels: small, medium, large.

Models see each level's rank, 0 to one less than there are levels: the baseline a number in equal steps, which is what
an order without distances leaves to assume (integer scoring: Agresti 2010, "Analysis of Ordinal Categorical Data",
section 2.1); trees cut between ranks, whatever lies between them. Readers see the levels' names, in order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Protocol, cast
from unicodedata import category

import numpy as np
import pandas as pd
from pydantic import Field

from pipelines.core.cells import value_label
from pipelines.core.errors import quote
from pipelines.inputs.bins import MISSING, Bin, Binning, number_bins
from pipelines.inputs.declared import Declared
from pipelines.inputs.feature import Dtype, FeatureKind, Points, level_codes, level_names
from pipelines.inputs.guess import Cells, Guess
from pipelines.inputs.input import Input

if TYPE_CHECKING:
    import pandera.pandas as pandera

FEWEST = 2  # levels that have an order
EXAMPLE = 'levels = ["small", "medium", "large"]'


class Ordered(Declared, Protocol):
    """A declaration with levels."""

    @property
    def levels(self) -> tuple[str, ...] | None:
        """The levels, lowest first."""


class Ranked(FeatureKind):
    """Ordered levels: pandas' ordered category of text, NaN where missing; ranks for models."""

    name: ClassVar[str] = "ordinal"
    seen_as: ClassVar[Literal["numeric", "category"]] = "numeric"
    named: ClassVar[bool] = True
    named_otherwise: ClassVar[bool] = True

    def holds(self, dtype: Dtype) -> bool:
        """Return whether the dtype is one of ordered categories."""
        return isinstance(dtype, pd.CategoricalDtype) and bool(dtype.ordered)

    def for_models(self, column: pd.Series) -> pd.Series:
        """Return each row's rank, from 0."""
        codes = level_codes(column)
        return pd.Series(np.where(codes < 0, np.nan, codes), column.index, np.float64, column.name)

    def bins(self, column: pd.Series, how: Binning) -> list[Bin]:
        """Return a bin for each level that occurs, in order; of more than `how.levels`, neighbours share bins."""
        names, ranks = level_names(column), self.for_models(column).to_numpy()
        each = Binning(how.levels, how.levels, one_a_value=True)
        return [
            Bin(MISSING, one.rows, "missing")
            if one.low is None or one.high is None
            else Bin(_between(names[int(one.low)], names[int(one.high)]), one.rows, "level")
            for one in number_bins(ranks, each)
        ]

    def points(self, column: pd.Series, quantiles: Sequence[float], levels: int) -> Points:
        """Return the levels that occur, in order; of more than `levels`, those nearest to the quantiles."""
        names, codes = level_names(column), level_codes(column)
        known = codes[codes >= 0]
        seen, counts = np.unique(known, return_counts=True)
        if len(seen) > levels:
            seen, counts = np.unique(np.quantile(known, quantiles, method="nearest"), return_counts=True)
        return Points([names[int(i)] for i in seen], counts / counts.sum())

    def column_of(self, values: Sequence[float] | Sequence[str], like: pd.Series) -> pd.Series:
        """Return the ranks of levels."""
        names = level_names(like)
        return pd.Series([float(names.index(str(value))) for value in values], dtype=np.float64)

    def saved(self, column: pd.Series) -> dict[str, object]:
        """Return the levels in order, also those without a training row."""
        return {"levels": level_names(column)}

    def restored(self, column: pd.Series, saved: Mapping[str, Any]) -> pd.Series:
        """Return the ranks of levels; missing where a value is none of them."""
        rank = {level: float(i) for i, level in enumerate(saved["levels"])}
        known = column.notna()
        labels = column.astype(object).where(known, None)
        return labels.map(lambda value: rank.get(value_label(value), np.nan)).astype(np.float64)


@dataclass(frozen=True)
class Ordinal(Input):
    """Labels in the order that the project file gives."""

    name: ClassVar[str] = "ordinal"
    cells: ClassVar[str] = (
        f"labels in an order, lowest first: `{EXAMPLE}`, at least two; rows with others are set aside"
    )
    features_are: ClassVar[str] = "the label's rank, from 0"
    kind: ClassVar[FeatureKind] = Ranked()
    not_allowed: ClassVar[str] = "not among the levels"
    as_text: ClassVar[bool] = True
    keys: ClassVar[Mapping[str, Any]] = {
        "levels": (tuple[Annotated[str, Field(min_length=1)], ...] | None, Field(default=None, strict=False))
    }

    def read(self, raw: pd.Series, column: Declared) -> pd.Series:  # noqa: ARG002 - any cell is a label
        """Return text."""
        return raw.astype("str")

    def check(self, column: Declared) -> str | None:
        """Return what is wrong with the levels, or that other values are declared beside them."""
        levels = cast("Ordered", column).levels
        if levels is None:
            return f"`levels` is missing; type {self.name!r} needs them in their order, lowest first, as {EXAMPLE}"
        if len(levels) < FEWEST:
            return f"`levels` has {len(levels)} value(s); an order has at least {FEWEST}, as {EXAMPLE}"
        twice = next((level for place, level in enumerate(levels) if level in levels[:place]), None)
        if (unreadable := next(filter(_unreadable, levels), None)) is not None:
            return f"`levels` holds {quote(unreadable)}, which is blank or holds a control character; name each level"
        if twice is not None:
            return f"`levels` holds {quote(twice)} twice; name each level once"
        return super().check(column)

    def check_allowed(self, column: Declared) -> str | None:
        """Return that the levels are all that may occur."""
        if column.allowed is None:
            return None
        return f"`allowed` is not for type {self.name!r}; `levels` are the values that may occur"

    def declared_values(self, column: Declared) -> tuple[str | float | bool, ...] | None:
        """Return the levels."""
        return cast("Ordered", column).levels

    def allowed_values(self, column: Declared) -> list[str] | list[float]:
        """Return the levels."""
        return self._levels(column)

    def feature(self, column: Declared, values: pd.Series) -> pd.Series:
        """Return an ordered category."""
        return values.astype(self._dtype(column))

    def feature_checks(self, column: Declared) -> "tuple[str | pd.CategoricalDtype, list[pandera.Check]]":
        """Return the ordered dtype, which holds the levels and no others."""
        return self._dtype(column), []

    def guess(self, cells: Cells) -> Guess | None:  # noqa: ARG002 - whatever the cells
        """Return nothing: words do not say that their order matters, and a draft must not claim it."""
        return None

    def _levels(self, column: Declared) -> list[str]:
        return list(cast("Ordered", column).levels or ())

    def _dtype(self, column: Declared) -> pd.CategoricalDtype:
        return pd.CategoricalDtype(pd.Index(self._levels(column), dtype="str"), ordered=True)


def _unreadable(level: str) -> bool:
    return not level.strip() or any(category(sign) == "Cc" for sign in level)


def _between(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"
