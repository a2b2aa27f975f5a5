"""The draft of a project that looks for groups: which columns make them, which describe them, which are left out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipelines.core.errors import InputError, quote
from pipelines.core.keys import DESCRIBES, RESERVED
from pipelines.inputs import Boolean, Category, Guess, Integer, Number
from pipelines.inputs.ordinal import Ordinal
from pipelines.metrics import METRICS, Metric, metrics_for, proposed
from pipelines.profiling.asked import Asked
from pipelines.rows.grouped_checks import COMMONEST, EQUAL, EXPLAINED, explained_by_others, nearest, numbers_rows
from pipelines.targets import TARGETS
from pipelines.targets.arrays import Floats

GROUPED = "grouped"  # of `Target.rows`
NUMBERS = (Integer.name, Number.name)
LABELS = (Category.name, Boolean.name, Ordinal.name)
GAPS = 0.2  # of the rows without a value, from which a column describes groups and makes none
SKEWED = 3.0  # times that the 99 % quantile lies further above the median than the median above the 1 % quantile
FEWEST = 2


@dataclass(frozen=True)
class Drafted:
    """A project of groups as its file says it: what each column is, and settings with their reasons."""

    guesses: Mapping[str, Guess]  # of all columns
    columns: list[tuple[str, str]]  # that make groups, and why
    describe: list[tuple[str, str]]
    by: tuple[str, str]
    scale: tuple[str, str]  # of the outcome
    missing: tuple[str, str]
    metric: tuple[Metric, str]


def of_groups(asked: Asked) -> bool:
    """Return whether the user asks for groups."""
    return is_of_groups(asked.task)


def is_of_groups(task: str | None) -> bool:
    """Return whether a task is to find groups."""
    return task is not None and TARGETS[task].rows == GROUPED


def check_target_given(target: str | None, task: str | None) -> None:
    """Raise InputError where no target is named, and the task needs one."""
    if target is None and not is_of_groups(task):
        names = ", ".join(repr(name) for name, kind in TARGETS.items() if kind.rows == GROUPED)
        raise InputError(
            "--target is missing",
            where="the command",
            allowed=f"a column of the table; only groups, --task {names}, have none",
            todo="name the column to predict",
        )


def check_groups_flags(asked: Asked) -> None:
    """Raise InputError where flags of other tasks stand beside a task of groups, or flags of groups beside others."""
    if not of_groups(asked):
        if asked.outcome is not None:
            raise _wrong("--outcome", "is for groups without a label", "name the column to predict with --target")
        return
    if asked.target:
        todo = "name what groups are scored by with --outcome, or leave it out"
        raise _wrong("--target", f"is given, and --task {asked.task} has no label", todo)
    given = {
        "--horizon": asked.horizon, "--series": asked.series, "--time": asked.time, "--group": asked.group,
        "--split-column": asked.split_column, "--positive": asked.positive, "--fill": asked.fill,
        "--leave-out": asked.leave_out,
    }  # fmt: skip
    flag = next((flag for flag, value in given.items() if value), None)
    if flag is not None:
        raise _wrong(flag, f"is given, and is not for --task {asked.task}", f"leave {flag} out")


def _wrong(flag: str, what: str, todo: str) -> InputError:
    allowed = "--outcome, --id, --drop, --keep, --missing, --test, --metric and --effort beside groups"
    return InputError(f"{flag} {what}", where="the command", allowed=allowed, todo=todo)


def draft_groups(frame: pd.DataFrame, asked: Asked, guesses: Mapping[str, Guess]) -> Drafted:
    """Return the draft of a table; raise InputError where fewer than two columns could make groups.

    What makes no groups is left out with its reason, in the order of what can be said of single columns, then of pairs.
    """
    made = dict(guesses)
    outcome, scale = _outcome(frame, asked, made)
    numbers = [name for name, one in made.items() if one.type in NUMBERS and name != outcome]
    describe = [(name, _seen(one)) for name, one in made.items() if one.type in LABELS and name != outcome]
    for name, one in made.items():
        if one.type is not None and one.type not in (*NUMBERS, *LABELS) and name != outcome:
            made[name] = Guess(name, None, f"of type {one.type}: it makes no groups, and describes none")
    for name in list(numbers):
        values = frame[name].to_numpy(np.float64)
        why = _alone(values)
        if why and name not in asked.keep:
            numbers.remove(name)
            describe.append((name, why))
        elif (how := numbers_rows(values[np.isfinite(values)])) and name not in asked.keep:
            numbers.remove(name)
            made[name] = Guess(name, None, f"it numbers the rows: {how}")
    there = frame[numbers].notna().all(axis="columns").to_numpy(bool) if numbers else np.ones(len(frame), bool)
    table = {name: frame[name].to_numpy(np.float64)[there] for name in numbers}
    for name, why in _together(table, [name for name in numbers if name in asked.keep]).items():
        numbers.remove(name)
        made[name] = Guess(name, None, why)
    if len(numbers) < FEWEST:
        raise InputError(
            f"{len(numbers)} column(s) could make groups: {', '.join(map(quote, numbers)) or 'none'}",
            where=asked.file,
            allowed=f"{FEWEST} columns of numbers or more, of which none is explained by another",
            todo="keep further columns with --keep, or take a table with more numbers",
        )
    gaps = int((~there).sum())
    missing = ("leave_out", f"{gaps:,} rows lack a value of these columns: filled alike they would be a group")
    metric = _metric(asked, outcome)
    kept = {name: replace(one, least=None) if name in numbers else one for name, one in made.items()}
    return Drafted(
        kept, [(name, _seen(made[name])) for name in numbers], describe, _by(table, numbers, frame, outcome, there),
        scale, missing if gaps else ("refuse", "no row lacks one"), metric,
    )  # fmt: skip


def _seen(guess: Guess) -> str:
    return guess.seen


def _alone(values: Floats) -> str:
    """Return why a column alone can make no groups, and describes them instead; "" where it can."""
    known = values[np.isfinite(values)]
    gaps = 1 - len(known) / max(len(values), 1)
    if gaps > GAPS:
        return f"no value in {gaps:.0%} of the rows: it describes groups, and makes none"
    found, counts = np.unique(known, return_counts=True)
    share = float(counts.max() / len(known))
    if share > COMMONEST:
        return (
            f"{found[int(np.argmax(counts))]:g} in {share:.0%} of the rows: the others would be a group by definition"
        )
    return ""


def _together(table: Mapping[str, Floats], kept: list[str]) -> dict[str, str]:
    """Return the columns that others are or explain, and why, the most explained first; not the `kept` ones."""
    left, out = dict(table), {}
    while len(left) > FEWEST:
        names, values = list(left), np.column_stack(list(left.values()))
        free = [place for place, name in enumerate(names) if name not in kept]
        equal = {place: nearest(place, values) for place in free}
        twin = max(equal, key=lambda place: (equal[place][1], place), default=None)
        if twin is not None and equal[twin][1] > EQUAL:
            other, share = equal[twin]
            out[names[twin]] = f"equals {names[other]} in {share:.0%} of the rows more than by chance"
            left.pop(names[twin])
            continue
        explained = explained_by_others(values)
        most = max(free, key=lambda place: (explained[place], place), default=None)
        if most is None or explained[most] <= EXPLAINED:
            break
        out[names[most]] = f"the other columns explain it: R2 {explained[most]:.4f} by straight lines"
        left.pop(names[most])
    return out


def _outcome(frame: pd.DataFrame, asked: Asked, guesses: dict[str, Guess]) -> tuple[str | None, tuple[str, str]]:
    """Return the outcome, declared as a number, and its scale with the reason."""
    name = asked.outcome
    if name is None:
        return None, ("linear", "")
    if guesses[name].type not in NUMBERS:
        raise InputError(
            f"the outcome {quote(name)} is no number: {guesses[name].seen}",
            where=f"--outcome, {asked.file}",
            allowed="a column of numbers that vary",
            todo="name another column, or leave --outcome out",
        )
    values = frame[name].dropna().to_numpy(np.float64)
    low, middle, high = np.quantile(values, [0.01, 0.5, 0.99])
    if values.min() < 0 or high - middle <= SKEWED * (middle - low):
        return name, ("linear", "")
    if values.min() > 0:
        return name, ("log", "a guess: all above 0 with a long upper tail")
    return name, (
        "log1p",
        f"a guess: from 0, which {float((values == 0).mean()):.0%} of the rows are, with a long tail",
    )


def _by(
    table: Mapping[str, Floats], numbers: list[str], frame: pd.DataFrame, outcome: str | None, there: np.ndarray
) -> tuple[str, str]:
    """Return the column of the baseline's quantiles: the one that goes most with the outcome, or with the others."""
    from scipy.stats import spearmanr

    if outcome is not None:
        y = frame[outcome].to_numpy(np.float64)[there]
        known = np.isfinite(y)
        strength = {name: abs(float(spearmanr(table[name][known], y[known]).statistic)) for name in numbers}
        best = max(numbers, key=lambda name: strength[name])
        return best, f"a guess: the rank correlation with the outcome is {strength[best]:.2f}, the strongest"
    explained = explained_by_others(np.column_stack([table[name] for name in numbers]))
    most = int(np.argmax(explained))
    return numbers[most], f"a guess: the other columns explain most of it, R2 {explained[most]:.2f}"


def _metric(asked: Asked, outcome: str | None) -> tuple[Metric, str]:
    """Return the metric, and why; raise InputError where the one asked for is none of groups."""
    kind = TARGETS[str(asked.task)].of(np.full(1, float(outcome is not None))).name  # rows without one are all 0
    if asked.metric is None:
        metric, why = proposed(kind, 1.0, 1.0)
        return metric, f"a guess: {why}"
    names = [metric.name for metric in metrics_for(kind)]
    if asked.metric not in names:
        raise InputError(
            f"groups {'with' if outcome else 'without'} an outcome have no metric {quote(asked.metric)}",
            where="--metric",
            allowed=", ".join(names),
            todo="name one of these",
        )
    return METRICS[asked.metric], ""


def check_names(columns: list[str], asked: Asked) -> None:
    """Raise InputError where a column has a name that tables of groups have."""
    own = next((name for name in columns if name in RESERVED or name.startswith(DESCRIBES)), None)
    if own is not None and own not in asked.drop:
        raise InputError(
            f"a column is called {quote(own)}, a name that tables have already",
            where=asked.file,
            todo="rename it in the file, or leave it out with --drop",
        )
