"""What the user's word makes of the guesses."""

import difflib
from collections.abc import Collection
from dataclasses import replace
from unicodedata import normalize

import pandas as pd

from pipelines.core.cells import ROWS
from pipelines.core.errors import InputError, quote
from pipelines.inputs import Boolean, Category, Date, Guess, Number, Text, is_amount
from pipelines.inputs.date_texts import odd_moment
from pipelines.profiling.asked import Asked
from pipelines.profiling.column import guess_column
from pipelines.profiling.dates import settle_dates
from pipelines.profiling.forecast import check_forecast_flags
from pipelines.profiling.groups import check_groups_flags, of_groups
from pipelines.splits import Column, Group, Time

MOST_NAMES = 12  # listed in a message


def check_flags(frame: pd.DataFrame, asked: Asked) -> None:
    """Raise InputError where a flag names no column or the target, or the rows would be split in two ways."""
    splitting = [("--time", asked.time), ("--group", asked.group), ("--split-column", asked.split_column)]
    check_groups_flags(asked)
    flags = [
        ("--target", None if of_groups(asked) else asked.target),
        ("--outcome", asked.outcome),
        ("--id", asked.id),
        *splitting,
        *(("--drop", name) for name in asked.drop),
    ]
    flags += [("--keep", name) for name in asked.keep] + [("--series", name) for name in asked.series]
    columns = [str(name) for name in frame.columns]
    for flag, name in flags:
        if name is None:
            continue
        if name not in columns:
            shown = ", ".join(quote(column) for column in columns[:MOST_NAMES])
            raise InputError(
                f"there is no column {quote(name)}",
                where=f"{flag}, {asked.file}",
                allowed=shown + (", …" if len(columns) > MOST_NAMES else ""),
                todo=_meant(name, columns),
            )
        if name == asked.answer and flag not in ("--target", "--outcome"):
            todo = f"leave {flag} out, or name another column"
            what = "target" if asked.target else "outcome"
            raise InputError(f"{quote(name)} is the {what}", where=flag, todo=todo)
    check_forecast_flags(asked)
    for flag, name in [*splitting, *(("--series", name) for name in asked.series)]:
        if name is not None and name in asked.drop:
            found = "the rows are split by it" if asked.horizon is None else "a forecast needs it"
            raise InputError(
                f"{quote(name)} is dropped, and {found}",
                where=f"--drop and {flag}",
                todo="leave --drop out: no model sees the column that rows are split by"
                if asked.horizon is None else "leave --drop out",
            )  # fmt: skip
    _check_test_share(asked)
    _check_kept(asked)
    given = [flag for flag, name in splitting if name is not None]
    if len(given) > 1:
        allowed = "one of them: rows are split in one way"
        raise InputError(
            f"{' and '.join(given)} are given", where="the command", allowed=allowed, todo="leave the others out"
        )


def _check_test_share(asked: Asked) -> None:
    """Raise InputError where the share of test rows is not a share, or a column of the file decides."""
    if asked.test is not None and not 0 < asked.test < 1:
        raise InputError(
            f"--test is {asked.test:g}",
            where="the command",
            allowed="a share of the rows between 0 and 1",
            todo="write 0.3",
        )
    if asked.test is not None and asked.split_column is not None:
        raise InputError(
            "--test and --split-column are given",
            where="the command",
            allowed="one of them: the column says which rows are for testing",
            todo="leave the other out",
        )


def _check_kept(asked: Asked) -> None:
    """Raise InputError where a column is to be a feature and none."""
    if both := [name for name in asked.keep if name in (*asked.drop, asked.id)]:
        raise InputError(
            f"{quote(both[0])} is to be kept and dropped",
            where="--keep and --drop or --id",
            allowed="one of them: a column that is dropped or names a row is no feature",
            todo="leave one of them out",
        )


def _meant(name: str, columns: Collection[str]) -> str:
    """Return what to do about a name that no column has."""
    same = normalize("NFC", name)  # é may be one character or two, which look the same
    twin = next((one for one in columns if normalize("NFC", one) == same), None)
    if twin is not None:
        return f"did you mean {twin!a}? It looks alike in other characters: copy it, or rename it in the file"
    near = difflib.get_close_matches(name, columns, n=1)
    return f"did you mean {quote(near[0])}?" if near else "name one of the file's columns"


def guess_columns(frame: pd.DataFrame, asked: Asked, codes: Collection[str]) -> dict[str, Guess]:
    """Return what each column is, by the user's word or a guess; the columns' own order.

    Raises InputError where the column that `--time` names has no order.
    """
    guesses = {
        str(name): guess_column(str(name), frame[name], codes=name in codes, kept=name in asked.keep)
        for name in frame.columns
    }
    answer = asked.answer
    if answer is not None and guesses[answer].type == Date.name and is_amount(frame[answer]):
        guesses[answer] = guess_column(answer, frame[answer], but=Date.name)
    guesses = settle_dates(frame, guesses)
    for name, seen in [*((name, "--drop says so") for name in asked.drop), (asked.id, "it identifies a row")]:
        if name is not None:
            guesses[name] = Guess(name, None, seen)
    for name, kinds in (
        (group_column(frame, asked), Group.column_types()),
        (asked.split_column, Column.column_types()),
    ):
        if name is not None and guesses[name].type not in kinds:
            found = guess_column(name, frame[name])
            guesses[name] = Guess(name, Category.name, found.seen, found.missing)
    for name, others in ((asked.time, (Category.name, Boolean.name)), (answer, ())):
        # Values that never repeat may still be moments or amounts, and labels have an order if the user says so.
        if name is not None and guesses[name].type in (None, *others) and _varies(frame[name]):
            guesses[name] = Guess(name, Number.name, guesses[name].seen)
    target = None if answer is None else guesses[answer]
    if target is not None and target.type in (Date.name, Text.name) and frame[answer].nunique() == 2:  # noqa: PLR2004 - classes, however named
        guesses[target.name] = replace(target, type=Category.name, format=None, keys=())
    if asked.time is not None and guesses[asked.time].type not in Time.column_types():
        odd = odd_moment(frame[asked.time])
        row = f", row {odd[0]}: {quote(odd[1])} ({ROWS})" if odd else ""
        raise InputError(
            f"the cells of {quote(asked.time)} have no order in time: {guesses[asked.time].seen}",
            where=f"--time, {asked.file}{row}",
            allowed="dates, all written in one way, or numbers",
            todo="fix the cells, or name another column",
        )
    return guesses


def group_column(frame: pd.DataFrame, asked: Asked) -> str | None:
    """Return the column whose rows stay together: the one said, or an identifier that repeats."""
    if asked.group is not None or asked.id is None or asked.time is not None or asked.split_column is not None:
        return asked.group
    return asked.id if frame[asked.id].duplicated().any() else None


def _varies(values: pd.Series) -> bool:
    return is_amount(values) and bool(values.min() < values.max())
