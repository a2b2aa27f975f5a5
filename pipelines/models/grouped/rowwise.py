"""Numbers between 0 and 1 that only a row's own values decide: they spread repeated values alike, in every process."""

import numpy as np
import pandas as pd

from pipelines.core.steady import steady
from pipelines.groups.columns import Scaling
from pipelines.targets.arrays import Floats

STEP = np.uint64(0x9E3779B97F4A7C15)  # of SplitMix64: Steele, Lea and Flood 2014, OOPSLA, "Fast splittable generators"
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def even_numbers(values: Floats) -> Floats:
    """Return numbers from 0 to below 1, (rows, columns), that each look drawn at random; equal rows have equal ones."""
    steadied = np.ascontiguousarray(steady(values)) + 0.0  # -0.0 is 0.0
    with np.errstate(over="ignore"):
        state = np.zeros(len(values), np.uint64)
        for column in steadied.T:
            state = _mixed(state + STEP + pd.util.hash_array(np.ascontiguousarray(column)))
        found = np.column_stack([_mixed(state + STEP * np.uint64(place + 1)) for place in range(values.shape[1])])
    return np.asarray((found >> np.uint64(11)) * 2.0**-53)


def scaled(scaling: Scaling, values: Floats, uniform: Floats) -> tuple[Floats, Floats]:
    """Return the transformed values (rows, columns) and the logarithm of the Jacobian of each row (rows,)."""
    done = [column.apply(values[:, place], uniform[:, place]) for place, column in enumerate(scaling.columns)]
    slope = np.zeros(len(values))
    for _, one in done:
        slope += one
    return np.column_stack([one for one, _ in done]), slope


def _mixed(state: np.ndarray) -> np.ndarray:
    """Return numbers of which each bit depends on all bits of the given ones."""
    state = (state ^ (state >> np.uint64(30))) * FIRST
    state = (state ^ (state >> np.uint64(27))) * SECOND
    return state ^ (state >> np.uint64(31))
