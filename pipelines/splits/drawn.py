"""Splits drawn at random: of rows, of the rows of each class, or of whole groups."""

from typing import ClassVar

import numpy as np
import pandas as pd

from pipelines.inputs import Category, Integer, Text
from pipelines.splits.dealing import split_by_units
from pipelines.splits.split import Asked, Exchangeable, Rows, Split, Splitting


class Random(Split):
    """Rows at random; those with the same features stay together."""

    name = "random"
    treatment = "rows with the same features are kept on one side of the split and in one fold"
    exchangeable: ClassVar[Exchangeable | None] = "rows"
    keeps_copies: ClassVar[bool] = True

    def assign(self, rows: Rows, asked: Asked) -> Splitting:
        """Return units dealt at random."""
        return split_by_units(rows.units, rows.strata, asked.test, asked.seed, stratify=self.stratifies)


class Stratified(Random):
    """Rows of each class at random, in the same share."""

    name = "stratified"
    stratifies = True


class Group(Random):
    """Whole groups at random: the rows that share a value of the column."""

    name = "group"
    treatment = "rows of one group are kept together; rows with the same features in different groups are not"
    columns = (Integer, Category, Text)
    keeps_groups = True
    keeps_copies = False
    exchangeable = "groups"

    def groups(self, cells: pd.Series) -> np.ndarray:
        """Return the number of each row's group."""
        return pd.factorize(cells)[0].astype(np.int64)

    def too_few(self, asked: Asked, *, testing: bool) -> str:  # noqa: ARG002
        """Return what to do: groups may be too large."""
        return "split by smaller groups, change split.test, or take more data"
