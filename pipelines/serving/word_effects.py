"""The words of a text that moved an answer most, by the linear models of words and phrases in a stack.

What a word or a phrase adds to a text's raw prediction is its weight in the text times its coefficient, in each block
that reads it, times what the block counts in the stack; the mean over the folds' models.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipelines.models.worded.block import FittedTerms
from pipelines.models.worded.stacked import StackedModel
from pipelines.models.worded.view import PHRASES, WORDS
from pipelines.targets.arrays import Floats, Integers

SHOWN = 6  # of a row
VIEWS = (WORDS.name, PHRASES.name)
Term = tuple[str, str]  # the column of the text, and the term


def word_effects(
    folds: Sequence[StackedModel], x: pd.DataFrame, of_class: Integers | None
) -> list[list[tuple[Term, float]]]:
    """Return the terms that moved each row's raw prediction most, and by how much, the largest effect first.

    `x` holds the texts; `of_class` is each row's class (rows,), of several: effects on its raw prediction, against the
    mean of the classes.
    """
    effects: list[dict[Term, float]] = [defaultdict(float) for _ in range(len(x))]
    read: dict[Any, Any] = {}
    for model in folds:
        for block, slopes in _blocks(model):
            if block.reads not in read:
                read[block.reads] = block.read(x)
            _add(effects, block, slopes / len(folds), read[block.reads], of_class)
    return [sorted(_moving(one), key=lambda item: (-abs(item[1]), item[0]))[:SHOWN] for one in effects]


def _blocks(model: StackedModel) -> Iterator[tuple[FittedTerms, Floats]]:
    """Yield the blocks of words and phrases, and what each of their terms counts in the stack, (terms, outputs)."""
    outputs = model.target.outputs
    join = model.join.slopes.reshape(-1, outputs)
    for place, block in enumerate(model.fitted):
        if isinstance(block, FittedTerms) and block.view.name in VIEWS:
            own = block.used
            slopes = own.part.slopes.reshape(len(own.names), -1) @ join[place * outputs : (place + 1) * outputs]
            yield own, slopes - slopes.mean(axis=1, keepdims=True) if outputs > 1 else slopes


def _add(
    effects: list[dict[Term, float]], block: FittedTerms, slopes: Floats, read: Any, of_class: Integers | None  # noqa: ANN401 - what the block reads
) -> None:  # fmt: skip
    matrix = block.matrix(read)
    for row, found in enumerate(effects):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        moved = matrix.data[part] * slopes[matrix.indices[part], 0 if of_class is None else of_class[row]]
        for place, one in zip(matrix.indices[part].tolist(), moved.tolist(), strict=True):
            found[block.column, block.names[place]] += one


def _moving(effects: Mapping[Term, float]) -> list[tuple[Term, float]]:
    return [(term, effect) for term, effect in effects.items() if np.isfinite(effect) and effect != 0]
