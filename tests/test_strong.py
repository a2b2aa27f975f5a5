"""Tests of step 5."""

import json

import numpy as np
import pytest
from toy_table import APART, run_backwards, run_now, small_project, small_table

from pipelines.baseline import baseline
from pipelines.core.errors import InputError
from pipelines.core.project import Task
from pipelines.core.table import Table
from pipelines.facts.pointer import given
from pipelines.facts.shared import TRIED
from pipelines.facts.strong import StrongFacts
from pipelines.metrics import METRICS
from pipelines.models.choosing.portfolio import in_teaching_order, portfolio, preferred
from pipelines.models.choosing.selection import SURE
from pipelines.models.choosing.tuning import TRIALS
from pipelines.models.describe import CHOSEN, NOT_BY_TEST_ROWS, STOPPED_ALONE, STOPPED_ELSEWHERE
from pipelines.models.families import variants
from pipelines.models.fit import Fit
from pipelines.models.saving import archive
from pipelines.models.size import Level, Size
from pipelines.strong import strong
from pipelines.targets import TARGETS, Event

OF_ROWS = [variant for variant in variants() if variant.rows == "apart"]
ROLES = {variant.name: variant.role for variant in OF_ROWS}
PREFERENCE = preferred(list(ROLES))
QUICK = in_teaching_order([one.name for one in OF_ROWS if "quick" in one.efforts and one.role == "candidate"])
CLASSICS = {name for name, role in ROLES.items() if role == "classic"}


@pytest.fixture(scope="module")
def fit() -> Fit[StrongFacts]:
    """Return the step's outcome on the small table."""
    return strong(small_table(), small_project(), run_now)


@pytest.mark.parametrize("task", [name for name in APART if TARGETS[name].of(np.arange(3.0)).outputs == 1])
def test_the_best_by_cross_validation_is_strong_and_beats_the_baseline_on_a_curve(task: Task) -> None:
    """The target is curved in one feature, so trees must win; `strong` is a copy of the chosen model's column."""
    table, project = small_table(task, rows=400), small_project(task)
    fit = strong(table, project, run_now)
    facts = json.loads(json.dumps(fit.facts, allow_nan=False))
    tried = [name for name in fit.predictions.columns[4:] if name != "ensemble"]
    assert tried == [*QUICK, "strong"]
    np.testing.assert_array_equal(fit.predictions["strong"], fit.predictions[facts["chosen"]])
    metric = METRICS[project.metric.primary]
    test = (fit.predictions["split"] == "test").to_numpy()
    plain = baseline(table, project, run_now).predictions["baseline"].to_numpy()
    better = fit.predictions["strong"].to_numpy()
    assert metric.gain(metric.score(table.y[test], plain[test]), metric.score(table.y[test], better[test])) > 0.05
    tied = {entry["name"] for entry in facts["ranking"] if entry["tied"]}
    worse = facts["ensemble"]["gain"] < -SURE * facts["ensemble"]["standard_error"]
    kept = not worse and len(facts["ensemble"]["weights"]) > 1
    assert facts["ensemble"]["kept"] == kept
    assert facts["chosen"] == ("ensemble" if kept else next(name for name in PREFERENCE if name in tied))


def test_facts_tell_of_every_model(fit: Fit[StrongFacts]) -> None:
    """Roles, settings, trees, curves and importances are there for each, and `strong` repeats the chosen one."""
    facts = fit.facts
    by_name = {model["name"]: model for model in facts["models"]}
    roles = {name: model["role"] for name, model in by_name.items() if name != "ensemble"}
    assert roles == dict.fromkeys(QUICK, TRIED) | {"strong": "strong"}
    assert all(model["candidate"] for model in facts["models"])
    assert {entry["name"] for entry in facts["left_out"]} == {*PREFERENCE, *CLASSICS} - {*QUICK}
    chosen = by_name[facts["chosen"]]
    assert by_name["strong"] == chosen | {"name": "strong", "role": "strong"}
    assert all(len(by_name[name]["trees"]) == 5 and by_name[name]["settings"] for name in roles if name != "strong")
    assert {curve["model"] for curve in facts["learning_curves"]} == {"lightgbm", "xgboost"}
    assert {entry["model"] for entry in facts["importances"]} == {*QUICK}
    assert facts["evidence"]["rows"] == 240
    assert not any(character.isdigit() for character in facts["why_chosen"] + facts["note"])
    assert facts["note"] == f"{STOPPED_ELSEWHERE} {NOT_BY_TEST_ROWS}"  # no booster stays behind, and nothing is chosen


def test_two_rebuilds_are_the_same_whatever_runs_first(fit: Fit[StrongFacts]) -> None:
    """Predictions, archive and facts are equal to the bit when the work is run last first."""
    other = strong(small_table(), small_project(), run_backwards([]))
    assert fit.predictions.equals(other.predictions)
    assert fit.model == other.model
    assert fit.facts == other.facts


def test_the_saved_model_is_the_chosen_one(fit: Fit[StrongFacts]) -> None:
    """Loaded again it gives the test rows' predictions of `strong`."""
    table = small_table()
    test = (fit.predictions["split"] == "test").to_numpy()
    loaded = archive.load(fit.model)
    assert loaded.schema["model"] == fit.facts["chosen"]
    np.testing.assert_array_equal(loaded.predict(table.x[test]), fit.predictions["strong"][test])


def test_a_model_that_fails_is_told_and_the_rest_goes_on() -> None:
    """Infinite numbers are refused by xgboost; LightGBM and the forest take them."""
    table = small_table()
    frame = table.frame.assign(steady=table.frame["steady"].where(table.frame.index != 0, np.inf))
    fit = strong(Table(frame, Event()), small_project(), run_now)
    assert [failure["name"] for failure in fit.facts["failed"]] == ["xgboost"]
    assert "inf" in fit.facts["failed"][0]["why"]
    assert "xgboost" not in fit.predictions.columns
    assert fit.facts["chosen"] in ("lightgbm", "random_forest", "ensemble")
    assert "xgboost" not in fit.facts["ensemble"]["weights"]


def test_if_all_fail_the_user_is_told_why() -> None:
    """One class only: each model's reason is in the message."""
    table = small_table()
    with pytest.raises(InputError, match=r"random_forest: ValueError: the training rows .* one class only"):
        strong(Table(table.frame.assign(y_true=0.0), Event()), small_project(), run_now)


@pytest.mark.parametrize("level", ["quick", "standard", "thorough"])
def test_each_model_is_fitted_once_or_left_out_with_a_reason(level: Level) -> None:
    """The candidates are those that may be taken; every effort names the same models, fitted or not."""
    fitted = portfolio(Size(Event(), 1000, 10, 300, level), None if level == "quick" else {"num_leaves": 4})
    candidates = [learner.name for learner in fitted.candidates]
    others = [learner.name for learner in fitted.classics] + [name for name, _ in fitted.left_out]
    assert set(candidates) <= set(PREFERENCE)
    assert {*candidates, *others} == {*PREFERENCE, *CLASSICS}
    assert len({*candidates, *others}) == len([*candidates, *others])
    left_out = {"quick": {*PREFERENCE, *CLASSICS} - {*QUICK}, "standard": {"hist_boosting"}, "thorough": set()}[level]
    assert {name for name, _ in fitted.left_out} - {"lightgbm_tuned"} == left_out - {"lightgbm_tuned"}


@pytest.mark.parametrize("task", APART)
def test_at_standard_effort_all_learn(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing fails; the classics are scored and never taken; the curve is seen by all but straight lines."""
    monkeypatch.setitem(TRIALS, "standard", 4)
    text = {"level": "standard"}
    project = small_project(task).model_copy(update={"effort": small_project(task).effort.model_copy(update=text)})
    table = small_table(task, 400)
    fit = strong(table, project, run_now)
    facts = fit.facts
    scores = {model["name"]: given(model["cv_mean"]) for model in facts["models"]}
    assert facts["failed"] == []
    without = set(table.target.engines["classic"]["without"])
    race = facts["race"]
    dropped = set() if race is None else {one["name"] for one in race["models"] if not one["goes_on"]}
    classics = CLASSICS - without - {"hist_boosting"}
    assert {model["name"] for model in facts["models"] if not model["candidate"]} == classics | dropped
    assert {model["name"] for model in facts["models"] if model["folds"] < 5} == dropped
    boosters = [model for model in facts["models"] if "stopped_early" in model]
    assert (STOPPED_ALONE in facts["note"]) == any(model["name"] in dropped for model in boosters)
    assert STOPPED_ELSEWHERE in facts["note"]
    assert CHOSEN in facts["note"]
    assert facts["chosen"] in (*PREFERENCE, "ensemble")
    sign = 1 if facts["greater_is_better"] else -1
    assert max(sign * scores[name] for name in {"lasso", "linear_ranks"} - without) < sign * scores["strong"]
    shown = [name for name in fit.predictions.columns if name.startswith("strong")]
    several = table.target.outputs > 1
    assert shown == (["strong[0]", "strong[1]", "strong[2]"] if several else ["strong"])
    if several:
        np.testing.assert_allclose(fit.predictions[shown].sum(axis=1), 1)
