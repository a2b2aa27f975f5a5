"""What serves the rows of a group best if all of them must get one prediction.

Goals are sorted by group and, within it, by size: (rows,) numbers, or (rows, classes) with 1 for the row's own class.
`first` (groups,) is each group's first place and `size` (groups,) its number of rows.
"""

import numpy as np

from pipelines.metrics.prepared import Floats, Integers


def group_means(goals: Floats, first: Integers, size: Integers) -> Floats:
    """Return each group's mean, (groups,), or its shares of the classes, (groups, classes)."""
    total = np.add.reduceat(goals.astype(np.float64), first, axis=0)
    means: Floats = total / size.reshape(-1, *[1] * (total.ndim - 1))
    return means


def group_medians(goals: Floats, first: Integers, size: Integers) -> Floats:
    """Return each group's median, (groups,)."""
    medians: Floats = (goals[first + (size - 1) // 2] + goals[first + size // 2]) / 2
    return medians
