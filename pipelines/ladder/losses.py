"""What models of parts of the training rows lose on the rows that they left out."""

from collections.abc import Mapping

import numpy as np

from pipelines.core.table import Table
from pipelines.targets.arrays import Floats

Part = tuple[int, ...]  # the folds left out


def losses(table: Table, raw_of: Mapping[Part, Floats]) -> Floats:
    """Return each scored row's loss by raw predictions of the whole table, the mean over the parts that left it out."""
    y, fold, scored = table.y, table.fold, table.scored
    total, times = np.zeros(len(y)), np.zeros(len(y))
    for part, raw in raw_of.items():
        out = np.isin(fold, part) & scored
        total[out] += table.target.raw_loss(y[out], raw[out])
        times[out] += 1
    return np.asarray((total / np.maximum(times, 1))[scored])


def improved(table: Table, before: Mapping[Part, Floats], after: Mapping[Part, Floats]) -> tuple[float, float]:
    """Return by how much the mean loss of rows left out falls, and the standard error of that, by independent units."""
    better = losses(table, before) - losses(table, after)
    if table.unit is not None:  # rows of a group, or of a stretch of time, are not independent
        _, unit = np.unique(table.unit[table.scored], return_inverse=True)
        better = np.bincount(unit, better) * (unit.max() + 1) / len(unit)
    return float(better.mean()), float(better.std(ddof=1) / np.sqrt(len(better)))
