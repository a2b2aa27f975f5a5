"""Forecasts that need no features: what each series' own past says by a rule, made at every origin.

Every method's forecasts are (series, blocks, horizon) and use nothing after the origin. They are columns of the table,
so that the dummy, the models that take one of them for each series, and pictures find the same numbers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from pipelines.core.steady import steady
from pipelines.series.history import PLACES, Seen, last, same_place, seasonal
from pipelines.series.origins import Origins
from pipelines.targets.arrays import Floats
from pipelines.targets.forecast import TRIVIAL

NAIVE, MEAN, LAST, DRIFT = TRIVIAL
# Smoothing constants of level and of season.
SETTINGS: tuple[tuple[float, float], ...] = (
    (0.005, 0.1), (0.005, 0.3), (0.02, 0.1), (0.02, 0.3), (0.05, 0.05), (0.1, 0.05), (0.1, 0.2), (0.3, 0.05),
    (0.3, 0.2), (0.6, 0.05),
)  # fmt: skip
# Smoothing constants of level, season and trend, and the share of a trend that is left a step later.
TRENDS: tuple[tuple[float, float, float, float], ...] = (
    (0.3, 0.2, 0.03, 0.9), (0.3, 0.2, 0.09, 0.98), (0.6, 0.11, 0.06, 0.9), (0.6, 0.11, 0.18, 0.98),
    (0.9, 0.03, 0.09, 0.9), (0.9, 0.03, 0.27, 0.98),
)  # fmt: skip
# Theta: the settings whose season it takes out, one that hardly follows the level and one that does, and the smoothing
# constants of its second line.
THETA_SEASONS, THETA_LEVELS = (1, 8), (0.1, 0.3, 0.6, 0.9)
SMOOTHED = tuple(f"smoothing {level:g}, {season:g}" for level, season in SETTINGS)
TRENDED = tuple(f"trend {level:g}, {trend:g}, {kept:g} kept" for level, _, trend, kept in TRENDS)
THETAS = tuple(f"theta {level:g} after {SMOOTHED[setting]}" for setting, level in product(THETA_SEASONS, THETA_LEVELS))
METHODS = (NAIVE, MEAN, LAST, DRIFT, *SMOOTHED, *TRENDED, *THETAS)


@dataclass(frozen=True)
class Scale:
    """The scale on which effects add up: of the values themselves, or of the logarithms of one more."""

    there: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]


def _as_it_is(values: Floats) -> Floats:
    return values


def _logarithms(values: Floats) -> Floats:
    return steady(np.log1p(values))  # processors differ in the last digit


def _values(logarithms: Floats) -> Floats:
    return steady(np.expm1(logarithms))


VALUES, LOGARITHMS = Scale(_as_it_is, _as_it_is), Scale(_logarithms, _values)


def forecasts(values: Floats, origins: Origins, seasons: Sequence[int], scale: Scale = VALUES) -> dict[str, Seen]:
    """Return every method's forecasts of `values` (series, steps); `seasons` in steps, the shortest first.

    Smoothing takes place on the scale on which effects add up. NaN where a series has not begun: no method makes up a
    value.
    """
    longest = seasons[-1]
    found = {
        NAIVE: seasonal(values, origins, longest),
        MEAN: same_place(values, origins, longest, PLACES),
        LAST: last(values, origins),
        DRIFT: drift(values, origins),
    }
    smoothed = smooth(scale.there(values), origins, longest)
    found |= {name: Seen(scale.back(smoothed.ahead[place]), _now(origins)) for place, name in enumerate(SMOOTHED)}
    trended = smooth_trends(scale.there(values), origins, longest)
    found |= {name: Seen(scale.back(trended[place]), _now(origins)) for place, name in enumerate(TRENDED)}
    found |= {name: Seen(scale.back(smoothed.theta[place]), _now(origins)) for place, name in enumerate(THETAS)}
    return found


def drift(values: Floats, origins: Origins) -> Seen:
    """Return the line through the first and the last value, continued.

    Source: Hyndman and Athanasopoulos 2021, Forecasting: principles and practice, section 5.2.
    """
    begin = first_step(values)
    start = values[np.arange(len(values)), begin][:, None]
    end = values[:, origins.origin]
    gone = origins.origin[None, :] - begin[:, None]
    slope = np.divide(end - start, gone, out=np.full(end.shape, np.nan), where=gone > 0)
    step = np.arange(1, origins.horizon + 1)
    return Seen(end[..., None] + slope[..., None] * step, _now(origins))


def first_step(values: Floats) -> np.ndarray:
    """Return the first step at which each series has a value, (series,)."""
    return np.argmax(np.isfinite(values), axis=1)


@dataclass(frozen=True)
class Smoothed:
    """Forecasts by smoothing."""

    ahead: Floats  # (settings, series, blocks, horizon): of level and season
    theta: Floats  # (THETAS, series, blocks, horizon)


def smooth(values: Floats, origins: Origins, period: int) -> Smoothed:
    """Return forecasts by exponential smoothing of level and additive season, for each of SETTINGS, and Theta's.

    Error form (Hyndman and others 2008, Forecasting with Exponential Smoothing, chapter 2, ETS(A,N,A)): with the error
    e = y - (l + s) of a step, the level l rises by a e and the season s of that place by g e. It starts from the mean
    and the places' distances from it in the first two seasons that a series has.

    Theta (Assimakopoulos and Nikolopoulos 2000; Hyndman and Billah 2003, International Journal of Forecasting 19,
    287-290): simple smoothing of the values less the season, plus half the slope of their least-squares line, which
    adds (h - 1 + (1 - (1 - a)^n) / a) / 2 slopes at h steps. It is made for each of two seasons and each of
    THETA_LEVELS: where the level hardly moves with the values, the season takes up a part of a trend.
    """
    count, steps = values.shape
    level_rate, season_rate = (np.array([one[i] for one in SETTINGS])[:, None] for i in (0, 1))
    begin = first_step(values)
    level, season = _begun(values, begin, period)
    levels = np.repeat(level[None], len(SETTINGS), axis=0)  # (settings, series)
    places = np.repeat(season[None], len(SETTINGS), axis=0)  # (settings, series, period)
    blocks, horizon = len(origins.origin), origins.horizon
    ahead = np.full((len(SETTINGS), count, blocks, horizon), np.nan)
    taken = list(THETA_SEASONS)
    rates = np.array(THETA_LEVELS)[:, None]  # of theta: (seasons, levels, series)
    theta = np.full((len(taken), len(rates), count, blocks, horizon), np.nan)
    line, slow = _Line(len(taken), count), np.broadcast_to(level, (len(taken), len(rates), count))
    block_at = dict(zip(origins.origin.tolist(), range(blocks), strict=True))
    step = np.arange(1, horizon + 1)
    for at in range(steps):
        place = at % period
        y = values[:, at]
        going = np.isfinite(y) & (at >= begin)
        error = np.where(going, y - levels - places[:, :, place], 0.0)
        levels += level_rate * error
        places[:, :, place] += season_rate * error
        # Theta's season is that of its setting, as it stands after this step.
        plain = np.where(going, y - places[taken, :, place], np.nan)
        slow = np.where(going, slow + rates * (plain[:, None] - slow), slow)
        line.add(plain, at - begin)
        block = block_at.get(at)
        if block is None:
            continue
        targets = (at + step) % period
        begun = np.isfinite(values[:, at])[:, None]
        ahead[:, :, block] = np.where(begun, levels[..., None] + places[:, :, targets], np.nan)
        grown = (1 - (1 - rates) ** line.count[:, None]) / rates  # (seasons, levels, series)
        rise = (step - 1 + grown[..., None]) / 2
        season = places[taken][:, None][..., targets]
        drawn = slow[..., None] + line.slope()[:, None, :, None] * rise + season
        theta[..., block, :] = np.where(begun, drawn, np.nan)
    return Smoothed(ahead, theta.reshape(len(THETAS), count, blocks, horizon))


def smooth_trends(values: Floats, origins: Origins, period: int) -> Floats:
    """Return forecasts by smoothing of level, damped trend and additive season, (TRENDS, series, blocks, horizon).

    Error form (Hyndman and others 2008, chapter 2, ETS(A,Ad,A)): before a step the trend b shrinks to p b, the forecast
    is l + p b + s; with the error e the level becomes l + p b + a e, the trend p b + t e, the season s + g e. It starts
    from the line through the means of the first two seasons that a series has, and the places' distances from it.
    """
    count, steps = values.shape
    level_rate, season_rate, trend_rate, kept = (np.array([one[i] for one in TRENDS])[:, None] for i in range(4))
    begin = first_step(values)
    level, slope, season = _begun_with_trend(values, begin, period)
    levels, trends = (np.repeat(one[None], len(TRENDS), axis=0) for one in (level, slope))
    places = np.repeat(season[None], len(TRENDS), axis=0)
    step = np.arange(1, origins.horizon + 1)
    damped = np.cumsum(kept**step, axis=1)[:, None, :]  # trends that have been added after each step
    block_at = dict(zip(origins.origin.tolist(), range(len(origins.origin)), strict=True))
    ahead = np.full((len(TRENDS), count, len(origins.origin), origins.horizon), np.nan)
    for at in range(steps):
        place = at % period
        going = np.isfinite(values[:, at]) & (at >= begin)
        grown = levels + kept * trends
        error = np.where(going, values[:, at] - grown - places[:, :, place], 0.0)
        # A gap changes nothing: neither level nor trend is carried on, as elsewhere.
        levels = np.where(going, grown + level_rate * error, levels)
        trends = np.where(going, kept * trends + trend_rate * error, trends)
        places[:, :, place] += season_rate * error
        block = block_at.get(at)
        if block is not None:
            targets = (at + step) % period
            drawn = levels[..., None] + trends[..., None] * damped + places[:, :, targets]
            ahead[:, :, block] = np.where(np.isfinite(values[:, at])[:, None], drawn, np.nan)
    return ahead


def _begun_with_trend(values: Floats, begin: np.ndarray, period: int) -> tuple[Floats, Floats, Floats]:
    """Return the level before the first step and the slope, (series,), and the season (series, period).

    Of the first two seasons of each series: the line through their means, and the places' distances from it.
    """
    count, steps = values.shape
    level, slope, season = np.zeros(count), np.zeros(count), np.zeros((count, period))
    for series in range(count):
        at = np.arange(begin[series], min(begin[series] + 2 * period, steps))
        some = values[series, at]
        there = np.isfinite(some)
        if not there.any():
            continue
        halves = [half[np.isfinite(half)] for half in (some[:period], some[period:])]
        if all(map(len, halves)):
            slope[series] = (halves[1].mean() - halves[0].mean()) / period
        middle = some[there].mean()
        line = middle + slope[series] * (at - at[there].mean())
        level[series] = line[0] - slope[series]
        number = np.bincount(at[there] % period, minlength=period)
        total = np.bincount(at[there] % period, weights=some[there] - line[there], minlength=period)
        season[series] = np.divide(total, number, out=np.zeros(period), where=number > 0)
    return level, slope, season


def _begun(values: Floats, begin: np.ndarray, period: int) -> tuple[Floats, Floats]:
    """Return the level (series,) and the season (series, period) of the first two seasons of each series."""
    count, steps = values.shape
    level, season = np.zeros(count), np.zeros((count, period))
    for series in range(count):
        at = np.arange(begin[series], min(begin[series] + 2 * period, steps))
        some = values[series, at]
        there = np.isfinite(some)
        level[series] = some[there].mean() if there.any() else 0.0
        number = np.bincount(at[there] % period, minlength=period)
        total = np.bincount(at[there] % period, weights=some[there] - level[series], minlength=period)
        season[series] = np.divide(total, number, out=np.zeros(period), where=number > 0)
    return level, season


class _Line:
    """Least-squares lines through what has been added so far, of so many values of each series, (values, series)."""

    def __init__(self, values: int, series: int) -> None:
        self.count = np.zeros((values, series))
        self._t, self._tt, self._y, self._ty = (np.zeros((values, series)) for _ in range(4))

    def add(self, y: Floats, t: np.ndarray) -> None:
        """Add values `y` (values, series) at each series' own time `t`; NaN adds nothing."""
        there = np.isfinite(y)
        t, y = np.where(there, t, 0.0), np.where(there, y, 0.0)
        self.count += there
        self._t += t
        self._tt += t * t
        self._y += y
        self._ty += t * y

    def slope(self) -> Floats:
        """Return the slopes, 0 where there are fewer than two times."""
        spread = self.count * self._tt - self._t**2
        above = self.count * self._ty - self._t * self._y
        return np.divide(above, spread, out=np.zeros(spread.shape), where=spread > 0)


def _now(origins: Origins) -> np.ndarray:
    return np.zeros(origins.horizon, np.int64)
