"""Which rows are for testing, and which fold holds out each training row: decided once, from one seed.

A *unit* is what must not be torn apart: a row, the rows of one group, or the rows that share all features. Units are
dealt out so that rows (and, for classes, the rows of each class) are spread as evenly as the units' sizes allow.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.core.cells import SHOWN, as_text
from pipelines.core.errors import InputError, quote
from pipelines.core.project import Project
from pipelines.core.table import FOLDS
from pipelines.inputs import holds_numbers
from pipelines.metrics import metric_of

DEALT = "at random, rows that belong together in one fold"
PERIODS = "contiguous periods of the training time"
MIN_TEST_ROWS = 10  # fewer decide nothing: one row would be a tenth of the score
# Of each class; with four, one bootstrap resample in fifty holds none of them, and the score does not exist.
MIN_TEST_CLASS = 5
MIN_TEST_GROUPS = 5  # groups are what the bootstrap draws
MIN_FOLD_ROWS = 4
MIN_FOLD_CLASS = 2
TEST_SET = "the test set"  # in messages


@dataclass(frozen=True)
class Splitting:
    """Where every row goes."""

    test: np.ndarray  # (rows,) bool
    fold: np.ndarray  # (rows,) int64: 0 to FOLDS - 1 for training rows, -1 for test rows
    fold_kind: str  # in words, what a fold is
    boundary: str | None = None  # time splits: the first time among the test rows


def split_by_units(units: np.ndarray, classes: np.ndarray, share: float, seed: int, *, stratify: bool) -> Splitting:
    """Return a split at random that keeps units whole.

    `units` and `classes` are int64 of shape (rows,), numbered from 0 (one class for regression); `share` is the share
    of rows to test on, met as nearly as whole units allow, within each class where `stratify`.
    """
    rng = np.random.default_rng(seed)
    sizes = np.bincount(units)
    strata = _strata(units, classes)
    test = _choose_test(sizes, strata if stratify else np.zeros_like(strata), share, rng)[units]
    return Splitting(test, deal_folds(units, classes, test, rng), DEALT)


def split_by_column(
    values: pd.Series, test_value: object, units: np.ndarray, classes: np.ndarray, seed: int
) -> Splitting:
    """Return the split that the file's own column gives: test rows hold `test_value`, all others are for training.

    The training rows are dealt to the folds as in `split_by_units`.
    """
    test = is_marked(values, test_value)
    return Splitting(test, deal_folds(units, classes, test, np.random.default_rng(seed)), DEALT)


def is_marked(values: pd.Series, test_value: object) -> np.ndarray:
    """Return which rows, (rows,) bool, hold the value that marks test rows."""
    return (values == (test_value if holds_numbers(values) else as_text(test_value))).to_numpy(bool)


def split_by_time(times: np.ndarray, share: float) -> Splitting:
    """Return the split into an earlier training and a later test period; equal times stay together.

    `times` is (rows,), float64 or datetime64. The folds are FOLDS contiguous periods of about equally many rows: each
    is predicted by models that saw the others, so that neighbours in time, which are alike, do not stand on both sides
    (blocked cross-validation: Bergmeir and Benitez 2012, Information Sciences 191; Roberts et al. 2017, Ecography 40).
    Folds that only ever look back would leave the first period without out-of-fold predictions.
    """
    moments, place = np.unique(times, return_inverse=True)
    seen = np.cumsum(np.bincount(place))  # rows up to and including each moment
    first_test = _cut(seen, (1 - share) * len(times))
    test = place >= first_test
    cuts = [_cut(seen, seen[first_test - 1] * (fold + 1) / FOLDS) for fold in range(FOLDS - 1)]
    fold = np.searchsorted(cuts, place, side="right").astype(np.int64)
    boundary = _moment_text(moments[first_test]) if first_test < len(moments) else None
    return Splitting(test, np.where(test, -1, fold), PERIODS, boundary)


def _moment_text(moment: np.float64 | np.datetime64) -> str:
    """Return a time as text: a date as ISO 8601, without the time of day at midnight; a number without idle zeros."""
    if isinstance(moment, np.datetime64):
        return pd.Timestamp(moment).isoformat(sep=" ").removesuffix(" 00:00:00")
    return str(int(moment)) if moment.is_integer() else str(float(moment))


def deal_folds(units: np.ndarray, classes: np.ndarray, test: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the fold of each row, -1 for test rows; units stay whole, classes are spread evenly over the folds."""
    present, local = np.unique(units[~test], return_inverse=True)
    sizes, strata = np.bincount(local, minlength=len(present)), _strata(local, classes[~test])
    fold_of_unit = np.zeros(len(present), np.int64)
    total = np.zeros(FOLDS, np.int64)
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        fold_of_unit[members] = _deal(sizes[members], total, rng)
        total += np.bincount(fold_of_unit[members], weights=sizes[members], minlength=FOLDS).astype(np.int64)
    fold = np.full(len(units), -1, np.int64)
    fold[~test] = fold_of_unit[local]
    return fold


def _cut(seen: np.ndarray, rows: float) -> int:
    """Return the moment before which about `rows` rows lie: at least 1, the nearest, the earlier of two."""
    return int(np.argmin(np.abs(seen - rows))) + 1


def _strata(units: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Return each unit's stratum: its rarest class, since that is the one which must not pile up."""
    counts = np.bincount(classes)
    rank = np.argsort(np.argsort(counts, kind="stable"), kind="stable")
    strata = np.full(units.max(initial=-1) + 1, len(counts), np.int64)
    np.minimum.at(strata, units, rank[classes])
    return strata


def _choose_test(sizes: np.ndarray, strata: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Return which units are for testing: in each stratum shuffled units, each if it still fits into the share.

    When none fits any more, the smallest unit left is taken too if that comes nearer to the share.
    """
    chosen = np.zeros(len(sizes), bool)
    for stratum in np.unique(strata):
        everyone = rng.permutation(np.flatnonzero(strata == stratum))
        room = int(np.rint(share * sizes[everyone].sum()))
        members = everyone
        while len(members := members[sizes[members] <= room]):
            fitting = int(np.searchsorted(np.cumsum(sizes[members]), room, side="right"))
            chosen[members[:fitting]] = True
            room -= int(sizes[members[:fitting]].sum())
            members = members[fitting:]
        left = everyone[~chosen[everyone]]
        if len(left) and sizes[smallest := left[np.argmin(sizes[left])]] - room < room:
            chosen[smallest] = True
    return chosen


def _deal(sizes: np.ndarray, total: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a fold for each unit: the largest first, each into the emptiest fold; single rows level the folds.

    `total` holds the rows already in each fold and decides between equally empty ones.
    """
    order = rng.permutation(len(sizes))
    order = order[np.argsort(-sizes[order], kind="stable")]
    folds = np.empty(len(sizes), np.int64)
    loads = [0] * FOLDS
    several = int((sizes > 1).sum())
    for unit in order[:several]:
        fold = min(range(FOLDS), key=lambda f: (loads[f], total[f]))
        folds[unit] = fold
        loads[fold] += int(sizes[unit])
    fill = _levelling(np.array(loads), total, len(sizes) - several)
    folds[order[several:]] = np.repeat(np.arange(FOLDS), fill)
    return folds


def _levelling(loads: np.ndarray, total: np.ndarray, rows: int) -> np.ndarray:
    """Return how many of `rows` single rows each fold gets, so that the loads become as equal as they can."""
    order = np.lexsort((total, loads))
    for lowest in range(FOLDS, 0, -1):
        level, rest = divmod(rows + int(loads[order[:lowest]].sum()), lowest)
        if level >= loads[order[lowest - 1]]:
            break
    fill = np.zeros(FOLDS, np.int64)
    fill[order[:lowest]] = level - loads[order[:lowest]]
    emptiest = order[:lowest][np.argsort(total[order[:lowest]], kind="stable")]
    fill[emptiest[:rest]] += 1
    return fill


def check_marks(values: pd.Series, project: Project, where: str) -> None:
    """Raise InputError where nothing, or something written a little otherwise, is marked as a test row.

    `values` is the split column as parsed, where the split is by column.
    """
    if project.split.kind != "column":
        return
    distinct = values.dropna().drop_duplicates()
    marked = is_marked(distinct, project.split.test_value)
    mark, others = as_text(project.split.test_value), [as_text(value) for value in distinct[~marked]]
    near = [other for other in others if other.strip().casefold() == mark.strip().casefold()]
    if near or not marked.any():
        raise InputError(
            f"{quote(mark)} marks test rows, but {f'some hold {quote(near[0])}' if near else 'no row holds it'}",
            where=f"{where}, column {quote(str(project.split.column))} (split.column, split.test_value)",
            allowed=f"one of its values: {', '.join(map(quote, others[:SHOWN]))}",
            todo="write every mark alike, or correct split.test_value",
        )


def check_sizes(
    splitting: Splitting,
    y: np.ndarray,
    labels: list[str] | None,
    group: np.ndarray | None,
    project: Project,
    where: str,
) -> None:
    """Raise InputError where the test rows (or their groups) or a fold are too few to score a model on."""
    parts = [(TEST_SET, splitting.test, MIN_TEST_ROWS, MIN_TEST_CLASS)]
    parts += [(f"fold {f}", splitting.fold == f, MIN_FOLD_ROWS, MIN_FOLD_CLASS) for f in range(FOLDS)]
    for name, rows, fewest, fewest_of_class in parts:
        if rows.sum() < fewest:
            raise _too_few(name, f"{rows.sum()} row(s)", f"at least {fewest} rows", project, where)
        for number, label in enumerate(labels or ()):
            if (hits := int((rows & (y == number)).sum())) < fewest_of_class:
                found = f"{hits} row(s) of class {quote(label)} of {quote(project.problem.target)}"
                raise _too_few(name, found, f"at least {fewest_of_class} rows of every class", project, where)
    if group is not None and (groups := len(np.unique(group[splitting.test]))) < MIN_TEST_GROUPS:
        raise _too_few(TEST_SET, f"{groups} group(s)", f"at least {MIN_TEST_GROUPS} groups", project, where)
    if metric_of(project.metric).needs_spread and len(np.unique(y[splitting.test])) == 1:
        raise _too_few(TEST_SET, "one value of the target", "two or more values", project, where)


def _too_few(name: str, found: str, allowed: str, project: Project, where: str) -> InputError:
    split = project.split
    marks = "mark rows" if name == TEST_SET else "mark fewer rows"
    todo = {
        "group": "split by smaller groups, change split.test, or take more data",
        "time": "change split.test, or take more data: the rarest class must occur throughout the time",
        "column": f"{marks} with {quote(as_text(split.test_value))} (split.test_value) in {quote(str(split.column))}",
    }.get(split.kind, "change split.test, or take more data")
    kind = f"split.kind = {split.kind!r}" + (f", split.column = {quote(split.column)}" if split.column else "")
    return InputError(
        f"too few rows for metric {project.metric.primary!r}: {name} holds {found}",
        where=f"{where}, {kind}",
        allowed=f"{name} with {allowed}",
        todo=todo,
    )
