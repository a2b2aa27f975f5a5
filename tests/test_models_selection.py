"""Tests of the choice between models."""

import numpy as np
import pandas as pd
import pytest

from pipelines.core.project import Task
from pipelines.core.table import Table
from pipelines.metrics import METRICS, Metric
from pipelines.models.choosing.selection import against, choose, chosen_elsewhere
from pipelines.targets import Number, target_of

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
    assert "a is faster to run" in choice.why
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
    """Two noisy views of one truth, equally good: kept in about a sixth of 300 tables (binomial: 10 to 22 %)."""
    kept = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        signal = rng.normal(size=400)
        y = (signal + rng.logistic(size=400) > 0) * 1.0 if task == "binary" else signal
        table = Table(
            pd.DataFrame({"fold": np.arange(400) % 5, "y_true": y}), target_of(task, np.asarray(y, np.float64))
        )
        one, other = signal + rng.normal(size=400), signal + rng.normal(size=400)
        kept += against(table, metric, other, one, 1).better
    assert 0.1 * 300 < kept < 0.22 * 300


def test_a_clearly_better_model_beats_and_a_copy_does_not() -> None:
    """Half the noise beats; the same predictions gain nothing."""
    rng = np.random.default_rng(0)
    y = rng.normal(size=500)
    table = Table(pd.DataFrame({"fold": np.arange(500) % 5, "y_true": y}), Number())
    worse, better = y + rng.normal(size=500), y + 0.5 * rng.normal(size=500)
    gained, lost, same = (
        against(table, RMSE, one, other, 1) for one, other in ((better, worse), (worse, better), (worse, worse))
    )
    assert (gained.better, gained.worse) == (True, False)
    assert (lost.better, lost.worse) == (False, True)
    assert (same, same.better, same.worse) == ((0.0, 0.0), False, False)


def test_the_rival_of_a_fold_is_the_best_on_the_other_folds() -> None:
    """By hand: without fold 0 model a leads (.8 to .7), without fold 1 model b (.9 to .5), without fold 2 b again."""
    scores = {"a": np.array([0.5, 0.9, 0.7]), "b": np.array([1.0, 0.6, 0.8])}
    fold = np.array([0, 1, 2, -1, 0])
    found = chosen_elsewhere(scores, {"a": np.arange(5.0), "b": 10 + np.arange(5.0)}, fold, AUC)
    np.testing.assert_array_equal(found, [0, 11, 12, np.nan, 4])


def test_a_rival_is_found_where_a_fold_has_no_score_and_where_errors_count() -> None:
    """Fold 1 has no score: fold 2's rows are judged by fold 0 alone, where b's error is the smaller one."""
    scores = {"a": np.array([2.0, np.nan, 1.0]), "b": np.array([1.0, np.nan, 3.0])}
    fold = np.array([0, 1, 2])
    found = chosen_elsewhere(scores, {"a": np.zeros((3, 2)), "b": np.ones((3, 2))}, fold, RMSE)
    np.testing.assert_array_equal(found[:, 0], [0, 0, 1])


def test_the_best_of_many_equals_is_no_hard_rival() -> None:
    """Ten models with an error of 1 on 40 tables: the best of them seems to have less, its rival does not."""
    best, rivals = [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        y, fold = rng.normal(size=200), np.arange(200) % 5
        models = {f"m{i}": y + rng.normal(size=200) for i in range(10)}
        scores = {name: rmse_of_folds(y, one, fold) for name, one in models.items()}
        best.append(min(one.mean() for one in scores.values()))
        rivals.append(rmse_of_folds(y, chosen_elsewhere(scores, models, fold, RMSE), fold).mean())
    assert np.mean(best) < 0.95
    assert np.mean(rivals) == pytest.approx(1.0, abs=0.025)  # its standard error is 0.008


def rmse_of_folds(y: np.ndarray, prediction: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """Return the error of each of five folds, (5,)."""
    return np.array([RMSE.score(y[fold == k], prediction[fold == k]) for k in range(5)])
