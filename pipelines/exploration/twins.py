"""Test rows that a training row repeats: what a model has seen, it need not understand."""

import numpy as np

from pipelines.core.table import Table
from pipelines.duplicates import identical_features
from pipelines.facts.eda.rows import Twins
from pipelines.repeats import natural_repeats

NOTABLE = 0.01  # share of the test rows from which it is worth a warning


def count_twins(table: Table, same: np.ndarray | None = None) -> Twins:
    """Return how many test rows have all features of a training row.

    `test_rows` and their `share` of the test rows; `same_target`: of these, the share with the target that most of
    their training twins have; `repeated`: the share of training rows with a twin among the training rows; `suspect`:
    many test rows have twins that are copies rather than natural repeats. `same` numbers the rows that are equal in all
    features, int64 of shape (rows,), where that is known already.
    """
    test = table.tested
    if not table.known or not test.any() or test.all():
        return {"test_rows": 0, "share": 0.0, "same_target": None, "repeated": 0.0, "suspect": False}
    features = table.known
    same = identical_features(features, len(table.y)) if same is None else same
    rows = np.bincount(same[~test], minlength=same.max() + 1)
    twin = rows[same[test]] > 0
    agree = _agree(same, table, len(rows))[twin]
    share, repeated = float(twin.mean()), float((rows[same[~test]] > 1).mean())
    copied = twin
    if share >= NOTABLE:
        copied = twin & ~natural_repeats(features, same)[test]
    return {
        "test_rows": int(twin.sum()), "share": share, "same_target": float(agree.mean()) if twin.any() else None,
        "repeated": repeated, "suspect": float(copied.mean()) >= NOTABLE,
    }  # fmt: skip


def _agree(same: np.ndarray, table: Table, kinds: int) -> np.ndarray:
    """Return which test rows have the target that most training rows of their kind have: their mean, or a class."""
    test, y = table.tested, table.y
    if "probabilities" not in table.target.can:
        rows = np.bincount(same[~test], minlength=kinds)
        means = np.bincount(same[~test], weights=y[~test], minlength=kinds) / np.maximum(rows, 1)
        return np.isclose(means[same[test]], y[test])
    classes = max(table.target.outputs, 2)
    kind_and_class = same * classes + y.astype(np.int64)
    cells, rows = np.unique(kind_and_class[~test], return_counts=True)
    most = np.zeros(kinds, np.int64)
    np.maximum.at(most, cells // classes, rows)
    place = np.searchsorted(cells, kind_and_class[test]).clip(max=len(cells) - 1)
    own = np.where(cells[place] == kind_and_class[test], rows[place], 0)
    return np.asarray(own == most[same[test]])
