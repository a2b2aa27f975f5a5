"""Tests of the shared folds, with learners whose predictions say what they have seen."""

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest
from planted import planted
from toy_models import Constant
from toy_table import run_backwards, run_now, small_table

from pipelines.core.table import Table
from pipelines.metrics import METRICS
from pipelines.models.describe import curve_facts, importance_facts
from pipelines.models.fit import prediction_table
from pipelines.models.folds import (
    CrossFit,
    FoldFit,
    best_trees,
    cross_fit,
    fit_fold,
    fold_data,
    fold_numbers,
)
from pipelines.models.lightgbm import LightGBMLearner
from pipelines.models.model import FoldData, Notes


@dataclass(frozen=True)
class Learns:
    """Learns one number from a fold's data, by the name of what it learns."""

    name: str
    settings: dict[str, Any] = field(default_factory=dict)

    def fit(self, data: FoldData) -> Constant:
        """Return the number; "fails" raises in the folds with an even number of rows, "nan" predicts no number."""
        if self.name == "fails":
            raise RuntimeError("no luck today")
        return Constant({"mean": float(data.y.mean()), "seed": float(data.seed), "nan": np.nan}[self.name])


def test_training_rows_are_predicted_without_their_fold_and_test_rows_by_the_mean() -> None:
    """The learned mean of the other folds comes back for each training row, the mean of means for each test row."""
    table = small_table("regression")
    (fitted,), failed = cross_fit([Learns("mean")], table, 7, run_now)
    means = {fold: table.y[(table.fold >= 0) & (table.fold != fold)].mean() for fold in range(5)}
    expected = [means[fold] if fold >= 0 else np.mean(list(means.values())) for fold in table.fold]
    np.testing.assert_allclose(fitted.prediction, expected, rtol=1e-15)
    assert not failed


def test_a_fold_sees_its_own_rows_only_as_held_out() -> None:
    """The three views of a fold are disjoint and together all rows."""
    table = small_table()
    data = fold_data(table, 3, seed=1)
    assert set(table.fold[data.held_x.index]) == {3}
    assert set(table.fold[data.x.index]) == {0, 1, 2, 4}
    assert len(data.x) + len(data.held_x) == (table.fold >= 0).sum()


def test_seeds_differ_between_folds_and_follow_the_project() -> None:
    """Five folds, five seeds; the same project seed gives the same five."""
    seeds = [[fold_data(small_table(), fold, seed).seed for fold in range(5)] for seed in (1, 1, 2)]
    assert seeds[0] == seeds[1]
    assert len({*seeds[0], *seeds[2]}) == 10
    assert max(seeds[0] + seeds[2]) < 2**31


def test_a_failing_model_is_told_and_the_others_go_on() -> None:
    """Exceptions and predictions that are no numbers are failures with a reason."""
    done, failed = cross_fit([Learns("fails"), Learns("mean"), Learns("nan")], small_table(), 7, run_now)
    assert [fitted.name for fitted in done] == ["mean"]
    assert [failure.name for failure in failed] == ["fails", "nan"]
    assert failed[0].why == "RuntimeError: no luck today"
    assert "not finite numbers" in failed[1].why


def test_one_class_is_a_failure() -> None:
    """Training rows of one class teach nothing, and the reason says so."""
    table = small_table()
    _, failed = cross_fit([Learns("mean")], type(table)(table.frame.assign(y_true=0.0), table.target), 7, run_now)
    assert "one class only" in failed[0].why


def test_the_order_of_work_does_not_matter() -> None:
    """Run last first, the predictions are the same."""
    learners, table = [Learns("mean"), Learns("seed")], small_table()
    forwards, _ = cross_fit(learners, table, 7, run_now)
    backwards, _ = cross_fit(learners, table, 7, run_backwards([]))
    for one, other in zip(forwards, backwards, strict=True):
        np.testing.assert_array_equal(one.prediction, other.prediction)


def test_fewer_folds_are_taken_as_they_are() -> None:
    """The table says which folds there are."""
    table = small_table()
    kept = table.frame[table.frame["fold"] < 3].reset_index(drop=True)
    assert fold_numbers(type(table)(kept, table.target)) == [0, 1, 2]


def test_the_prediction_table_has_the_keys_first_and_one_column_a_class() -> None:
    """Two-dimensional predictions become `name[0]`, `name[1]`."""
    table = small_table(rows=10)
    frame = prediction_table(table, {"a": np.arange(10), "b": np.arange(20.0).reshape(10, 2)})
    assert list(frame.columns) == ["row_id", "split", "fold", "y_true", "a", "b[0]", "b[1]"]
    assert frame["a"].dtype == np.float64
    assert frame["b[1]"].tolist() == list(range(1, 20, 2))


def fitted_with(*notes: Notes) -> CrossFit:
    """Return a model whose folds left these notes."""
    nothing = np.empty(0)
    folds = tuple(FoldFit(i, nothing, nothing, Constant(0.0, note)) for i, note in enumerate(notes))
    return CrossFit("model", nothing, folds)


def test_the_learning_curve_is_the_mean_of_folds_up_to_the_shortest() -> None:
    """Curves 4, 2, 1 and 2, 2 give 3, 2; long ones are thinned, first and last point kept."""
    short = curve_facts(fitted_with({"curve": [4.0, 2.0, 1.0]}, {"curve": [2.0, 2.0]}), "log loss")
    assert short is not None
    assert short["points"] == [{"trees": 1, "loss": 3.0}, {"trees": 2, "loss": 2.0}]
    long = curve_facts(fitted_with({"curve": [1.0 / i for i in range(1, 2001)]}), "log loss")
    assert long is not None
    assert len(long["points"]) <= 50
    assert (long["points"][0]["trees"], long["points"][-1]["trees"]) == (1, 2000)
    assert curve_facts(fitted_with({}), "log loss") is None


def test_importances_are_sorted_means_over_folds() -> None:
    """Shares 0.2 and 0.4 of b's gain make 0.3, so a with 0.7 comes first."""
    facts = importance_facts(fitted_with({"importance": [0.8, 0.2]}, {"importance": [0.6, 0.4]}), ["a", "b"])
    assert facts is not None
    assert [(entry["feature"], round(entry["share"], 12)) for entry in facts["features"]] == [("a", 0.7), ("b", 0.3)]
    assert facts["features"][0]["sd"] == 0.14142135623730953
    assert importance_facts(fitted_with({}), ["a"]) is None


@dataclass(frozen=True)
class Stump:
    """A grown model whose loss is lowest at a number of trees of its fold's own, and which tells how many it kept."""

    curve: list[float]
    family: ClassVar[str] = "stump"
    kept: int = 0
    notes: Notes = field(default_factory=Notes)

    def stopped_at(self, trees: int) -> "Stump":
        """Return the model with so many trees."""
        return replace(self, kept=trees)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return the number of trees."""
        return np.full(len(x), float(self.kept))

    def save(self) -> dict[str, bytes]:
        """Return nothing."""
        return {}


@dataclass(frozen=True)
class Stumps:
    """A learner whose folds, told apart by their seeds, ask for 3, 1, 1, 1 and 2 trees."""

    name: str = "stumps"
    settings: dict[str, Any] = field(default_factory=dict)

    def fit(self, data: FoldData) -> Stump:
        """Return the model stopped by its own rows."""
        grown = self.grow(data)
        return grown.stopped_at(best_trees([grown.curve]))

    def grow(self, data: FoldData) -> Stump:
        """Return the model with four trees."""
        fold = next(f for f in range(5) if fold_data(SAMPLE, f, 1).seed == data.seed)
        return Stump([[4.0, 3.0, 0.0, 3.0], *[[1.0, 2.0, 3.0]] * 3, [9.0, 0.0, 9.0]][fold])


SAMPLE = planted("noise", 200, seed=1).table


def test_boosting_stops_where_the_other_folds_say() -> None:
    """Each fold keeps the trees that are best on the other folds' rows; its own rows have no say in it."""
    (fitted,), failed = cross_fit([Stumps()], SAMPLE, 1, run_now)
    # Sums of the others' losses, the last loss standing for trees not grown: without fold 0 12, 6, 18, 18; without
    # fold 1, 2 or 3 15, 7, 15, 18; without fold 4 7, 9, 9, 12.
    assert [part.model.kept for part in fitted.folds] == [2, 2, 2, 2, 1]  # type: ignore[attr-defined]
    assert not failed
    assert np.array_equal(np.unique(fitted.prediction[SAMPLE.fold == 4]), [1.0])
    assert fitted.prediction[SAMPLE.fold < 0].mean() == pytest.approx(9 / 5)


def test_noise_looks_less_like_signal() -> None:
    """Stopping where the other folds say flatters boosting less, on noise, than stopping where its own fold says."""
    settings = {"objective": "binary", "metric": "binary_logloss", "learning_rate": 0.01, "num_leaves": 31}
    settings |= {"feature_fraction": 0.5, "bagging_fraction": 0.7, "bagging_freq": 1}  # many different curves
    learner = LightGBMLearner(settings, patience=25)
    own, others = [], []
    for seed in range(5):
        table = planted("noise", 4_000, seed=seed, base_rate=0.5).table
        (fitted,), _ = cross_fit([learner], table, seed, run_now)
        stopped_here = [fit_fold(learner, table, fold, seed) for fold in range(5)]
        own += [_auc(table, one.fold, one.held_out) for one in stopped_here]
        others += [_auc(table, one.fold, one.held_out) for one in fitted.folds]
    assert np.mean(own) - 0.5 > 0.01  # AUC from nothing
    assert np.mean(others) - 0.5 < 0.75 * (np.mean(own) - 0.5)


def _auc(table: Table, fold: int, prediction: np.ndarray) -> float:
    return METRICS["roc_auc"].score(table.y[table.fold == fold], prediction)
