"""The guard that no feature of a forecast knows what comes after its origin: by declaration, and by trying.

A feature *declares* its reach; one beyond the origin is a leak. And features are *tried*: with noise in place of all
that is unknown at an origin, each feature of that origin's targets must come out as before, bit by bit. The trial
needs no declaration, and finds what a wrong one hides: a mean that ends a step too late changes a score by one or two
per cent, which looks like skill.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from pipelines.core.table import WARM_UP
from pipelines.series.history import Seen
from pipelines.series.origins import Origins
from pipelines.series.panel import Panel

Make = Callable[[Panel, Origins], Mapping[str, Seen]]


class Guarded(NamedTuple):
    """What the guard looked at, and what it found."""

    origins: int  # that were tried
    features: int  # that there are
    compared: int  # values of features
    declared: list[str]  # features whose declared reach lies beyond the origin
    changed: list[str]  # features that changed with what is unknown at the origin

    @property
    def clean(self) -> bool:
        """Whether something was compared, and nothing leaks."""
        return self.compared > 0 and not self.declared and not self.changed


def guard(make: Make, panel: Panel, origins: Origins, most: int, seed: int) -> Guarded:
    """Return what the guard finds on at most `most` origins, evenly spaced over time, the last one among them.

    None is of the warm-up: what the calendar says may be learned from all of it.

    `make` makes the features of a panel as a step does; it is called once with the panel, and once for each origin
    that is tried.
    """
    honest = make(panel, origins)
    later = np.flatnonzero(origins.fold != WARM_UP)
    blocks = later[np.unique(np.linspace(len(later) - 1, 0, min(most, len(later))).round().astype(int))]
    compared, changed = 0, set()
    for block in blocks:
        noisy = make(panel.replaced_after(int(origins.origin[block]), seed), origins)
        for name, one in honest.items():
            before, after = one.values[:, block], noisy[name].values[:, block]
            compared += before.size
            if not np.array_equal(before, after, equal_nan=True):
                changed.add(name)
    declared = [name for name, one in honest.items() if one.reach is not None and bool((one.reach > 0).any())]
    return Guarded(len(blocks), len(honest), compared, declared, [name for name in honest if name in changed])
