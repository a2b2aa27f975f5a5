"""How the spread of series grows with their level: whether effects multiply (relative) or add up (absolute)."""

import numpy as np

from pipelines.facts.eda.series import Growth
from pipelines.targets.arrays import Floats

FEWEST_POINTS = 12  # means and spreads that a power is fitted to
ABSOLUTE, RELATIVE = 0.35, 0.65  # powers below and above which the spread speaks for one kind of effects


def growth(values: Floats, season: int) -> Growth:
    """Return the power of the level by which the spread within a season grows: Taylor's law, by least squares.

    `values` are (series, steps), NaN where nothing is known; `season` is a number of steps. Means and standard
    deviations of whole seasons, their logarithms on a line with an intercept for each series; its interval is by
    series, or by season where there is one (Taylor 1961, Nature 189, 732-735).
    """
    count, steps = values.shape
    whole = steps // season
    parts = values[:, : whole * season].reshape(count, whole, season)
    mean, spread = parts.mean(axis=2), parts.std(axis=2)
    use = np.isfinite(mean) & (mean > 0) & (spread > 0)
    x, y = np.log(np.where(use, mean, 1.0)), np.log(np.where(use, spread, 1.0))
    weight = use.astype(np.float64)
    number = weight.sum(axis=1, keepdims=True)
    x = np.where(use, x - (x * weight).sum(axis=1, keepdims=True) / np.maximum(number, 1), 0.0)
    y = np.where(use, y - (y * weight).sum(axis=1, keepdims=True) / np.maximum(number, 1), 0.0)
    below = float((x * x).sum())
    if use.sum() < FEWEST_POINTS or below <= 0:
        return {"power": None, "ci": None, "says": "undecided"}
    power = float((x * y).sum()) / below
    moved = x * (y - power * x)
    of_unit = moved.sum(axis=1) if count > 1 else moved[0]
    half = 1.96 * float(np.sqrt(np.square(of_unit).sum())) / below
    if power + half < RELATIVE and power < ABSOLUTE:
        return {"power": power, "ci": [power - half, power + half], "says": "absolute"}
    if power - half > ABSOLUTE and power > RELATIVE:
        return {"power": power, "ci": [power - half, power + half], "says": "relative"}
    return {"power": power, "ci": [power - half, power + half], "says": "undecided"}
