"""What the training time of forecasts says: seasons, levels, zeros, and what the calendar leaves."""

from typing import Literal

from typing_extensions import TypedDict


class SeasonSeen(TypedDict):
    """How much of the values the place in one season explains."""

    steps: int  # length of the season
    name: str  # of the place in it
    share: float  # of the variance about the level, explained by the place alone (R2)


class Autocorrelation(TypedDict):
    """How what the calendar leaves of two moments goes together."""

    lag: int  # steps between them
    value: float  # correlation, all series together


class LevelShift(TypedDict):
    """A lasting jump of a series."""

    series: str  # empty where there is one
    time: str  # first moment of the new level
    before: float  # mean of the stretch before
    after: float  # mean of the stretch after
    errors: float  # size in standard errors of the difference, from the spread of units


class Zeros(TypedDict):
    """How often nothing happens."""

    share: float  # of all values that are 0
    smooth: int  # series by demand: regular and even
    erratic: int  # regular and uneven
    intermittent: int  # rare and even
    lumpy: int  # rare and uneven


class Growth(TypedDict):
    """How the spread of the values grows with their level."""

    power: float | None  # of the level, by which the spread grows: 0 where it stays, 1 where effects multiply
    ci: list[float] | None  # its interval
    says: Literal["absolute", "relative", "undecided"]  # what it speaks for


class PlaceEffect(TypedDict):
    """A place in the season, and how far its mean lies from the level."""

    place: str  # its name
    effect: float  # mean distance from the level, on the scale on which effects add up


class SeriesLook(TypedDict):
    """What the training time says."""

    units: int  # stretches that count as one observation each
    seasons: list[SeasonSeen]  # the shortest first
    year: float | None  # share of the variance about the level that the time of the year explains; null: not known
    trend: float | None  # change of the level from the first to the last year of the training time, as a share
    shifts: list[LevelShift]  # the largest first
    zeros: Zeros  # how often nothing happens
    growth: Growth  # of the spread with the level
    places: list[PlaceEffect]  # of the longest season: those farthest from the level
    autocorrelation: list[Autocorrelation]  # of what the calendar leaves, by lag
    together: float | None  # correlation of what it leaves of a series and of the others' mean; null with one series
    lopsided: float | None  # distance of its mean and median, as a share of its size; null: the mean is asked for
