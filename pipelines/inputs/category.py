"""Categories: labels without an order."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from pipelines.inputs.declared import Declared
from pipelines.inputs.feature import LEVELLED, FeatureKind
from pipelines.inputs.guess import Cells, Guess, shown
from pipelines.inputs.input import Input, texts_of
from pipelines.inputs.number import EXACT, LABEL

if TYPE_CHECKING:
    import pandera.pandas as pandera

MOSTLY = 0.9  # share of cells that are numbers from which the others look like slips


@dataclass(frozen=True)
class Category(Input):
    """One of several labels, as the file writes them."""

    name: ClassVar[str] = "category"
    cells: ClassVar[str] = "labels without an order"
    features_are: ClassVar[str] = "the labels"
    kind: ClassVar[FeatureKind] = LEVELLED
    as_text: ClassVar[bool] = True
    exacting: ClassVar[int] = 2

    def read(self, raw: pd.Series, column: Declared) -> pd.Series:  # noqa: ARG002 - any cell is a label
        """Return text."""
        return raw.astype("str")

    def allowed_values(self, column: Declared) -> list[str] | list[float]:
        """Return the declared labels as text."""
        return texts_of(self.declared_values(column))

    def feature(self, column: Declared, values: pd.Series) -> pd.Series:  # noqa: ARG002 - levels are those seen
        """Return a category of sorted text."""
        return values.astype("category")

    def feature_checks(self, column: Declared) -> "tuple[str | pd.CategoricalDtype, list[pandera.Check]]":
        """Return pandas' dtype, and the check that only declared labels occur."""
        import pandera.pandas as pandera

        known = texts_of(column.allowed)
        return "category", [pandera.Check.isin(known)] if known else []

    def guess(self, cells: Cells) -> Guess | None:
        """Return a category: of any texts, and of numbers that look like labels."""
        if not cells.numeric:
            return Guess(cells.name, self.name, cells.several + remark(cells.texts), cells.missing)
        if cells.whole and np.abs(cells.numbers).max() >= EXACT:
            return Guess(cells.name, self.name, f"{cells.in_range}; too long to be an amount", cells.missing)
        if cells.whole and LABEL.search(cells.name):
            why = "by its name a label rather than an amount: a guess"
            return Guess(cells.name, self.name, f"{cells.in_range}; {why}", cells.missing)
        return None


def remark(texts: pd.Series) -> str:
    """Return what to say of labels that are nearly all numbers, dates written in several ways, or nearly alike."""
    numbers = pd.to_numeric(texts, errors="coerce").notna()
    if MOSTLY <= numbers.mean() < 1:
        odd = texts[~numbers]
        return (
            f"; numbers except for {len(odd):,} cell(s), as {shown(odd.iloc[0])}: empty those, or name them with "
            f"--missing, to have it as a number"
        )
    dated = texts.str.match(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
    if dated.mean() >= MOSTLY:
        return "; dates written in several ways: write them in one to have it as a date"
    distinct = texts.drop_duplicates()
    alike = distinct.groupby(distinct.str.strip().str.casefold(), sort=False).agg(list)
    twins = next((group for group in alike if len(group) > 1), None)
    if twins is not None:
        return f"; {shown(twins[0])} and {shown(twins[1])} differ in case or blanks alone: are they one?"
    return ""
