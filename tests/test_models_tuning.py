"""Tuning: a search that starts from known settings, repeats itself, never does worse, and tells of edges."""

import numpy as np
import pytest
from toy_table import APART, run_backwards, run_now, small_table

from pipelines.core.project import Task
from pipelines.core.table import Table
from pipelines.models.choosing import tuning
from pipelines.models.choosing.tuning import FASTER, FOLDS, SPACE, fold_loss, tune
from pipelines.models.lightgbm import LightGBMLearner, lightgbm_portfolio
from pipelines.models.size import Level, Size, measure_size
from pipelines.targets import Event, Number


def size_of(table: Table, level: Level = "standard") -> Size:
    """Return the size of a table at a level of effort."""
    return measure_size(table.y[table.fold >= 0], len(table.features), table.target, level)


@pytest.fixture(autouse=True)
def _few_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tuning.TRIALS, "standard", 10)
    monkeypatch.setattr(tuning, "MIN_EVIDENCE", 50)


@pytest.mark.parametrize("task", APART)
def test_the_best_trial_is_no_worse_than_what_it_started_from(task: Task) -> None:
    """The starting settings are trials themselves; the best loss is that of the settings returned."""
    table = small_table(task, 400)
    found = tune(table, size_of(table), 5, run_now)
    assert found is not None
    starts = lightgbm_portfolio(size_of(table))
    assert found.facts["started_from"] == list(starts)
    assert found.facts["best"] <= found.facts["best_start"]
    train = Table(table.frame[table.fold >= 0].reset_index(drop=True), table.target)
    best = starts["lightgbm"] | found.facts["settings"]
    faster = best | {"learning_rate": FASTER * best["learning_rate"]}
    losses = [fold_loss(LightGBMLearner(faster), train, fold, 5) for fold in FOLDS]
    assert np.mean(losses) == pytest.approx(found.facts["best"], rel=1e-3)
    assert found.settings == (None if found.facts["ended_at"] else best)


def test_a_search_repeats_itself_whatever_runs_first() -> None:
    """Equal seeds give equal settings, in whatever order the folds are fitted."""
    table = small_table(rows=300)
    first = tune(table, size_of(table), 5, run_now)
    assert first == tune(table, size_of(table), 5, run_backwards([]))
    assert first is not None
    other = tune(table, size_of(table), 6, run_now)
    assert other is not None
    assert other.facts != first.facts


def test_test_rows_play_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """With other test rows the search is the same; of many training rows it sees a part."""
    table = small_table("regression", 300)
    frame = table.frame.copy()
    frame.loc[table.fold < 0, ["y_true", "curved"]] = 0.0
    assert tune(table, size_of(table), 5, run_now) == tune(Table(frame, Number()), size_of(table), 5, run_now)
    monkeypatch.setattr(tuning, "ROWS", 100)
    found = tune(table, size_of(table), 5, run_now)
    assert found is not None
    assert found.facts["rows"] == 100


def test_few_events_are_not_searched_on() -> None:
    """With fewer rows outside the commonest class than are asked for there is no trial, and the reason is told."""
    table = small_table(rows=300)
    rare = table.frame.assign(y_true=(np.arange(300) % 10 == 0) * 1.0)
    found = tune(Table(rare, Event()), size_of(table), 5, run_now)
    assert found is not None
    assert (found.settings, found.facts["trials"]) == (None, 0)
    assert found.facts["why"] == "fewer than 50 rows outside the commonest class to judge settings by"
    few = small_table("regression", 50)
    of_values = tune(few, size_of(few), 5, run_now)
    assert of_values is not None
    assert of_values.facts["why"] == "fewer than 50 rows to judge settings by"


@pytest.mark.parametrize(("better", "trials"), [(False, 8), (True, 10)])
def test_a_search_ends_where_its_first_trials_promise_nothing(
    monkeypatch: pytest.MonkeyPatch, *, better: bool, trials: int
) -> None:
    """Only where settings at random beat the starting ones does the search go on after them."""
    table = small_table(rows=300)
    own = lightgbm_portfolio(size_of(table))
    starts = [tuple(start[name] for name in SPACE) for start in own.values()]

    def loss(learner: LightGBMLearner, *_: object) -> float:
        started = tuple(learner.settings[name] for name in SPACE) in starts
        return 1.0 if started == better else 0.5

    monkeypatch.setattr(tuning, "fold_loss", loss)
    found = tune(table, size_of(table), 5, run_now)
    assert found is not None
    assert found.facts["trials"] == trials
    assert (found.settings is not None) == better


def test_quick_effort_does_not_search() -> None:
    """Nothing is tried."""
    table = small_table()
    assert tune(table, size_of(table, "quick"), 5, run_now) is None


@pytest.mark.parametrize(
    ("name", "value", "edge"),
    [("num_leaves", 4, True), ("num_leaves", 30, False), ("lambda_l2", 95.0, True), ("feature_fraction", 0.6, False)],
)
def test_an_optimum_at_the_edge_is_told(name: str, value: float, edge: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A best value within a twentieth of its range from either end is named."""
    assert SPACE[name][0] <= value <= SPACE[name][1]
    start = {"num_leaves": 30, "min_data_in_leaf": 20, "lambda_l2": 3.0, "feature_fraction": 0.6, name: value}
    table = small_table()
    starts = {"lightgbm": lightgbm_portfolio(size_of(table))["lightgbm"] | start}  # the only trial
    monkeypatch.setattr(tuning, "lightgbm_portfolio", lambda _: starts)
    monkeypatch.setitem(tuning.TRIALS, "standard", 1)
    found = tune(table, size_of(table), 5, run_now)
    assert found is not None
    assert found.facts["at_the_edge"] == ([name] if edge else [])
    assert found.facts["ended_at"] == "lightgbm"
    assert found.settings is None
