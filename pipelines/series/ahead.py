"""The next forecast of a saved model: from the history of all series to their next steps, with bands.

What the build learned of the beginning of the history (the end of the warm-up, the length of the level's window) is
read from its facts, so that a forecast from the history up to an origin of the build is the build's own, bit by bit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd

from pipelines.core.errors import InputError, quote
from pipelines.core.keys import SERIES, STEP
from pipelines.core.project import Forecast, Project
from pipelines.core.table import TEST, WARM_UP
from pipelines.facts.compare.forecasts import Bands
from pipelines.facts.define import ForecastFacts
from pipelines.inputs import Parsed, is_category, level_codes
from pipelines.metrics import metric_of
from pipelines.models.saving.archive import SavedModel
from pipelines.rows.arranged import Clean
from pipelines.rows.series import as_column, as_levels, regular_of
from pipelines.series.bands import AS_IT_IS, sizes
from pipelines.series.checks import seasonal_errors
from pipelines.series.events import Again
from pipelines.series.features import known, scale_of
from pipelines.series.frequency import Frequency
from pipelines.series.origins import Origins
from pipelines.series.panel import Panel
from pipelines.series.regular import Regular, series_of
from pipelines.targets.arrays import Booleans, Floats, Integers
from pipelines.targets.forecast import Forecast as Target
from pipelines.validation.checks import check_header, find_violations, parse_columns

WHERE = "the history"
AHEAD = "what is said of the steps to come"


@dataclass(frozen=True)
class _Later:
    """What is known of steps to come. Arrays are (rows,)."""

    moment: np.ndarray  # datetime64[s]
    names: Sequence[str] | None  # of the series; None where all series share what is known
    series: Integers  # places among the names
    columns: Mapping[str, Floats]  # categories as places among their levels

    @classmethod
    def nothing(cls) -> Self:
        """Return that nothing is known."""
        return cls(np.empty(0, "datetime64[s]"), None, np.empty(0, np.int64), {})


def forecast_ahead(
    rows: pd.DataFrame, project: Project, model: SavedModel, built: ForecastFacts, bands: Bands | None = None, *,
    ahead: pd.DataFrame | None = None, until: np.datetime64 | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return the next `horizon` steps of each series: series, time, step, forecast, and with `bands` low and high.

    `rows` are raw rows with the columns of the project's file: the history from the build's first time on. `built` are
    the facts of the build's step 1 (`forecast`), `bands` those of its step 6 (`forecasts/bands`); they hold for the
    forecast after the last one of the build. Forecasts are in the target's unit.

    Columns that are known ahead are needed for the steps to come: in rows with an empty target, one for each series and
    step. Where the project adds up events ([panel]) they are given in `ahead`, which has the time, the columns that
    name a series (or none of them where all series share what is known) and the columns that are known, as numbers.
    There `until` is the last step that is over; without it that of the last event is.

    Raises InputError where a row breaks the declaration, the history does not begin as the build's did or ends between
    two origins, its series are others, or something that is known ahead is missing.
    """
    asked = project.asked_forecast
    frequency = Frequency.of(asked.frequency)
    if project.panel is None and (ahead is not None or until is not None):
        raise InputError(
            "`ahead` or `until` is given, and the project adds up no events",
            where=f"project {project.name}",
            allowed="these where [panel] makes the steps",
            todo="say what is known ahead in rows with an empty target; the last row with a target ends the history",
        )
    regular, later = _read(rows, project, built, until)
    _as_built(regular, built, frequency)
    if ahead is not None:
        later = _told(ahead, asked)
    panel = _longer(regular.panel, later, asked, frequency)
    origins = _origins(regular.panel, built, frequency)
    by_series = metric_of(project.metric).by_series
    scale = seasonal_errors(panel, origins, asked) if by_series else np.ones(len(panel.target))
    frame = _features(replace(panel, target=panel.target / scale[:, None]), origins, asked, built["level_steps"])
    forecast = model.predict(frame)
    unit = np.repeat(scale, asked.horizon)
    found = pd.DataFrame({
        "series": frame[SERIES].astype("str"),
        "time": np.tile(panel.times[origins.targets[-1]], len(panel.target)),
        "step": frame[STEP].to_numpy(np.int64),
        "forecast": forecast * unit,
    })  # fmt: skip
    if bands is None:
        return found
    low, high = _banded(forecast, found["step"].to_numpy(), asked, bands)
    return found.assign(low=low * unit, high=high * unit)


def _read(
    rows: pd.DataFrame, project: Project, built: ForecastFacts, until: np.datetime64 | None
) -> tuple[Regular, _Later]:
    """Return the series of the history, and what rows without a target say of the steps to come."""
    check_header([str(name) for name in rows.columns], project, WHERE)
    parsed = parse_columns(rows, project)
    if project.panel is not None:
        again = Again([*built["series_names"], *project.asked_forecast.leave_out], _over(parsed, project, until))
        clean = Clean.of(rows, parsed, find_violations(rows, parsed, project, WHERE), WHERE)
        return regular_of(clean, project, again)[0], _Later.nothing()
    past = parsed[project.problem.target].typed.notna().to_numpy(bool)
    whole = rows[past].reset_index(drop=True)
    if not len(whole):
        raise InputError("no row has a target", where=WHERE, todo="give the past of the series")
    of_past = {name: _part(one, past) for name, one in parsed.items()}
    clean = Clean.of(whole, of_past, find_violations(whole, of_past, project, WHERE), WHERE)
    return regular_of(clean, project)[0], _of_file(parsed, ~past, project.asked_forecast)


def _part(column: Parsed, rows: Booleans) -> Parsed:
    """Return some rows of a column, numbered from 0; categories keep all levels."""
    clock = None if column.clock is None else column.clock[rows].reset_index(drop=True)
    return Parsed(column.typed[rows].reset_index(drop=True), column.missing[rows], column.unreadable[rows], clock)


def _over(parsed: Mapping[str, Parsed], project: Project, until: np.datetime64 | None) -> np.datetime64 | None:
    """Return the last step that is over; raise InputError where events are later."""
    time = parsed[project.asked_forecast.time]
    last = (time.typed if time.clock is None else time.clock).max()
    if until is None or pd.isna(last):
        return until
    over = until.astype("datetime64[s]")
    end = Frequency.of(project.asked_forecast.frequency).times(over, 2)[1]
    if last.to_datetime64() >= end:
        raise InputError(
            f"the last event is of {last}, after the step {over} that is said to be the last",
            where=WHERE,
            allowed="events up to the end of that step",
            todo="leave these events out, or give a later `until`",
        )
    return over


def _of_file(parsed: Mapping[str, Parsed], later: Booleans, asked: Forecast) -> _Later:
    """Return what rows of the file say of the steps to come."""
    time = parsed[asked.time]
    moment = (time.typed if time.clock is None else time.clock)[later].to_numpy("datetime64[s]")
    names, series = series_of(
        {name: parsed[name].typed[later] for name in asked.series}, asked.series, len(moment), WHERE
    )
    return _Later(moment, names, series, {name: _numbers(parsed[name].typed[later]) for name in asked.known})


def _numbers(column: pd.Series) -> Floats:
    """Return numbers, or the places of categories among their levels."""
    if is_category(column):
        return np.where(level_codes(column) < 0, np.nan, level_codes(column)).astype(np.float64)
    return column.to_numpy(np.float64, na_value=np.nan)


def _told(ahead: pd.DataFrame, asked: Forecast) -> _Later:
    """Return what a frame of its own says of the steps to come; raise InputError where it lacks a column."""
    by = [name for name in asked.series if name in ahead]
    lacking = [name for name in (asked.time, *(asked.series if by else ()), *asked.known) if name not in ahead]
    if lacking:
        raise InputError(
            f"column {quote(lacking[0])} is not there",
            where=AHEAD,
            allowed=f"columns {', '.join(map(quote, (asked.time, *asked.series, *asked.known)))}; none that names a "
            "series where all share what is known",
            todo="add the column",
        )
    moment = pd.to_datetime(ahead[asked.time], errors="coerce")
    columns = {
        name: pd.to_numeric(ahead[name], errors="coerce").to_numpy(np.float64, na_value=np.nan) for name in asked.known
    }
    names, series = series_of({name: ahead[name] for name in by}, by, len(ahead), AHEAD)
    return _Later(moment.to_numpy("datetime64[s]"), names if by else None, series, columns)


def _as_built(regular: Regular, built: ForecastFacts, frequency: Frequency) -> None:
    """Raise InputError where the series, their begin or their origins are not those of the build."""
    panel = regular.panel
    other = sorted({*panel.names} ^ {*built["series_names"]})
    if other:
        raise InputError(
            f"series {quote(other[0])} is {'not in the history' if other[0] in built['series_names'] else 'unknown'}",
            where=WHERE,
            allowed=f"the {built['series']:,} series that the model was built with",
            todo="give these series alone, or build again",
        )
    begin = frequency.label(panel.times[0])
    if begin != built["first"]:
        raise InputError(
            f"the history begins at {begin}",
            where=WHERE,
            allowed=f"the first time of the build, {built['first']}: levels and seasons are followed from there",
            todo="give the whole history",
        )
    beyond = (panel.steps - built["steps"]) % built["horizon"]
    if beyond:
        raise InputError(
            f"the history ends at {frequency.label(panel.times[-1])}, between two origins",
            where=WHERE,
            allowed=f"histories that end a multiple of {built['horizon']} steps before or after {built['last']}",
            todo=f"leave out the last {beyond} step(s), or wait for {built['horizon'] - beyond} more",
        )


def _origins(past: Panel, built: ForecastFacts, frequency: Frequency) -> Origins:
    """Return the build's last origin of the warm-up, and the history's last step as the one of a test."""
    wanted = built["parts"][0]["last"]
    labels = [frequency.label(time) for time in past.times]
    if wanted not in labels:
        raise InputError(
            f"the history ends at {labels[-1]}, before the build's warm-up does",
            where=WHERE,
            allowed=f"a history beyond {wanted}",
            todo="give the whole history",
        )
    origin = np.array([labels.index(wanted) - built["horizon"], past.steps - 1], np.int64)
    return Origins(built["horizon"], origin, np.array([0, 1], np.int64), np.array([WARM_UP, TEST], np.int64))


def _longer(past: Panel, later: _Later, asked: Forecast, frequency: Frequency) -> Panel:
    """Return the panel with the steps to come: what is known ahead of them, and nothing else."""
    steps, more = past.steps, asked.horizon
    times = frequency.times(past.times[0], steps + more)

    def room(values: Floats) -> Floats:
        return np.pad(values, ((0, 0), (0, more)), constant_values=np.nan)

    known_ahead = {name: room(values) for name, values in past.known.items()}
    if known_ahead:
        _set_later(known_ahead, later, times, past, frequency)
    return replace(
        past, target=room(past.target), known=known_ahead,
        past={name: room(values) for name, values in past.past.items()}, oracle={}, times=times,
    )  # fmt: skip


def _set_later(
    known_ahead: Mapping[str, Floats], later: _Later, times: np.ndarray, past: Panel, frequency: Frequency
) -> None:
    """Set what is known of the steps to come; raise InputError where a value is missing."""
    at = {time: step for step, time in enumerate(times)}
    step = np.array([at.get(one, -1) for one in later.moment], np.int64)
    place = {name: at for at, name in enumerate(past.names)}
    if later.names is None:  # shared by all
        of = np.tile(np.arange(len(past.names))[:, None], len(step))
    else:
        of = np.array([[place.get(later.names[one], -1) for one in later.series]], np.int64)
    there = np.broadcast_to((step >= past.steps) & (of >= 0), of.shape)
    for name, values in known_ahead.items():
        if name in later.columns:
            told = np.broadcast_to(later.columns[name], of.shape)
            values[of[there], np.broadcast_to(step, of.shape)[there]] = told[there]
        missing = np.argwhere(np.isnan(values[:, past.steps :]))
        if len(missing):
            one, step_ahead = missing[0]
            time = frequency.label(times[past.steps + step_ahead])
            raise InputError(
                f"column {quote(name)} is known ahead, and is missing at {time}"
                + (f" of {quote(past.names[one])}" if past.names[one] else ""),
                where=WHERE,
                allowed="a value for each series and step to come, in a row with an empty target or in `ahead`",
                todo="give what is known of these steps",
            )


def _features(panel: Panel, origins: Origins, asked: Forecast, length: int) -> pd.DataFrame:
    """Return the columns that the model was fitted with, of the last block: a row for each series and step."""
    seen = known(panel, origins, asked, length)
    count, horizon = len(panel.target), origins.horizon

    def flat(values: Floats) -> Floats:
        whole = np.broadcast_to(values, (count, len(origins.origin), horizon))
        return np.ascontiguousarray(whole[:, -1]).ravel()

    columns = {name: as_column(flat(one.seen.values), one.levels) for name, one in seen.features.items()}
    level = flat(scale_of(asked).back(seen.level[..., None]))
    for name, one in seen.methods.items():
        values = flat(one.values)
        columns[name] = pd.Series(np.where(np.isfinite(values), values, level))
    columns[SERIES] = pd.Series(as_levels(np.repeat(np.arange(count), horizon), panel.names))
    columns[STEP] = pd.Series(np.tile(np.arange(1, horizon + 1), count))
    return pd.DataFrame(columns)


def _banded(forecast: Floats, step: np.ndarray, asked: Forecast, bands: Bands) -> tuple[Floats, Floats]:
    """Return the lower and upper ends of the bands, on the scale that is modelled."""
    target = Target(relative=asked.effects == "relative")
    reach = np.array(bands["ahead"])[step - 1] * sizes(forecast, bands["score"])
    centre = target.label(forecast)
    low, high = target.inverse(centre - reach), target.inverse(centre + reach)
    return (low if bands["score"] == AS_IT_IS else np.maximum(low, 0.0)), high
