"""What rows with equal features and different targets leave to be reached: no model can get them all right."""

from typing import Any

import numpy as np

from pipelines.core.table import Table
from pipelines.duplicates import identical_features
from pipelines.statistics.classes import indicators
from pipelines.statistics.foldwise import score_over_folds
from pipelines.statistics.metrics import METRICS

BY_MEAN = ("roc_auc", "log_loss", "brier", "accuracy", "rmse", "mse", "r2")  # what serves each group best is its mean
BY_MEDIAN = ("mae",)


def ceiling_facts(table: Table, metric: str) -> dict[str, Any] | None:
    """Return `{rows, score}`: training rows whose features another row has with another target, and what they allow.

    `score` is that of the best prediction that is the same for rows with equal features, on the rows themselves: the
    target where a row's features are its own, the group's mean or median elsewhere. No model can score better on these
    rows. None without such rows, and where the metric has no such best prediction.
    """
    if metric not in (*BY_MEAN, *BY_MEDIAN):
        return None
    training = table.fold >= 0
    y = table.y[training]
    same = identical_features({name: table.x[name][training] for name in table.x}, len(y))
    order = np.lexsort([y, same])
    first = np.flatnonzero(np.diff(same[order], prepend=-1))
    size = np.diff(np.append(first, len(y)))
    conflicting = y[order][first] != y[order][first + size - 1]
    if not conflicting.any():
        return None
    target = indicators(y, int(table.y.max()) + 1) if table.task == "multiclass" else y
    if metric in BY_MEDIAN:
        ranked = y[order]
        best = (ranked[first + (size - 1) // 2] + ranked[first + size // 2]) / 2
    else:
        best = np.add.reduceat(target[order].astype(np.float64), first, axis=0)
        best /= size.reshape(-1, *[1] * (best.ndim - 1))
    score = score_over_folds(METRICS[metric], y, best[same], table.fold[training])
    return {"rows": int(size[conflicting].sum()), "score": score}
