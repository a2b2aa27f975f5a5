"""The causes of texts climbed by themselves: on few rows, on changed texts, on other labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pipelines.core.table import Table
from pipelines.facts.reflect.texts import TextGain
from pipelines.inference.foldwise import score_over_folds
from pipelines.inference.truth import Truth
from pipelines.ladder.gains import paired_gains
from pipelines.ladder.ladder import NOISE, predict_crosswise
from pipelines.ladder.losses import improved
from pipelines.metrics import Metric
from pipelines.models.folds import fitted_folds
from pipelines.models.worded.kinds import Block
from pipelines.models.worded.stack import Rows, fit_stack
from pipelines.targets.arrays import Floats

WORDS = "words"  # the first rung


@dataclass(frozen=True)
class Climbed:
    """What each rung predicts, out of fold: (rows of the table,) or (rows, classes)."""

    predictions: dict[str, Floats]
    kept: dict[str, bool]


def climb(table: Table, rows: Rows, base: Sequence[Block], rungs: Mapping[str, Sequence[Block]]) -> Climbed:
    """Return the rungs on top of the `base`; each is kept if rows left out lose less by more than noise.

    `rows` are the table's, and keep what was fitted. Raises what `fit_stack` raises.
    """
    standing = tuple(base)
    raw = _across(table, rows, standing)
    predictions, kept = {WORDS: predict_crosswise(table, raw)}, {}
    for name, blocks in rungs.items():
        tried = (*standing, *blocks)
        found = _across(table, rows, tried)
        better, se = improved(table, raw, found)
        kept[name] = bool(blocks) and better > NOISE * se
        if kept[name]:
            standing, raw = tried, found
        predictions[name] = predict_crosswise(table, raw) if kept[name] else list(predictions.values())[-1]
    return Climbed(predictions, kept)


def _across(table: Table, rows: Rows, blocks: Sequence[Block]) -> dict[tuple[int, ...], Floats]:
    return {(fold,): fit_stack(blocks, rows, table.fits(fold)).raw for fold in fitted_folds(table)}


def gains_of(table: Table, climbed: Climbed, metric: Metric, seed: int) -> list[TextGain]:
    """Return what each rung gains over the one below it, on rows left out."""
    rows = table.scored
    pairs = list(pairwise(climbed.predictions))
    on_rows = {name: one[rows] for name, one in climbed.predictions.items()}
    gains = paired_gains(Truth.of(table, rows, metric, seed), on_rows, pairs)
    return [
        {"factor": name, "gain": {"value": one.value, "ci": list(one.ci)}, "kept": climbed.kept[name]}
        for (_, name), one in zip(pairs, gains, strict=True)
    ]


def score_of(table: Table, prediction: Floats, metric: Metric) -> float:
    """Return the mean score over the folds."""
    rows = table.scored
    return float(score_over_folds(metric, table.y[rows], prediction[rows], table.fold[rows]))


def shuffled_target(table: Table, seed: int) -> Table:
    """Return the table with the training rows' targets in random order."""
    y = table.y.copy()
    rows = np.flatnonzero(table.trained)
    y[rows] = y[np.random.default_rng(seed).permutation(rows)]
    return Table(table.frame.assign(y_true=y), table.target)
