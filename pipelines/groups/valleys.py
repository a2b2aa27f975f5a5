"""Valleys of a fitted density: which components of a mixture are one hump, and where humps meet.

The density is looked at along the ridgeline between each two components, which all peaks and saddles of the two lie on
(Ray and Lindsay 2005, "The topography of multivariate normal mixtures", Annals of Statistics 33, 2042-2065), and along
the straight line, in case a third component is a bridge. Basins meet at the highest saddle, and the lower stays one of
its own if its peak is DEPTH above it, which joins what one curved, skewed or ring-shaped group was cut into (Chazal,
Guibas, Oudot and Skraba 2013, "Persistence-based clustering in Riemannian manifolds", Journal of the ACM 60, 41).
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from pipelines.groups.columns import Floats
from pipelines.groups.mixtures import Integers, Mixture

DEPTH = 0.2  # nats: at the saddle the density is a fifth lower than at the lower peak
POINTS = 61  # of a line


@dataclass(frozen=True)
class Valley:
    """Where two humps meet: the line between the two components that face each other."""

    components: tuple[int, int]
    line: Floats  # (POINTS, columns) from the mean of one to that of the other
    heights: Floats  # (POINTS,) log density of the whole mixture
    metric: Floats  # (columns, columns) inverse covariance at the lowest point: a distance of 1 is a standard deviation
    depth: float  # nats from the lower peak down to the saddle

    @property
    def lowest(self) -> int:
        """Which point of the line has the lowest density."""
        return int(np.argmin(self.heights))


@dataclass(frozen=True)
class Tree:
    """The humps of a mixture."""

    hump: Integers  # (components,) numbered from 0
    valleys: tuple[Valley, ...]  # one fewer than humps

    @property
    def size(self) -> int:
        """How many humps there are."""
        return len(self.valleys) + 1

    def joined(self, keeps: list[bool]) -> Integers:
        """Return the hump of each component (components,) where only the valleys that it `keeps` part any."""
        hump = self.hump.copy()
        for valley, keep in zip(self.valleys, keeps, strict=True):
            if not keep:
                one, other = (hump[i] for i in valley.components)
                hump[hump == other] = one
        return np.unique(hump, return_inverse=True)[1].astype(np.int64)


def valley_tree(mixture: Mixture, depth: float = DEPTH) -> Tree:
    """Return the humps of a mixture, and the valleys between those that are neighbours."""
    peaks = mixture.log_density(mixture.means)
    between = {pair: valley_between(mixture, *pair) for pair in combinations(range(mixture.size), 2)}
    order = sorted(between, key=lambda pair: -between[pair].heights.min())
    region, hump = np.arange(mixture.size), np.arange(mixture.size)  # what is connected above the water, and humps
    found = []
    for pair in order:
        i, j = pair
        if region[i] == region[j]:
            continue
        tops = [float(peaks[region == region[one]].max()) for one in pair]
        saddle = float(between[pair].heights.min())
        if min(tops) - saddle >= depth:
            found.append(_with_depth(between[pair], min(tops) - saddle))
        else:
            hump[hump == hump[j]] = hump[i]
        region[region == region[j]] = region[i]
    return Tree(np.unique(hump, return_inverse=True)[1].astype(np.int64), tuple(found))


def valley_between(mixture: Mixture, i: int, j: int) -> Valley:
    """Return the line between two components along which the lowest density is highest, and how deep it is."""
    share = np.linspace(0, 1, POINTS)
    metrics = (1 - share)[:, None, None] * mixture.precisions[i] + share[:, None, None] * mixture.precisions[j]
    ends = mixture.precisions[[i, j]] @ mixture.means[[i, j], :, None]
    pulls = (1 - share)[:, None, None] * ends[0] + share[:, None, None] * ends[1]
    ridge = np.linalg.solve(metrics, pulls)[:, :, 0]
    straight = (1 - share)[:, None] * mixture.means[i] + share[:, None] * mixture.means[j]
    heights = [mixture.log_density(line) for line in (ridge, straight)]
    line, height = (ridge, heights[0]) if heights[0].min() >= heights[1].min() else (straight, heights[1])
    lowest = int(np.argmin(height))
    depth = float(min(height[: lowest + 1].max(), height[lowest:].max()) - height[lowest])
    return Valley((i, j), line, height, metrics[lowest], depth)


def _with_depth(valley: Valley, depth: float) -> Valley:
    return Valley(valley.components, valley.line, valley.heights, valley.metric, depth)
