"""A small table and its project, for tests of what fits models."""

from collections.abc import Callable
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
from toy_project import of_metric, toy_project, usual_metric

from pipelines.core.project import Project, Task
from pipelines.core.submit import Pending, Submit, run_now
from pipelines.core.table import FOLDS, Table
from pipelines.models.families import FAMILIES
from pipelines.models.model import Learner
from pipelines.models.size import Level, measure_size
from pipelines.targets import TARGETS, target_of

APART = [name for name, kind in TARGETS.items() if kind.rows == "apart"]  # those whose rows stand by themselves
OF_ROWS = [one.name for one in FAMILIES.values() if any(variant.rows == "apart" for variant in one.variants)]
OF_TREES = [name for name in OF_ROWS if FAMILIES[name].explains]


def small_project(task: Task = "binary", metric: str | None = None) -> Project:
    """Return a project for `small_table`."""
    allowed = TARGETS[task].column_types
    columns = f'x = {{ type = "number" }}\ny = {{ type = "{"number" if "number" in allowed else "integer"}" }}'
    split = 'kind = "random"\nseed = 11'
    lines = of_metric(metric or usual_metric(task))
    return toy_project(task, columns=columns, split=split, metric=lines, effort='level = "quick"')


def small_table(task: Task = "binary", rows: int = 300, seed: int = 0) -> Table:
    """Return a table with a curved and a linear number, missing values, a category, and useless columns.

    A fifth are test rows, which alone hold the category "new" and missing values of `steady`. The category "rare" is in
    one fold only; `empty` has no value at all, `constant` one.
    """
    rng = np.random.default_rng(seed)
    curved, steady = rng.normal(size=rows), rng.normal(size=rows)
    town = rng.choice(["Bern", "Oslo", "Rome"], rows)
    signal = 2.0 * curved**2 - 2.0 + 1.0 * steady + 1.5 * (town == "Oslo")
    noise = rng.logistic(size=rows)
    kind = TARGETS[task]
    if kind.raw_in_unit:
        y = signal + noise / 2
    elif "probabilities" in kind.can:  # several classes: middling signals are class 0, low ones 1 and high ones 2
        y = (signal + noise > 0).astype(float)
        y = y if "event" in kind.can else np.where(np.abs(signal + noise) < 1, 0.0, y + 1)
    else:
        y = kind().simulate(np.clip(signal, -2.0, 2.0), rng)
    test = np.arange(rows) % 5 == 4
    fold = np.where(test, -1, np.arange(rows) // 5 % FOLDS)
    town = np.where(test & (rng.random(rows) < 0.3), "new", town)
    town = np.where((fold == 2) & (rng.random(rows) < 0.3), "rare", town)
    values = pd.Series(town, dtype="str").mask(rng.random(rows) < 0.1)
    frame = pd.DataFrame(
        {
            "row_id": np.arange(rows),
            "split": np.where(test, "test", "train"),
            "fold": fold.astype(np.int64),
            "y_true": y,
            "curved": np.where(rng.random(rows) < 0.1, np.nan, curved),
            "steady": np.where(test & (rng.random(rows) < 0.3), np.nan, steady),
            "town": values.astype("category"),
            "empty": np.full(rows, np.nan),
            "constant": np.ones(rows),
        },
    )
    return Table(frame, target_of(task, frame["y_true"].to_numpy(np.float64)))


def first_learner(family: str, table: Table, level: Level = "quick") -> Learner:
    """Return what fits a family's first model, with the settings that the rules give for a table's training rows."""
    size = measure_size(table.y[table.fold >= 0], len(table.features), table.target, level)
    variant = FAMILIES[family].variants[0]
    assert variant.learner is not None
    learner = variant.learner(size, None)
    assert learner is not None
    return learner


def run_backwards(pending: list[Callable[[], object]]) -> Submit:
    """Return a submit that queues work in `pending` and, at the first result asked for, runs it last first."""
    one_at_a_time = Lock()

    class Later:
        def __init__(self, work: Callable[[], object]) -> None:
            self.work = work
            self.value: object = None
            pending.append(self.run)

        def run(self) -> None:
            self.value = self.work()

        def result(self) -> object:
            with one_at_a_time:  # several threads may wait
                while pending:
                    pending.pop()()
            return self.value

    def submit(function: Callable[..., object], /, *args: object, name: str) -> Pending[Any]:  # noqa: ARG001
        return Later(lambda: function(*args))

    return submit


__all__ = ["OF_TREES", "first_learner", "run_backwards", "run_now", "small_project", "small_table"]
