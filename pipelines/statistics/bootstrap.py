"""Paired bootstrap: every model is scored on the same resamples of the same rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pipelines.statistics.metrics import Metric
from pipelines.statistics.ranks import Floats, Integers, Prepared

REPLICATES = 2_000
BLOCK_CELLS = 2_000_000  # weights held at once: 16 MB, which stays in most processors' last cache
WIDEST_BLOCK = 64  # replicates in a block; wider ones gain nothing


def draw(
    statistics: Mapping[str, Prepared], rows: int, seed: int, group: Integers | None = None, count: int = REPLICATES
) -> dict[str, Floats]:
    drawn: dict[str, list[Floats]] = {name: [] for name in statistics}
    for weights in _resamples(rows, group, seed, count):
        for name, statistic in statistics.items():
            drawn[name].append(statistic(weights))
    return {name: np.concatenate(parts) for name, parts in drawn.items()}


def _resamples(rows: int, group: Integers | None, seed: int, count: int) -> Iterator[Floats]:
    """Yield blocks of resamples as counts of rows (rows, replicates).

    Replicate by replicate from one stream, so the size of the blocks doesn't matter.
    """
    random = np.random.default_rng(seed)
    units, unit = rows, None
    if group is not None:
        names, unit = np.unique(group, return_inverse=True)
        units = names.size
    width = int(np.clip(BLOCK_CELLS // rows, 1, WIDEST_BLOCK))
    for start in range(0, count, width):
        here = min(width, count - start)
        times = np.empty((here, units))
        for b in range(here):
            times[b] = np.bincount(random.integers(0, units, units), minlength=units)
        weights = np.ascontiguousarray(times.T)
        yield weights if unit is None else weights[unit]
