"""Rows that are drawn as if they were independent, and are not: of one thing, or beside each other in an order."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pipelines.core.errors import quote
from pipelines.doubts.doubt import Doubting, Reading
from pipelines.duplicates import identical_features
from pipelines.exploration.entities import Entities, find_entities
from pipelines.exploration.orders import find_orders, target_as_number
from pipelines.facts.define import Doubt
from pipelines.inputs import Date
from pipelines.splits import SPLITS

MIN_SHARE = 0.2  # of the training rows that have a row of their thing among the test rows or in another fold
SURE = 4.0  # standard errors by which the target must be alike within things
NAMES = 0.95  # of the rows of each thing that hold its commonest value in a column that names it, and the reverse
SEED = 7


def _find_things(reading: Reading) -> list[Doubt]:
    """Return a doubt where columns show which rows belong to one thing, and the target is alike in those."""
    split = SPLITS[reading.project.split.kind]
    if split.later or split.given:
        return []
    x = reading.train.x
    found = find_entities(x, identical_features({name: x[name] for name in x.columns}, len(x)), SEED)
    if found is None or _torn(found.group, reading.train.fold) < MIN_SHARE:
        return []
    likeness = _likeness(found.group, target_as_number(reading.train))
    if likeness is None:
        return []
    named = _naming(found, reading)
    way = "add a column that names the thing, and give it to --group" if named is None else f"--group {quote(named)}"
    return [{
        "kind": THINGS.name,
        "column": found.columns[0],
        "found": f"the values of {_listed(found.columns)} repeat together in {100 * found.share:.0f} % of the rows, as "
        f"those of one patient, shop or machine would: {found.things:,} things, each with several rows",
        "done": "rows of one thing are on both sides of the split, and a model may recognise the thing",
        "decide": f"{way}; if the rows to be predicted are of the same things, sure = [{quote(found.columns[0])}]",
        "weight": float(np.clip(likeness, 0.2, 1.0)),
    }]  # fmt: skip


def _find_order(reading: Reading) -> list[Doubt]:
    """Return a doubt where rows are like their neighbours in some order, and are not split by it."""
    split = SPLITS[reading.project.split.kind]
    if split.later or split.given:
        return []
    train, declared = reading.train, reading.project.columns.declared
    raw_name = {f"{name} (days)": name for name, column in declared.items() if column.type == Date.name}
    row_id = train.frame["row_id"].to_numpy(np.int64)
    y = target_as_number(train)
    orders = find_orders(train.x, row_id, y, list(raw_name))
    if orders:
        feature = orders[0].feature
        column = None if feature is None else raw_name.get(feature, feature)
    else:
        column = next(
            (name for name, values in _numbering(reading, row_id) if find_orders(train.x, values, y, ())), None
        )
        if column is None:
            return []
    target = quote(reading.project.problem.target)
    along = "in the order of the file" if column is None else f"in the order of {quote(column)}"
    way = "add a column that says when a row was taken, and give it to --time" if column is None else (
        f"--time {quote(column)}; if it is no moment, sure = [{quote(column)}]"
    )  # fmt: skip
    return [{
        "kind": ORDER.name,
        "column": column,
        "found": f"{along}, neighbouring rows are alike, in {target} too",
        "done": "rows are drawn at random: each is predicted by models that saw its neighbours",
        "decide": way,
        "weight": 0.9,
    }]  # fmt: skip


def _numbering(reading: Reading, row_id: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Yield dropped columns of whole numbers that number the rows, in another order than the file has."""
    for name in reading.project.columns.drop:
        if name not in reading.raw.columns:
            continue
        values = pd.to_numeric(reading.raw[name].iloc[row_id], errors="coerce")  # dropped ones are read as text
        if values.is_unique and bool((values % 1 == 0).all()):
            numbers = values.to_numpy(np.float64)
            if not (np.diff(numbers[np.argsort(row_id, kind="stable")]) > 0).all():
                yield name, numbers


def _torn(things: np.ndarray, fold: np.ndarray) -> float:
    """Return the share of rows that have a row of their thing in another fold."""
    folds = pd.Series(fold).groupby(things).transform("nunique")
    return float((folds > 1).mean())


def _likeness(things: np.ndarray, y: np.ndarray) -> float | None:
    """Return the correlation of the target between rows of one thing; None where it is not surely above 0.

    The one-way random-effects intraclass correlation (Shrout and Fleiss 1979, Psychological Bulletin 86), its standard
    error that of as many independent pairs as rows that are not alone.
    """
    frame = pd.DataFrame({"thing": things, "y": y})
    sizes = frame.groupby("thing")["y"].transform("size")
    frame = frame[sizes > 1]
    rows, count = len(frame), frame["thing"].nunique()
    if rows - count < 1 or count < 2:  # noqa: PLR2004 - nothing to compare
        return None
    means = frame.groupby("thing")["y"].transform("mean")
    within = float(((frame["y"] - means) ** 2).sum()) / (rows - count)
    between = float(((means - frame["y"].mean()) ** 2).sum()) / (count - 1)
    if within + between <= 0:
        return None
    size = (rows - float((frame.groupby("thing").size() ** 2).sum()) / rows) / (count - 1)
    likeness = (between - within) / (between + (size - 1) * within)
    return likeness if likeness * np.sqrt(rows / 2) >= SURE else None


def _naming(found: Entities, reading: Reading) -> str | None:
    """Return the raw column, dropped or not, that has a value of its own for each thing; None if none has."""
    rows = reading.train.frame["row_id"].to_numpy(np.int64)
    shared = pd.Series(found.group).groupby(found.group).transform("size").to_numpy() > 1
    for name in reading.raw.columns:
        if name == reading.project.problem.target or name in found.columns:
            continue
        values = pd.factorize(reading.raw[name].iloc[rows])[0][shared]
        if _agree(found.group[shared], values) and _agree(values, found.group[shared]):
            return str(name)
    return None


def _agree(of: np.ndarray, values: np.ndarray) -> bool:
    """Return whether nearly all rows hold the commonest of the values that their number in `of` has."""
    if (values < 0).any() or (of < 0).any():
        return False
    pairs = pd.Series(np.ones(len(of))).groupby([of, values]).size()
    return bool(pairs.groupby(level=0).max().sum() >= NAMES * len(of))


def _listed(columns: list[str]) -> str:
    names = [quote(name) for name in columns]
    return f"{', '.join(names[:-1])} and {names[-1]}"


THINGS = Doubting("rows of one thing", _find_things)
ORDER = Doubting("rows in an order", _find_order)
