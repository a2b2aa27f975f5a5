"""The split in time: the latest rows are for testing."""

import numpy as np
import pandas as pd

from pipelines.core.errors import quote
from pipelines.core.table import FOLDS
from pipelines.inputs import Date, Integer, Number
from pipelines.splits.split import Asked, Rows, Split, Splitting

PERIODS = "contiguous periods of the training time"


class Time(Split):
    """An earlier training and a later test period."""

    name = "time"
    treatment = "kept where their time puts them"
    columns = (Date, Integer, Number)
    later = True

    def assign(self, rows: Rows, asked: Asked) -> Splitting:
        """Return the two periods, the first in contiguous folds."""
        return split_by_time(rows.given.to_numpy(), asked.test)

    def flags(self, asked: Asked) -> str:
        """Return the flag with its column."""
        return f"--time {quote(str(asked.column))}"

    def ways(self) -> str:
        """Return the flags that split otherwise."""
        return "leave --time out to draw rows at random, or split by --group or --split-column"

    def too_few(self, asked: Asked, *, testing: bool) -> str:  # noqa: ARG002
        """Return what to do: a class may be missing from a period."""
        return "change split.test, or take more data: the rarest class must occur throughout the time"


def split_by_time(times: np.ndarray, share: float) -> Splitting:
    """Return the split into an earlier training and a later test period; equal times stay together.

    `times` is (rows,), float64 or datetime64. The folds are FOLDS contiguous periods of about equally many rows: each
    is predicted by models that saw the others, so that neighbours in time, which are alike, do not stand on both sides
    (blocked cross-validation: Bergmeir and Benitez 2012, Information Sciences 191; Roberts et al. 2017, Ecography 40).
    Folds that only ever look back would leave the first period without out-of-fold predictions.
    """
    moments, place = np.unique(times, return_inverse=True)
    seen = np.cumsum(np.bincount(place))  # rows up to and including each moment
    first_test = _cut(seen, (1 - share) * len(times))
    test = place >= first_test
    cuts = [_cut(seen, seen[first_test - 1] * (fold + 1) / FOLDS) for fold in range(FOLDS - 1)]
    fold = np.searchsorted(cuts, place, side="right").astype(np.int64)
    boundary = _moment_text(moments[first_test]) if first_test < len(moments) else None
    fold = np.where(test, -1, fold)
    return Splitting(test, fold, PERIODS, boundary, place)


def _moment_text(moment: np.float64 | np.datetime64) -> str:
    """Return a time as text: a date as ISO 8601, without the time of day at midnight; a number without idle zeros."""
    if isinstance(moment, np.datetime64):
        return pd.Timestamp(moment).isoformat(sep=" ").removesuffix(" 00:00:00")
    return str(int(moment)) if moment.is_integer() else str(float(moment))


def _cut(seen: np.ndarray, rows: float) -> int:
    """Return the moment before which about `rows` rows lie: at least 1, the nearest, the earlier of two."""
    return int(np.argmin(np.abs(seen - rows))) + 1
