"""Rows that are moments of series: each is a target, with what was known at the origin of its forecast."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipelines.core.cells import SHOWN
from pipelines.core.errors import InputError, quote
from pipelines.core.keys import SCALE, SERIES, STEP, TIME
from pipelines.core.project import Forecast, Project
from pipelines.core.table import TEST, WARM_UP
from pipelines.facts.define import Feature as FeatureFacts
from pipelines.facts.define import ForecastFacts, Gathered, Guarded, OriginsPart, Repeated, SeriesFeature
from pipelines.inputs import LEVELLED, NUMERIC, Category, Number
from pipelines.metrics import metric_of
from pipelines.rows.arranged import Arranged, Clean, RowsKind
from pipelines.series import guard as guards
from pipelines.series.checks import check_lengths, check_series
from pipelines.series.events import Again, gather
from pipelines.series.features import WEEKS, Known, known, level_steps, over_level, scale_of
from pipelines.series.frequency import Frequency
from pipelines.series.history import Seen
from pipelines.series.methods import NAIVE
from pipelines.series.origins import Origins, lay_origins
from pipelines.series.panel import Panel
from pipelines.series.regular import Regular, regularise
from pipelines.splits import Splitting
from pipelines.targets import TARGETS
from pipelines.targets.arrays import Booleans, Floats, Integers
from pipelines.targets.forecast import ORACLE
from pipelines.targets.forecast import Forecast as Target

if TYPE_CHECKING:
    import pandera.pandas as pandera

IN_UNIT = ("level", "history", "neighbours")  # roles of features that are values of the target
MOST_NAMES = 12  # that a message lists
KNOWN = "known ahead"
GUARDED = 3  # origins for which the future is replaced by noise, and every feature made again
FORWARD = "stretches of time one after another; each is predicted from what came before it"
NO_REPEATS = "moments of series have no copies"


class Series(RowsKind):
    """Rows that are moments of series."""

    sets_aside = False

    def arrange(self, clean: Clean, project: Project) -> Arranged:
        """Return a row for each series and target, in the order of series and time."""
        asked, where = project.asked_forecast, clean.where
        regular, events = regular_of(clean, project)
        frequency = Frequency.of(asked.frequency)
        panel = regular.panel
        check_lengths(panel, asked, _within(where, panel, frequency))
        origins = lay_origins(
            panel.steps, asked.horizon, _looked_back(asked), frequency.per_week, _within(where, panel, frequency),
            asked.test, WEEKS * (frequency.per_week or 0),
        )  # fmt: skip
        scale = check_series(regular, origins, asked, where)
        metric = metric_of(project.metric)
        scales = scale if metric.by_series else np.ones(len(scale))
        panel = replace(panel, target=panel.target / scales[:, None])
        length = level_steps(origins, asked)
        _from_zero(panel, asked, where)
        seen = known(panel, origins, asked, length)
        _names_are_free(seen, panel, where)
        guarded = _guarded(panel, origins, asked, length, project.split.seed, where)
        return _arranged(_Laid(panel, origins, seen, scales, length, scale), regular, guarded, events, project)

    def schema(self, project: Project, arranged: Arranged | None = None) -> dict[str, "pandera.Column"]:  # noqa: ARG002 - as arranged
        """Return numbers and categories as they were made, and the keys of forecasts."""
        import pandera.pandas as pandera

        if arranged is None:
            message = "the columns of series are known once they are made"
            raise ValueError(message)
        above = pandera.Check.gt(0)
        columns = {
            "time_block": pandera.Column("int64", pandera.Check.ge(0)),
            SERIES: pandera.Column(LEVELLED.name), TIME: pandera.Column("datetime64[s]"),
            STEP: pandera.Column("int64", above),
            SCALE: pandera.Column("float64", above),
        }  # fmt: skip
        for one in arranged.described:
            dtype = LEVELLED.name if one["kind"] == LEVELLED.seen_as else "float64"
            columns[one["name"]] = pandera.Column(dtype, nullable=True)
        return columns | {name: pandera.Column("float64", nullable=True) for name in arranged.methods}


def regular_of(clean: Clean, project: Project, again: Again | None = None) -> tuple[Regular, Gathered | None]:
    """Return the series of a file's rows, and of events, which are added up first, what became of them.

    With `again` events are added up as they were before, from a longer history.
    """
    asked, where = project.asked_forecast, clean.where
    values, events = clean.columns, None
    if project.panel is None:
        _none_set_aside(clean, asked)
    else:
        # Events are added up by the clock of their place; an hour that comes twice in autumn does no harm there.
        values = {**values, **{name: one for name, one in clean.clocks.items() if name == asked.time}}
        gathered = gather(values, clean.raw.iloc[clean.row_id], project.panel, asked, where, again)
        values, events = gathered.columns, gathered.facts
        _target_is_whole(values, project, where)
    kind = TARGETS[project.problem.task]
    y = kind.encode(values[project.problem.target], None, project.problem, where)
    return regularise(values, {} if events else clean.clocks, y, asked, where), events


class _Laid:
    """Series with their origins and all that is known of each target."""

    def __init__(
        self, panel: Panel, origins: Origins, seen: Known, scales: Floats, level_length: int, errors: Floats
    ) -> None:
        self.panel, self.origins, self.seen, self.scales = panel, origins, seen, scales
        self.level_length, self.errors = level_length, errors
        shape = (len(panel.target), *origins.targets.shape)
        self.target = panel.target[:, origins.targets]
        self.level = np.broadcast_to(seen.level[..., None], shape)
        self.rows: Booleans = np.isfinite(self.target) & np.isfinite(self.level)

    @property
    def naive(self) -> Floats:
        """The dummy's forecasts, (series, blocks, horizon)."""
        seen = self.seen.methods[NAIVE]
        return seen.values  # noqa: PD011 - not a frame

    def flat(self, values: Floats | Integers) -> Floats:
        """Return (series, blocks, horizon), or what can be spread to it, as a column (rows,)."""
        return np.ascontiguousarray(np.broadcast_to(values, self.target.shape)[self.rows])


def _arranged(laid: _Laid, regular: Regular, guarded: Guarded, events: Gathered | None, project: Project) -> Arranged:
    """Return the table's columns."""
    origins, panel = laid.origins, laid.panel
    count, (blocks, horizon) = len(panel.target), origins.targets.shape
    series = laid.flat(np.arange(count)[:, None, None]).astype(np.int64)
    block = laid.flat(np.arange(blocks)[None, :, None]).astype(np.int64)
    step = laid.flat(np.arange(1, horizon + 1)).astype(np.int64)
    at = origins.origin[block] + step
    fold, unit = origins.fold[block], origins.unit[block]
    y = laid.flat(laid.target)
    row_id = series * panel.steps + at
    features, described, facts = {}, [], []
    for name, one in laid.seen.features.items():
        values = laid.flat(one.seen.values)
        features[name] = as_column(values, one.levels)
        kind = LEVELLED if one.levels else NUMERIC
        origin = next((one for one in panel.known if name in (one, over_level(one))), project.problem.target)
        role = one.role if origin == project.problem.target else KNOWN  # a covariate's mean has no unit of the target
        described.append(_described(name, kind.seen_as, origin, role, project))
        facts.append(_series_feature(name, one.role, one.seen))
    methods = {name: laid.flat(one.values) for name, one in laid.seen.methods.items()}
    level = laid.flat(scale_of(project.asked_forecast).back(laid.level))
    methods = {name: np.where(np.isfinite(values), values, level) for name, values in methods.items()}
    oracles = {f"{ORACLE}{name}": laid.flat(one[:, origins.targets]) for name, one in panel.oracle.items()}
    methods |= oracles
    more = {
        "time_block": unit.astype(np.int64), SERIES: as_levels(series, panel.names),
        TIME: panel.times[at].astype("datetime64[s]"), STEP: step,
        SCALE: laid.scales[series],
    }  # fmt: skip
    test = fold == TEST
    boundary = Frequency.of(project.asked_forecast.frequency).label(panel.times[at[test].min()])
    splitting = Splitting(test, fold.astype(np.int64), FORWARD, boundary)
    forecast = _facts(laid, regular, facts, guarded, project.asked_forecast)
    if events is not None:
        forecast["events"] = events
    metric = metric_of(project.metric)
    target = Target().knowing(squares_errors=metric.squares_errors, forecast=forecast)
    nothing: Repeated = {"rows": 0, "conflicting": 0, "across_split": 0, "across_folds": 0}
    return Arranged(
        row_id, y, target, None, features, described, splitting, {**nothing, "treatment": NO_REPEATS}, more, methods,
        forecast,
    )  # fmt: skip


def as_column(values: Floats, levels: tuple[str, ...]) -> pd.Series:
    """Return numbers as float64, places among levels as a category."""
    if not levels:
        return pd.Series(values, dtype=np.float64)
    codes = np.where(np.isfinite(values), values, -1).astype(np.int64)
    return pd.Series(as_levels(codes, levels))


def as_levels(codes: Integers, names: Sequence[str]) -> pd.Categorical:
    """Return places among names as a category, -1 where it is missing."""
    found: pd.Categorical = pd.Categorical.from_codes(codes, pd.Index(list(names), dtype="str"))
    return found


def _described(name: str, kind: str, origin: str, role: str, project: Project) -> FeatureFacts:
    """Return what a feature is; it has the unit of its column, or of the target where effects add up in that."""
    column = project.columns.declared.get(origin) if name == origin else None  # none of what is made
    of_target = role in IN_UNIT and project.asked_forecast.effects == "absolute"
    unit = (project.problem.unit if of_target else None) if column is None else column.unit
    found = (Number.name if kind == NUMERIC.seen_as else Category.name) if column is None else column.type
    return {"name": name, "kind": kind, "from": origin, "type": found, "unit": unit}


def _series_feature(name: str, role: str, seen: Seen) -> SeriesFeature:
    reach = None if seen.reach is None else int(seen.reach.max())
    return {"name": name, "role": role, "reach": reach}  # type: ignore[typeddict-item]


def _none_set_aside(clean: Clean, asked: Forecast) -> None:
    """Raise InputError where rows were set aside: they would leave holes in the series."""
    if len(clean.row_id) == len(clean.raw):
        return
    aside = np.setdiff1d(np.arange(len(clean.raw)), clean.row_id)
    first, shown = int(aside[0]), ", ".join(map(str, aside[:SHOWN]))
    cells = clean.raw.iloc[first]
    of = "".join(f", {name} {quote(str(cells[name]))}" for name in asked.series)
    broken = next((one for one in clean.violations if first in one.rows), None)
    why = "" if broken is None else f"column {quote(broken.column)}: {broken.reason}; "
    raise InputError(
        f"{len(aside):,} row(s) break the declaration, and a forecast sets none aside: that would leave holes",
        where=f"{clean.where}, row {shown} ({why}{asked.time} {quote(str(cells[asked.time]))}{of})",
        allowed="rows that keep to [columns], each with a target",
        todo="correct these rows, or the declaration",
    )


def _target_is_whole(values: Mapping[str, pd.Series], project: Project, where: str) -> None:
    """Raise InputError where a target made of events is missing: the mean of nothing is no value."""
    asked, target = project.asked_forecast, project.problem.target
    missing = np.flatnonzero(values[target].isna())
    if not len(missing):
        return
    first = int(missing[0])
    time = Frequency.of(asked.frequency).label(values[asked.time].to_numpy("datetime64[s]")[first])
    of = "".join(f", {name} {quote(str(values[name].iloc[first]))}" for name in asked.series)
    raise InputError(
        f"the target {quote(target)} is a mean of events (panel.mean), and {len(missing):,} step(s) have none",
        where=f"{where}, the first at {time}{of}",
        allowed="events in every step of a series, from its first to the last of the file",
        todo="take a sum or a count as the target, a longer frequency, or a larger panel.least",
    )


def _names_are_free(seen: Known, panel: Panel, where: str) -> None:
    """Raise InputError where a column has the name of a feature that forecasts make."""
    if not seen.twice:
        return
    name = next((one for one in panel.known if one in seen.twice), seen.twice[0])
    raise InputError(
        f"column {quote(name)} has the name of something that every forecast has",
        where=where,
        allowed=f"other names than {', '.join(map(quote, [*seen.features, *seen.methods][:MOST_NAMES]))} ...",
        todo="rename the column, in the file and in the project file",
    )


def _from_zero(panel: Panel, asked: Forecast, where: str) -> None:
    """Raise InputError where effects are relative, and a value is below 0."""
    if asked.effects == "relative" and (low := panel.target < 0).any():
        one, at = np.argwhere(low)[0]
        of = f" of series {quote(panel.names[one])}" if panel.names[one] else ""
        raise InputError(
            f"{int(low.sum()):,} value(s) of the target are below 0, the first{of} at "
            f"{Frequency.of(asked.frequency).label(panel.times[at])}",
            where=where,
            allowed='values from 0 where forecast.effects = "relative"',
            todo='take forecast.effects = "absolute", or correct the values',
        )


def _looked_back(asked: Forecast) -> int:
    """Return the steps that a forecast looks back on at the very least."""
    return 2 * asked.season[-1]


def _within(where: str, panel: Panel, frequency: Frequency) -> str:
    return f"{where}, {frequency.label(panel.times[0])} to {frequency.label(panel.times[-1])}"


def _guarded(panel: Panel, origins: Origins, asked: Forecast, length: int, seed: int, where: str) -> Guarded:
    """Return what the guard looked at; raise InputError where a feature looks beyond its origin."""

    def make(one: Panel, at: Origins) -> Mapping[str, Seen]:
        made = known(one, at, asked, length)
        return {name: feature.seen for name, feature in made.features.items()} | dict(made.methods)

    found = guards.guard(make, panel, origins, GUARDED, seed)
    if found.clean:
        return {"origins": found.origins, "compared": found.compared, "declared": found.features}
    leaking = [*found.declared, *found.changed]
    raise InputError(
        f"the guard found features that know what comes after their origin: {', '.join(map(quote, leaking))}"
        if leaking else "the guard had nothing to compare",
        where=where,
        allowed="features that are made of what is known at the origin",
        todo="this is an error of Sevenfold or of a changed module below pipelines/series; report it",
    )  # fmt: skip


def _facts(
    laid: _Laid, regular: Regular, features: list[SeriesFeature], guarded: Guarded, asked: Forecast
) -> ForecastFacts:
    """Return how series became the table."""
    frequency, origins, panel = Frequency.of(asked.frequency), laid.origins, laid.panel
    sums = np.where(np.isfinite(panel.target), panel.target * laid.scales[:, None], 0).sum(axis=1)
    largest = np.argsort(-sums, kind="stable")[:SHOWN]
    of_first = origins.unit == origins.unit[-1]
    unit_steps = int(of_first.sum()) * origins.horizon
    warm = origins.fold == WARM_UP
    before = laid.rows & warm[None, :, None]
    naive = np.abs(laid.naive - laid.target)
    return {
        "series": len(panel.target), "names": [panel.names[one] for one in largest],
        "left_out": regular.left_out,
        "frequency": asked.frequency, "step": frequency.name, "steps": panel.steps,
        "first": frequency.label(panel.times[0]), "last": frequency.label(panel.times[-1]),
        "effects": asked.effects, "horizon": asked.horizon, "season": list(asked.season),
        "unit_steps": unit_steps, "unit_words": frequency.spell(unit_steps),
        "level_steps": laid.level_length,
        "yearly": any(one["name"].startswith("year ") for one in features),
        "parts": [_part(name, fold, origins, panel, frequency) for name, fold in _parts()],
        "filled": regular.filled, "filled_steps": regular.filled_steps,
        "features": features, "methods": _hidden(laid), "oracle": list(panel.oracle), "guard": guarded,
        "series_names": list(panel.names), "seasonal_errors": laid.errors.tolist(),
        "naive_error": float(np.nanmean(naive[before])),
    }  # fmt: skip


def _hidden(laid: _Laid) -> list[str]:
    """Return the table's columns that hold forecasts by rules, and oracles."""
    return [*laid.seen.methods, *(f"{ORACLE}{name}" for name in laid.panel.oracle)]


def _parts() -> list[tuple[str, int]]:
    return [("warm-up", WARM_UP), *((f"fold {fold}", fold) for fold in range(5)), ("test", TEST)]


def _part(name: str, fold: int, origins: Origins, panel: Panel, frequency: Frequency) -> OriginsPart:
    blocks = np.flatnonzero(origins.fold == fold)
    targets = origins.targets[blocks]
    return {
        "part": name, "blocks": len(blocks), "units": len(np.unique(origins.unit[blocks])),
        "first": frequency.label(panel.times[targets.min()]), "last": frequency.label(panel.times[targets.max()]),
    }  # fmt: skip
