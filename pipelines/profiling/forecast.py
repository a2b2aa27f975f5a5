"""The draft of a forecast: its flags, the place of each column in [forecast], its metric."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from pipelines.core.errors import InputError, quote
from pipelines.core.project import TYPES_OF
from pipelines.inputs import Category, Date, Guess
from pipelines.metrics import METRICS
from pipelines.metrics.of_forecasts import OF_ALL_SIZES, OF_COUNTS, OF_ONE
from pipelines.profiling.asked import Asked
from pipelines.profiling.problem import Framed, frame_problem, margin_of
from pipelines.profiling.series import Guessed, guess_series, moves_together, times_of
from pipelines.series.frequency import Frequency
from pipelines.targets.forecast import Forecast

WHOLE_FROM = 100  # sizes are shown without decimals
OF_ONE_SIZE = 10  # times the median of the smallest series: below it one error weighs alike in all
LARGEST_HORIZON = 10_000  # steps, as [forecast] has it
PAST = "a guess: known once its step is over; if it is known before (a plan, a price list), move it to `known`"
ALIKE = "; it is the same for all series at each time"
KEPT = "--keep says so; labels can be known ahead alone"


@dataclass(frozen=True)
class Drafted:
    """A forecast as its project file says it: what each column is, and settings with their reasons."""

    guesses: Mapping[str, Guess]  # of all columns
    guessed: Guessed
    known: list[tuple[str, str]]
    past: list[tuple[str, str]]
    framed: Framed


def check_forecast_flags(asked: Asked) -> None:
    """Raise InputError where flags of forecasts stand without `--horizon`, or flags that none has stand beside it."""
    if asked.horizon is None:
        _check_no_forecast(asked)
        return
    if not 1 <= asked.horizon <= LARGEST_HORIZON:
        raise InputError(
            f"--horizon is {asked.horizon}",
            where="the command",
            allowed=f"a number of steps from 1 to {LARGEST_HORIZON:,}",
            todo="write how many steps ahead a forecast looks",
        )
    strange = {
        "--id": asked.id, "--group": asked.group, "--split-column": asked.split_column, "--test": asked.test,
        "--positive": asked.positive, "--task": None if asked.task == Forecast.name else asked.task,
    }  # fmt: skip
    given = [flag for flag, value in strange.items() if value is not None]
    if given:
        raise InputError(
            f"{' and '.join(given)} and --horizon are given",
            where="the command",
            allowed="--time, --series, --drop, --keep, --missing, --fill, --leave-out, --metric and --effort: a "
            "forecast is tested on its last steps",
            todo=f"leave {given[0]} out, or leave --horizon out",
        )
    if asked.time is None:
        todo = "name the column of time with --time"
        raise InputError("--horizon is given without --time", where="the command", todo=todo)
    for name in asked.series:
        if name == asked.time or asked.series.count(name) > 1:
            twice = "the column of time" if name == asked.time else "named twice"
            raise InputError(f"{quote(name)} is {twice}", where="--series", todo="name each column once")
    if asked.leave_out and not asked.series:
        raise InputError(
            "--leave-out is given without --series", where="the command", todo="name the columns that name a series"
        )


def _check_no_forecast(asked: Asked) -> None:
    """Raise InputError where something asks for a forecast, and no horizon is said."""
    flags = {
        "--series": bool(asked.series), "--fill": asked.fill is not None, "--leave-out": bool(asked.leave_out),
        f"--task {Forecast.name}": asked.task == Forecast.name,
    }  # fmt: skip
    given = [flag for flag, said in flags.items() if said]
    if given:
        raise InputError(
            f"{' and '.join(given)} {'are' if len(given) > 1 else 'is'} given without --horizon",
            where="the command",
            allowed="for forecasts alone",
            todo="say with --horizon how many steps ahead a forecast looks, or leave that out",
        )


def draft_forecast(frame: pd.DataFrame, asked: Asked, guesses: Mapping[str, Guess]) -> Drafted:
    """Return what a project file says of a forecast; `guesses` are those of columns by themselves.

    Raises InputError where the column of time holds no dates, or the target cannot be forecast.
    """
    task = replace(asked, task=Forecast.name, metric=asked.metric or OF_ONE)
    framed = frame_problem(frame[asked.target], guesses[asked.target], task)
    time = guesses[str(asked.time)]
    if time.type != Date.name:
        raise InputError(
            f"the cells of {quote(time.name)} are no dates: {time.seen}",
            where=f"--time, {asked.file}",
            allowed="dates, all written in one way, with a time of day where steps are hours",
            todo="write the time as a date, or name another column",
        )
    placed = _placed(guesses, asked, time)
    times = times_of(frame, asked, time)
    guessed = guess_series(frame, asked, placed, times)
    keys = {asked.time, asked.target, *asked.series}
    others = [guess for name, guess in placed.items() if guess.type is not None and name not in keys]
    known = [(one.name, KEPT) for one in others if one.type == Category.name]
    past = [
        (one.name, PAST + (ALIKE if asked.series and moves_together(frame, one.name, times) else ""))
        for one in others if one.type != Category.name
    ]  # fmt: skip
    if asked.metric is None:
        framed = _with_metric(framed, frame[asked.target], guessed)
    return Drafted(placed, guessed, known, past, replace(framed, task=(Forecast.name, "--horizon says so")))


def _placed(guesses: Mapping[str, Guess], asked: Asked, time: Guess) -> dict[str, Guess]:
    """Return the guesses, with types that time and series may have; what no list of [forecast] may hold is dropped."""
    hourless = tuple((key, value) for key, value in time.keys if key != "hour")  # the step says it
    placed = {**guesses, time.name: replace(time, keys=hourless, missing=0.0)}
    for name in asked.series:
        one = placed[name]
        kind = one.type if one.type in TYPES_OF["series"] else Category.name
        placed[name] = replace(one, type=kind, missing=0.0, format=None, least=None, unit=None, keys=())
    placed[asked.target] = replace(placed[asked.target], missing=0.0)
    for name, one in placed.items():
        if one.type is None or name in (time.name, asked.target, *asked.series):
            continue
        if one.type not in _allowed(name, asked):
            why = "labels can be known ahead alone: declare it and name it in forecast.known if they are"
            why = why if one.type == Category.name else f"a column of type {one.type} is no covariate"
            placed[name] = Guess(name, None, f"{one.seen}; {why}")
    return placed


def _allowed(name: str, asked: Asked) -> Collection[str]:
    """Return the types that a covariate may have: labels only where the user wants to keep them."""
    return TYPES_OF["known"] if name in asked.keep else TYPES_OF["past"]


def _with_metric(framed: Framed, values: pd.Series, guessed: Guessed) -> Framed:
    """Return the problem with the metric that series like these are judged by, and its margin."""
    least, most = guessed.sizes
    if guessed.series > 1 and (guessed.counts or most >= OF_ONE_SIZE * least):
        metric = METRICS[OF_COUNTS if guessed.counts else OF_ALL_SIZES]
        why = "a guess: several series of counts, and what is large weighs most"
        if not guessed.counts:
            why = f"a guess: medians of series from {_size(least)} to {_size(most)}, and all series count alike"
        return replace(framed, metric=(metric, why), margin=margin_of(values.dropna(), metric, "linear"))
    return replace(framed, metric=(METRICS[OF_ONE], "a guess: every unit of error counts alike"))


def _size(value: float) -> str:
    """Return a median in a few digits."""
    return f"{value:,.0f}" if value >= WHOLE_FROM else f"{value:.3g}"


def steps_ahead(horizon: int, frequency: str) -> str:
    """Return the horizon in words: "24 hours"."""
    return Frequency.of(frequency).spell(horizon)
