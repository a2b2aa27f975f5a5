"""Words and phrases that the linear model leans on, with the intervals of their effects."""

from typing import cast

import numpy as np
from scipy.stats import t as student

from pipelines.core.table import Table
from pipelines.facts.reflect.texts import TermWeight
from pipelines.ladder.ladder import Ladder
from pipelines.models.worded.block import FittedTerms, TextBlock
from pipelines.models.worded.stack import Rows
from pipelines.models.worded.stacked import StackedModel
from pipelines.models.worded.view import PHRASES, WORDS, Terms, weighted
from pipelines.targets.arrays import Floats

SHOWN = 12  # terms on either side
LEAST = 10  # training rows that must hold a term
CONFIDENCE = 0.975


def terms(table: Table, ladder: Ladder) -> list[TermWeight]:
    """Return the words and phrases of the top linear rung that move predictions most, both ways.

    `effect` is what a term adds to the raw prediction of a text that holds it, as long as such texts are: the mean over
    the folds' models, with Student's interval over them, which takes the folds for independent though their rows are
    largely the same: it says how steady an effect is, not how sure. A term that moves many rows a little counts as much
    as one that moves few rows a lot: by effect times the standard deviation of holding it.
    Of several classes, the effect is that on the class that the term moves most.
    """
    models = [one.model for one in ladder.linear_top.linear.values() if isinstance(one.model, StackedModel)]
    rows = Rows.of(table)
    found = [one for column in table.texts for one in _of_column(table, rows, models, column)]
    found.sort(key=lambda one: (-one[0], one[1]["term"]))
    sides = [[one for _, one in found if (one["effect"]["value"] > 0) == up][:SHOWN] for up in (True, False)]
    return [*sides[0], *reversed(sides[1])]


def _of_column(table: Table, rows: Rows, models: list[StackedModel], column: str) -> list[tuple[float, TermWeight]]:
    """Return a column's terms that move predictions most; a word's effect is that of both blocks that read words."""
    training = np.flatnonzero(table.trained)
    read: dict[str, Terms] = {}
    effects: dict[str, Floats] = {}  # by view, (folds, terms, outputs)
    for place, block in enumerate(models[0].fitted):
        if isinstance(block, FittedTerms) and block.column == column and block.view.name in (WORDS.name, PHRASES.name):
            name = block.view.name
            read[name] = rows.read(TextBlock(column, name))
            effects[name] = np.array([_effects(table, one, place, read[name], training) for one in models])
    if not read:
        return []
    widest = max(read, key=lambda name: len(read[name].names))
    at_name = {term: i for i, term in enumerate(read[widest].names)}
    total = effects[widest].copy()
    for name in read.keys() - {widest}:
        total[:, [at_name[term] for term in read[name].names]] += effects[name]
    return _telling(column, read[widest], total, training)


def _telling(column: str, read: Terms, effects: Floats, training: np.ndarray) -> list[tuple[float, TermWeight]]:
    held = np.bincount(read.weight[training].indices, minlength=len(read.names))
    mean = effects.mean(axis=0)
    most = np.abs(mean).argmax(axis=1)
    at = np.arange(len(read.names))
    value, each = mean[at, most], effects[:, at, most]
    half = student.ppf(CONFIDENCE, len(effects) - 1) * each.std(axis=0, ddof=1) / np.sqrt(len(effects))
    share = held / len(training)
    move = np.abs(value) * np.sqrt(share * (1 - share))
    sure = (held >= LEAST) & (np.abs(value) > half)
    return [
        (
            float(move[i]),
            {
                "column": column, "term": read.names[i], "kind": "phrases" if " " in read.names[i] else "words",
                "effect": {"value": float(value[i]), "ci": [float(value[i] - half[i]), float(value[i] + half[i])]},
                "texts": int(held[i]),
            },
        )
        for i in np.flatnonzero(sure)[np.argsort(-move[sure], kind="stable")][: 4 * SHOWN]
    ]  # fmt: skip


def _effects(table: Table, model: StackedModel, place: int, read: Terms, training: np.ndarray) -> Floats:
    """Return what each term adds to the raw prediction of a typical text that holds it, (terms, outputs)."""
    block = cast("FittedTerms", model.fitted[place])
    matrix = weighted(Terms(read.names, read.weight[training]), block.weight)
    total = np.bincount(matrix.indices, matrix.data, minlength=len(read.names))
    holding = np.bincount(matrix.indices, minlength=len(read.names))
    typical = total / np.maximum(holding, 1)
    outputs = table.target.outputs
    slopes = block.part.slopes.reshape(len(read.names), -1)
    first = place * slopes.shape[1]
    join = model.join.slopes.reshape(-1, outputs)[first : first + slopes.shape[1]]
    return np.asarray(typical[:, None] * (slopes @ join))
