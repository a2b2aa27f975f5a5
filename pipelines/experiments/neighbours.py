"""Neighbours in an order of the rows (a moment, a number, the file): how much of the score comes from them."""

import numpy as np

from pipelines.core.table import FOLDS, Table
from pipelines.experiments.refitted import Question, measured, scorable, untested
from pipelines.exploration.orders import Order, find_orders, target_as_number
from pipelines.facts.reflect.split_leaks import SplitLeak, SplitLooked
from pipelines.models.quick import Rows

BLOCKS = 50  # stretches of the order that are resampled as a whole, since neighbours are alike
MOST_ORDERS = 3  # that are refitted: each costs ten fits


def in_order(table: Table, dates: list[str], by: Question) -> list[SplitLeak]:
    """Return how much of the score comes from neighbours, for each order in which they are alike.

    The rows are predicted twice by models fitted to equally many: dealt to the folds one by one, and in FOLDS
    contiguous blocks of the order (Roberts et al. 2017, Ecography 40).
    """
    training = np.flatnonzero(table.scored)
    row_id = table.frame["row_id"].to_numpy(np.int64)[training]
    orders = find_orders(table.x.iloc[training], row_id, target_as_number(table)[training], dates)
    return [_with_and_without(table, training[order.places], order, by) for order in orders[:MOST_ORDERS]]


def _with_and_without(table: Table, rows: np.ndarray, order: Order, by: Question) -> SplitLeak:
    """Return what models gain that see rows from beside those they predict; `rows` stand in the order."""
    looked: SplitLooked = {"kind": "neighbours", "feature": order.feature, "rows": len(rows), "share": 1.0}
    if not scorable(table, rows):
        return {**looked, **untested("too few rows to fit and to score")}
    fold = np.arange(len(rows)) * FOLDS // len(rows)
    mixed = np.random.default_rng([by.seed, 7]).permutation(fold)
    beside, apart = ([Rows(rows[of != held], rows[of == held]) for held in range(FOLDS)] for of in (mixed, fold))
    block = np.full(len(table.fold), -1, np.int64)
    block[rows] = np.arange(len(rows)) * BLOCKS // len(rows)
    return {**looked, **measured(table, by, beside, apart, block)}
