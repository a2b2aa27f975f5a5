"""Rows of one patient, shop or machine in a table without its key: slow columns whose values repeat together.

Two columns with many values agree at once in few pairs of rows, unless the rows belong to one thing that keeps both.
How many pairs would agree otherwise is counted after each value has been exchanged among rows with nearby values: what
two columns have to do with each other (height and weight, price and size) stays, and only exact repeats go.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipelines.inputs import by_kind

MIN_VALUES = 20  # different ones in a column: with fewer, rows agree by chance
MAX_VALUES = 0.7  # of the rows: a column that hardly repeats keeps nothing
MAX_COLUMNS = 24  # that are paired
WINDOW = 20  # neighbouring values that are exchanged
SHUFFLES = 3
FARTHER = 4.0  # times the pairs after the exchange: correlated columns stay below
SMOOTH = 0.5  # von Neumann's ratio, 1 of unordered values: one column says too much of the other, at least in places
ALWAYS = 0.95  # of the pairs that agree in the columns so far agree in another: then it names the thing as well
MOSTLY = 0.6  # the same: then it is named among the columns that repeat together, as an age that goes up once
MOST_COLUMNS = 4  # that name one thing
MIN_SHARE = 0.3  # of the rows that share their values with others
FEWEST = 20  # things of several rows
ROWS = 20_000  # looked at


class Entities(NamedTuple):
    """Things that several rows belong to."""

    columns: list[str]  # whose values repeat together
    group: np.ndarray  # (rows,) int64: the number of each row's thing
    share: float  # of the rows that are not alone
    things: int  # that several rows belong to


def find_entities(x: pd.DataFrame, same: np.ndarray, seed: int) -> Entities | None:
    """Return the things that rows seem to belong to, None where no columns repeat together.

    `x` are features as models see them, `same` numbers rows that are equal in all of them, int64 of shape (rows,): such
    rows count once, since copies repeat in everything.
    """
    first = np.unique(same, return_index=True)[1]
    rng = np.random.default_rng([seed, 5])
    codes = _codes(x.iloc[first])
    if len(codes) < 2:  # noqa: PLR2004 - a pair
        return None
    best: tuple[float, list[str]] | None = None
    for a, b in combinations(codes, 2):
        if best is not None and _shared(_joint([codes[a], codes[b]])) <= best[0]:
            continue
        if (share := _repeats_together(codes[a], codes[b], rng)) is not None:
            best = share, [a, b]
    if best is None:
        return None
    telling = _with_others_kept(best[1], codes, ALWAYS)
    group = _joint([_values(x[name]) for name in telling])
    sizes = np.bincount(_joint([codes[name] for name in telling]))
    share, count = float(sizes[sizes > 1].sum() / len(first)), int((sizes > 1).sum())
    return (
        Entities(_with_others_kept(telling, codes, MOSTLY), group, share, count)
        if share >= MIN_SHARE and count >= FEWEST
        else None
    )


def _codes(x: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the columns of many values that repeat, each as the ranks of its values, -1 where missing."""
    numbers, _ = by_kind(x)
    found = {}
    for name in numbers:
        codes = _values(x[name])
        values = int(codes.max(initial=-1)) + 1
        if MIN_VALUES <= values <= MAX_VALUES * len(codes) and (codes < 0).mean() < 1 - MIN_SHARE:
            found[name] = codes
    names = sorted(found, key=lambda name: -int(found[name].max()))[:MAX_COLUMNS]
    return {name: found[name] for name in numbers if name in names}


def _values(values: pd.Series) -> np.ndarray:
    return pd.factorize(values.to_numpy(np.float64), sort=True)[0].astype(np.int64)


def _repeats_together(a: np.ndarray, b: np.ndarray, rng: np.random.Generator) -> float | None:
    """Return the share of rows that agree with others in both columns beyond what would; None where enough would."""
    known = np.flatnonzero((a >= 0) & (b >= 0))
    known = known[_some_values(a[known], rng)]
    if not len(known):
        return None
    a, b = a[known], b[known]
    joint = _both(a, b)
    share, pairs = _shared(joint), _pairs(joint)
    if share < MIN_SHARE or not pairs:
        return None
    shares = []
    for _ in range(SHUFFLES):
        exchanged = _both(_exchanged(a, rng), _exchanged(b, rng))
        if pairs < FARTHER * _pairs(exchanged):
            return None
        shares.append(_shared(exchanged))
    several = np.bincount(joint)[joint] > 1
    looked = ((a, b), (a[several], b[several]))  # one may be a function of the other in some rows alone
    if min(_roughness(*pair) for one in looked for pair in (one, one[::-1])) < SMOOTH:
        return None
    return share - float(np.mean(shares))


def _both(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return a number for each pair of values, none of which is missing."""
    return pd.factorize(a * (int(b.max()) + 1) + b)[0]


def _some_values(codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return which rows are looked at: about ROWS of them, all rows of a value or none."""
    values = int(codes.max(initial=-1)) + 1
    if len(codes) <= ROWS or not values:
        return np.ones(len(codes), bool)
    order = rng.permutation(values)
    sizes = np.cumsum(np.bincount(codes, minlength=values)[order])
    chosen = np.zeros(values, bool)
    chosen[order[: max(int(np.searchsorted(sizes, ROWS)), 1)]] = True
    return np.asarray(chosen[codes])


def _exchanged(codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the values exchanged at random among rows whose values are in one window of neighbours."""
    ranks = pd.factorize(codes, sort=True)[0]
    window = (ranks + rng.integers(WINDOW)) // WINDOW
    order = np.lexsort([rng.random(len(codes)), window])
    placed = np.empty_like(codes)
    placed[order] = codes[np.argsort(window, kind="stable")]
    return placed


def _roughness(a: np.ndarray, b: np.ndarray) -> float:
    """Return von Neumann's ratio of b's ranks along a, over the different pairs of values: 0 smooth, 1 unordered."""
    kinds = np.unique(np.column_stack([a, b]), axis=0)
    values = pd.Series(kinds[:, 1]).rank().to_numpy()
    spread = float(((values - values.mean()) ** 2).sum())
    return float((np.diff(values) ** 2).sum() / 2 / spread) if spread else 0.0


def _with_others_kept(columns: list[str], codes: dict[str, np.ndarray], share: float) -> list[str]:
    """Return the columns and those in which that share of the pairs that agree in them agrees as well."""
    found = list(columns)
    for name, values in codes.items():
        if name in found or len(found) == MOST_COLUMNS:
            continue
        joint = _joint([codes[one] for one in found])
        both = _pairs(_joint([joint, values]))
        if both >= share * _pairs(joint):
            found.append(name)
    return [name for name in codes if name in found]


def _joint(codes: Sequence[np.ndarray]) -> np.ndarray:
    """Return a number for each row, equal where all columns are; a missing value makes a row stand alone."""
    whole, alone = codes[0], codes[0] < 0
    for one in codes[1:]:
        whole = whole * (int(one.max(initial=0)) + 2) + one
        alone = alone | (one < 0)
        whole = pd.factorize(whole)[0].astype(np.int64)
    own = int(whole.max(initial=0)) + 1 + np.arange(len(whole))
    return pd.factorize(np.where(alone, own, whole))[0].astype(np.int64)


def _shared(joint: np.ndarray) -> float:
    sizes = np.bincount(joint)
    return float(sizes[sizes > 1].sum() / max(len(joint), 1))


def _pairs(joint: np.ndarray) -> float:
    sizes = np.bincount(joint).astype(np.float64)
    return float((sizes * (sizes - 1)).sum() / 2)
