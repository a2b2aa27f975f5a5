"""Tests of step 4."""

import json

import numpy as np
import pytest
from toy_table import APART, run_now, small_project, small_table

from pipelines.baseline import baseline
from pipelines.core.errors import InputError
from pipelines.core.project import Task
from pipelines.core.table import Table
from pipelines.metrics import METRICS
from pipelines.models.linear import fit_linear
from pipelines.models.saving import archive
from pipelines.targets import TARGETS, Event


@pytest.mark.parametrize("task", [name for name in APART if TARGETS[name].of(np.arange(3.0)).outputs == 1])
def test_predictions_are_those_of_the_linear_model_on_each_fold(task: Task) -> None:
    """Fitted here by hand on four folds, the fifth is predicted the same; test rows by the mean of five."""
    table = small_table(task)
    frame = baseline(table, small_project(task), run_now).predictions
    expected = np.zeros(len(table.frame))
    for fold in range(5):
        fit = (table.fold >= 0) & (table.fold != fold)
        model = fit_linear(table.x[fit], table.y[fit], table.target)
        held, test = table.fold == fold, table.fold < 0
        expected[held] = table.target.predicted(model, table.x[held])
        expected[test] += table.target.predicted(model, table.x[test]) / 5
    np.testing.assert_allclose(frame["baseline"], expected, rtol=1e-12)
    assert list(frame.columns) == ["row_id", "split", "fold", "y_true", "dummy", "baseline"]
    assert frame["row_id"].tolist() == table.frame["row_id"].tolist()


def test_the_dummy_predicts_the_training_share() -> None:
    """In the training rows of fold 0 the share of positives is what its rows are told."""
    table = small_table()
    frame = baseline(table, small_project(), run_now).predictions
    others = table.y[table.fold > 0].mean()
    assert set(frame.loc[frame["fold"] == 0, "dummy"]) == {others}


def test_facts_hold_scores_and_coefficients() -> None:
    """The scores are the metric's on each fold, the coefficients sorted by size, and all is JSON."""
    table = small_table("regression")
    fit = baseline(table, small_project("regression"), run_now)
    facts = json.loads(json.dumps(fit.facts, allow_nan=False))
    assert [model["name"] for model in facts["models"]] == ["dummy", "baseline"]
    assert [model["role"] for model in facts["models"]] == ["dummy", "baseline"]
    model = facts["models"][1]
    held = fit.predictions[fit.predictions["fold"] == 3]
    score = METRICS["rmse"].score(held["y_true"].to_numpy(), held["baseline"].to_numpy())
    assert model["fold_scores"][3] == score
    assert model["cv_mean"] == pytest.approx(np.mean(model["fold_scores"]))
    assert model["cv_sd"] == pytest.approx(np.std(model["fold_scores"], ddof=1))
    assert model["rows_used"] == 192
    sizes = [abs(entry["move"]) for entry in facts["coefficients"]]
    assert sizes == sorted(sizes, reverse=True)
    towns = {entry["level"] for entry in facts["coefficients"] if entry["feature"] == "town"}
    assert towns == {"Bern", "Oslo", "Rome", "rare"}
    assert facts["features_used"] == table.features
    assert facts["failed"] == []


def test_the_saved_model_is_the_baseline() -> None:
    """Loaded again it gives the test rows' predictions."""
    table = small_table()
    fit = baseline(table, small_project(), run_now)
    test = (fit.predictions["split"] == "test").to_numpy()
    np.testing.assert_array_equal(archive.load(fit.model).predict(table.x[test]), fit.predictions["baseline"][test])


def test_a_baseline_that_cannot_be_fitted_is_the_users_to_know() -> None:
    """One class only: the message says so and where."""
    table = small_table()
    with pytest.raises(InputError, match="one class only"):
        baseline(Table(table.frame.assign(y_true=1.0), Event()), small_project(), run_now)
