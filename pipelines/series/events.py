"""A file of events becomes a panel: its lines are added up to one row for each series and step.

What is left out, and why, is counted: lines that stand twice, lines that a condition excludes, series with too few
events or too late a first one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.core.errors import InputError, quote
from pipelines.core.project import Forecast, Panel
from pipelines.core.table import TEST, WARM_UP
from pipelines.facts.define import Gathered
from pipelines.inputs import holds_numbers
from pipelines.inputs.conditions import Condition, Kept
from pipelines.series.frequency import Frequency, Times
from pipelines.series.origins import FEWEST_WARM_UP, Origins, lay_origins
from pipelines.series.regular import check_keys, check_span, series_of
from pipelines.targets.arrays import Booleans, Integers

WHOLE = 0.8  # of the last step that must be over, where steps are longer than a day


@dataclass(frozen=True)
class Lines:
    """The panel as rows of a file would be, one a series and step, and what became of the events."""

    columns: dict[str, pd.Series]  # time, series, and the columns that are made
    facts: Gathered


@dataclass(frozen=True)
class Again:
    """What a panel keeps that is made again, from a longer history: nothing is chosen again."""

    names: Sequence[str]  # its series
    until: np.datetime64 | None = None  # the last step that is over; None: the one of the last event


def gather(
    values: Mapping[str, pd.Series], whole: pd.DataFrame, panel: Panel, asked: Forecast, where: str,
    again: Again | None = None,
) -> Lines:  # fmt: skip
    """Return the panel of a file's events: `values` by column (lines,), `whole` the same lines with all raw columns.

    Each series has a row for each step from its first event to the last step of the file. Where nothing happened sums
    and counts are 0, and a mean is missing. With `again` the series are those of before, however often they sold.
    Raises InputError where no line is left, a line says no time or no series, or the last step is cut.
    """
    frequency = Frequency.of(asked.frequency)
    kept = _kept(values, whole, panel, where)
    kept.check_some("line of events", "lines that keep to panel.where", "correct panel.where")
    values = {name: column[kept.stay] for name, column in values.items()}
    check_keys(values, asked, where)
    lines = values[asked.time].index.to_numpy()
    frame = pd.DataFrame({name: column.to_numpy() for name, column in values.items()})
    moments = frame[asked.time].to_numpy("datetime64[s]")
    begins = _floor(moments, frequency)
    until = None if again is None else again.until
    if until is None:
        _last_is_whole(moments, begins, frequency, panel, where)
    frame[asked.time] = begins
    by = [*asked.series, asked.time]
    groups = frame.groupby(by, sort=True, observed=True)
    made: dict[str, pd.Series] = {name: groups[column].sum() for name, column in panel.sum.items()}
    made |= {name: groups[column].mean() for name, column in panel.mean.items()}
    if panel.count is not None:
        made[panel.count] = groups.size()
    rows = pd.DataFrame(made).reset_index()
    number, _ = frequency.numbers(rows[asked.time].to_numpy("datetime64[s]"))
    steps = int(number.max()) + 1
    if until is not None:
        steps = max(steps, int(frequency.numbers(np.array([begins.min(), until]))[0][1]) + 1)
    names, series = series_of({name: rows[name] for name in asked.series}, asked.series, len(rows), where)
    if again is None:
        origins = lay_origins(steps, asked.horizon, 2 * asked.season[-1], frequency.per_week, where, asked.test)
        enough, few, late = _enough(series, number, origins, panel.least)
    else:
        enough, few, late = np.isin(names, again.names), 0, 0
    stay = enough[series]
    if not stay.any():
        raise InputError(
            f"no series has events in {panel.least:,} steps before the test time",
            where=where,
            allowed="a panel.least that some series reach",
            todo="make panel.least smaller",
        )
    happened = np.zeros(steps, bool)
    happened[number] = True
    check_span(steps, int(enough.sum()), begins, lines, frequency, where)
    times = frequency.times(begins.min(), steps)
    rows, at = _every_step(
        rows[stay].reset_index(drop=True),
        series[stay],
        number[stay],
        times,
        asked,
        dict.fromkeys(made, 0.0) | dict.fromkeys(panel.mean, np.nan),
    )
    if panel.any is not None:
        rows[panel.any] = happened[at].astype(np.float64)
    facts: Gathered = {
        "lines": len(whole), "kept": int(kept.stay.sum()), "left_out": kept.left, "series": int(enough.sum()),
        "few": few, "late": late, "least": panel.least, "steps_without_events": int((~happened).sum()),
    }  # fmt: skip
    columns = {str(name): rows[name] for name in rows.columns}
    for name in asked.series:
        if not holds_numbers(columns[name]):
            columns[name] = pd.Series(pd.Categorical(columns[name]), index=columns[name].index)
    return Lines(columns, facts)


def _every_step(
    rows: pd.DataFrame,
    series: Integers,
    number: Integers,
    times: Times,
    asked: Forecast,
    empty: Mapping[str, float],
) -> tuple[pd.DataFrame, Integers]:
    """Return a row for each step of each series from its first event on, and the number of each row's step.

    Where nothing happened sums and counts are 0, and a mean is missing. Steps are numbered among `times`, those
    of all events.
    """
    steps, count = len(times), int(series.max()) + 1
    begin = np.full(count, steps, np.int64)
    np.minimum.at(begin, series, number)
    present = np.unique(series)
    length = steps - begin[present]
    of = np.repeat(present, length)
    at = np.concatenate([np.arange(begin[one], steps) for one in present])
    place = {(one, two): row for row, (one, two) in enumerate(zip(series.tolist(), number.tolist(), strict=True))}
    found = np.array([place.get((one, two), -1) for one, two in zip(of.tolist(), at.tolist(), strict=True)])
    names = rows.drop_duplicates(list(asked.series)) if asked.series else rows.iloc[:1]
    label = {int(series[row]): int(row) for row in names.index.to_numpy()}
    whole = pd.DataFrame({name: rows[name].to_numpy()[[label[int(one)] for one in of]] for name in asked.series})
    whole[asked.time] = times[at]
    for name, nothing in empty.items():
        values = rows[name].to_numpy(np.float64)
        whole[name] = np.where(found >= 0, values[found], nothing)
    return whole, at


def _kept(values: Mapping[str, pd.Series], whole: pd.DataFrame, panel: Panel, where: str) -> Kept:
    """Return which lines are kept, and how many each reason leaves out, in order."""
    kept = Kept(len(whole), where)
    if panel.once:
        kept.leave_copies(whole)
    for condition in (Condition.read(text, "panel.where") for text in panel.where):
        if condition.column not in values:
            raise InputError(
                f"panel.where names {quote(condition.column)}, which is not declared in [columns]",
                where=where, allowed=", ".join(map(quote, values)), todo="correct panel.where",
            )  # fmt: skip
        kept.leave_unless(condition, values[condition.column])
    return kept


def _floor(moments: np.ndarray, frequency: Frequency) -> np.ndarray:
    """Return the moment at which the step of each moment begins: whole hours, days, months, or weeks from Monday."""
    if frequency.unit == "mo":
        month = moments.astype("datetime64[M]").astype(np.int64)
        first = int(month.min())
        begin = first + (month - first) // frequency.count * frequency.count
        return begin.astype("datetime64[M]").astype("datetime64[s]")
    length = {"h": 3600, "d": 86400, "w": 604800}[frequency.unit] * frequency.count
    seconds = moments.astype("datetime64[s]").astype(np.int64)
    shift = 3 * 86400 if frequency.unit == "w" else 0  # 1970-01-01 was a Thursday
    start = (seconds + shift) // length * length - shift
    return start.astype("datetime64[s]")


def _last_is_whole(moments: np.ndarray, begins: np.ndarray, frequency: Frequency, panel: Panel, where: str) -> None:
    """Raise InputError where the last step of weeks or months is cut: it would look like a fall."""
    if frequency.unit not in ("w", "mo") or panel.cut_ends:
        return
    last = begins.max()
    end = frequency.times(last, 2)[1]
    over = (moments.max() - last) / (end - last)
    if over < WHOLE:
        raise InputError(
            f"the last {frequency.name}, from {frequency.label(last)}, is cut: its last event is of "
            f"{str(moments.max())[:10]}",
            where=where,
            allowed="whole steps: one that is cut looks like a fall",
            todo="leave it out with panel.where, or set panel.cut_ends = true if it really ends so early",
        )


def _enough(series: Integers, number: Integers, origins: Origins, least: int) -> tuple[Booleans, int, int]:
    """Return which series have events in enough steps before the test time and begin in time; and how many do not."""
    first_tested = int(origins.origin[origins.fold == TEST][0]) + 1
    count = int(series.max()) + 1
    before = number < first_tested
    events = np.bincount(series[before], minlength=count)
    begin = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(begin, series, number)
    units = np.unique(origins.unit[origins.fold == WARM_UP])
    latest = int(origins.origin[np.flatnonzero(origins.unit == units[-min(FEWEST_WARM_UP, len(units))])[0]])
    enough = events >= least
    late = enough & (begin > latest)
    return enough & ~late, int((~enough).sum()), int(late.sum())
