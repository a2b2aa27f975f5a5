"""Whether a model predicts so well that its score is a question rather than an answer."""

from collections.abc import Mapping

import numpy as np

from pipelines.core.table import Table
from pipelines.experiments.experiment import Experiment, Given, of_labels
from pipelines.exploration.intervals import QuickTruth
from pipelines.facts.reflect.leaks import TooGood, TooGoodScore
from pipelines.metrics import look_at
from pipelines.targets import Target

# From here on a score is next to perfect. Honest models of plain tables reach 0.995 in ROC AUC (breast cells, by many
# measures that are almost the diagnosis), 0.991 of an amount's variance (the logarithm of diamonds' prices), and less
# of several classes' (of wines 0.95): a class is predicted with a probability.
EVENT, CLASSES, AMOUNT = 0.997, 0.98, 0.995


def too_good_facts(table: Table, predictions: Mapping[str, np.ndarray]) -> TooGood | None:
    """Return the models whose scores are next to perfect, out of fold and on the test rows; None where none is.

    `predictions` (rows,) or (rows, classes) are by model. The score is that of looks at single columns, whatever the
    primary metric: ROC AUC, or the share of the variance explained; a metric that a constant nearly reaches would
    call any model perfect.
    """
    metric, bound = look_at(table.target.name), next_to_perfect(table.target)
    scores: list[TooGoodScore] = []
    for model, prediction in predictions.items():
        out_of_fold, test = (
            QuickTruth.of(table, np.flatnonzero(rows), metric).score(prediction[rows]).value
            for rows in (table.scored, table.tested)
        )
        if min(out_of_fold, test) >= bound:
            scores.append({"model": model, "out_of_fold": out_of_fold, "test": test})
    if not scores:
        return None
    label = metric.label if metric.look is None else metric.look.label
    return {"metric": metric.name, "label": label, "bound": bound, "models": scores}


def next_to_perfect(target: Target) -> float:
    """Return the score from which a model of such a target is next to perfect."""
    if "probabilities" not in target.can:
        return AMOUNT
    return CLASSES if target.outputs > 1 else EVENT


def _run(given: Given) -> Mapping[str, object]:
    compared = {name: given.predictions[name] for name in ("baseline", "strong")}
    return {"too_good": too_good_facts(given.study.table, compared)}


TOO_GOOD = Experiment(
    "too good", _run, applies=lambda given: of_labels(given) and not given.study.table.forward,
    otherwise={"too_good": None}, early=True,
)  # fmt: skip
