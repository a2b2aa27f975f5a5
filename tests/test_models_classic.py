"""The classics: each learns, is the same each time, keeps to its rows, and can be read back."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from toy_table import APART, small_table

from pipelines.core.project import Task
from pipelines.core.table import Table
from pipelines.models.classic import ClassicLearner, ClassicModel
from pipelines.models.classic_kinds import KINDS, Given
from pipelines.models.families import family_of
from pipelines.models.family import Loading
from pipelines.models.folds import fold_data
from pipelines.targets import TARGETS, Event, Number


def model(name: str, table: Table) -> ClassicModel:
    """Return the classic fitted without fold 0."""
    return ClassicLearner(name, table.target).fit(fold_data(table, 0, 5))


@pytest.mark.parametrize(
    ("name", "task"),
    [
        (name, task)
        for task, kind in TARGETS.items()
        if kind.rows == "apart"
        for name in KINDS
        if name not in kind.engines["classic"]["without"]
    ],
)
def test_every_classic_learns_and_repeats_itself(name: str, task: Task) -> None:
    """A step from the mean to the truth on rows not seen, finite on levels not seen, and equal when fitted again."""
    table = small_table(task, 600)
    test = table.fold < 0
    found = model(name, table)
    prediction = found.predict(table.x[test])
    mean = table.target.constant(table.y[(table.fold >= 0) & (table.fold != 0)], int(test.sum()))
    assert np.isfinite(prediction).all()
    truth = table.target.one_hot(table.y[test])
    loss, of_mean, least = (table.target.loss(table.y[test], one).mean() for one in (prediction, mean, truth))
    assert loss - least < 0.97 * (of_mean - least)
    np.testing.assert_array_equal(model(name, table).predict(table.x[test]), prediction)
    assert found.notes["chosen"][KINDS[name].setting] in KINDS[name].choices


@pytest.mark.parametrize("task", APART)
@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.role == "candidate"])
def test_a_saved_candidate_predicts_the_same(name: str, task: Task) -> None:
    """What may be taken can be written and read back without a pickle."""
    table = small_table(task)
    found = model(name, table)
    again = ClassicModel.load(found.save(), Loading(type(table.target), family_of))
    np.testing.assert_array_equal(again.predict(table.x), found.predict(table.x))


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.max_rows])
def test_rows_are_capped_and_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What costs more than rows sees a part of them, says so, and says nothing where it sees all."""
    table = small_table(rows=500)
    assert model(name, table).notes["skipped"] is None
    monkeypatch.setitem(KINDS, name, KINDS[name]._replace(max_rows=100))
    notes = model(name, table).notes
    assert notes["rows_used"] == 100
    assert "at random" in (notes["skipped"] or "")


def test_lasso_leaves_useless_features_alone() -> None:
    """With the largest penalty, columns of noise have the coefficient 0."""
    rng = np.random.default_rng(2)
    x = pd.DataFrame(rng.normal(size=(2000, 6)), columns=list("abcdef"))
    y = 3 * x["a"].to_numpy() + rng.normal(size=2000)
    kind = KINDS["lasso"]
    fitted = kind.make(Given(Number(), x, 0), max(kind.choices)).fit(x, y)
    coefficients = fitted.regressor_.coef_
    assert coefficients[0] > 0.9
    assert np.abs(coefficients[1:]).max() < 0.02


def test_penalties_mean_the_same_at_any_number_of_rows() -> None:
    """Each row twice: the same coefficients."""
    table = small_table(rows=300)
    x, y = table.x[["steady", "curved"]].fillna(0).to_numpy(), table.y.astype(int)
    for name in ("linear_ranks", "lasso"):
        both = np.vstack([x, x])
        once = KINDS[name].make(Given(Event(), x, 0), 1e-2).fit(x, y)
        twice = KINDS[name].make(Given(Event(), both, 0), 1e-2).fit(both, np.append(y, y))
        np.testing.assert_allclose(once.coef_, twice.coef_, rtol=2e-2, atol=1e-3)


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_threads_change_nothing(task: Task) -> None:
    """Lasso fits of a classification that run at the same time end at the same coefficients as one alone.

    liblinear draws from one stream of random numbers a process; without a lock this fails.
    """
    table = small_table(task, rows=2_000)
    data, learner = fold_data(table, 0, seed=3), ClassicLearner("lasso", table.target)
    alone = learner.fit(data).predict(data.held_x)
    with ThreadPoolExecutor(4) as pool:
        together = [one.predict(data.held_x) for one in pool.map(learner.fit, [data] * 12)]
    assert all(np.array_equal(alone, one) for one in together)
