"""Tests of the choice between models."""

import numpy as np
import pandas as pd
import pytest

from pipelines.core.project import Task
from pipelines.core.table import Table
from pipelines.estimators.selection import beats, choose
from pipelines.statistics.metrics import METRICS, Metric

AUC, RMSE = METRICS["roc_auc"], METRICS["rmse"]


def test_a_clear_winner_is_taken_whatever_is_preferred() -> None:
    """Model b is 0.1 better on every fold."""
    choice = choose({"a": np.array([0.7, 0.8]), "b": np.array([0.8, 0.9])}, AUC, ["a", "b"])
    assert choice.name == "b"
    assert choice.why.startswith("b has the best mean score over the folds, by more than")
    assert [entry["name"] for entry in choice.ranking] == ["b", "a"]
    assert choice.ranking[1]["behind"] == pytest.approx(0.1)


def test_a_tie_goes_to_the_preferred_one() -> None:
    """Model b leads by 0.02, 0.02, -0.01: mean 0.01, standard error 0.0173/sqrt(3) = 0.01, which is a tie; told so."""
    scores = {"a": np.array([0.70, 0.80, 0.90]), "b": np.array([0.72, 0.82, 0.8899])}
    choice = choose(scores, AUC, ["a", "b"])
    assert choice.name == "a"
    assert choice.ranking[1] == {
        "name": "a",
        "behind": pytest.approx(0.0099666, abs=1e-6),
        "standard_error": pytest.approx(0.0100333, abs=1e-6),
        "tied": True,
    }
    assert "a is cheaper" in choice.why
    assert choose(scores, AUC, ["b", "a"]).name == "b"


def test_an_erratic_model_far_behind_is_no_equal() -> None:
    """Behind by 0.1 with an error of 0.1: tied by the error alone, but not where 0.05 is worth acting on."""
    scores = {"erratic": np.array([0.5, 0.9]), "steady": np.array([0.8, 0.8])}
    assert choose(scores, AUC, ["erratic", "steady"]).name == "erratic"
    assert choose(scores, AUC, ["erratic", "steady"], 0.05).name == "steady"


def test_smaller_errors_win() -> None:
    """The direction is the metric's."""
    scores = {"a": np.array([1.0, 2.0, 3.0]), "b": np.array([0.5, 1.5, 2.5])}
    choice = choose(scores, RMSE, ["a", "b"])
    assert choice.name == "b"
    assert choice.ranking[1]["behind"] == pytest.approx(0.5)


def test_equal_models_and_undefined_folds() -> None:
    """Equals go to the first; a fold where the metric is undefined does not count."""
    scores = {"a": np.array([0.7, np.nan, 0.8]), "b": np.array([0.7, np.nan, 0.8])}
    choice = choose(scores, AUC, ["b", "a"])
    assert choice.name == "b"
    assert all(entry["tied"] and entry["behind"] == 0 for entry in choice.ranking)
    assert "within one standard error of the paired fold differences: a" in choice.why


@pytest.mark.parametrize(("metric", "task"), [(AUC, "binary"), (RMSE, "regression")])
def test_equal_models_rarely_beat_each_other(metric: Metric, task: Task) -> None:
    """Two noisy views of one truth, equally good: kept in about 5 % of 300 tables (binomial: at most 9 %)."""
    kept = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        signal = rng.normal(size=400)
        y = (signal + rng.logistic(size=400) > 0) * 1.0 if task == "binary" else signal
        table = Table(pd.DataFrame({"fold": np.arange(400) % 5, "y_true": y}), task)
        one, other = signal + rng.normal(size=400), signal + rng.normal(size=400)
        kept += beats(table, metric, other, one, 1)["kept"]
    assert 0.015 * 300 < kept < 0.09 * 300


def test_a_clearly_better_model_beats_and_a_copy_does_not() -> None:
    """Half the noise beats; the same predictions gain nothing."""
    rng = np.random.default_rng(0)
    y = rng.normal(size=500)
    table = Table(pd.DataFrame({"fold": np.arange(500) % 5, "y_true": y}), "regression")
    worse, better = y + rng.normal(size=500), y + 0.5 * rng.normal(size=500)
    assert beats(table, RMSE, better, worse, 1)["kept"]
    assert not beats(table, RMSE, worse, better, 1)["kept"]
    assert beats(table, RMSE, worse, worse, 1) == {"gain": 0.0, "standard_error": 0.0, "kept": False}
