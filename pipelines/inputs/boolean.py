"""Truth values."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from pipelines.inputs.declared import Declared
from pipelines.inputs.guess import Cells, Guess
from pipelines.inputs.input import Input, range_checks
from pipelines.inputs.number import NUMBERS, check_numbers

if TYPE_CHECKING:
    import pandera.pandas as pandera

TRUE, FALSE = ("true", "yes", "t", "y", "1"), ("false", "no", "f", "n", "0")  # whatever their case


@dataclass(frozen=True)
class Boolean(Input):
    """True or false, in one of several spellings: 1.0 and 0.0 for models."""

    name: ClassVar[str] = "boolean"
    cells: ClassVar[str] = "true or false, yes or no, t or f, y or n, 1 or 0, in any case"
    features_are: ClassVar[str] = "1 and 0"
    unreadable: ClassVar[str | None] = "not true or false"
    read_as: ClassVar[tuple[str, ...]] = (*NUMBERS, "bool")
    exacting: ClassVar[int] = 5

    def read(self, raw: pd.Series, column: Declared) -> pd.Series:  # noqa: ARG002 - spellings need no declaration
        """Return 1.0 and 0.0."""
        if pd.api.types.is_numeric_dtype(raw.dtype):  # bool counts as numeric here
            return pd.Series(self.measured(raw.to_numpy(np.float64, na_value=np.nan)), raw.index)
        meaning = dict.fromkeys(TRUE, 1.0) | dict.fromkeys(FALSE, 0.0)
        return raw.astype("str").str.strip().str.lower().map(meaning).astype(np.float64)

    def measured(self, numbers: np.ndarray) -> np.ndarray:
        """Return 1 and 0, NaN of other numbers."""
        return np.where((numbers == 0) | (numbers == 1), numbers, np.nan)

    def check_allowed(self, column: Declared) -> str | None:
        """Return what is wrong with a set of truth values, which may be written as numbers."""
        return check_numbers(self.name, column)

    def feature_checks(self, column: Declared) -> "tuple[str | pd.CategoricalDtype, list[pandera.Check]]":  # noqa: ARG002 - whatever is declared
        """Return the checks of 0 and 1."""
        import pandera.pandas as pandera

        return "float64", [*range_checks(None, None), pandera.Check.isin([0.0, 1.0])]

    def guess(self, cells: Cells) -> Guess | None:
        """Return truth values, where all cells are one of their spellings."""
        if cells.numeric:
            if not cells.truth and not cells.present.isin([0, 1]).all():
                return None
            return Guess(cells.name, self.name, f"{100 * cells.present.mean():.3g} % are 1", cells.missing)
        if not set(cells.distinct.str.strip().str.lower()) <= {*TRUE, *FALSE}:
            return None
        return Guess(cells.name, self.name, cells.several, cells.missing)
