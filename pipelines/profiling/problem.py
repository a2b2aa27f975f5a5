"""What kind of question a target asks, which metric answers it, and how the rows may be split."""

import difflib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.core.errors import InputError, quote
from pipelines.inputs import (
    FALSE,
    LARGEST,
    TRUE,
    Boolean,
    Category,
    Date,
    Guess,
    Text,
    holds_numbers,
    is_amount,
)
from pipelines.inputs.category import remark
from pipelines.metrics import METRICS, Metric, metrics_for, proposed, why_not
from pipelines.profiling.asked import Asked
from pipelines.targets import TARGETS, Event, tasks_that_can
from pipelines.targets.classes import MOST_CLASSES

SMALLEST = 1e-30  # in size, of an amount that is not 0: the squares of much smaller ones vanish
HALF = 0.5  # share up to which a class is the rarer of two
SKEWED = 3.0  # times that the 99 % quantile lies further above the median than the median above the 1 % quantile
OF_SPREAD = 0.01  # of the target's standard deviation, where errors have its unit
ON_LOGS = 0.005  # half a per cent of the value


@dataclass(frozen=True)
class Framed:
    """Settings of the project file with their reasons: value and remark."""

    task: tuple[str, str]
    positive: tuple[str | int | float | bool | None, str]
    scale: tuple[str, str]
    metric: tuple[Metric, str]
    margin: tuple[float, str]


def frame_problem(values: pd.Series, guess: Guess, asked: Asked) -> Framed:
    """Return task, event, scale, metric and margin for a target's values; raise InputError where none would do."""
    present = values.dropna()
    if guess.type is None:
        raise InputError(
            f"the target {quote(guess.name)} cannot be learned: {guess.seen}",
            where=f"{asked.file}, --target",
            allowed="a column whose values repeat or are amounts, and vary",
            todo="name another column",
        )
    task, why = _task(present, guess, asked)
    can = TARGETS[task].can
    if "probabilities" not in can:
        _check_amounts(present, guess, asked, task)
    if "event" not in can and asked.positive is not None:
        raise InputError(
            f"the task is {task!r}, which has no event",
            where="--positive",
            allowed=f"for task {tasks_that_can('event')} alone",
            todo=f"leave it out, or take --task {Event.name}",
        )
    event = _event(present, guess, asked) if "event" in can else (None, "")
    scale = _scale(present, asked) if "log_scale" in can else ("linear", "")
    metric = _metric(present, task, asked, _event_share(present, event[0]))
    return Framed((task, why), event, scale, metric, margin_of(present, metric[0], scale[0]))


def _task(present: pd.Series, guess: Guess, asked: Asked) -> tuple[str, str]:
    if asked.task is not None and guess.type not in (Date.name, Text.name):
        return asked.task, ""
    for name, kind in TARGETS.items():
        if (why := kind.guess(present, guess.type)) is not None:
            return name, why
    raise InputError(
        f"the target {quote(guess.name)} is of type {guess.type} with {present.nunique():,} different values"
        + (remark(present) if guess.type == Category.name else ""),
        where=f"{asked.file}, --target",
        allowed=f"two values, up to {MOST_CLASSES} classes, or numbers",
        todo="name another column, or group its values",
    )


def _check_amounts(present: pd.Series, guess: Guess, asked: Asked, task: str) -> None:
    """Raise InputError where the target's values are no amounts."""
    odd = None
    if not is_amount(present):
        odd = next((text for text in present.astype("str") if not _is_number(text)), str(present.iloc[0]))
    elif not (fine := (present.abs() <= LARGEST) & ((present.abs() >= SMALLEST) | (present == 0))).all():
        odd = str(present[~fine].iloc[0])
    if odd is not None:
        raise InputError(
            f"the target {quote(guess.name)} holds {quote(odd)}",
            where=f"{asked.file}, --target",
            allowed=f"for task {task!r}: numbers up to {LARGEST:g} in size, and 0 or at least {SMALLEST:g}",
            todo="fix the cells, take another --task, or name another column",
        )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _event(present: pd.Series, guess: Guess, asked: Asked) -> tuple[str | int | float | bool, str]:
    """Return the value that counts as the event, as the project file writes it."""
    counts = present.value_counts()
    if asked.positive is not None:
        return _read_event(counts, guess, asked), ""
    if guess.type == Boolean.name:
        return _rarer_truth(present)
    rarer = counts.index[-1]
    value = str(rarer) if guess.type == Category.name else _plain(float(rarer))
    return value, f"a guess: the rarer of the two, {counts.iloc[-1]:,} of {len(present):,} rows"


def _rarer_truth(present: pd.Series) -> tuple[int | bool, str]:
    """Return the rarer truth value, what is true where both are as common."""
    true = _true(present)
    event = bool(true.mean() <= HALF)
    rows, whole = int((true == event).sum()), len(present)
    why = f"a guess: the rarer of the two, {rows:,} of {whole:,} rows"
    if not event:
        why += "; true is the common case, and a model that always says true would look good"
    as_digits = holds_numbers(present) and not isinstance(present.iloc[0], bool | np.bool_)
    return (int(event) if as_digits else event), why


def _true(present: pd.Series) -> pd.Series:
    """Return which truth values are true, however they are written."""
    if holds_numbers(present):
        return present > 0
    return present.astype("str").str.strip().str.lower().isin(TRUE)


def _event_share(present: pd.Series, event: str | float | bool | None) -> float | None:
    """Return the share of rows with the event; None without one."""
    if event is None:
        return None
    if isinstance(event, bool):
        return float((_true(present) == event).mean())
    return float((present.astype("str") == event if isinstance(event, str) else present == event).mean())


def _read_event(counts: pd.Series, guess: Guess, asked: Asked) -> str | int | float | bool:
    """Return the flag's value as the column's type has it; raise InputError where no row holds it."""
    said = str(asked.positive)
    values = {value_text(value): value for value in counts.index}
    if said in values:
        if guess.type == Category.name:
            return said
        if guess.type == Boolean.name and not holds_numbers(counts.index.to_series()):
            return said.strip().lower() in TRUE
        return _plain(float(values[said]))
    if guess.type == Boolean.name and said.lower() in {*TRUE, *FALSE}:
        return said.lower() in TRUE
    raise InputError(
        f"no row of {quote(asked.target)} holds {quote(said)}",
        where="--positive",
        allowed=", ".join(quote(text) for text in list(values)[:12]),
        todo="name one of its values",
    )


def _scale(present: pd.Series, asked: Asked) -> tuple[str, str]:
    if asked.metric in METRICS and METRICS[asked.metric].relative:
        return "linear", "errors count as shares of the value already"
    values = present.to_numpy(np.float64)
    low, middle, high = np.quantile(values, [0.01, 0.5, 0.99])
    if values.min() > 0 and high - middle > SKEWED * (middle - low):
        return "log", "a guess: all above 0 with a long upper tail, so errors count as shares of the value"
    return "linear", ""


def _metric(present: pd.Series, task: str, asked: Asked, event: float | None) -> tuple[Metric, str]:
    if asked.metric is not None:
        names = [metric.name for metric in metrics_for(task)]
        if asked.metric not in names:
            reason = why_not(asked.metric, task)
            near = [] if reason else difflib.get_close_matches(asked.metric, names, n=1)
            raise InputError(
                f"task {task!r} has no metric {quote(asked.metric)}{reason and '; '}{reason}",
                where="--metric",
                allowed=", ".join(names),
                todo=f"did you mean `{near[0]}`?" if near else "name one of these",
            )
        return METRICS[asked.metric], ""
    shares = present.value_counts(normalize=True)
    of_rarer = event is None or event <= HALF
    metric, why = proposed(task, float(shares.min()), float(shares.max()), event_is_rarer=of_rarer)
    return metric, f"a guess: {why}"


def margin_of(present: pd.Series, metric: Metric, scale: str) -> tuple[float, str]:
    """Return the margin; of errors in the target's unit, a share of its spread, to one digit."""
    if metric.draft_margin is not None:
        return metric.draft_margin, "a guess: the smallest difference that is worth acting on"
    if scale == "log":
        return ON_LOGS, "a guess: half a per cent of the value"
    spread = float(present.to_numpy(np.float64).std())
    share = OF_SPREAD * spread**metric.unit_power
    return float(f"{share:.1g}"), "a guess: a hundredth of the target's spread"


def _plain(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def value_text(value: object) -> str:
    """Return a cell as a user would write it: true, 1 and not 1.0."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(_plain(value)) if isinstance(value, float) else str(value)
