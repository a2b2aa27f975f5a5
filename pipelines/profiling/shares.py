"""How many rows a draft sets apart for testing: the usual share, or the first that leaves enough on both sides."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.core.table import FOLDS
from pipelines.profiling.asked import SEED
from pipelines.splits import Group, Rows, Splitting
from pipelines.splits.sizes import MIN_FOLD_CLASS, MIN_FOLD_ROWS, MIN_TEST_CLASS, MIN_TEST_GROUPS, MIN_TEST_ROWS

SHARES = (0.2, 0.25, 0.3, 0.35, 0.4, 0.5)  # of test rows, the first that is large enough
SPARES = (1.5, 1.0)  # times the fewest test rows of a class: more, if there are so many


def share_of_test_rows(classes: Mapping[str, int] | None, rows: int) -> float:
    """Return the first of SHARES that leaves enough rows on both sides, of the rarest class too."""
    fewest = min(classes.values()) if classes else None
    for spare in SPARES:
        for share in SHARES:
            enough = _suffice(rows, share, MIN_TEST_ROWS, MIN_FOLD_ROWS)
            if enough and (fewest is None or _suffice(fewest, share, spare * MIN_TEST_CLASS, MIN_FOLD_CLASS)):
                return share
    return SHARES[-1]


def _suffice(rows: int, share: float, test: float, fold: int) -> bool:
    """Return whether a share leaves at least so many test rows, and so many for each fold."""
    testing = np.rint(share * rows)
    return bool(testing >= test and rows - testing >= FOLDS * fold)


def share_of_test_groups(groups: pd.Series, classes: pd.Series | None) -> float | None:
    """Return the first of SHARES by which whole groups can be set apart, rows of each class on both sides.

    `classes` is the target where it has classes. None where no share leaves enough.
    """
    units = pd.factorize(groups)[0].astype(np.int64)
    labels = np.zeros(len(units), np.int64) if classes is None else pd.factorize(classes)[0].astype(np.int64)
    strata = np.zeros_like(units)
    for share in SHARES:
        splitting = Group().assign(Rows(units, strata, groups, ""), _Asked(share))
        if _enough(splitting, units, labels, of_classes=classes is not None):
            return share
    return None


def _enough(splitting: Splitting, units: np.ndarray, labels: np.ndarray, *, of_classes: bool) -> bool:
    """Return whether test rows and folds hold as many groups, rows and rows of each class as a score needs."""
    if len(np.unique(units[splitting.test])) < MIN_TEST_GROUPS:
        return False
    parts = [(splitting.test, MIN_TEST_ROWS, MIN_TEST_CLASS)]
    parts += [(splitting.fold == fold, MIN_FOLD_ROWS, MIN_FOLD_CLASS) for fold in range(FOLDS)]
    classes = int(labels.max(initial=-1)) + 1
    for rows, fewest, fewest_of_class in parts:
        counts = np.bincount(labels[rows], minlength=classes)
        if rows.sum() < fewest or (of_classes and counts.min() < fewest_of_class):
            return False
    return True


class _Asked:
    """What a draft would ask of a split by groups."""

    def __init__(self, test: float) -> None:
        self.test, self.seed, self.column, self.test_value = test, SEED, "", ""
