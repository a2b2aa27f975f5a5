"""Which rows break the project's declaration, and which columns break it so badly that no row can be trusted."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.core.cells import ROWS, SHOWN, as_text
from pipelines.core.errors import InputError, quote
from pipelines.core.project import Column, Project
from pipelines.inputs import INPUTS, Parsed

MOST_NAMES = 12  # listed in a message
NO_TARGET = "no target"
NO_SPLIT_VALUE = "no value to split by"


@dataclass(frozen=True)
class Violation:
    """Rows of one column that break the declaration for one reason."""

    column: str
    reason: str
    rows: np.ndarray  # int64 positions in the raw frame, ascending


def broken_rows(violations: Sequence[Violation]) -> np.ndarray:
    """Return the rows that break anything, int64, ascending, each once."""
    return np.unique(np.concatenate([np.empty(0, np.int64), *(violation.rows for violation in violations)]))


def check_header(names: list[str], project: Project, where: str) -> None:
    """Raise InputError unless the file's columns are exactly the declared and the dropped ones."""
    columns = project.columns
    known, found = dict.fromkeys([*columns.declared, *columns.drop]), dict.fromkeys(names)
    absent = [name for name in known if name not in found]
    extra = [name for name in found if name not in known]
    if absent:
        near = difflib.get_close_matches(absent[0], extra or names, n=1)
        what = "target" if absent[0] == project.problem.answer else "column"
        raise InputError(
            f"the {what} {quote(absent[0])} is not in the file{_more(absent)}",
            where=where,
            allowed=f"the file's columns: {_listed(names)}",
            todo=f"did you mean {quote(near[0])}?" if near else "correct [columns], or the file's header",
        )
    if extra:
        near = difflib.get_close_matches(extra[0], known, n=1)
        hint = f"; the nearest declared column is {quote(near[0])}" if near else ""
        raise InputError(
            f"the file's column {quote(extra[0])} is not declared{_more(extra)}{hint}",
            where=where,
            allowed="columns declared in [columns] or named in columns.drop",
            todo=f"add {quote(extra[0])} to [columns] or to `drop`",
        )


def parse_columns(raw: pd.DataFrame, project: Project) -> dict[str, Parsed]:
    """Return every declared column that is not dropped, parsed as declared."""
    return {name: INPUTS[column.type].parse(raw[name], column) for name, column in kept_columns(project).items()}


def kept_columns(project: Project) -> dict[str, Column]:
    """Return the declared columns that are not dropped: those that are checked and used."""
    columns = project.columns
    return {name: columns.with_missing(name) for name in columns.declared if name not in columns.drop}


def find_violations(raw: pd.DataFrame, parsed: dict[str, Parsed], project: Project, where: str) -> list[Violation]:
    """Return the violations, by column in declared order.

    Raises InputError where a column itself is at fault (more missing than declared, or a cell that is not of the
    declared type: then declaration and file disagree), or at the first violation under `on_invalid = "fail"`.
    """
    found: list[Violation] = []
    for name, column in kept_columns(project).items():
        found += _column_violations(raw[name], name, column, parsed[name], project, where)
    if found and project.columns.on_invalid == "fail":
        first = found[0]
        raise InputError(
            f"{len(first.rows)} row(s) of column {quote(first.column)}: {first.reason}{_more(found)}",
            where=f"{where}, {_examples(first.rows, raw[first.column])}",
            allowed=describe(project.columns.declared[first.column]),
            todo="fix the rows or the declaration, or set columns.on_invalid to 'quarantine'",
        )
    return found


def _column_violations(
    raw: pd.Series, name: str, column: Column, parsed: Parsed, project: Project, where: str
) -> list[Violation]:
    """Return what is wrong with the rows of one column; raise where the column itself is at fault."""
    _check_missing(name, column, parsed, where)
    _check_readable(raw, name, column, parsed, where)
    masks = INPUTS[column.type].broken(column, parsed.typed)
    if name == project.problem.answer:
        masks.append((NO_TARGET, parsed.missing))
    elif name == project.split.column:
        masks.append((NO_SPLIT_VALUE, parsed.missing))
    return [Violation(name, reason, np.flatnonzero(mask)) for reason, mask in masks if mask.any()]


def describe(column: Column) -> str:
    """Return in words what the declaration allows."""
    words = [column.type, *INPUTS[column.type].in_words(column)]
    if column.min is not None:
        words.append(f"at least {column.min}")
    if column.max is not None:
        words.append(f"at most {column.max}")
    if (only := INPUTS[column.type].declared_values(column)) is not None:
        words.append("one of " + ", ".join(as_text(value) for value in only[:MOST_NAMES]))
    words.append(f"missing in at most {percent(column.missing)} of the rows" if column.missing else "never missing")
    return ", ".join(words)


def percent(share: float) -> str:
    """Return a share as a percentage, with at most six significant digits: rarely is a limit missed by less."""
    return f"{100 * share:.6g} %"


def _check_missing(name: str, column: Column, parsed: Parsed, where: str) -> None:
    share = float(parsed.missing.mean()) if len(parsed.missing) else 0.0
    if share <= column.missing:
        return
    rows = np.flatnonzero(parsed.missing)
    raise InputError(
        f"column {quote(name)} is missing in {len(rows)} row(s) ({percent(share)}), more than declared",
        where=f"{where}, {_examples(rows)}",
        allowed=f"missing in at most {percent(column.missing)} of the rows",
        todo=f"fill the values in, or declare `missing` of {quote(name)} as the largest share that you accept",
    )


def _check_readable(raw: pd.Series, name: str, column: Column, parsed: Parsed, where: str) -> None:
    """Raise if a cell is unreadable: setting such rows aside would bias the rest."""
    rows = np.flatnonzero(parsed.unreadable)
    if not len(rows):
        return
    kind, share = INPUTS[column.type], percent(len(rows) / len(raw))
    why = kind.why_unreadable(raw.iloc[rows])
    raise InputError(
        f"{len(rows)} value(s) of column {quote(name)} ({share}): {why}",
        where=f"{where}, {_examples(rows, raw)}",
        allowed=describe(column),
        todo=f"fix the values, or change the type of {quote(name)} in [columns]"
        + (" (or its `format`)" if kind.formatted else ""),
    )


def _examples(rows: np.ndarray, raw: pd.Series | None = None) -> str:
    """Return the first rows in words, with their values where `raw` is given."""
    values = [
        "" if raw is None or pd.isna(raw.iloc[row]) else f": {quote(as_text(raw.iloc[row]))}" for row in rows[:SHOWN]
    ]
    shown = ", ".join(f"row {row}{value}" for row, value in zip(rows[:SHOWN], values, strict=True))
    return f"{shown}{', …' if len(rows) > SHOWN else ''} ({ROWS})"


def _listed(names: list[str]) -> str:
    return ", ".join(quote(name) for name in names[:MOST_NAMES]) + (", …" if len(names) > MOST_NAMES else "")


def _more(items: Sequence[object]) -> str:
    return f" (and {len(items) - 1} more)" if len(items) > 1 else ""
