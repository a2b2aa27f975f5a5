"""Splits drawn at random: of rows, of the rows of each class, or of whole groups."""

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pandas as pd

from pipelines.core.errors import quote
from pipelines.inputs import Category, Integer, Text
from pipelines.splits.dealing import split_by_small_units, split_by_units
from pipelines.splits.split import Asked, Exchangeable, Rows, Split, Splitting

REDRAWS = 20  # before a split is refused


class Random(Split):
    """Rows at random; those with the same features stay together."""

    name = "random"
    treatment = "rows with the same features are kept on one side of the split and in one fold"
    exchangeable: ClassVar[Exchangeable | None] = "rows"
    keeps_copies: ClassVar[bool] = True

    def assign(self, rows: Rows, asked: Asked) -> Splitting:
        """Return units dealt at random."""
        return split_by_units(rows.units, rows.strata, asked.test, asked.seed, stratify=self.stratifies)

    def draws(self, rows: Rows, asked: Asked) -> Iterator[Splitting]:
        """Yield the draw asked for, and where units hold several rows, as many others from the same seed."""
        yield self.assign(rows, asked)
        if len(rows.units) == rows.units.max(initial=-1) + 1:
            return
        for seed in np.random.default_rng(asked.seed).integers(0, 2**31, REDRAWS):
            again = split_by_units(rows.units, rows.strata, asked.test, int(seed), stratify=self.stratifies)
            yield replace(again, redrawn="drawn again from the same seed")


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

    def draws(self, rows: Rows, asked: Asked) -> Iterator[Splitting]:
        """Yield draws of groups of all sizes, then one that tests on the smallest groups."""
        yield from super().draws(rows, asked)
        small = split_by_small_units(rows.units, rows.strata, asked.test, asked.seed)
        yield replace(small, redrawn="drawn again, the smallest groups for testing")

    def flags(self, asked: Asked) -> str:
        """Return the flag with its column."""
        return f"--group {quote(str(asked.column))}"

    def ways(self) -> str:
        """Return the flags that split otherwise."""
        return (
            "name a column of more groups with --group, leave it out to draw rows one by one, or split by --time or "
            "--split-column"
        )

    def too_few(self, asked: Asked, *, testing: bool) -> str:  # noqa: ARG002
        """Return what to do: groups may be too large."""
        return "split by smaller groups, change split.test, or take more data"
