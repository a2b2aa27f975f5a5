"""Whether the values of a column cut an amount into ranges that do not overlap, as bands made from the target do."""

import numpy as np
import pandas as pd

from pipelines.exploration.separation import told
from pipelines.facts.eda.column import Bands
from pipelines.inputs import is_category, level_codes
from pipelines.targets import Target

MOST_LEVELS = 50
FEWEST = 20  # rows of a level that is judged
MOST_LEFT = 0.1  # of the known rows, those of levels with fewer: more, and these are not what the column is
LOW, HIGH = 0.05, 0.95  # quantiles at which a range ends, so that one odd row cannot stretch it


def find_bands(values: pd.Series, y: np.ndarray, target: Target) -> Bands | None:
    """Return how the column's levels, or few numbers, lie along an amount; None for other columns and targets.

    If the levels' ranges did not overlap, their rows would fill the rows in order of the target one level after the
    other; `in_band` is the share of a level's rows that lie where that would put them, on average over the levels.
    `gap` is the widest stretch between two neighbouring ranges, from their 5 % to their 95 % quantiles, over their
    middle halves: bands made from the target touch, and groups that are far apart by nature do not. None where most
    rows of two neighbours share one target.
    """
    if "probabilities" in target.can:
        return None
    codes = level_codes(values) if is_category(values) else pd.factorize(values, sort=True)[0]
    counts = np.bincount(codes[codes >= 0], minlength=1)
    large = np.flatnonzero(counts >= FEWEST)
    known = int(counts.sum())
    if not 2 <= len(large) <= MOST_LEVELS or counts[large].sum() < (1 - MOST_LEFT) * known:  # noqa: PLR2004 - two ranges
        return None
    parts = sorted((y[codes == level] for level in large), key=lambda part: float(np.median(part)))
    gap = _widest_gap(parts)
    if not np.isfinite(gap):
        return None
    level = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    in_band = told(np.concatenate(parts), level, len(parts))
    return {"levels": len(parts), "rows": int(counts[large].sum()), "in_band": in_band, "gap": gap}


def _widest_gap(parts: list[np.ndarray]) -> float:
    """Return the widest stretch between neighbouring ranges over the mean width of their middle halves, or infinity."""
    ends = np.array([np.quantile(part, [LOW, 0.25, 0.75, HIGH]) for part in parts])
    stretch = ends[1:, 0] - ends[:-1, 3]
    halves = ends[:, 2] - ends[:, 1]
    width = (halves[1:] + halves[:-1]) / 2
    return float(np.divide(stretch, width, out=np.full(len(width), np.inf), where=width > 0).max())
