"""Columns that no model learns from although they predict the target: scored alone, as step 3 scores the others.

They are dropped, or labels of which nearly every row has its own.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pipelines.core.errors import quote
from pipelines.doubts.doubt import Doubting, Reading
from pipelines.facts.define import Doubt
from pipelines.inputs import LARGEST, LEVELLED, holds_numbers

# Half-widths of a 95 % interval by which a column must be better than a constant: several ways to read each column are
# tried, of which noise passes one in two thousand.
SURE = 1.7
FEWEST = 30  # known cells: fewer show nothing that could be believed
NEARLY_ALL = 0.95  # share of rows with a label of their own from which no model learns from it
NO_DIGIT = r"[^0-9]+"  # what is left out where a text may hold a number


def _find(reading: Reading) -> list[Doubt]:
    """Return a doubt for each column that no model learns from and that predicts the target on training rows."""
    columns, kept = reading.project.columns, reading.train.categorical
    found = []
    for name in map(str, reading.raw.columns):
        if name in columns.drop:
            done = "dropped: no model sees it"
            decide = f"--keep {quote(name)}, or a declaration in [columns] in place of its name in drop"
        elif name in kept and _names_rows(reading.raw[name].iloc[reading.rows].dropna()):
            done = "used as labels, of which nearly every row has its own: no model learns from it"
            decide = f'type = "number" for {quote(name)} in [columns]'
        else:
            continue
        found.append(_judge(name, done, decide, reading))
    return [doubt for doubt in found if doubt is not None]


def _names_rows(labels: pd.Series) -> bool:
    """Return whether nearly every row has a label of its own."""
    return len(labels) >= FEWEST and labels.nunique() >= NEARLY_ALL * len(labels)


def _judge(name: str, done: str, decide: str, reading: Reading) -> Doubt | None:
    from pipelines.exploration.relations import score_alone  # see `Reading.truth`

    truth = reading.truth
    values = reading.raw[name].iloc[reading.rows].reset_index(drop=True)
    best, how = truth.trivial, ""
    for kind, read in _ways(values):
        alone = score_alone(read, truth)
        score, low = alone["score_alone"], alone["score_alone_ci"][0]
        if score - SURE * (score - low) > truth.trivial and score > best:
            best, how = score, kind
    if not how:
        return None
    return {
        "kind": DROPPED.name,
        "column": name,
        "found": f"alone, {how}, it scores {best:.2f} in {truth.look.label} on training rows",
        "done": done,
        "decide": f"{decide}; if it would not be known in time, sure = [{quote(name)}]",
        "weight": float((best - truth.trivial) / (1 - truth.trivial)),
    }


def _ways(values: pd.Series) -> Iterator[tuple[str, pd.Series]]:
    """Yield the ways in which a column may be read, each with its name: numbers, labels, numbers within texts."""
    if values.notna().sum() < FEWEST or values.nunique() < 2:  # noqa: PLR2004 - a constant shows nothing
        return
    if holds_numbers(values):
        yield "as an amount", _within_reach(values)
        return
    texts = values.astype("str").where(values.notna())
    numbers = pd.to_numeric(texts, errors="coerce")
    if numbers.notna().any():
        yield "as an amount", _within_reach(numbers)
    if texts.nunique() < len(texts.dropna()):
        yield "as labels", LEVELLED.restored(texts, {})
    if numbers.isna().sum() > values.isna().sum():
        within = _within_reach(pd.to_numeric(texts.str.replace(NO_DIGIT, "", regex=True), errors="coerce"))
        if within.notna().any():
            yield "by the digits of its texts", within


def _within_reach(numbers: pd.Series) -> pd.Series:
    """Return numbers as float64, missing where they are larger than any amount may be."""
    values = numbers.astype(np.float64)
    return values.where(values.abs() <= LARGEST)


DROPPED = Doubting("dropped", _find)
