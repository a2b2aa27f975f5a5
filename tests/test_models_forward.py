"""Models of forward folds: each sees only what came before what it predicts, and the test has a model of its own."""

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from toy_forecast import TEXT, forward_table
from toy_models import Constant
from toy_table import run_backwards, run_now, small_table

from pipelines.core.keys import SERIES
from pipelines.core.project import parse_project
from pipelines.core.table import FOLDS, TEST, WARM_UP, Table
from pipelines.models.boosting import BoostingLearner
from pipelines.models.families import FAMILIES
from pipelines.models.folds import CrossFit, best_trees, cross_fit, fit_fold, fold_data, is_whole
from pipelines.models.lightgbm import LightGBMModel
from pipelines.models.mean import combine
from pipelines.models.model import FoldData, Grower, Learner
from pipelines.models.rule import RuleLearner, RuleModel
from pipelines.models.saving import archive
from pipelines.models.series_linear import KnownLearner
from pipelines.models.size import measure_size
from pipelines.series.methods import MEAN, METHODS, NAIVE, SMOOTHED


@cache
def table() -> Table:
    """Return the small forecast's table."""
    return forward_table()


def test_fits_are_all_rows_before() -> None:
    """Fold 0 has the warm-up, each later fold that and the folds before it, the test all training rows."""
    when = table().frame["forecast_time"].to_numpy()
    fold = table().fold

    assert table().forward
    assert not table().fits(WARM_UP).all()
    for one in (*range(FOLDS), TEST):
        fitted = table().fits(one)
        assert fitted.tolist() == (when < when[fold == one].min()).tolist()
        assert set(fold[fitted]) == {WARM_UP, *range(FOLDS if one == TEST else one)}
    assert table().fits(TEST).tolist() == table().trained.tolist()
    assert table().scored.sum() == (fold >= 0).sum() < table().trained.sum()


def test_other_tables_are_fitted_to_all_other_folds() -> None:
    """Where folds do not go forward, both sides of the fold."""
    dealt = small_table("regression")

    assert not dealt.forward
    assert set(dealt.fold[dealt.fits(2)]) == {0, 1, 3, 4}


@dataclass(frozen=True)
class Remembers:
    """Learns the sum of a part of what a fold hands it, and keeps what that was."""

    seen: list[FoldData]
    name: str = "remembers"
    settings: dict[str, Any] = field(default_factory=dict)

    def fit(self, data: FoldData) -> Constant:
        """Return the mean of the target."""
        self.seen.append(data)
        return Constant(float(data.y.mean()))


def test_no_model_is_handed_a_row_of_its_own_time_or_later() -> None:
    """Features, targets, and what rules forecast: of the rows before alone; held out are the fold's rows, or none."""
    learner = Remembers([])

    (fitted,), failed = cross_fit([learner], table(), 7, run_now)

    assert not failed
    assert [part.fold for part in fitted.folds] == [*range(FOLDS), TEST]
    assert len(learner.seen) == FOLDS + 1
    for fold, data in zip((*range(FOLDS), TEST), learner.seen, strict=True):
        before = np.flatnonzero(table().fits(fold))
        assert data.x.index.tolist() == before.tolist()
        assert data.y.tolist() == table().y[before].tolist()
        assert data.seen is not None
        assert data.seen.index.tolist() == before.tolist()
        assert data.held_x.index.tolist() == ([] if fold == TEST else np.flatnonzero(table().fold == fold).tolist())
    assert len({data.seed for data in learner.seen}) == FOLDS + 1


def test_the_test_rows_are_predicted_by_one_model_of_all_training_rows() -> None:
    """Not by the mean of the folds' models; rows of the warm-up have no prediction."""
    (fitted,), _ = cross_fit([Remembers([])], table(), 7, run_now)

    for fold in range(FOLDS):
        assert set(fitted.prediction[table().fold == fold]) == {table().y[table().fits(fold)].mean()}
    assert set(fitted.prediction[table().tested]) == {table().y[table().trained].mean()}
    assert np.isnan(fitted.prediction[table().fold == WARM_UP]).all()
    assert is_whole(fitted, table())
    assert not is_whole(replace(fitted, folds=fitted.folds[:-1]), table())


def test_a_mean_of_models_predicts_what_they_do() -> None:
    """Each fold and the test; rows of the warm-up have no prediction, not what was in memory there."""
    fits, _ = cross_fit([KnownLearner(table().target), RuleLearner(table().target, "m", (MEAN,))], table(), 7, run_now)

    combined, weights = combine(table(), fits, run_now)

    assert np.isnan(combined.prediction[table().fold == WARM_UP]).all()
    assert np.isfinite(combined.prediction[table().scored | table().tested]).all()
    tested = sum(weights.get(one.name, 0.0) * one.prediction[table().tested] for one in fits)
    assert combined.prediction[table().tested] == pytest.approx(tested)


def test_other_targets_of_later_rows_change_no_prediction() -> None:
    """Every model on a table whose targets after fold 2 are others: folds 0 to 2 are predicted as before."""
    later = np.isin(table().fold, [3, 4, TEST])
    changed = replace(table(), frame=table().frame.assign(y_true=np.where(later, 1e3, table().y)))
    earlier = np.isin(table().fold, [0, 1, 2])
    learners: list[Learner | Grower] = [
        KnownLearner(table().target),
        RuleLearner(table().target, "smoothing", SMOOTHED),
    ]

    before, _ = cross_fit(learners, table(), 7, run_now)
    after, _ = cross_fit(learners, changed, 7, run_now)

    for one, other in zip(before, after, strict=True):
        assert np.array_equal(one.prediction[earlier], other.prediction[earlier])
        assert not np.array_equal(one.prediction[table().tested], other.prediction[table().tested])


def booster(family: str = "levelled", name: str = "lightgbm_median") -> BoostingLearner:
    """Return a small model of trees, on the level unless another is asked for."""
    size = measure_size(table().y, len(table().features), table().target, "quick")
    (variant,) = [one for one in FAMILIES[family].variants if one.name == name]
    assert variant.learner is not None
    learner = variant.learner(size, None)
    assert isinstance(learner, BoostingLearner)
    return learner


def trees_of(fitted: CrossFit) -> dict[int, int]:
    """Return the number of trees of each fold's model."""
    found = {}
    for part in fitted.folds:
        trees = getattr(part.model, "trees", None)
        assert isinstance(trees, LightGBMModel)
        found[part.fold] = trees.booster.num_trees()
    return found


def test_boosting_stops_where_all_folds_say() -> None:
    """The test's model has as many trees as are best over all folds together."""
    learner = booster()
    assert isinstance(learner, Grower)
    grown = [learner.grow(fold_data(table(), fold, 7)) for fold in range(FOLDS)]
    curves = [one.curve for one in grown]

    (fitted,), failed = cross_fit([learner], table(), 7, run_now)

    assert not failed
    longest = max(map(len, curves))
    total = [sum(curve[min(trees, len(curve)) - 1] for curve in curves) for trees in range(1, longest + 1)]
    assert trees_of(fitted)[TEST] == total.index(min(total)) + 1
    assert len({best_trees([curve]) for curve in curves}) > 1


def test_a_fold_stops_where_the_others_say() -> None:
    """As many trees as are best on the other folds, of those that were grown: its own rows choose nothing."""
    learner = booster()
    curves = [learner.grow(fold_data(table(), fold, 7)).curve for fold in range(FOLDS)]

    (fitted,), _ = cross_fit([learner], table(), 7, run_now)

    for fold in range(FOLDS):
        wanted = best_trees(curves[:fold] + curves[fold + 1 :])
        assert trees_of(fitted)[fold] == min(wanted, len(curves[fold]))


def test_the_order_of_work_does_not_matter() -> None:
    """Last first gives the same numbers, boosting's last fit too, whose trees the folds decide."""
    learners: list[Learner | Grower] = [booster(), KnownLearner(table().target)]

    one, _ = cross_fit(learners, table(), 7, run_now)
    other, _ = cross_fit(learners, table(), 7, run_backwards([]))

    assert all(np.array_equal(a.prediction, b.prediction, equal_nan=True) for a, b in zip(one, other, strict=True))


def test_each_series_has_the_rule_that_erred_least() -> None:
    """By a loop over series and rules, on the rows that a fold is fitted to; a new series has the best of all."""
    fold = 2
    rules = (NAIVE, MEAN, *SMOOTHED)
    frame = table().frame[table().fits(fold)]

    model = fit_fold(RuleLearner(table().target, "smoothing", rules), table(), fold, 7).model

    assert isinstance(model, RuleModel)
    errors = {rule: (frame["y_true"] - frame[rule]).abs() for rule in rules}
    for name in frame[SERIES].cat.categories:
        of = frame[SERIES] == name
        assert model.chosen[name] == min(rules, key=lambda rule: float(errors[rule][of].sum()))
    best = min(rules, key=lambda rule: float(errors[rule].sum()))
    assert model.otherwise == best
    strange = table().seen.assign(**{SERIES: "another"})
    assert model.predict(strange).tolist() == table().frame[best].tolist()


def learners() -> dict[str, Learner | Grower]:
    """Return a learner of each family that forecasts have."""
    target = table().target
    return {
        "rule": RuleLearner(target, "smoothing", SMOOTHED),
        "levelled": booster(),
        "known": KnownLearner(target),
        "trees with rules": booster("ruled", "lightgbm_rules"),
        "trees on a rule": booster("ruled", "lightgbm_theta"),
    }


@pytest.mark.parametrize("family", ["rule", "levelled", "known", "trees with rules", "trees on a rule"])
def test_a_loaded_model_predicts_the_same(family: str) -> None:
    """To the bit, each fold's model and that of the test, all of them out of one archive; equal fits, equal bytes."""
    project = parse_project(TEXT, "shop", "projects/shop.toml")
    (fitted,), failed = cross_fit([learners()[family]], table(), 7, run_now)
    assert not failed

    content = archive.save(fitted, table(), project)
    loaded = archive.load(content)

    assert loaded.schema["folds"] == [*range(FOLDS), TEST]
    for fold, model in zip(loaded.schema["folds"], loaded.folds, strict=True):
        rows = table().fold == fold
        assert np.array_equal(model.predict(table().seen[rows]), fitted.prediction[rows])
    (again,), _ = cross_fit([learners()[family]], table(), 7, run_backwards([]))
    assert content == archive.save(again, table(), project)


def test_an_archive_forecasts_as_the_test_was_predicted() -> None:
    """By the model of all training rows alone, from the columns of the table that it needs."""
    project = parse_project(TEXT, "shop", "projects/shop.toml")
    test = table().rows("test").frame
    for family, learner in learners().items():
        (fitted,), _ = cross_fit([learner], table(), 7, run_now)

        found = archive.load(archive.save(fitted, table(), project)).predict(test)

        assert np.array_equal(found, fitted.prediction[table().tested]), family


def test_all_rules_are_columns_that_no_model_counts_as_features() -> None:
    """Models of features do not see the rules' forecasts; those that ask for them do."""
    assert set(METHODS) <= set(table().frame)
    assert not {*METHODS, SERIES} & set(table().x)
    assert {*METHODS, SERIES} <= set(table().seen)
