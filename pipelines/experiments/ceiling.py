"""What rows with equal features and different targets leave to be reached: no model can get them all right."""

from typing import Any

import numpy as np
import pandas as pd

from pipelines.core.table import Table
from pipelines.duplicates import identical_features
from pipelines.inference.bootstrap import resample
from pipelines.inference.foldwise import prepare_over_folds, score_over_folds
from pipelines.metrics.metric import METRICS

BY_MEAN = ("roc_auc", "log_loss", "brier", "accuracy", "rmse", "mse", "r2")  # what serves each group best is its mean
BY_MEDIAN = ("mae",)
COUNT = 200  # replicates; only a standard error is wanted


def ceiling_facts(table: Table, metric: str, seed: int) -> dict[str, Any] | None:
    """Return `{rows, score, se}`: training rows whose features another row of their fold has with another target.

    `score` is the best mean over the folds that predictions can have that are the same for a fold's rows with equal
    features, and `se` its standard error: the target where a row's features are its own, the group's mean or median
    elsewhere. No model can score better on these rows. None without such rows, and where the metric has no such best
    prediction.
    """
    if metric not in (*BY_MEAN, *BY_MEDIAN):
        return None
    training = table.fold >= 0
    y = table.y[training]
    fold = table.fold[training]
    own = {name: table.x[name][training] for name in table.features} | {
        "": pd.Series(fold, index=table.x.index[training])
    }
    same = identical_features(own, len(y))
    order = np.lexsort([y, same])
    first = np.flatnonzero(np.diff(same[order], prepend=-1))
    size = np.diff(np.append(first, len(y)))
    conflicting = y[order][first] != y[order][first + size - 1]
    if not conflicting.any():
        return None
    if metric in BY_MEDIAN:
        ranked = y[order]
        best = (ranked[first + (size - 1) // 2] + ranked[first + size // 2]) / 2
    else:
        best = np.add.reduceat(table.target.one_hot(y)[order].astype(np.float64), first, axis=0)
        best /= size.reshape(-1, *[1] * (best.ndim - 1))
    measure, group = METRICS[metric], None if table.group is None else table.group[training]
    prepared = {"best": prepare_over_folds(measure, y, best[same], fold)}
    se = resample(prepared, len(y), seed=seed, group=group, count=COUNT).score("best").se
    return {
        "rows": int(size[conflicting].sum()), "score": score_over_folds(measure, y, best[same], fold), "se": float(se),
    }  # fmt: skip
