"""All that is known of a target when it is forecast: the columns of the table, each with its role and its reach.

A role is the cause that a feature belongs to. The calendar is what the baseline sees.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from pipelines.core.project import Forecast
from pipelines.core.table import WARM_UP
from pipelines.series.calendar import MOST_OWN, Season, has_years, own_profile, year_waves
from pipelines.series.frequency import Frequency
from pipelines.series.history import Seen, history, known_ahead, known_before, level, neighbours, past
from pipelines.series.methods import LOGARITHMS, VALUES, Scale, forecasts
from pipelines.series.origins import Origins
from pipelines.series.panel import Panel
from pipelines.targets.arrays import Floats
from pipelines.targets.forecast import LEVEL, LEVEL_NAME

# Weeks of the level's window, where the first fold has seen two years, and where not. A level of fewer weeks than that
# is not worth learning from: it holds a part of the year that was.
WEEKS_OF_YEAR, WEEKS = 52, 13
QUARTER = 4  # of the warm-up at most


@dataclass(frozen=True)
class Feature:
    """One feature of all targets."""

    seen: Seen
    role: str
    levels: tuple[str, ...] = ()  # of a category, whose values are places among them


@dataclass(frozen=True)
class Known:
    """What is known of every target; arrays are (series, blocks, horizon) unless it is said otherwise."""

    features: Mapping[str, Feature]
    methods: Mapping[str, Seen]  # forecasts by rules
    level: Floats  # (series, blocks), on the scale on which effects add up
    twice: tuple[str, ...]  # names that a column of the user's and a feature or a rule have


def scale_of(asked: Forecast) -> Scale:
    """Return the scale on which effects add up."""
    return LOGARITHMS if asked.effects == "relative" else VALUES


def over_level(covariate: str) -> str:
    """Return what a covariate's mean over the level's window is called."""
    return f"{covariate}, mean of the level's window"


def level_steps(origins: Origins, asked: Forecast) -> int:
    """Return the length of the window whose mean is the level: whole weeks or seasons.

    52 weeks where the first fold has seen two years, else 13; where steps are longer than a week a year, or as many
    seasons as a quarter of the warm-up holds.
    """
    frequency = Frequency.of(asked.frequency)
    week = frequency.per_week
    warm = np.flatnonzero(origins.fold == WARM_UP)
    seen = int(origins.origin[warm[-1]] + origins.horizon) if len(warm) else origins.horizon
    if week is None:
        longest = asked.season[-1]
        return max(longest, longest * (seen // QUARTER // longest))
    wanted = week * (WEEKS_OF_YEAR if has_years(origins, frequency) else WEEKS)
    season = asked.season[-1]
    return max(min(wanted // season, max(seen // QUARTER // season, 1)) * season, season)


def known(panel: Panel, origins: Origins, asked: Forecast, length: int) -> Known:
    """Return the features and forecasts of every target; `length` is that of the level's window, in steps."""
    frequency, seasons, scale = Frequency.of(asked.frequency), asked.season, scale_of(asked)
    as_told, panel = panel, replace(panel, target=scale.there(panel.target))
    base = level(panel.target, origins, length)
    found = _calendar(panel, origins, asked, frequency)
    over_all = np.broadcast_to(base[..., None], (len(panel.target), *origins.targets.shape))
    found[LEVEL_NAME] = Feature(Seen(over_all, np.zeros(origins.horizon, np.int64)), LEVEL)
    if origins.horizon > 1:
        step = np.arange(1, origins.horizon + 1, dtype=np.float64)
        found["step"] = Feature(_of_all(step, panel, origins), "step")
    if len(panel.target) > 1:
        of_series = np.arange(len(panel.target), dtype=np.float64)[:, None, None]
        found["series"] = Feature(_of_all(of_series, panel, origins), "series", panel.names)
    groups: tuple[tuple[str, Mapping[str, Seen]], ...] = (
        ("known ahead", known_ahead(panel, origins)),
        ("history", history(panel, origins, seasons, base)),
        ("past covariates", past(panel, origins)),
        ("neighbours", neighbours(panel, origins, seasons, length)),
    )
    ruled = forecasts(as_told.target, origins, seasons, scale)
    twice: list[str] = []
    for role, group in groups:
        twice += [name for name in group if name in found or name in ruled]
        found |= {name: Feature(seen, role, panel.levels.get(name, ())) for name, seen in group.items()}
    for name, seen in known_before(panel, origins, length).items():
        twice += [over_level(name)] if over_level(name) in found or over_level(name) in ruled else []
        found[over_level(name)] = Feature(seen, LEVEL)
    return Known(found, ruled, base, tuple(twice))


def _calendar(panel: Panel, origins: Origins, asked: Forecast, frequency: Frequency) -> dict[str, Feature]:
    """Return what the calendar says: places in the seasons, each series' own, and the time of the year."""
    found: dict[str, Feature] = {}
    longest: Season | None = None
    for period in asked.season:
        longest = Season(period, frequency, panel.times)
        place = longest.place[origins.targets].astype(np.float64)
        found[longest.title] = Feature(_of_all(place[None], panel, origins), "calendar", longest.names)
    if longest is not None and len(panel.target) > 1:
        count = len(panel.target)
        if count * longest.period <= MOST_OWN:
            own = np.arange(count)[:, None, None] * longest.period + longest.place[origins.targets][None]
            names = tuple(f"{series}, {name}" for series in panel.names for name in longest.names)
            found[f"series and {longest.title}"] = Feature(Seen(own.astype(np.float64), None), "calendar", names)
        else:
            profile = own_profile(panel.target, longest.place, origins)
            found[f"own profile by {longest.title}"] = Feature(Seen(profile, None), "calendar")
    if has_years(origins, frequency) and frequency.per_year > asked.season[-1]:
        waves = year_waves(panel.times, origins)
        found |= {name: Feature(_of_all(one.values, panel, origins), "calendar") for name, one in waves.items()}
    return found


def _of_all(values: Floats, panel: Panel, origins: Origins) -> Seen:
    """Return values that are known ahead, spread over all series, blocks and steps."""
    return Seen(np.broadcast_to(values, (len(panel.target), *origins.targets.shape)), None)
