"""Test rows that a training row repeats: what a model has seen, it need not understand."""

from typing import Any

import numpy as np
import pandas as pd

from pipelines.core.table import Table

NOTABLE = 0.01  # share of the test rows from which it is worth a warning
COARSE = 0.5  # share of training rows that repeat each other: in such a table, twins are chance and no copies


def count_twins(table: Table) -> dict[str, Any]:
    """Return how many test rows have all features of a training row.

    `test_rows` and their `share` of the test rows; `same_target`: of these, the share with the target that most of
    their training twins have; `repeated`: the share of training rows with a twin among the training rows; `suspect`:
    many test rows have twins, though few rows of this table repeat others.
    """
    test = table.fold < 0
    if not table.features or not test.any() or test.all():
        return {"test_rows": 0, "share": 0.0, "same_target": None, "repeated": 0.0, "suspect": False}
    same = pd.factorize(pd.util.hash_pandas_object(table.x, index=False).to_numpy())[0]
    rows = np.bincount(same[~test], minlength=same.max() + 1)
    twin = rows[same[test]] > 0
    totals = np.bincount(same[~test], weights=table.y[~test], minlength=len(rows))
    means, target = (totals / np.maximum(rows, 1))[same[test][twin]], table.y[test][twin]
    agree = np.round(means) == target if table.task == "binary" else np.isclose(means, target)
    share, repeated = float(twin.mean()), float((rows[same[~test]] > 1).mean())
    return {
        "test_rows": int(twin.sum()), "share": share, "same_target": float(agree.mean()) if twin.any() else None,
        "repeated": repeated, "suspect": share >= NOTABLE and repeated < COARSE,
    }  # fmt: skip
