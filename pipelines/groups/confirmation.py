"""Confirmation of a valley on rows that were not fitted: are fewer of them in it than at its lower peak?

Counted is in the tube around the line between the two components, whatever component a row is given to: where a third
one owns the middle, or a group was cut into several, labels would make it look empty.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.groups.columns import Floats
from pipelines.groups.mixtures import Integers, Mixture
from pipelines.groups.valleys import Valley

ALPHA = 0.05  # for all valleys of a mixture together
WIDE = 0.8  # share of a round group's rows that are in its tube: wider ones hold rows of third groups
REACH = 0.7  # standard deviations before and behind a point in which rows are counted
BEYOND = 2.5  # standard deviations that the line goes on behind both ends
STEP = 0.05  # standard deviations between its points


@dataclass(frozen=True)
class Parting:
    """Rows not fitted, along the line between two humps. Places are standard deviations from the first mean."""

    place: Floats  # (rows in the tube,) without those beyond the ends of the line
    lowest: float  # where the fitted density is lowest between the peaks
    peaks: tuple[float, float]  # where it is highest on either side
    lower: int  # which of the two peaks is lower
    reach: float  # rows are counted up to here from a place
    at_lowest: int  # rows counted
    at_peaks: tuple[int, int]
    p: float  # of so few rows in the valley, or fewer, if the density were the same as at the lower peak
    depth: float  # nats, of the fitted density

    @property
    def at_lower(self) -> int:
        """Rows counted at the lower peak."""
        return self.at_peaks[self.lower]

    def histogram(self, bins: int = 30) -> tuple[Integers, Floats]:
        """Return how many rows are in each of so many equal parts of the line, and the ends of these (bins + 1,)."""
        ends = np.linspace(self.peaks[0] - BEYOND, self.peaks[1] + BEYOND, bins + 1)
        return np.histogram(self.place, ends)[0].astype(np.int64), ends


def look_along(mixture: Mixture, valley: Valley, z: Floats, *, flat: bool = False) -> Parting:
    """Return what rows (n, columns), none of which the mixture was fitted to, say of one of its valleys.

    Where the density has none (`flat`), what is looked at is the middle between the two means, and these.
    """
    from scipy.spatial import cKDTree
    from scipy.stats import binom, chi2

    root = np.asarray(np.linalg.cholesky(valley.metric), np.float64)
    points, places, lowest, length = _line(valley, root)
    height = mixture.log_density(points)
    after = np.searchsorted(places, lowest)
    peaks = float(places[np.argmax(height[:after])]), float(places[after + np.argmax(height[after:])])
    if flat:
        lowest, peaks = length / 2, (0.0, length)
    heights = np.interp(peaks, places, height)
    radius = float(np.sqrt(chi2.ppf(WIDE, z.shape[1] - 1))) if z.shape[1] > 1 else STEP
    distance, nearest = cKDTree(points @ root).query(z @ root, distance_upper_bound=np.hypot(radius, STEP))
    nearest = nearest[np.isfinite(distance)]
    place = places[nearest]
    lower = int(heights[1] < heights[0])
    reach = min(REACH, abs(peaks[lower] - lowest) / 2)
    at_lowest, *at_peaks = (int((np.abs(place - at) < reach).sum()) for at in (lowest, *peaks))
    few, many = at_lowest, at_peaks[lower]
    beside = place[(nearest > 0) & (nearest < len(places) - 1)]  # the others lie beyond an end of the line
    return Parting(
        beside, lowest, peaks, lower, reach, few, (at_peaks[0], at_peaks[1]), float(binom.cdf(few, few + many, 0.5)),
        valley.depth,
    )  # fmt: skip


def _line(valley: Valley, root: Floats) -> tuple[Floats, Floats, float, float]:
    """Return points evenly along the line and beyond its ends, their places, and those of the lowest and of its end."""
    line = valley.line @ root
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    length = np.concatenate([[0.0], np.cumsum(steps)])
    first, last = (line[1] - line[0]) / max(steps[0], 1e-12), (line[-1] - line[-2]) / max(steps[-1], 1e-12)
    knots = np.concatenate([[-BEYOND], length, [length[-1] + BEYOND]])
    whole = np.vstack([line[0] - BEYOND * first, line, line[-1] + BEYOND * last])
    places = np.arange(-BEYOND, length[-1] + BEYOND, STEP)
    even = np.column_stack([np.interp(places, knots, whole[:, i]) for i in range(line.shape[1])])
    return even @ np.linalg.inv(root), places, float(length[valley.lowest]), float(length[-1])
