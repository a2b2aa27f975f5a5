"""Whether there is anything to explain: does any model predict better than one that knows no feature?"""

import numpy as np

from pipelines.core.table import Table
from pipelines.facts.reflect.signal import Side, Signal, SignalTest
from pipelines.inference.truth import Truth
from pipelines.ladder.alpha import ALPHA
from pipelines.ladder.gains import adjusted, paired_gains
from pipelines.ladder.study import Study
from pipelines.metrics import Metric, signal_metric
from pipelines.metrics.prepared import Floats

CONSTANT = "constant"


def signal_facts(study: Study, baseline: np.ndarray, ladder: np.ndarray, strong: np.ndarray) -> Signal:
    """Return `{present, metric, label, tests: [{model, rows, gain, ci, p_adjusted}]}`.

    Predictions are (rows,) or (rows, classes), out-of-fold on training rows. Each test is a model's gain over the best
    constant prediction, with Holm's adjustment (1979): those of the baseline and of the ladder's top over the folds of
    the training rows; the strong model's on the test rows alone, since the folds have stopped and chosen it, and such a
    model looks better than chance there on pure noise. `present` where one of them is better beyond chance.

    Gains are in ROC AUC where there are classes, whatever the primary metric: by answers at a threshold a constant may
    be unbeatable, or beaten by noise, and probabilities that are wrong by a factor still rank rows.
    """
    table = study.table
    metric = signal_metric(table.target.name, study.metric)
    constant = best_constant(table, metric)
    asked: list[tuple[str, Side, Floats]] = [
        ("baseline", "training", baseline),
        ("ladder", "training", ladder),
        ("strong", "test", strong),
    ]
    if np.array_equal(ladder, baseline):
        del asked[1]
    pending = []
    for name, side, prediction in asked:
        rows = table.scored if side == "training" else table.tested
        compared = {CONSTANT: constant[rows], name: prediction[rows]}
        truth = Truth.of(table, rows, metric, study.seed)
        pending.append(
            study.submit(paired_gains, truth, compared, [(CONSTANT, name)], name=f"signal: {name} against a constant")
        )
    gains = [gain for one in pending for gain in one.result()]
    tests: list[SignalTest] = [
        {"model": name, "rows": side, "gain": gain.value, "ci": list(gain.ci), "p_adjusted": p}
        for (name, side, _), gain, p in zip(asked, gains, adjusted(gains, [True] * len(gains)), strict=True)
    ]
    present = any(one["gain"] > 0 and one["p_adjusted"] is not None and one["p_adjusted"] < ALPHA for one in tests)
    return {"present": present, "metric": metric.name, "label": metric.label, "tests": tests}


def best_constant(table: Table, metric: Metric) -> np.ndarray:
    """Return the constant prediction of every row that scores best on the training rows; of series, their level."""
    level = table.target.offset(table.x)
    if level is not None:
        return table.target.inverse(level)
    known = table.target.unmodelled(table.x, table.trained)
    if known is not None:
        return known
    y = table.y[table.trained]
    return table.target.best_constant(y, len(table.y), metric.score, metric.gain)
