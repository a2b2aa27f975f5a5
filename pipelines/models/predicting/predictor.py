"""A saved model that answers: the same bits as `SavedModel.predict`, for single rows and for many.

Each family may say how its saved models predict quickly (`Family.fast`), from the numbers in the archive alone; of the
others the loaded models predict. What a row's prediction is depends on the row alone: neither on the rows beside it nor
on the number of threads. So rows can be dealt to threads, whose libraries compute without Python's lock.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from pipelines.core.table import TEST
from pipelines.models.predicting.parts import ready
from pipelines.models.predicting.rows import Columns, Fast, Reading, Rows
from pipelines.models.saving.archive import unpacked
from pipelines.targets.arrays import Floats

ALONE = 32  # rows that one thread predicts sooner than several
AT_ONCE = 2_000  # rows of a piece, at most: a matrix of them stays in the processor's cache


@dataclass(frozen=True)
class Predictor:
    """A model out of its archive, ready to predict; any number of threads may ask it at a time."""

    schema: dict[str, Any]  # schema.json
    threads: int
    _reading: Reading
    _folds: tuple[Fast, ...]

    @classmethod
    def load(cls, content: bytes, threads: int = 1) -> "Predictor":
        """Return the model that `archive.save` wrote; up to `threads` threads share the rows of one call.

        Raises InputError where the bytes are no such archive, or its trees lead out of themselves; skops raises where
        an estimator that it must make itself holds a type that it does not trust.
        """
        opened = unpacked(content)
        reading = Reading.of(opened.schema)
        folds = [
            ready(opened.family, files, opened.given, reading)
            for fold, files in opened.folds.items()
            if fold == TEST or TEST not in opened.folds
        ]
        return cls(opened.schema, threads, reading, tuple(folds))

    @property
    def features(self) -> list[str]:
        """The features that `predict` needs."""
        return self._reading.names

    def predict(self, columns: Columns) -> Floats:
        """Return P(positive) or the value (modelling scale), float64 of shape (rows,), or (rows, classes).

        `columns` is a frame, or columns by name: numbers are float64, NaN where missing, or become it; categories and
        ordered levels are text, None where missing. Columns that are no features are ignored, unseen categories are
        allowed. The bits are those of `SavedModel.predict` of many rows. Raises InputError where a feature is missing.
        """
        rows = self._reading.rows(columns)
        if len(rows) <= ALONE:
            return self._answer(rows)
        pieces = max(min(self.threads, len(rows) // ALONE), -(-len(rows) // AT_ONCE))
        ends = np.linspace(0, len(rows), pieces + 1).astype(np.int64).tolist()
        parts = [rows.part(start, stop) for start, stop in pairwise(ends)]
        run = map if self.threads == 1 else self._pool.map
        return np.concatenate(list(run(self._answer, parts)))

    def _answer(self, rows: Rows) -> Floats:
        return np.asarray(np.mean([fold(rows) for fold in self._folds], axis=0))

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        """Threads of its own, begun where first needed: a process that was forked has none of its parent's."""
        return ThreadPoolExecutor(self.threads, thread_name_prefix="predicting")
