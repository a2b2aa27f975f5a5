"""The race: who goes on after the first fold, and on how many folds the others are scored."""

from itertools import combinations

import numpy as np
import pytest
from toy_table import run_now, small_table

from pipelines.core.table import Table
from pipelines.facts.shared import TRIED
from pipelines.facts.strong import StrongModel
from pipelines.metrics import METRICS
from pipelines.models import boosting
from pipelines.models.boosting import most_trees
from pipelines.models.choosing import race
from pipelines.models.choosing.race import CLASSIC_ROWS, JUDGED_ROWS, PRICE, Race, needed, outcome
from pipelines.models.classic import ClassicLearner
from pipelines.models.classic_kinds import KINDS
from pipelines.models.describe import CHOSEN, STOPPED_ALONE, STOPPED_ELSEWHERE, model_facts, stopping_note
from pipelines.models.folds import best_trees, cross_fit, fold_data, fold_numbers, is_whole
from pipelines.models.forest import ForestLearner, forest_settings
from pipelines.models.lightgbm import LightGBMLearner, lightgbm_settings
from pipelines.models.mean import greedy_weights
from pipelines.models.model import Grower, Learner
from pipelines.models.size import measure_size
from pipelines.models.xgboost import XGBoostLearner, xgboost_settings
from pipelines.targets import Number


def goes_on(y: np.ndarray, **predictions: np.ndarray) -> set[str]:
    """Return who goes on, of models in the order of preference."""
    raced = outcome(y, np.column_stack(list(predictions.values())), list(predictions), Number())
    return {one["name"] for one in raced if one["goes_on"]}


def noisy(y: np.ndarray, spread: float, seed: int) -> np.ndarray:
    """Return predictions that are wrong by a normal error."""
    return y + np.random.default_rng(seed).normal(0, spread, len(y))


Y = np.random.default_rng(0).normal(size=4_000)


def test_the_best_goes_on_and_a_copy_that_is_worse_does_not() -> None:
    """The error of the worse model is that of the better one and more, so no mean wants it."""
    error = noisy(Y, 0.5, 1) - Y
    assert goes_on(Y, worse=Y + 2 * error, best=Y + error) == {"best"}


def test_a_worse_model_that_errs_elsewhere_is_wanted_by_the_mean() -> None:
    """Independent errors average out, even where one model's are larger by a fifth."""
    assert goes_on(Y, best=noisy(Y, 0.5, 1), other=noisy(Y, 0.6, 2)) == {"best", "other"}


def test_the_preferred_of_tied_models_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A simple model that errs as the best does, up to noise, may be taken for its simplicity; one further behind not.

    No mean needs it, since its errors are the best one's, so that without the rule for ties it drops out.
    """
    monkeypatch.setattr(race, "MUCH_EVIDENCE", 0)  # a half in which the tied one leads would need it
    error = noisy(Y, 0.5, 1) - Y
    tied = Y + error * (1 + np.random.default_rng(8).choice([-0.02, 0.02], len(Y)))
    models = {"tied": tied, "behind": Y + 1.1 * error, "best": Y + error}
    raced = outcome(Y, np.column_stack(list(models.values())), list(models), Number())
    by_name = {one["name"]: one for one in raced}
    assert 0 < by_name["tied"]["behind"] <= by_name["tied"]["standard_error"]
    assert by_name["behind"]["behind"] > by_name["behind"]["standard_error"]
    assert goes_on(Y, **models) == {"tied", "best"}

    monkeypatch.setattr(race, "TIED", 0)
    assert goes_on(Y, **models) == {"best"}


@pytest.mark.parametrize("seed", range(5))
def test_what_drops_out_is_behind_and_the_numbers_are_those_of_numpy(seed: int) -> None:
    """Mean difference and standard error by hand; best first; the best is behind by nothing."""
    rng = np.random.default_rng(seed)
    spreads = rng.uniform(0.3, 1.0, 6)
    names = [f"m{i}" for i in range(6)]
    seen = np.column_stack([noisy(Y, spread, 10 * seed + i) for i, spread in enumerate(spreads)])
    raced = outcome(Y, seen, names, Number())
    losses = (seen - Y[:, None]) ** 2
    best = int(losses.mean(axis=0).argmin())
    assert [one["name"] for one in raced] == [names[i] for i in np.argsort(losses.mean(axis=0))]
    assert raced[0] == {"name": names[best], "behind": 0.0, "standard_error": 0.0, "goes_on": True}
    for one in raced[1:]:
        difference = losses[:, names.index(one["name"])] - losses[:, best]
        assert one["behind"] == pytest.approx(difference.mean())
        assert one["standard_error"] == pytest.approx(difference.std(ddof=1) / np.sqrt(len(Y)))


def _learners(table: Table) -> list[Learner | Grower]:
    size = measure_size(table.y[table.fold >= 0], len(table.features), table.target, "standard")
    return [
        ForestLearner(table.target, forest_settings(size) | {"n_estimators": 3}),
        LightGBMLearner(lightgbm_settings(size)),
        ClassicLearner("lasso", table.target),
        ClassicLearner("decision_tree", table.target),
    ]


def test_a_mean_needs_what_costs_it_something() -> None:
    """Two models that err alike are needed once; one that errs elsewhere is needed beside them."""
    alike, elsewhere = noisy(Y, 0.5, 1), noisy(Y, 0.5, 2)
    nearly = alike + np.random.default_rng(4).normal(0, 1e-3, len(Y))
    found = needed(Y, np.column_stack([alike, nearly, elsewhere]), Number())
    assert len(found) == 2
    assert 2 in found


@pytest.mark.parametrize("seed", range(4))
def test_the_needed_are_those_of_a_search_through_all_subsets(seed: int) -> None:
    """The mean of the needed loses at most PRICE against the best mean of any subset, and each of them is worth it."""
    rng = np.random.default_rng(seed)
    seen = np.column_stack([noisy(Y, spread, 10 * seed + i) for i, spread in enumerate(rng.uniform(0.3, 0.8, 5))])
    seen = np.column_stack([seen, seen[:, 0] + rng.normal(0, 0.01, len(Y))])

    def loss(places: tuple[int, ...]) -> float:
        chosen = seen[:, list(places)]
        return float(((chosen @ greedy_weights(Y, chosen, Number()) - Y) ** 2).mean())

    found = tuple(needed(Y, seen, Number()))
    of_all = loss(tuple(range(6)))
    assert loss(found) <= of_all * (1 + PRICE)
    for place in found:
        assert loss(tuple(one for one in found if one != place)) > of_all * (1 + PRICE)
    smaller = [s for size in range(1, len(found)) for s in combinations(range(6), size)]
    assert all(loss(places) > of_all * (1 + PRICE) for places in smaller)


def test_those_that_go_on_are_as_without_a_race_and_the_others_have_one_fold() -> None:
    """A race takes folds away and changes nothing else; a classic keeps the setting of its first fold."""
    table = small_table(rows=900)
    learners = _learners(table)
    staying = {"lightgbm": 5, "decision_tree": 2}
    raced, failed = cross_fit(learners, table, 7, run_now, lambda seen: staying if len(seen) == 4 else {})
    whole, _ = cross_fit(learners, table, 7, run_now)
    assert not failed
    by_name, all_of = ({one.name: one for one in several} for several in (raced, whole))
    np.testing.assert_array_equal(by_name["lightgbm"].prediction, all_of["lightgbm"].prediction)
    assert {name: len(one.folds) for name, one in by_name.items()} == {
        "random_forest": 1, "lightgbm": 5, "lasso": 1, "decision_tree": 2,
    }  # fmt: skip
    forest = by_name["random_forest"]
    known = np.isfinite(forest.prediction)
    assert set(table.fold[known]) == {-1, 0}
    np.testing.assert_array_equal(forest.prediction[table.fold == 0], all_of["random_forest"].folds[0].held_out)
    np.testing.assert_array_equal(forest.prediction[table.fold < 0], all_of["random_forest"].folds[0].test)
    tree = by_name["decision_tree"]
    chosen = [fold.model.notes["chosen"][KINDS["decision_tree"].setting] for fold in tree.folds]
    assert len(set(chosen)) == 1
    assert is_whole(by_name["lightgbm"], table)
    assert not is_whole(tree, table)


@pytest.mark.parametrize(
    ("folds", "elsewhere", "alone"),
    [({"lightgbm": 5, "xgboost": 5}, True, False), ({"xgboost": 5}, True, True), ({}, False, True)],
)
def test_the_note_says_which_rows_stopped_boosting(folds: dict[str, int], elsewhere: bool, alone: bool) -> None:
    """The other folds stop a booster that has any; one that stays on the first fold is stopped by its own rows there.

    A note that says the first of all boosters would be wrong: the one that stays keeps what is best on its own curve.
    """
    table = small_table(rows=900)
    size = measure_size(table.y[table.fold >= 0], len(table.features), table.target, "quick")
    learners = [LightGBMLearner(lightgbm_settings(size)), XGBoostLearner(xgboost_settings(size))]
    fitted, _ = cross_fit(learners, table, 7, run_now, lambda _: folds)
    for one in fitted:
        if one.name not in folds:
            notes = one.folds[0].model.notes
            assert notes["trees"] == best_trees([notes["curve"]])
    models: list[StrongModel] = [
        {**model_facts(one, table, METRICS["roc_auc"], role=TRIED, settings={}), "candidate": True,
         "folds": len(one.folds)} for one in fitted
    ]  # fmt: skip
    note = stopping_note(models)
    assert (STOPPED_ELSEWHERE in note, STOPPED_ALONE in note, CHOSEN in note) == (elsewhere, alone, False)


def test_a_race_counts_its_rows_and_gives_classics_the_folds_that_score_them() -> None:
    """As many folds as hold enough rows, and no more than there are."""
    table = small_table(rows=900)
    held = int((table.fold == 0).sum())
    one = Race(table, ["a", "b"], ["tree"], 3)
    best = table.y[table.fold == 0] * 0.8 + 0.1
    assert one({"a": best, "b": np.full(held, 0.5), "tree": best}) == {"a": 5, "b": 1, "tree": len(fold_numbers(table))}
    assert one.facts is not None
    assert one.facts["rows"] == held
    assert [each["name"] for each in one.facts["models"]] == ["a", "b"]


def test_nobody_drops_out_of_a_fold_that_says_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """With fewer rows outside the commonest class than are asked for, all candidates go on, and no race is told."""
    table = small_table(rows=900)
    truth = table.y[table.fold == 0]
    seen = {"a": truth * 0.8 + 0.1, "b": np.full(len(truth), 0.5)}
    monkeypatch.setattr(race, "MIN_EVIDENCE", table.target.evidence(truth) + 1)
    one = Race(table, ["a", "b"], [], 3)
    assert one(seen) == {"a": 5, "b": 5}
    assert one.facts is None


def test_large_folds_score_a_classic_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows that are needed decide, and candidates are judged by a part of a large fold."""
    table = small_table(rows=900)
    held = int((table.fold == 0).sum())
    monkeypatch.setattr(race, "CLASSIC_ROWS", held)
    monkeypatch.setattr(race, "JUDGED_ROWS", 50)
    monkeypatch.setattr(race, "MIN_EVIDENCE", 5)
    one = Race(table, ["a"], ["tree"], 3)
    assert one({"a": table.y[table.fold == 0] * 0.5})["tree"] == 1
    assert one.facts is not None
    assert one.facts["rows"] == 50
    assert (CLASSIC_ROWS, JUDGED_ROWS) == (4_000, 100_000)


def test_no_booster_grows_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large trees are fewer: the bound on leaves ends a booster that still improves, and its notes say so."""
    assert [most_trees(leaves) for leaves in (7, 33, 34, 62)] == [3_000, 3_000, 2_941, 1_612]
    table = small_table(rows=900)
    settings = lightgbm_settings(measure_size(table.y[table.fold >= 0], 6, table.target, "standard"))
    learner = LightGBMLearner(settings | {"learning_rate": 0.01})
    free = learner.fit(fold_data(table, 0, 5))
    monkeypatch.setattr(boosting, "MAX_LEAVES", 12 * settings["num_leaves"])
    bound = learner.fit(fold_data(table, 0, 5))
    assert free.notes["stopped_early"]
    assert len(free.notes["curve"]) > 12
    assert (len(bound.notes["curve"]), bound.notes["stopped_early"]) == (12, False)
