"""Tests of the families made of trees on one fold."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from toy_table import APART, OF_TREES, first_learner, small_table

from pipelines.core.project import Task
from pipelines.core.table import Table
from pipelines.metrics import METRICS
from pipelines.models.encode import tree_matrix, tree_schema
from pipelines.models.families import FAMILIES
from pipelines.models.folds import fold_data
from pipelines.models.forest import ForestLearner, category_means
from pipelines.models.model import FoldData, Grower
from pipelines.models.size import measure_size
from pipelines.targets import Classes, Event

GROWING = [name for name in OF_TREES if isinstance(first_learner(name, small_table()), Grower)]


@pytest.mark.parametrize("task", APART)
@pytest.mark.parametrize("family", OF_TREES)
def test_it_learns_from_a_table_with_every_difficulty(family: str, task: Task) -> None:
    """Empty and constant columns, unseen and rare levels, missing values; and still test rows are told well."""
    table = small_table(task, rows=600)
    model = first_learner(family, table).fit(fold_data(table, 2, seed=1))
    test = table.fold < 0
    prediction = model.predict(table.x[test])
    score = METRICS["roc_auc" if "probabilities" in table.target.can else "r2"].score(table.y[test], prediction)
    assert score > {"binary": 0.75, "multiclass": 0.7, "regression": 0.4}.get(task, 0.3)
    assert sum(model.notes["importance"]) == pytest.approx(1)
    assert model.notes["importance"][table.features.index("constant")] == 0
    assert int(np.argmax(model.notes["importance"])) == table.features.index("curved")


@pytest.mark.parametrize("family", OF_TREES)
def test_the_same_fold_gives_the_same_model(family: str) -> None:
    """Fitted twice, the saved bytes are equal."""
    table = small_table()
    first, second = (first_learner(family, table).fit(fold_data(table, 0, seed=1)).save() for _ in range(2))
    assert first == second


@pytest.mark.parametrize("family", OF_TREES)
def test_a_table_without_any_signal_is_the_dummy(family: str) -> None:
    """With one useless column the prediction of every row is the training mean, within 0.02."""
    table = small_table()
    blind = Table(table.frame[["row_id", "split", "fold", "y_true", "constant"]], Event())
    data = fold_data(blind, 0, seed=1)
    np.testing.assert_allclose(first_learner(family, blind).fit(data).predict(blind.x), data.y.mean(), atol=0.02)


@pytest.mark.parametrize("family", GROWING)
def test_boosting_stops_where_the_held_out_loss_is_least(family: str) -> None:
    """The number of trees is the place of the curve's minimum, and its value is the loss of the predictions."""
    table = small_table(rows=600)
    data = fold_data(table, 0, seed=1)
    model = first_learner(family, table).fit(data)
    curve = np.array(model.notes["curve"])
    assert model.notes["trees"] == curve.argmin() + 1
    assert model.notes["stopped_early"]
    assert METRICS["log_loss"].score(data.held_y, model.predict(data.held_x)) == pytest.approx(curve.min(), rel=1e-5)


@pytest.mark.parametrize("family", GROWING)
def test_boosting_follows_the_squared_error_of_a_regression(family: str) -> None:
    """Both libraries' curves are squared errors, whatever they call it."""
    table = small_table("regression")
    data = fold_data(table, 0, seed=1)
    model = first_learner(family, table).fit(data)
    assert METRICS["mse"].score(data.held_y, model.predict(data.held_x)) == pytest.approx(
        min(model.notes["curve"]), rel=1e-5
    )


def rare_events(rows: int = 30_000, seed: int = 3) -> FoldData:
    """Return a fold with 75 events in 15,000 rows, told by two of ten numbers; as many rows are held out."""
    rng = np.random.default_rng(seed)
    y = np.zeros(rows)
    y[:: rows // 150] = 1
    x = rng.normal(size=(rows, 10)) + 3.0 * y[:, None] * (np.arange(10) < 2)
    frame = pd.DataFrame(x, columns=[f"v{i}" for i in range(10)])
    half = rng.random(rows) < 0.5
    return FoldData(frame[half], y[half], frame[~half], y[~half], seed)


@pytest.mark.parametrize("family", GROWING)
def test_boosting_does_not_collapse_on_rare_events(family: str) -> None:
    """With five events in a thousand rows it ranks like the true model, and its probabilities add up to the events."""
    data = rare_events()
    size = measure_size(data.y, 10, Event(), "standard")
    make = FAMILIES[family].variants[0].learner
    assert make is not None
    learner = make(size, None)
    assert learner is not None
    prediction = learner.fit(data).predict(data.held_x)
    best = METRICS["average_precision"].score(data.held_y, data.held_x[["v0", "v1"]].sum(axis=1).to_numpy())
    assert METRICS["average_precision"].score(data.held_y, prediction) > best - 0.15
    assert prediction.sum() == pytest.approx(data.held_y.sum(), rel=0.3)


def test_a_forest_tree_draws_at_most_max_rows() -> None:
    """The notes say how many rows a tree has drawn, and a cap above the table is the table."""
    table = small_table()
    data = fold_data(table, 0, seed=1)
    learner = first_learner("random_forest", table)
    assert isinstance(learner, ForestLearner)
    capped = replace(learner, settings=learner.settings | {"max_rows": 50}).fit(data)
    assert capped.notes["rows_used"] == 50
    assert capped.forest.estimators_[0].tree_.weighted_n_node_samples[0] == 50
    assert learner.fit(data).notes["rows_used"] == len(data.y)


def test_category_means_are_drawn_towards_the_overall_mean() -> None:
    """Overall mean 0.5 and 20 prior rows: level a with 10 rows of 1 becomes (10 + 10) / 30, b (0 + 10) / 30."""
    table = small_table()
    frame = table.x.iloc[:20].assign(town=(["a"] * 10 + ["b"] * 10))
    frame["town"] = frame["town"].astype("category")
    schema = tree_schema(frame)
    y = np.repeat([1.0, 0.0], 10)
    assert category_means(tree_matrix(frame, schema), y, schema, Event())["town"] == pytest.approx([2 / 3, 1 / 3])


def test_levels_of_several_classes_lie_along_their_first_component() -> None:
    """Two levels whose shares differ in two of three classes: as far apart as the distance of their shares."""
    table = small_table()
    frame = table.x.iloc[:60].assign(town=np.repeat(["a", "b"], 30))
    frame["town"] = frame["town"].astype("category")
    schema = tree_schema(frame)
    y = np.tile([0.0, 1.0, 2.0], 20)
    y[:30] = np.tile([0.0, 1.0, 0.0], 10)
    a, b = category_means(tree_matrix(frame, schema), y, schema, Classes(3))["town"]
    # 30 rows of a level against 20 prior rows: shares differ by 30/50 of (1/3, 0, -1/3).
    assert abs(a - b) == pytest.approx(0.6 * np.sqrt(2) / 3)
