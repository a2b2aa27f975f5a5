"""Rows of one thing (a patient, a shop, a machine) without its key: how much of the score comes from knowing it."""

import numpy as np

from pipelines.core.table import FOLDS, Table
from pipelines.duplicates import identical_features
from pipelines.experiments.refitted import Question, measured, scorable, untested
from pipelines.exploration.entities import find_entities
from pipelines.facts.reflect.split_leaks import SplitLeak, SplitLooked
from pipelines.models.quick import Rows
from pipelines.splits.dealing import deal_folds

MIN_SHARE = 0.2  # of the training rows that have a row of their thing in another fold
MOST_ROWS = 30_000  # that are refitted: whole things


def one_thing(table: Table, by: Question) -> SplitLeak | None:
    """Return how much of the score comes from models that saw other rows of these things; None where columns show none.

    The rows are predicted twice by models fitted to equally many: dealt to the folds one by one, and thing by thing.
    """
    training = np.flatnonzero(table.scored)
    x = table.x.iloc[training]
    known = {name: one.iloc[training] for name, one in table.known.items()}
    found = find_entities(x, identical_features(known, len(x)), by.seed)
    if found is None:
        return None
    torn = _elsewhere(found.group, table.fold[training])
    if torn.mean() < MIN_SHARE:
        return None
    looked: SplitLooked = {
        "kind": "one thing", "feature": None, "features": found.columns, "things": found.things,
        "rows": len(training), "share": float(torn.mean()),
    }  # fmt: skip
    rng = np.random.default_rng([by.seed, 6])
    chosen = _some_things(found.group, rng)
    rows, things = training[chosen], found.group[chosen]
    if not scorable(table, rows):
        return {**looked, **untested("too few rows to fit and to score")}
    none = np.zeros(len(rows), np.int64)
    fold = deal_folds(things, none, none.astype(bool), rng)
    group = np.full(len(table.fold), -1, np.int64)
    group[rows] = things
    kept, drawn = (_parts(rows, of) for of in (fold, rng.permutation(fold)))
    return {**looked, **measured(table, by, drawn, kept, group)}


def _elsewhere(things: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """Return which rows have a row of their thing in another fold, (rows,) bool."""
    place = np.unique(things, return_inverse=True)[1]
    inside = np.unique(np.column_stack([place, fold]), axis=0)[:, 0]
    return np.asarray(np.bincount(inside)[place] > 1)


def _some_things(things: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the places of the rows that are refitted, ascending: all rows of as many things as there is room for."""
    place = np.unique(things, return_inverse=True)[1]
    order = rng.permutation(int(place.max()) + 1)
    sizes = np.cumsum(np.bincount(place)[order])
    wanted = np.zeros(len(order), bool)
    wanted[order[: max(int(np.searchsorted(sizes, MOST_ROWS, side="right")), 1)]] = True
    return np.flatnonzero(wanted[place])


def _parts(rows: np.ndarray, fold: np.ndarray) -> list[Rows]:
    return [Rows(rows[fold != held], rows[fold == held]) for held in range(FOLDS)]
