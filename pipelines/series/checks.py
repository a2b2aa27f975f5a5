"""What series must hold to be forecast: refused by name where they do not, never fixed."""

from collections.abc import Iterator

import numpy as np

from pipelines.core.cells import SHOWN
from pipelines.core.errors import InputError, quote
from pipelines.core.project import Forecast
from pipelines.core.table import TEST, WARM_UP
from pipelines.series.frequency import Frequency
from pipelines.series.origins import FEWEST_WARM_UP, Origins
from pipelines.series.panel import Panel
from pipelines.series.regular import Regular
from pipelines.targets.arrays import Floats

MOST_SEASON = 4  # a season is at most this part of the history
FEW = 12  # steps, of which another message says how many more are needed
MOST_HORIZON = 3  # and the horizon this
SHIFTS = 3  # seasons and steps by which a covariate may be the target, shifted
SAME = 1e-9  # of the target's spread: two series that differ by less are one


def check_lengths(panel: Panel, asked: Forecast, where: str) -> None:
    """Raise InputError where a season is longer than a quarter of the history, or the horizon than a third."""
    if panel.steps < FEW:
        return
    for season in asked.season:
        if season * MOST_SEASON > panel.steps:
            raise InputError(
                f"forecast.season is {season} steps, and the history has {panel.steps:,}",
                where=where,
                allowed=f"at most a quarter of the history, {panel.steps // MOST_SEASON:,} steps",
                todo="take a shorter season, or a longer history",
            )
    if asked.horizon * MOST_HORIZON > panel.steps:
        raise InputError(
            f"forecast.horizon is {asked.horizon} steps, and the history has {panel.steps:,}",
            where=where,
            allowed=f"at most a third of the history, {panel.steps // MOST_HORIZON:,} steps",
            todo="make forecast.horizon smaller, or take a longer history",
        )


def check_series(regular: Regular, origins: Origins, asked: Forecast, where: str) -> Floats:
    """Return each series' mean absolute seasonal error in the warm-up, (series,), above 0.

    Raises InputError where a series begins too late or does not vary before the first fold, or a covariate that is said
    to be known is not, or is the target itself.
    """
    panel = regular.panel
    _begin_in_time(regular, origins, asked, where)
    errors = seasonal_errors(panel, origins, asked)
    _vary(errors, panel, origins, asked, where)
    _known(panel, origins, asked, where)
    _not_the_target(panel, asked, where)
    return errors


def _begin_in_time(regular: Regular, origins: Origins, asked: Forecast, where: str) -> None:
    """Raise InputError where a series has fewer than FEWEST_WARM_UP units before the first fold."""
    frequency, panel = Frequency.of(asked.frequency), regular.panel
    warm = np.flatnonzero(origins.fold == WARM_UP)
    units = np.unique(origins.unit[warm])
    first = int(origins.origin[np.flatnonzero(origins.unit == units[-min(FEWEST_WARM_UP, len(units))])[0]])
    late = np.flatnonzero(regular.begin > first)
    if len(late):
        one = late[np.argmax(regular.begin[late])]
        raise InputError(
            f"series {quote(panel.names[one])} begins at {frequency.label(panel.times[regular.begin[one]])}, too late"
            + _others(len(late) - 1),
            where=where,
            allowed=f"series that begin by {frequency.label(panel.times[first])}, so that a model can learn from them "
            "before the first fold",
            todo=f"leave them out by name: forecast.leave_out = [{_named(panel, late)}]",
        )


def seasonal_errors(panel: Panel, origins: Origins, asked: Forecast) -> Floats:
    """Return each series' mean absolute difference from its value a season before, in the warm-up, (series,).

    This is what MASE divides by (Hyndman and Koehler 2006, International Journal of Forecasting 22, 679-688), taken
    before the first fold, so that no score depends on what is scored.
    """
    warm = origins.fold == WARM_UP
    last = int(origins.origin[warm][-1] + origins.horizon)
    some = panel.target[:, : last + 1]
    season = min(asked.season[-1], some.shape[1] - 1)
    apart = np.abs(some[:, season:] - some[:, :-season])
    there = np.isfinite(apart)
    total = np.where(there, apart, 0.0).sum(axis=1)
    return np.divide(total, there.sum(axis=1), out=np.zeros(len(total)), where=there.any(axis=1))


def _vary(errors: Floats, panel: Panel, origins: Origins, asked: Forecast, where: str) -> None:
    """Raise InputError where a series is the same season after season before the first fold."""
    still = np.flatnonzero(errors <= 0)
    if len(still):
        label = Frequency.of(asked.frequency).label
        series = f"series {quote(panel.names[still[0]])}" if panel.names[still[0]] else "the series"
        begin, end = label(panel.times[0]), label(panel.times[origins.targets[origins.fold == WARM_UP].max()])
        raise InputError(
            f"{series} is the same season after season before the first fold, from {begin} to {end}"
            + _others(len(still) - 1),
            where=where,
            allowed="series that change there: errors are measured by it",
            todo=f"leave them out by name: forecast.leave_out = [{_named(panel, still)}]"
            if len(panel.target) > len(still) else "take another target",
        )  # fmt: skip


def _known(panel: Panel, origins: Origins, asked: Forecast, where: str) -> None:
    """Raise InputError where a covariate that is known ahead is missing for a target."""
    frequency = Frequency.of(asked.frequency)
    targets = np.zeros(panel.steps, bool)
    targets[origins.targets[origins.fold == TEST]] = True
    for name, values in panel.known.items():
        absent = np.isnan(values) & np.isfinite(panel.target) & targets
        if absent.any():
            one = int(np.argmax(absent.any(axis=1)))
            at = int(np.argmax(absent[one]))
            raise InputError(
                f"column {quote(name)} is in forecast.known, and is missing for {int(absent.sum()):,} of the targets "
                f"that test the forecast, first at {frequency.label(panel.times[at])}"
                + (f" of {quote(panel.names[one])}" if panel.names[one] else ""),
                where=where,
                allowed="a value for every target: it is known when the forecast is made",
                todo="fill the values in, or move the column to forecast.past",
            )


def _not_the_target(panel: Panel, asked: Forecast, where: str) -> None:
    """Raise InputError where a covariate that is known ahead is the target, now or some steps later."""
    for name, values in panel.known.items():
        if name in panel.levels:
            continue
        for shift in _shifts(asked):
            target = panel.target[:, shift:] if shift >= 0 else panel.target[:, :shift]
            covariate = values[:, : values.shape[1] - shift] if shift >= 0 else values[:, -shift:]
            both = np.isfinite(target) & np.isfinite(covariate)
            if not both.any() or np.ptp(target[both]) == 0:
                continue
            if np.abs(target - covariate)[both].max() <= SAME * float(np.std(target[both])):
                moved = "itself" if shift == 0 else f"{abs(shift)} step(s) {'later' if shift > 0 else 'earlier'}"
                raise InputError(
                    f"column {quote(name)} is in forecast.known, and equals the target {moved}",
                    where=where,
                    allowed="what is known of a moment long before it comes",
                    todo="drop the column: a forecast uses the target's past anyway",
                )


def _shifts(asked: Forecast) -> Iterator[int]:
    """Yield by how many steps a covariate may be ahead of the target (above 0), or behind it."""
    yield 0
    for step in range(1, SHIFTS + 1):
        yield step
        yield -step
    for season in asked.season:
        yield season
        yield -season
    yield asked.horizon


def _others(count: int) -> str:
    """Return that so many more series are alike."""
    return f" (and {count:,} more)" if count else ""


def _named(panel: Panel, places: np.ndarray) -> str:
    shown = ", ".join(quote(panel.names[one]) for one in places[:SHOWN])
    return shown + (", ..." if len(places) > SHOWN else "")
