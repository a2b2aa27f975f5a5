"""What rows with equal features and different targets leave to be reached: no model can get them all right."""

import numpy as np
import pandas as pd

from pipelines.core.table import Table
from pipelines.duplicates import identical_features
from pipelines.facts.reflect.headroom import Limit
from pipelines.inference.bootstrap import score_error
from pipelines.inference.foldwise import prepare_over_folds, score_over_folds
from pipelines.inference.truth import Draw
from pipelines.metrics import Metric

COUNT = 200  # replicates; only a standard error is wanted


def ceiling_facts(table: Table, metric: Metric, seed: int) -> Limit | None:
    """Return the training rows whose features another row of their fold has with another target.

    `score` is the best mean over the folds that predictions can have that are the same for a fold's rows with equal
    features, and `se` its standard error: the target where a row's features are its own, elsewhere the constant that
    serves the group best. No model can score better on these rows. None without such rows, and where the metric has no
    best constant.
    """
    if metric.best_constant is None:
        return None
    training = table.scored
    y = table.y[training]
    fold = table.fold[training]
    own = {name: column[training] for name, column in table.known.items()} | {
        "": pd.Series(fold, index=table.x.index[training])
    }
    same = identical_features(own, len(y))
    order = np.lexsort([y, same])
    first = np.flatnonzero(np.diff(same[order], prepend=-1))
    size = np.diff(np.append(first, len(y)))
    conflicting = y[order][first] != y[order][first + size - 1]
    if not conflicting.any():
        return None
    best = metric.best(table.target.one_hot(y)[order], first, size)
    group = None if table.unit is None else table.unit[training]
    prepared = prepare_over_folds(metric, y, best[same], fold)
    return {
        "rows": int(size[conflicting].sum()),
        "score": score_over_folds(metric, y, best[same], fold),
        "se": score_error(prepared, len(y), Draw(seed, group, COUNT)),
    }
