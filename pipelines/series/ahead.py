"""The next forecast of a saved model: from the history of all series to their next steps, with bands.

What the build learned of the beginning of the history (the end of the warm-up, the length of the level's window) is
read from its facts, so that a forecast from the history up to an origin of the build is the build's own, bit by bit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipelines.core.errors import InputError, quote
from pipelines.core.keys import SERIES, STEP
from pipelines.core.project import Forecast, Project
from pipelines.core.table import TEST, WARM_UP
from pipelines.facts.compare.forecasts import Bands
from pipelines.facts.define import ForecastFacts
from pipelines.inputs import is_category, level_codes
from pipelines.metrics import metric_of
from pipelines.models.saving.archive import SavedModel
from pipelines.rows.series import as_column, as_levels
from pipelines.series.bands import AS_IT_IS, sizes
from pipelines.series.checks import seasonal_errors
from pipelines.series.features import known, scale_of
from pipelines.series.frequency import Frequency
from pipelines.series.origins import Origins
from pipelines.series.panel import Panel
from pipelines.series.regular import Regular, regularise, series_of
from pipelines.targets import TARGETS
from pipelines.targets.arrays import Floats
from pipelines.targets.forecast import Forecast as Target
from pipelines.validation.checks import check_header, find_violations, parse_columns

WHERE = "the history"


@dataclass(frozen=True)
class _Rows:
    """The parsed rows, and which of them are of the past: those with a target."""

    columns: Mapping[str, pd.Series]
    clocks: Mapping[str, pd.Series]
    past: np.ndarray


def forecast_ahead(
    rows: pd.DataFrame, project: Project, model: SavedModel, built: ForecastFacts, bands: Bands | None = None
) -> pd.DataFrame:
    """Return the next `horizon` steps of each series: series, time, step, forecast, and with `bands` low and high.

    `rows` are raw rows with the columns of the project's file: the history from the build's first time on, and, where
    covariates are known ahead, a row with an empty target for each series and step to come. `built` are the facts of
    the build's step 1 (`forecast`), `bands` those of its step 6 (`forecasts/bands`); they hold for the forecast after
    the last one of the build. Forecasts are in the target's unit.

    Raises InputError where the project adds up events, a row breaks the declaration, the history does not begin as the
    build's did or ends between two origins, its series are others, or something that is known ahead is missing.
    """
    asked = project.asked_forecast
    parsed = _parsed(rows, project)
    regular = _past(parsed, project, asked)
    frequency = Frequency.of(asked.frequency)
    _as_built(regular, built, frequency)
    panel = _longer(regular.panel, parsed, asked, frequency)
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


def _parsed(rows: pd.DataFrame, project: Project) -> _Rows:
    """Return the rows with their columns as declared."""
    if project.panel is not None:
        raise InputError(
            "the project adds up events ([panel])",
            where=f"project {project.name}",
            allowed="a project whose file has a row for each series and step",
            todo="forecast from a project of the rows that [panel] makes",
        )
    check_header([str(name) for name in rows.columns], project, WHERE)
    parsed = parse_columns(rows, project)
    past = parsed[project.problem.target].typed.notna().to_numpy(bool)
    whole = rows[past].reset_index(drop=True)
    if not len(whole):
        raise InputError("no row has a target", where=WHERE, todo="give the past of the series")
    if broken := find_violations(whole, parse_columns(whole, project), project, WHERE):
        raise InputError(
            f"{len(broken[0].rows):,} row(s) break the declaration: {broken[0].reason}",
            where=f"{WHERE}, column {quote(broken[0].column)}, row {int(np.flatnonzero(past)[broken[0].rows[0]])}",
            todo="correct these rows: a forecast sets none aside",
        )
    values = {name: parsed[name].typed for name in parsed}
    clocks = {name: one.clock for name, one in parsed.items() if one.clock is not None}
    return _Rows(values, clocks, past)


def _past(rows: _Rows, project: Project, asked: Forecast) -> Regular:
    """Return the series of the history."""
    values = {name: column[rows.past] for name, column in rows.columns.items()}
    clocks = {name: column[rows.past] for name, column in rows.clocks.items()}
    y = TARGETS[project.problem.task].encode(values[project.problem.target], None, project.problem, WHERE)
    return regularise(values, clocks, y, asked, WHERE)


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


def _longer(past: Panel, rows: _Rows, asked: Forecast, frequency: Frequency) -> Panel:
    """Return the panel with the steps to come: what is known ahead of them, and nothing else."""
    steps, more = past.steps, asked.horizon
    times = frequency.times(past.times[0], steps + more)

    def room(values: Floats) -> Floats:
        return np.pad(values, ((0, 0), (0, more)), constant_values=np.nan)

    known_ahead = {name: room(values) for name, values in past.known.items()}
    later = ~rows.past
    if known_ahead:
        _set_later(known_ahead, rows, later, times, past, asked, frequency)
    return replace(
        past, target=room(past.target), known=known_ahead,
        past={name: room(values) for name, values in past.past.items()}, oracle={}, times=times,
    )  # fmt: skip


def _set_later(
    known_ahead: Mapping[str, Floats], rows: _Rows, later: np.ndarray, times: np.ndarray, past: Panel, asked: Forecast,
    frequency: Frequency,
) -> None:  # fmt: skip
    """Set what is known of the steps to come; raise InputError where a value is missing."""
    moment = rows.clocks.get(asked.time, rows.columns[asked.time])[later].to_numpy("datetime64[s]")
    names, series = series_of(
        {name: rows.columns[name][later] for name in asked.series}, asked.series, len(moment), WHERE
    )
    place = {name: at for at, name in enumerate(past.names)}
    at = {time: step for step, time in enumerate(times)}
    step = np.array([at.get(one, -1) for one in moment], np.int64)
    of = np.array([place.get(names[one], -1) for one in series], np.int64)
    there = (step >= past.steps) & (of >= 0)
    for name, values in known_ahead.items():
        column = rows.columns[name][later]
        numbers = (
            np.where(level_codes(column) < 0, np.nan, level_codes(column)) if is_category(column)
            else column.to_numpy(np.float64, na_value=np.nan)
        )  # fmt: skip
        values[of[there], step[there]] = numbers[there]
        missing = np.argwhere(np.isnan(values[:, past.steps :]))
        if len(missing):
            one, step_ahead = missing[0]
            time = frequency.label(times[past.steps + step_ahead])
            raise InputError(
                f"column {quote(name)} is known ahead, and is missing at {time}"
                + (f" of {quote(past.names[one])}" if past.names[one] else ""),
                where=WHERE,
                allowed="a row with an empty target for each series and step to come",
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
