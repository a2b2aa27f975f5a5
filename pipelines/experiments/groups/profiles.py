"""Groups described: medians and ranges of columns, shares of levels, the outcome, each with an interval."""

import numpy as np
import pandas as pd

from pipelines.core.table import Table
from pipelines.facts.reflect.groups import GroupsLevel, GroupsProfile, GroupsRange
from pipelines.facts.shared import Estimate, Interval
from pipelines.inputs import is_category
from pipelines.targets.arrays import Floats, Integers

SURE = 1.96  # standard deviations of an interval of 95 %
LEVELS = 3  # of a column that describes groups, the commonest in the group


def profiles(table: Table, labels: Integers, number: int, *, scored: bool) -> list[GroupsProfile]:
    """Return each group's profile; `labels` are those of the training rows, (training rows,), from 0 on.

    Groups are made without a look at the outcome, so its mean in a group is not chosen by its size.
    """
    rows = table.trained
    x, y = table.x[rows], table.y[rows]
    described = {name: column[rows].reset_index(drop=True) for name, column in table.describing.items()}
    found: list[GroupsProfile] = []
    for group in range(number):
        own = labels == group
        ranges = [column_range(name, x[name].to_numpy(np.float64), own) for name in table.features] if own.any() else []
        found.append({
            "group": group + 1, "rows": int(own.sum()), "share": float(own.mean()),
            "outcome": mean_of(y[own]) if scored and own.any() else None, "columns": ranges,
            "described": [one for name, column in described.items() for one in levels(name, column, own)],
        })  # fmt: skip
    return found


def column_range(name: str, values: Floats, own: np.ndarray) -> GroupsRange:
    """Return the median with its interval, and the quartiles, of the values (rows,) in `own`, a mask."""
    inside = values[own]
    low, median, high = (float(one) for one in np.percentile(inside, [25, 50, 75]))
    return {
        "column": name, "median": median, "ci": median_interval(inside), "low": low, "high": high,
        "place": _place(values, median), "place_ci": [_place(values, end) for end in median_interval(inside)],
    }  # fmt: skip


def _place(values: Floats, value: float) -> float:
    """Return the share of values (rows,) below a value, half of those that equal it among them."""
    return float(((values < value).mean() + (values <= value).mean()) / 2)


def median_interval(values: Floats) -> Interval:
    """Return the interval of the median, 95 %, by order statistics: the binomial quantiles of a half.

    Source: Conover 1999, Practical nonparametric statistics, section 3.2.
    """
    from scipy.stats import binom

    ordered, rows = np.sort(values), len(values)
    first = int(binom.ppf(0.025, rows, 0.5))
    place = max(first - 1, 0)
    return [float(ordered[place]), float(ordered[rows - 1 - place])]


def mean_of(values: Floats) -> Estimate:
    """Return the mean with its interval, by the normal distribution."""
    mean, error = float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
    return {"value": mean, "ci": [mean - SURE * error, mean + SURE * error]}


def levels(name: str, column: pd.Series, own: np.ndarray) -> list[GroupsLevel]:
    """Return the commonest levels of a column among the rows in `own`, with their shares; none of numbers."""
    if not is_category(column) or not own.any():
        return []
    text = column.astype("str")
    shares = text[own].value_counts(normalize=True, sort=True)
    commonest = sorted(shares.index, key=lambda level: (-shares[level], level))[:LEVELS]
    return [
        {
            "column": name, "level": level, "share": float(shares[level]),
            "ci": share_interval(int((text[own] == level).sum()), int(own.sum())),
            "of_all": float((text == level).mean()),
        }
        for level in commonest
    ]  # fmt: skip


def share_interval(count: int, rows: int) -> Interval:
    """Return Wilson's interval of a share, 95 % (Wilson 1927, Journal of the American Statistical Association 22)."""
    share, square = count / rows, SURE**2 / rows
    middle = (share + square / 2) / (1 + square)
    reach = SURE * np.sqrt(share * (1 - share) / rows + square / (4 * rows)) / (1 + square)
    return [float(max(middle - reach, 0.0)), float(min(middle + reach, 1.0))]
