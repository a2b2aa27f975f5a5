"""Rows on which the last cause of texts that was kept decides: what only the model with it gets right, and wrong."""

import numpy as np

from pipelines.core.table import Table
from pipelines.experiments.texts.views import rungs
from pipelines.facts.define import DefineFacts
from pipelines.facts.reflect.texts import Examples, ShownText
from pipelines.ladder.ladder import Ladder
from pipelines.targets.arrays import Floats

EACH = 5
LONGEST = 240  # characters shown
HALF = 0.5


def examples(table: Table, ladder: Ladder, define: DefineFacts) -> Examples | None:
    """Return the training rows, predicted out of fold, whose loss the cause changes most, either way.

    Where there are classes, only rows that one of the two models gets wrong and the other right.
    """
    names = [name for name in rungs(table) if name in ladder.predictions]
    kept = [name for name in names if ladder.predictions[name] is not ladder.predictions[ladder.route.below(name)]]
    if not kept:
        return None
    factor = kept[-1]
    before, after = ladder.predictions[ladder.route.below(factor)], ladder.predictions[factor]
    rows = np.flatnonzero(table.scored)
    better = table.target.loss(table.y[rows], before[rows]) - table.target.loss(table.y[rows], after[rows])
    sides = []
    for sign, good, bad in ((1.0, after, before), (-1.0, before, after)):
        fits = np.ones(len(rows), bool)
        if "probabilities" in table.target.can:
            fits = _right(table, good, rows) & ~_right(table, bad, rows)
        order = np.argsort(-sign * better, kind="stable")
        order = order[fits[order] & (sign * better[order] > 0)][:EACH]
        sides.append([_shown(table, int(rows[i]), before, after, define) for i in order])
    return {"factor": factor, "right": sides[0], "wrong": sides[1]}


def _right(table: Table, prediction: Floats, rows: np.ndarray) -> np.ndarray:
    """Return whether the likeliest class is the row's."""
    chosen = prediction[rows]
    label = chosen > HALF if chosen.ndim == 1 else chosen.argmax(axis=1)
    return np.asarray(label == table.y[rows])


def _shown(table: Table, row: int, before: Floats, after: Floats, define: DefineFacts) -> ShownText:
    text = " ".join(" / ".join(table.frame[name].iloc[row] for name in table.texts).split())
    y = table.y[row]
    if "probabilities" in table.target.can:
        labels = [item["value"] for item in define["target_summary"].get("classes", ())]
        truth = str(labels[int(y)])
        was, is_ = (float(table.target.judged(table.y[[row]], one[[row]])[0]) for one in (before, after))
    else:
        truth, was, is_ = f"{y:.4g}", float(before[row]), float(after[row])
    return {
        "row": int(table.frame["row_id"].iloc[row]), "text": text if len(text) <= LONGEST else f"{text[:LONGEST]} …",
        "truth": truth, "before": was, "after": is_,
    }  # fmt: skip
