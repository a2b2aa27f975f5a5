"""Signs of daylight saving in moments without an offset: regular moments of which an hour is skipped or doubled."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

HOUR = np.timedelta64(1, "h")
REGULAR = 0.9  # share of the steps between different moments that are alike
FEWEST = 24 * 14  # different moments
FORWARD, BACK = (3, 4, 9, 10), (3, 4, 10, 11)  # months in which clocks are changed, on both halves of the globe
SUNDAY = 6
AT_NIGHT = 4  # o'clock: clocks are changed before
AGAIN = 1.6  # times as many rows as the hour has on other days


@dataclass(frozen=True)
class Changes:
    """The first hour that is skipped, and the first that comes twice; None where none does."""

    skipped: pd.Timestamp | None
    doubled: pd.Timestamp | None


def are_regular(distinct: pd.Series) -> bool:
    """Return whether different moments come at least once an hour, in steps that are alike, except for a few."""
    return _usual_step(np.unique(distinct.dropna().to_numpy())) is not None


def changes_of_clock(moments: pd.Series) -> Changes | None:
    """Return where a clock was put forward or back, as far as regular moments show it; None where it was not.

    `moments` are those of all rows.
    """
    known = moments.dropna()
    distinct = np.unique(known.to_numpy().astype("datetime64[us]"))
    usual = _usual_step(distinct)
    if usual is None:
        return None
    after_gap = pd.DatetimeIndex(distinct[:-1][np.diff(distinct) == usual + HOUR]) + usual
    skipped = after_gap[_at_change(after_gap, FORWARD)]
    rows = known.dt.floor("h").value_counts().sort_index()
    often = rows[rows >= AGAIN * rows.median()].index
    doubled = often[_at_change(often, BACK)]
    if len(often) > 2 * len(doubled):  # many hours have more rows than others: no sign of a clock
        doubled = doubled[:0]
    if not len(skipped) and not len(doubled):
        return None
    return Changes(skipped[0] if len(skipped) else None, doubled[0] if len(doubled) else None)


def _usual_step(distinct: np.ndarray) -> np.timedelta64 | None:
    """Return the step between sorted moments, where nearly all are alike and at most an hour; else None."""
    if len(distinct) < FEWEST:
        return None
    sizes, counts = np.unique(np.diff(distinct), return_counts=True)
    usual: np.timedelta64 = sizes[counts.argmax()]
    return usual if usual <= HOUR and counts.max() >= REGULAR * (len(distinct) - 1) else None


def _at_change(hours: pd.DatetimeIndex, months: tuple[int, ...]) -> np.ndarray:
    """Return which hours are those of a Sunday night in which clocks are changed."""
    return np.asarray(hours.month.isin(months) & (hours.day_of_week == SUNDAY) & (hours.hour < AT_NIGHT))
