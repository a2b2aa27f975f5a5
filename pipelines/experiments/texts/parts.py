"""Parts of the question: some of the texts, and each text column by itself."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from pipelines.core.table import Table
from pipelines.experiments.texts.climbing import score_of
from pipelines.facts.reflect.texts import TextSlice, TextWorth
from pipelines.inference.truth import Truth
from pipelines.ladder.alpha import ALPHA
from pipelines.ladder.gains import adjusted, paired_gains
from pipelines.ladder.ladder import Ladder, predict_crosswise
from pipelines.ladder.linear import blocks_of
from pipelines.ladder.study import Study
from pipelines.models.folds import fitted_folds
from pipelines.models.worded.block import LineBlock
from pipelines.models.worded.kinds import Block
from pipelines.models.worded.stack import Rows, fit_stack
from pipelines.targets.arrays import Floats

PARTS = 4  # of the texts by their number of words
LEAST = 100  # rows of a slice
LEAST_OF_CLASS = 20  # outside the commonest class
NEGATION = r"(?i)\b(?:not|no|never|neither|nor|nothing|hardly|without|cannot|\w+n['\u2019]t)\b"  # in English


def by_slice(study: Study, predictions: Mapping[str, Floats]) -> list[TextSlice]:
    """Return how much better the strong model is than the baseline on short and long texts, and on negations."""
    table, rows = study.table, study.table.scored
    truth = Truth.of(table, rows, study.metric, study.seed)
    pair = {name: predictions[name][rows] for name in ("baseline", "strong")}
    slices = [
        (where, some)
        for column in table.texts
        for where, some in _slices(column, table.frame.loc[rows, column])
        if some.sum() >= LEAST and table.target.evidence(truth.y[some]) >= LEAST_OF_CLASS
    ]
    gains = [
        paired_gains(truth.take(some), {name: one[some] for name, one in pair.items()}, [("baseline", "strong")])[0]
        for _, some in slices
    ]
    return [
        {
            "where": where, "rows": int(some.sum()), "difference": {"value": gain.value, "ci": list(gain.ci)},
            "p_adjusted": float(p if p is not None else 1.0),
            "better": "neither" if p is None or p >= ALPHA else "strong" if gain.value > 0 else "baseline",
        }
        for (where, some), gain, p in zip(slices, gains, adjusted(gains, [True] * len(gains)), strict=True)
    ]  # fmt: skip


def _slices(column: str, texts: pd.Series) -> list[tuple[str, np.ndarray]]:
    """Return texts of so many words, those with a word that denies, and those without."""
    words = texts.str.count(r"\S+").to_numpy()
    edges = np.unique(np.quantile(words, np.linspace(0, 1, PARTS + 1), method="nearest"))
    found = []
    for low, high in pairwise(edges):
        first = low == edges[0]
        some = (words >= low if first else words > low) & (words <= high)
        found.append((f"{column} of {low if first else low + 1} to {high} words", some))
    denies = texts.str.contains(NEGATION, regex=True).to_numpy(bool)
    return [*found, (f"{column} with a word that denies", denies), (f"{column} without a word that denies", ~denies)]


def by_column(study: Study, ladder: Ladder) -> list[TextWorth]:
    """Return what each text column brings to the top linear rung: its score with all, and without this one.

    A table without any other column is not asked: without its text nothing is left.
    """
    table = study.table
    top = ladder.linear_top
    plan, whole = top.plan, ladder.predictions[ladder.route.linear_top]
    others = [name for name in table.features if not any(name.startswith(f"{one} (") for one in table.texts)]
    found: list[TextWorth] = []
    for column in table.texts:
        if len(table.texts) == 1 and not others:
            continue
        without = _without(table, blocks_of(plan, table.features, table.texts), column)
        rows = table.scored
        truth = Truth.of(table, rows, study.metric, study.seed)
        pair = {"without": without[rows], "with": whole[rows]}
        (gain,) = paired_gains(truth, pair, [("without", "with")])
        found.append({
            "column": column, "score_with": score_of(table, whole, study.metric),
            "score_without": score_of(table, without, study.metric),
            "gain": {"value": gain.value, "ci": list(gain.ci)},
        })  # fmt: skip
    return found


def _without(table: Table, blocks: tuple[Block, ...], column: str) -> Floats:
    """Return the predictions of a plan's stack without all that is read of a text column."""
    rows = Rows.of(table)
    left: list[Block] = []
    for block in blocks:
        if isinstance(block, LineBlock):
            features = tuple(name for name in block.features if not name.startswith(f"{column} ("))
            left += [LineBlock(features, block.line)] if features else []
        elif getattr(block, "column", None) != column:
            left.append(block)
    return predict_crosswise(
        table, {(fold,): fit_stack(left, rows, table.fits(fold)).raw for fold in fitted_folds(table)}
    )
