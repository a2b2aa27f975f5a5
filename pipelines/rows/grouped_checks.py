"""What columns must be like to make groups: refused by name where they are not, never fixed."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.core.cells import SHOWN, value_label
from pipelines.core.errors import InputError, quote
from pipelines.facts.clusters import LookedColumn
from pipelines.groups.columns import Scaling
from pipelines.targets.arrays import Floats

FEWEST_ROWS = 200  # halves of fewer confirm nothing
ROWS_A_COLUMN = 20
FEWEST_COLUMNS = 2
COMMONEST = 0.9  # of the rows: a column with one value in more is that value, and a few exceptions
EXACT = 1 - 1e-9  # R2 by the others as they are, from which only rounding is left
SEED, MOST_ROWS = 7, 20_000  # rows that straight lines are fitted to
EXPLAINED = 0.99  # R2 by the other columns: what they explain leaves a density that is degenerate along it
EQUAL = 0.2  # of the rows, beyond chance: two columns that are one for so many
SURE = 0.9999  # correlation of ranks from which an outcome is a function of a column
REPEATED = 2  # rows a value, on average, from which one outcome a value is no accident
COLUMNS = "clusters.columns"


def check_columns(columns: Mapping[str, Floats], where: str) -> list[LookedColumn]:
    """Return what was looked at, by column; raise InputError where rows or columns are too few, or one is unfit.

    `columns` are float64 of shape (rows,), without missing values.
    """
    names, values = list(columns), np.column_stack(list(columns.values())) if columns else np.empty((0, 0))
    _enough(names, len(values), where)
    shares = [_varies(name, columns[name], where) for name in names]
    for name in names:
        _is_no_number(name, columns[name], where)
    equal = [nearest(place, values) for place in range(len(names))]
    for name, (other, share) in zip(names, equal, strict=True):
        _is_no_other(name, names[other], share, len(values), where)
    explained = explained_by_others(values)
    for place, name in enumerate(names):
        _is_not_explained(name, float(explained[place]), [other for other in names if other != name], where)
    return [
        {"name": name, "commonest": value, "commonest_share": most, "explained": float(one), "nearest": names[other],
         "equal": share}
        for name, (value, most), one, (other, share) in zip(names, shares, explained, equal, strict=True)
    ]  # fmt: skip


def check_missing(columns: Mapping[str, pd.Series], where: str) -> None:
    """Raise InputError where a column has no value for some rows: to fill them with one would make a group."""
    for name, column in columns.items():
        rows = np.flatnonzero(column.isna())
        if len(rows):
            raise InputError(
                f"column {quote(name)} has no value in {len(rows):,} of {len(column):,} rows",
                where=f"{where}, {COLUMNS}, row {_shown(column.index[rows])}",
                allowed="columns with a value in every row: rows that are filled alike would be a group",
                todo='set clusters.missing = "leave_out" to leave these rows out, fill them in the file, or leave the '
                "column out",
            )


def check_outcome(columns: Mapping[str, Floats], outcome: Floats, name: str, where: str) -> None:
    """Raise InputError where the outcome is a function of one column: then that column makes the best groups."""
    for column, values in columns.items():
        why = _function_of(values, outcome)
        if why:
            raise InputError(
                f"the outcome {quote(name)} is a function of column {quote(column)}: {why}",
                where=f"{where}, {len(values):,} rows",
                allowed="an outcome that lies after the columns, and is not one of them on another scale",
                todo=f"leave {quote(column)} out of {COLUMNS}, or take another outcome",
            )


def _function_of(values: Floats, outcome: Floats) -> str:
    """Return in words why an outcome is a function of a column; "" where it is not one."""
    from scipy.stats import spearmanr

    together = float(spearmanr(values, outcome).statistic)
    if abs(together) >= SURE:
        return f"the ranks of both have a correlation of {together:.4f}"
    frame = pd.DataFrame({"values": values, "outcome": outcome})
    different = frame["values"].nunique()
    if different * REPEATED <= len(frame) and float(np.ptp(outcome)) > 0:
        each = frame.groupby("values")["outcome"].nunique()
        if int(each.max()) == 1:
            return f"each of its {different:,} values has one outcome"
    return ""


def _enough(names: list[str], rows: int, where: str) -> None:
    """Raise InputError where there are too few columns, or rows for them."""
    if len(names) < FEWEST_COLUMNS:
        raise InputError(
            f"{COLUMNS} names {len(names)} column(s): {', '.join(map(quote, names)) or 'none'}",
            where=where,
            allowed=f"{FEWEST_COLUMNS} columns of numbers or more; one alone has humps in its histogram, not groups",
            todo="name more columns, or look at the histogram of the one",
        )
    needed = max(FEWEST_ROWS, ROWS_A_COLUMN * len(names))
    if rows < needed:
        raise InputError(
            f"{rows:,} rows are too few to find groups of {len(names)} columns",
            where=where,
            allowed=f"{needed:,} rows or more: {FEWEST_ROWS}, and {ROWS_A_COLUMN} a column",
            todo="take more rows, or fewer columns",
        )


def _varies(name: str, values: Floats, where: str) -> tuple[float, float]:
    """Return the commonest value and its share; raise InputError where it is nearly all there is."""
    found, counts = np.unique(values, return_counts=True)
    most = int(np.argmax(counts))
    value, share = float(found[most]), float(counts[most] / len(values))
    if len(found) == 1:
        raise InputError(
            f"column {quote(name)} holds only one value: {value_label(value)}",
            where=f"{where}, {COLUMNS}, {len(values):,} rows",
            allowed="columns that vary: one that does not distinguishes no rows",
            todo="leave it out",
        )
    if share > COMMONEST:
        raise InputError(
            f"column {quote(name)} is {value_label(value)} in {counts[most]:,} of {len(values):,} rows ({share:.1%})",
            where=f"{where}, {COLUMNS}",
            allowed=f"columns of which no value is in more than {COMMONEST:.0%} of the rows: the others would be a "
            "group by definition",
            todo="leave it out, or show it by group in clusters.describe",
        )
    return value, share


def _is_no_number(name: str, values: Floats, where: str) -> None:
    """Raise InputError where a column numbers the rows."""
    if how := numbers_rows(values):
        raise InputError(
            f"column {quote(name)} numbers the rows: {how}",
            where=f"{where}, {COLUMNS}, {len(values):,} rows",
            allowed="columns that say what a row is like",
            todo="drop it in [columns]",
        )


def numbers_rows(values: Floats) -> str:
    """Return in words how a column numbers the rows; "" where it does not."""
    if not len(values) or (values % 1 != 0).any():
        return ""
    steps = np.diff(values)
    if (steps > 0).all() or (steps < 0).all():
        return "whole numbers in the order of the file, all different"
    each_once = len(np.unique(values)) == len(values) and float(np.ptp(values)) == len(values) - 1
    return "consecutive numbers, each once" if each_once else ""


def nearest(place: int, values: Floats) -> tuple[int, float]:
    """Return the column that equals another in most rows beyond chance, and the share of these rows.

    By chance two independent columns are equal as often as both hold a value, summed over the values: counts that are
    mostly zero would be taken for each other else.
    """
    rows = len(values)
    best, share = place, 0.0
    for other in range(values.shape[1]):
        if other == place:
            continue
        one, two = values[:, place], values[:, other]
        equal = float((one == two).mean())
        if equal > max(share, 0.0):
            common, first, second = _counts(one, two)
            beyond = equal - float((first * second).sum()) / rows**2 if len(common) else equal
            if beyond > share:
                best, share = other, beyond
    return (best if best != place else int(place == 0)), share


def _counts(one: Floats, two: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the values that both columns hold, and how often either holds them."""
    (first, counted), (second, other) = (np.unique(values, return_counts=True) for values in (one, two))
    common, mine, theirs = np.intersect1d(first, second, assume_unique=True, return_indices=True)
    return common, counted[mine].astype(np.float64), other[theirs].astype(np.float64)


def _is_no_other(name: str, other: str, share: float, rows: int, where: str) -> None:
    """Raise InputError where a column is another for too many rows."""
    if share > EQUAL:
        raise InputError(
            f"column {quote(name)} equals {quote(other)} in {share:.0%} of {rows:,} rows more than by chance",
            where=f"{where}, {COLUMNS}",
            allowed=f"columns of which none equals another in more than {EQUAL:.0%} of the rows",
            todo=f"leave {quote(name)} or {quote(other)} out",
        )


def explained_by_others(values: Floats) -> Floats:
    """Return R2 of each column by straight lines of the others, (columns,): after Yeo-Johnson, or 1 if exact before.

    The sum of other columns is explained exactly by them as they are, and no more once each was bent by itself.
    """
    rng = np.random.default_rng(SEED)
    some = values if len(values) <= MOST_ROWS else values[np.sort(rng.permutation(len(values))[:MOST_ROWS])]
    exact = _by_straight_lines((some - some.mean(axis=0)) / some.std(axis=0))
    explained = _by_straight_lines(Scaling.fit(some, rng).apply(some, None)[0])
    return np.where(exact > EXACT, 1.0, explained)


def _by_straight_lines(z: Floats) -> Floats:
    """Return R2 of each column by least squares of the others, (columns,)."""
    explained = np.zeros(z.shape[1])
    for place in range(z.shape[1]):
        others = np.column_stack([np.ones(len(z)), np.delete(z, place, axis=1)])
        fitted = others @ np.linalg.lstsq(others, z[:, place], rcond=None)[0]
        explained[place] = 1 - float(np.var(z[:, place] - fitted)) / float(np.var(z[:, place]))
    return explained


def _is_not_explained(name: str, explained: float, others: list[str], where: str) -> None:
    """Raise InputError where the others explain a column."""
    if explained > EXPLAINED:
        raise InputError(
            f"column {quote(name)} is explained by {', '.join(map(quote, others))}: R2 {explained:.4f} by straight "
            "lines",
            where=f"{where}, {COLUMNS}",
            allowed=f"columns of which the others explain none with R2 above {EXPLAINED:g}, as they are or after "
            "Yeo-Johnson: a density has no width along it",
            todo=f"leave {quote(name)}, or one that explains it, out",
        )


def _shown(rows: pd.Index) -> str:
    return ", ".join(map(str, rows[:SHOWN])) + (", …" if len(rows) > SHOWN else "")
