"""How long the baseline and the strong model take to fit and to predict: wall times, so no facts of a rebuild."""

import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from flows.repository.earlier import load_facts, load_model
from flows.repository.projects import load_project
from flows.repository.tables import load_table
from pipelines.core.digits import written_bytes
from pipelines.core.table import Table
from pipelines.facts.timings import ModelTime, ModelTimes, PredictionTime
from pipelines.models.folds import fold_data, fold_numbers
from pipelines.models.model import Learner
from pipelines.models.refittable import learners, parts
from pipelines.models.saving.archive import SavedModel, load

SINGLE_ROWS = 30  # rows predicted one by one; their median is reported
BATCH_ROWS = 10_000  # rows predicted at once, at most
REPEATS = 3  # of a batch; the fastest is reported, since only others' work makes one slower
MICROSECONDS = 1e6


def time_models(name: str) -> ModelTimes:
    """Return for `baseline` and `strong` what fitting and predicting take, each on one core.

    Fits are those of all parts on all folds, one after another, without the search for settings and weights; rows are
    predicted by the mean of the fold models as `archive.load` gives it.
    """
    project = load_project(name)
    table = load_table(project)
    facts = load_facts(name, ["baseline", "strong"])
    known = learners(table, project, facts["strong"])

    def timed(step: str, fitted: list[Learner]) -> ModelTime:
        content = load_model(name, step)
        return {
            "bytes": written_bytes(len(content)),
            "fit_seconds": round(_fit_seconds(fitted, table, project.seed), 2),
            **time_predictions(load(content), table.rows("test").frame),
        }

    return {
        "baseline": timed("baseline", [known["baseline"]]),
        "strong": timed("strong", [known[part] for part in parts(facts["strong"])]),
    }


def time_predictions(model: SavedModel, x: pd.DataFrame) -> PredictionTime:
    """Return the microseconds that a row of `x` takes, alone and among many."""
    model.predict(x.iloc[:1])  # the first call imports and allocates
    places = np.linspace(0, len(x) - 1, min(SINGLE_ROWS, len(x))).astype(np.int64)
    single = [_seconds(lambda row=row: model.predict(row)) for row in (x.iloc[[place]] for place in places)]  # type: ignore[misc]
    batch = x.iloc[:BATCH_ROWS]
    together = min(_seconds(lambda: model.predict(batch)) for _ in range(REPEATS))
    return {
        "single_microseconds": round(float(np.median(single)) * MICROSECONDS, 1),
        "batch_microseconds": round(together / len(batch) * MICROSECONDS, 3),
        "batch_rows": len(batch),
    }


def _fit_seconds(learners: list[Learner], table: Table, seed: int) -> float:
    """Return the seconds of all fits on all folds; what they share (imports, cutting the folds) is not counted."""
    total = 0.0
    for fold in fold_numbers(table):
        data = fold_data(table, fold, seed)
        for learner in learners:
            total += _seconds(lambda learner=learner: learner.fit(data))  # type: ignore[misc]  # noqa: B023 - called at once
    return total


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
