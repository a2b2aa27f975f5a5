"""Tests of the choice between models."""

import numpy as np
import pytest

from pipelines.estimators.selection import choose
from pipelines.statistics.metrics import METRICS

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
