"""Whether a split leaves rows enough to score a model on."""

from collections.abc import Iterator

import numpy as np

from pipelines.core.errors import InputError, quote
from pipelines.core.project import Project
from pipelines.core.table import FOLDS
from pipelines.metrics import metric_of
from pipelines.splits import SPLITS, Splitting
from pipelines.targets import Target

MIN_TEST_ROWS = 10  # fewer decide nothing: one row would be a tenth of the score
# Of each class; with four, one bootstrap resample in fifty holds none of them, and the score does not exist.
MIN_TEST_CLASS = 5
MIN_TEST_GROUPS = 5  # groups are what the bootstrap draws
MIN_FOLD_ROWS = 4
MIN_FOLD_CLASS = 2
TEST_SET = "the test set"  # in messages


class TooFewError(InputError):
    """A part of the split holds too few rows; `flags` and `ways` say the same to a user of `sevenfold new`."""

    flags: str = ""  # which split was asked for
    ways: str = ""  # which would be another


def first_with_enough(
    draws: Iterator[Splitting],
    target: Target,
    y: np.ndarray,
    labels: list[str] | None,
    group: np.ndarray | None,
    project: Project,
    where: str,
) -> Splitting:
    """Return the first draw whose parts hold enough rows; raise the error of the first one where none does."""
    refused: TooFewError | None = None
    for splitting in draws:
        try:
            check_sizes(splitting, target, y, labels, group, project, where)
        except TooFewError as error:
            refused = refused or error
        else:
            return splitting
    if refused is None:
        message = "a split draws at least once"
        raise ValueError(message)
    raise refused


def check_sizes(
    splitting: Splitting,
    target: Target,
    y: np.ndarray,
    labels: list[str] | None,
    group: np.ndarray | None,
    project: Project,
    where: str,
) -> None:
    """Raise TooFewError where the test rows (or their groups) or a fold are too few to score a model on."""
    needed = target.indispensable(y)
    parts = [(TEST_SET, splitting.test, MIN_TEST_ROWS, MIN_TEST_CLASS)]
    parts += [(f"fold {f}", splitting.fold == f, MIN_FOLD_ROWS, MIN_FOLD_CLASS) for f in range(FOLDS)]
    for name, rows, fewest, fewest_of_class in parts:
        if rows.sum() < fewest:
            raise _too_few(name, f"{rows.sum()} row(s)", f"at least {fewest} rows", project, where)
        for number, label in enumerate(labels or ()):
            if (hits := int((rows & (y == number)).sum())) < fewest_of_class:
                found = f"{hits} row(s) of class {quote(label)} of {quote(project.problem.target)}"
                raise _too_few(name, found, f"at least {fewest_of_class} rows of every class", project, where)
        if needed is not None and (hits := int((rows & needed).sum())) < fewest_of_class:
            found = f"{hits} row(s) with {quote(project.problem.target)} above 0"
            raise _too_few(name, found, f"at least {fewest_of_class} such rows", project, where)
    if group is not None and (groups := len(np.unique(group[splitting.test]))) < MIN_TEST_GROUPS:
        raise _too_few(TEST_SET, f"{groups} group(s)", f"at least {MIN_TEST_GROUPS} groups", project, where)
    if metric_of(project.metric).needs_spread and len(np.unique(y[splitting.test])) == 1:
        raise _too_few(TEST_SET, "one value of the target", "two or more values", project, where)


def _too_few(name: str, found: str, allowed: str, project: Project, where: str) -> TooFewError:
    split = project.split
    todo = SPLITS[split.kind].too_few(split, testing=name == TEST_SET)
    kind = f"split.kind = {split.kind!r}" + (f", split.column = {quote(split.column)}" if split.column else "")
    error = TooFewError(
        f"too few rows for metric {project.metric.primary!r}: {name} holds {found}",
        where=f"{where}, {kind}",
        allowed=f"{name} with {allowed}",
        todo=todo,
    )
    error.flags, error.ways = SPLITS[split.kind].flags(split), SPLITS[split.kind].ways()
    return error
