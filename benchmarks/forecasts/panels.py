"""Panels whose causes are known: each kind says how values come about, which causes are true, and which are neither.

The truth of every kind was written down before any of them was run. A cause is *true* where what it stands for moves
the target by the formula and can be known in time, *neither* where one can argue both ways, with the reason beside it;
all others are false where they are named. One truth was changed after seeds 0 and 1: a year that all series share and
no one has seen twice was to be *history*, and is *neighbours* like any other thing that all share (`Kind.written` keeps
what was written; the page counts it both ways).

A panel is eight daily series of 1,200 days and a horizon of a week unless the kind says otherwise: a profile over the
weekdays, what the kind adds, and normal noise of standard deviation 1. Panels with an even seed are judged by the mean
absolute error, others by the root mean squared error.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Literal
from zlib import crc32

import numpy as np
import pandas as pd

SERIES, STEPS, WEEK = 8, 1_200, 7
MONDAY = "2020-01-06"
FREQUENCIES = {"1d": "D", "1h": "h"}  # as pandas calls them
PROFILE = 1.5  # standard deviation of what weekdays add
SLOW, QUICK = 0.9, 0.8  # autocorrelation of drivers and of what lasts

Values = np.ndarray  # (series, steps)
Role = Literal["known", "past"]


@dataclass(frozen=True)
class Drawn:
    """What a kind draws; arrays are (series, steps)."""

    y: Values
    known: Mapping[str, Values] = field(default_factory=dict)
    past: Mapping[str, Values] = field(default_factory=dict)


Maker = Callable[[np.random.Generator, int, int], Drawn]


@dataclass(frozen=True)
class Kind:
    """How values come about, and what is true of it."""

    name: str
    draw: Maker
    true: frozenset[str] = frozenset()
    of_median: frozenset[str] = frozenset()  # true as well where the metric asks for the median
    neither: Mapping[str, str] = field(default_factory=dict)  # causes that count as nothing, and why
    series: int = SERIES
    steps: int = STEPS
    frequency: str = "1d"
    horizon: int = WEEK
    season: tuple[int, ...] = (WEEK,)
    relative: bool = False
    written: frozenset[str] | None = None  # the truth before any run, where it was changed


@dataclass(frozen=True)
class Planted:
    """A panel, and what was planted in it."""

    kind: Kind
    seed: int
    metric: str
    drawn: Drawn

    @property
    def true(self) -> frozenset[str]:
        """The causes that are true."""
        return self.kind.true | (self.kind.of_median if self.metric == "mae" else frozenset())

    @property
    def name(self) -> str:
        """Kind and seed."""
        return f"{self.kind.name}-{self.seed}"

    def columns(self) -> dict[str, pd.Series]:
        """Return the columns of a file that holds the panel, series after series."""
        count, steps = self.drawn.y.shape
        times = pd.date_range(MONDAY, periods=steps, freq=FREQUENCIES[self.kind.frequency]).astype("datetime64[us]")
        series = [f"s{number}" for number in range(count)]
        found = {"time": pd.Series(np.tile(times, count)), "value": pd.Series(self.drawn.y.ravel())}
        if count > 1:
            found["series"] = pd.Series(np.repeat(series, steps), dtype="category")
        covariates = {**self.drawn.known, **self.drawn.past}
        return found | {name: pd.Series(values.ravel().astype(np.float64)) for name, values in covariates.items()}

    def project(self) -> str:
        """Return the project file."""
        numbers = "".join(
            f'{name} = {{ type = "number" }}\n' for name in ("value", *self.drawn.known, *self.drawn.past)
        )
        several = len(self.drawn.y) > 1
        return f"""
[problem]
question = "What comes next?"
decision = "None: the truth is known"
task = "forecast"
target = "value"

[source]
file = "planted.csv"

[columns]
time = {{ type = "date" }}
{numbers}{'series = { type = "category" }' if several else ""}

[forecast]
time = "time"
{'series = ["series"]' if several else ""}
frequency = "{self.kind.frequency}"
horizon = {self.kind.horizon}
season = {list(self.kind.season)}
effects = "{"relative" if self.kind.relative else "absolute"}"
known = {list(self.drawn.known)}
past = {list(self.drawn.past)}

[metric]
primary = "{self.metric}"
margin = 0.005

[effort]
level = "quick"
"""


def plant(kind: Kind, seed: int) -> Planted:
    """Return a panel of that kind; no two kinds or seeds share random numbers."""
    rng = np.random.default_rng([crc32(kind.name.encode()), seed])
    return Planted(kind, seed, "rmse" if seed % 2 else "mae", kind.draw(rng, kind.series, kind.steps))


def noise(rng: np.random.Generator, series: int, steps: int) -> Values:
    """Return normal noise of standard deviation 1."""
    return rng.standard_normal((series, steps))


JUMPS = 0.01  # of the days of a series begin with another level
HIGH = 0.8  # standard deviations of a driver, above which it moves the target


def lasting(rng: np.random.Generator, series: int, steps: int, share: float = SLOW, lag: int = 1) -> Values:
    """Return noise of standard deviation 1 of which that share is still there `lag` steps later."""
    found = rng.standard_normal((series, steps))
    for step in range(lag, steps):
        found[:, step] = share * found[:, step - lag] + np.sqrt(1 - share**2) * found[:, step]
    return found


def profile(rng: np.random.Generator, series: int, steps: int, *, own: bool = False, season: int = WEEK) -> Values:
    """Return what the place in the season adds, the same for all series, or to each its own."""
    adds = PROFILE * rng.standard_normal((series if own else 1, season))
    level = 10 + 3 * rng.standard_normal((series, 1))
    return level + adds[:, np.arange(steps) % season]


def plain(rng: np.random.Generator, series: int, steps: int) -> Values:
    """Return the profile of weekdays and noise."""
    return profile(rng, series, steps) + noise(rng, series, steps)


def _calendar(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    return Drawn(plain(rng, series, steps))


def _own_calendars(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    return Drawn(profile(rng, series, steps, own=True) + noise(rng, series, steps))


def _white_noise(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    return Drawn(10 + noise(rng, series, steps))


def _idle_driver(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    return Drawn(plain(rng, series, steps), {"driver": lasting(rng, series, steps)})


def _ar(rng: np.random.Generator, series: int, steps: int, *, lag: int = 1, share: float = QUICK) -> Drawn:
    return Drawn(profile(rng, series, steps) + 1.5 * lasting(rng, series, steps, share, lag))


def _random_walk(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    return Drawn(plain(rng, series, steps) + np.cumsum(0.5 * rng.standard_normal((series, steps)), axis=1))


def _level_shifts(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    """Draw levels that jump about every hundred days, each series on days of its own."""
    jumps = np.where(rng.random((series, steps)) < JUMPS, 2 * rng.standard_normal((series, steps)), 0.0)
    return Drawn(plain(rng, series, steps) + np.cumsum(jumps, axis=1))


def _driver(
    rng: np.random.Generator, series: int, steps: int, effect: Callable[[Values], Values], *, lasts: float = 0.0
) -> Drawn:
    driver = lasting(rng, series, steps)
    after = lasts * lasting(rng, series, steps, QUICK) if lasts else 0.0
    return Drawn(plain(rng, series, steps) + effect(driver) + after, {"driver": driver})


def _by_weekday(driver: Values) -> Values:
    """Return an effect that is as often up as down over the week, so that it has no mean."""
    sign = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 0.0])
    return 1.2 * driver * sign[np.arange(driver.shape[1]) % WEEK]


def _shared_shock(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    return Drawn(plain(rng, series, steps) + 0.8 * lasting(rng, 1, steps, QUICK))


def _year(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    begin = 2 * np.pi * rng.random()
    return Drawn(plain(rng, series, steps) + 2 * np.sin(2 * np.pi * np.arange(steps) / 365.25 + begin))


def _holidays(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    """Draw a day in thirty, the same for all series, on which each of them falls."""
    holiday = np.broadcast_to(rng.random(steps) < 1 / 30, (series, steps)).astype(float)
    return Drawn(plain(rng, series, steps) - 4 * holiday, {"holiday": holiday})


def _weeks(rng: np.random.Generator, series: int, steps: int, share: float = 0.15) -> Values:
    """Return 1 in that share of each series' weeks."""
    drawn = rng.random((series, -(-steps // WEEK))) < share
    return np.repeat(drawn, WEEK, axis=1)[:, :steps].astype(float)


def _promotions(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    """Draw weeks in which a series sells half as much again."""
    promotion = _weeks(rng, series, steps)
    return Drawn(_sales(rng, series, steps) * np.exp(0.4 * promotion), {"promotion": promotion})


def _weekend_promotions(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    """Draw promotions that move Saturdays and Sundays alone."""
    promotion = _weeks(rng, series, steps, 0.3)
    weekend = np.arange(steps) % WEEK >= 5  # noqa: PLR2004 - Saturday
    return Drawn(plain(rng, series, steps) + 3 * promotion * weekend, {"promotion": promotion})


def _break(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    """Draw one day, in the scored part, on which all series get another level and another profile."""
    at = int((0.45 + 0.15 * rng.random()) * steps)
    after = np.arange(steps) >= at
    moved = 3 * np.sign(rng.standard_normal((series, 1)))
    return Drawn(np.where(after, profile(rng, series, steps) + moved, profile(rng, series, steps))
                 + noise(rng, series, steps))  # fmt: skip


def _sales(rng: np.random.Generator, series: int, steps: int) -> Values:
    """Return values whose profile multiplies, about levels from 50 to 500."""
    level = np.exp(rng.uniform(np.log(50), np.log(500), (series, 1)))
    adds = 0.4 * rng.standard_normal(WEEK)
    return level * np.exp(adds[np.arange(steps) % WEEK] + 0.2 * rng.standard_normal((series, steps)))


def _multiplied(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    return Drawn(_sales(rng, series, steps))


def _multiplied_moving(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    return Drawn(_sales(rng, series, steps) * np.exp(np.cumsum(0.04 * rng.standard_normal((series, steps)), axis=1)))


def _counts(rng: np.random.Generator, series: int, steps: int, *, lasts: float = 0.0) -> Drawn:
    """Draw counts that are mostly 0."""
    rate = rng.uniform(0.3, 0.9, (series, 1)) * np.exp(0.3 * rng.standard_normal(WEEK))[np.arange(steps) % WEEK]
    return Drawn(rng.poisson(rate * np.exp(lasts * lasting(rng, series, steps, 0.97))).astype(float))


def _followers(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    """Draw series of which half show a week later what the other half shows."""
    shown = rng.standard_normal(steps + WEEK)
    follows = np.arange(series)[:, None] % 2 == 1
    return Drawn(plain(rng, series, steps) + 1.5 * np.where(follows, shown[:steps], shown[WEEK:]))


def _leading(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    """Draw an indicator that is a week ahead of the target, and is known up to the origin only."""
    indicator = lasting(rng, series, steps + WEEK, 0.95)
    return Drawn(plain(rng, series, steps) + 1.2 * indicator[:, :-WEEK], past={"indicator": indicator[:, WEEK:]})


def _lopsided(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    return Drawn(profile(rng, series, steps) + np.exp(noise(rng, series, steps)))


def _trend(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    slope = 0.01 * rng.uniform(0.5, 1.5, (series, 1))
    return Drawn(plain(rng, series, steps) + slope * np.arange(steps))


def _hours(rng: np.random.Generator, series: int, steps: int) -> Drawn:
    return Drawn(profile(rng, series, steps, season=24) + 1.5 * lasting(rng, series, steps, 0.95))


CURVED = {"shape": "the best answer to a jump is curved: nothing for small distances, all for large ones"}
ONE_OF_ALL = {"history": "the series itself is one of those that show the common shock"}
STEPWISE = dict.fromkeys(
    ("shape", "interaction"), "the median of a count is a whole number, so it moves in steps with the mean"
)
KNOWN, HISTORY = frozenset({"known ahead"}), frozenset({"history"})
AIM, NEIGHBOURS = frozenset({"aim"}), frozenset({"neighbours"})
SHAPE, INTERACTION = frozenset({"shape"}), frozenset({"interaction"})

KINDS: tuple[Kind, ...] = (
    Kind("calendar", _calendar),
    Kind("own calendars", _own_calendars),
    Kind("white noise", _white_noise),
    Kind("idle driver", _idle_driver),
    Kind("AR(1)", _ar, HISTORY),
    Kind("AR at lag 7", partial(_ar, lag=WEEK, share=0.6), HISTORY),
    Kind("random walk", _random_walk, HISTORY),
    Kind("level shifts", _level_shifts, HISTORY, neither=CURVED),
    Kind("driver", partial(_driver, effect=lambda x: 0.8 * x), KNOWN),
    Kind("driver and AR(1)", partial(_driver, effect=lambda x: 0.8 * x, lasts=1.2), KNOWN | HISTORY),
    Kind("driver with a threshold", partial(_driver, effect=lambda x: 2.0 * (x > HIGH)), KNOWN | SHAPE),
    Kind("size of a driver", partial(_driver, effect=lambda x: 1.5 * np.abs(x)), SHAPE),
    Kind("driver by weekday", partial(_driver, effect=_by_weekday), INTERACTION),
    Kind("shared shock", _shared_shock, NEIGHBOURS, neither=ONE_OF_ALL),
    Kind("year not seen twice", _year, NEIGHBOURS, neither=ONE_OF_ALL, written=HISTORY),
    Kind("holidays", _holidays, KNOWN),
    Kind("promotions", _promotions, KNOWN, relative=True),
    Kind("promotions at weekends", _weekend_promotions, KNOWN | INTERACTION),
    Kind("structural break", _break, HISTORY, neither={
        **CURVED, "neighbours": "all series break on the same day",
        "interaction": "what the new profile is can be read off the past, by weekday"}),
    Kind("multiplied season", _multiplied, relative=True),
    Kind("multiplied season, moving level", _multiplied_moving, HISTORY, relative=True),
    Kind("intermittent counts", _counts, of_median=AIM, neither=STEPWISE),
    Kind("intermittent counts, moving rate", partial(_counts, lasts=0.8), HISTORY, AIM, neither={
        **STEPWISE, "shape": "effects on a rate multiply"}),
    Kind("followers", _followers, NEIGHBOURS, neither={"interaction": "the others lead only half of the series"}),
    Kind("leading indicator", _leading, frozenset({"past covariates"}), neither={
        "history": "the target's own last week shows the indicator of two weeks ago, which lasts"}),
    Kind("lopsided noise", _lopsided, of_median=AIM),
    Kind("trend", _trend),
    Kind("year seen twice", _year, series=4, steps=2_600),
    Kind("AR(1), two weeks ahead", partial(_ar, share=0.9), HISTORY, horizon=14),
    Kind("driver, one day ahead", partial(_driver, effect=lambda x: 0.8 * x), KNOWN, steps=800, horizon=1),
    Kind("hourly AR(1)", _hours, HISTORY, series=1, steps=24 * 7 * 70, frequency="1h", horizon=24, season=(24, 168)),
)  # fmt: skip
