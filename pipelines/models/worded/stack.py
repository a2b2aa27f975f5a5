"""Blocks joined: one linear model on the blocks' raw predictions, each of a row by models that never saw it.

The rows that a stack is fitted to are in folds. A block's model without one of these folds predicts that fold's rows,
and so come the raw predictions that the joining model learns from; rows that the stack is not fitted to are predicted
by the blocks' models of all its rows. Of a block that stands twice nothing is gained, and noise costs next to nothing,
which is not so where blocks stand side by side in one penalised model. Wolpert 1992, Neural Networks 5, 241-259.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from threading import Lock
from typing import Any, Self

import numpy as np
import pandas as pd

from pipelines.core.steady import steady
from pipelines.core.table import Table
from pipelines.models.worded.block import Settled
from pipelines.models.worded.kinds import Block, Fitted
from pipelines.models.worded.linear_part import LinearPart, fit_part
from pipelines.targets import Target
from pipelines.targets.arrays import Booleans, Floats, Integers

FREE = 1e-3  # penalty of the joining model: as good as none, but of two blocks that say the same it takes both
SETTLED = 20_000  # rows from which some show the best penalty as surely as all do: it is weighed against their sum
STRETCHES = 3  # of the rows, where these are of one fold
Key = tuple[Any, ...]
_READING = Lock()  # what two threads want of the same rows is read once


@dataclass
class Rows:
    """The rows of a table, of which stacks are fitted to some; what was fitted once is kept."""

    seen: pd.DataFrame
    y: Floats
    fold: Integers  # of each row, by which raw predictions are made crosswise
    target: Target
    kept: dict[Key, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Table) -> Self:
        """Return a table's rows, which keeps what is fitted."""
        return cls(table.seen, table.y, table.fold, table.target, table.remembered)

    def read(self, block: Block) -> Any:  # noqa: ANN401 - what the block reads
        """Return what a block reads of all rows."""
        block = plain(block).forms[0]
        key = ("read", block)
        with _READING:
            if key not in self.kept:
                self.kept[key] = block.read(self.seen)
        return self.kept[key]

    def fitted(self, block: Block, places: Integers, penalty: float) -> Fitted:
        """Return a block's model of some rows (places)."""
        block = plain(block)
        key = ("fit", block, penalty, _digest(places))
        if key not in self.kept:
            self.kept[key] = block.fit(self.read(block), places, self.y, self.target, penalty)
        found: Fitted = self.kept[key]
        return found

    def raw(self, block: Block, places: Integers, penalty: float, asked: Integers) -> Floats:
        """Return the raw predictions of the rows `asked` (places) by a block's model of others; only they are kept."""
        block = plain(block)
        key = ("raw", block, penalty, _digest(places), _digest(asked))
        if key not in self.kept:
            read = self.read(block)
            known = self.kept.get(("fit", block, penalty, _digest(places)))
            fitted = block.fit(read, places, self.y, self.target, penalty) if known is None else known
            self.kept[key] = block.raw(fitted, read, asked)
        found: Floats = self.kept[key]
        return found


@dataclass(frozen=True)
class Stack:
    """Fitted blocks, and what joins them."""

    blocks: tuple[Block, ...]  # in the form that was chosen
    fitted: tuple[Fitted, ...]
    join: LinearPart
    penalties: tuple[float, ...]  # that were chosen, of each block
    raw: Floats  # raw predictions of the rows asked for: those that it was fitted to crosswise

    @property
    def settled(self) -> tuple[Block, ...]:
        """The blocks in the forms and with the penalties that were chosen."""
        return tuple(Settled(plain(one), penalty) for one, penalty in zip(self.blocks, self.penalties, strict=True))


def _digest(places: Integers) -> bytes:
    """Return what stands for these places in a key, which may be of many rows."""
    return sha256(np.asarray(places, np.int64).tobytes()).digest()


def plain(block: Block) -> Block:
    """Return the block itself where its penalty is settled: what it reads and fits is the same."""
    return block.block if isinstance(block, Settled) else block


def fit_stack(blocks: Sequence[Block], rows: Rows, fit: Booleans, asked: Booleans | None = None) -> Stack:
    """Return the stack fitted to the rows in `fit` (all rows,); `asked` are the other rows to predict, None: all.

    Each block's form and penalty are those whose crosswise raw predictions lose least; of more than SETTLED rows those
    that lose least on the first of their folds, once fitted to so many of the others. Raises RuntimeError where a model
    does not converge.
    """
    within = _Within(rows, np.flatnonzero(fit), np.flatnonzero(~fit if asked is None else asked & ~fit))
    chosen = [_best(block, within) for block in blocks]
    margins = np.column_stack([one.raw for one in chosen])
    join = fit_part(margins[within.places], rows.y[within.places], rows.target, FREE)
    fitted, penalties = tuple(one.fitted for one in chosen), tuple(one.penalty for one in chosen)
    return Stack(tuple(one.block for one in chosen), fitted, join, penalties, join.raw(margins))


def crosswise(fold: Integers) -> list[Booleans]:
    """Return which rows each part holds, (rows,) each: the folds, or stretches of the rows where these are of one."""
    numbers = np.unique(fold)
    if len(numbers) < 2:  # noqa: PLR2004 - one fold, as where folds go forward in time and the first is predicted
        fold = np.arange(len(fold)) * STRETCHES // len(fold)
        numbers = np.unique(fold)
    return [fold == number for number in numbers]


@dataclass(frozen=True)
class _Within:
    """The rows that a stack is fitted to, their parts, and the rows that it predicts besides."""

    rows: Rows
    places: Integers
    others: Integers

    @cached_property
    def parts(self) -> list[Booleans]:
        """Which of the rows fitted to each part holds."""
        return crosswise(self.rows.fold[self.places])

    def across(self, block: Block, penalty: float, parts: Sequence[Booleans]) -> Floats:
        """Return the raw predictions of the rows fitted to that are in `parts`, each by the model without its part.

        Other rows are predicted on the way: to a stack without that part these are rows of a part of its own.
        """
        found = self.rows.target.zeros(len(self.rows.y))
        for part in parts:
            asked = np.union1d(self.places[part], self.others)
            raw = self.rows.raw(block, self.places[~part], penalty, asked)
            found[self.places[part]] = raw[np.searchsorted(asked, self.places[part])]
        return found

    def loss(self, block: Block, penalty: float) -> float:
        """Return the mean loss of rows that a block's models did not see: of all rows, or of some of very many."""
        rows, judged = self.rows, self.places
        if len(judged) <= SETTLED:
            raw = self.across(block, penalty, self.parts)[judged]
        else:
            judged, fitted = self.places[self.parts[0]], self.places[~self.parts[0]]
            fitted = np.sort(np.random.default_rng(len(fitted)).permutation(fitted)[:SETTLED])
            raw = rows.raw(block, fitted, penalty, judged)
        return float(steady(rows.target.raw_loss(rows.y[judged], raw).mean()))


@dataclass(frozen=True)
class _Chosen:
    """A block's model in its best form and with its best penalty."""

    block: Block
    fitted: Fitted
    penalty: float
    raw: Floats


def _best(block: Block, within: _Within) -> _Chosen:
    rows, places, parts = within.rows, within.places, within.parts
    asked = [(form, penalty) for form in block.forms for penalty in form.penalties(rows.target)]
    form, penalty = asked[0] if len(asked) == 1 else min(asked, key=lambda one: within.loss(*one))
    whole = within.across(form, penalty, parts)
    fitted = rows.fitted(form, places, penalty)
    if len(within.others):
        whole[within.others] = rows.raw(form, places, penalty, within.others)
    return _Chosen(form, fitted, penalty, whole)
