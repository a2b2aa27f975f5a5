"""Step 2: trivial scores, warnings, costs and what the test set can see."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import Facts
from scipy.stats import nct
from toy_project import of_metric, toy_project
from toy_table import APART

from pipelines.core.project import Project
from pipelines.core.submit import run_now
from pipelines.core.table import FOLDS, Table
from pipelines.inference.bootstrap import replicates
from pipelines.inference.truth import Truth
from pipelines.metric import metric
from pipelines.metrics import METRICS
from pipelines.targets import TARGETS, Event, Number, target_of
from pipelines.yardsticks.pilot import predict_fold, run_pilot
from pipelines.yardsticks.pitfalls import find_pitfalls


def _project(task: str = "binary", primary: str = "roc_auc", more: str = "", problem: str = "") -> Project:
    return toy_project(task, problem=problem, metric=of_metric(primary, 0.01, *filter(None, [more])))


def _table(y: np.ndarray, test: int, seed: int = 1) -> Table:
    """Return a table whose last `test` rows are the test rows; feature `a` follows the target, `b` is noise."""
    rng = np.random.default_rng(seed)
    rows, in_test = len(y), np.arange(len(y)) >= len(y) - test
    order = np.argsort(np.argsort(y[~in_test], kind="stable"), kind="stable")  # folds alike in the target
    fold = np.full(rows, -1)
    fold[~in_test] = order % FOLDS
    spread = (y - y.mean()) / (y.std() or 1)
    frame = {"row_id": np.arange(rows), "split": np.where(in_test, "test", "train"), "fold": fold, "y_true": y,
             "a": spread + rng.normal(0, 1.5, rows), "b": rng.normal(size=rows)}  # fmt: skip
    return Table(pd.DataFrame(frame), Event() if set(np.unique(y)) <= {0, 1} else Number())


def _events(rows: int, positives: int, test: int) -> np.ndarray:
    """Return a target with that many positives, spread evenly over both sides."""
    y = np.zeros(rows)
    train = rows - test
    for start, length in ((0, train), (train, test)):
        share = positives * length // rows
        y[start + np.round(np.linspace(0, length - 1, share)).astype(int)] = 1
    return y


def _warned(facts: Facts) -> set[str]:
    return {warning["metric"] for warning in facts["warnings"]}


def _scores(facts: Facts, name: str) -> dict[str, float]:
    candidate = next(c for c in facts["candidates"] if c["metric"] == name)
    return {trivial["predictor"]: trivial["score"] for trivial in candidate["trivial"]}


@pytest.fixture(scope="module")
def rare() -> Facts:
    """Return the facts of a table with 0.5 % positives."""
    return metric(_table(_events(6_000, 30, 2_000), 2_000), _project(primary="average_precision"), run_now)


def test_trivial_scores_by_hand(rare: Facts) -> None:
    """20 positives among 4,000 training rows."""
    assert rare["base_rate"] == 0.005
    assert _scores(rare, "accuracy") == pytest.approx(
        {"always no": 0.995, "always yes": 0.005, "always the base rate": 0.995, "random scores": 0.5}, abs=0.03
    )
    assert _scores(rare, "roc_auc")["always the base rate"] == 0.5
    assert _scores(rare, "average_precision")["always no"] == 0.005
    assert _scores(rare, "recall")["always yes"] == 1
    assert _scores(rare, "brier")["always the base rate"] == pytest.approx(0.005 * 0.995)


def test_rare_positives_are_warned_of(rare: Facts) -> None:
    """Accuracy praises whoever says no; an excellent point on the ROC curve drowns in false alarms; ten test positives.

    Of a million rows 5,000 are positives: 90 % of them are 4,500, 1 % of the others 9,950, a precision of 0.311.
    """
    assert _warned(rare) == {"accuracy", "roc_auc", "average_precision"}
    assert rare["warnings"][0]["primary"]
    assert rare["target"]["excellent_point"]["precision"] == pytest.approx(4_500 / 14_450)
    assert rare["target"]["excellent_point"]["false_alarms_per_hit"] == pytest.approx(9_950 / 4_500)
    assert rare["warnings"][0]["text"].endswith("it detects only larger differences than stated.")


@pytest.mark.parametrize(("least", "warned"), [(0.19, False), (0.21, True), (None, False)])
def test_no_room_for_a_difference(rare: Facts, least: float | None, warned: bool) -> None:
    """From 0.8 to a perfect 1 there is room for 0.19, and none for 0.21."""
    how = rare["minimum_detectable_how"] | {"scores": [{"model": "linear", "score": 0.8}]}
    facts = rare | {"minimum_detectable": least, "minimum_detectable_how": how}
    told = [warning for warning in find_pitfalls(facts) if "stay unproven" in warning["text"]]

    assert bool(told) == warned
    if told:
        assert told[0]["text"].startswith("A quick linear model reaches 0.8. From there to a perfect 1 is less")
        assert [item["value"] for item in told[0]["evidence"]] == [0.8, 1.0, 0.21]


@pytest.mark.parametrize(
    ("primary", "weighs"),
    [
        ("roc_auc", "ROC AUC weighs both classes alike"), ("mcc", "Matthews correlation weighs both classes alike"),
        ("balanced_accuracy", "balanced accuracy weighs both classes alike"),
        ("recall", "recall depends on them alone"),
        ("average_precision", "average precision depends on them alone"),
    ],
)  # fmt: skip
def test_forty_positives_widen_the_interval_and_no_more(primary: str, weighs: str) -> None:
    """40 test positives: told that it is wide, not that it is too narrow, and what the metric makes of the others."""
    facts = metric(_table(_events(1_200, 120, 400), 400), _project(primary=primary), run_now)
    few = next(warning for warning in facts["warnings"] if "positives;" in warning["text"])

    assert few["text"] == f"The test set holds 40 positives; {weighs}, so its interval is wide."
    assert primary != "roc_auc" or any("stay unproven" in warning["text"] for warning in facts["warnings"])


def test_evidence_points_to_its_facts(rare: Facts) -> None:
    """Every warning's pointers lead to the values that it states."""
    for warning in rare["warnings"]:
        assert warning["evidence"]
        for item in warning["evidence"]:
            found: Any = rare
            for key in item["fact"].removeprefix("metric#/").split("/"):
                found = found[int(key)] if isinstance(found, list) else found[key]
            assert found == item["value"]


def test_a_balanced_target_warns_of_nothing() -> None:
    """Half of the rows positive, AUC: silence."""
    facts = metric(_table(_events(1_200, 600, 400), 400), _project(), run_now)

    assert facts["warnings"] == []
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts


def test_test_labels_are_not_looked_at() -> None:
    """Dealing the test rows' labels anew changes nothing: only their number counts."""
    y = _events(900, 200, 300)
    shuffled = y.copy()
    shuffled[600:] = np.random.default_rng(1).permutation(y[600:])
    one, other = _table(y, 300), _table(y, 300)
    other.frame["y_true"] = shuffled

    assert metric(one, _project(), run_now) == metric(other, _project(), run_now)


def test_who_runs_the_pieces_does_not_matter() -> None:
    """Four threads at once give the same facts."""
    table, project = _table(_events(900, 200, 300), 300), _project()
    with ThreadPoolExecutor(4) as pool:

        def submit(function: Callable[..., Any], *args: object, name: str) -> Any:  # noqa: ANN401, ARG001
            return pool.submit(function, *args)

        facts = metric(table, project, submit)

    assert facts == metric(table, project, run_now)


def test_costs_by_hand() -> None:
    """A tenth positive, 50 a false alarm, 1,200 a miss: nobody 120, everybody 45, ideal threshold 0.04."""
    facts = metric(
        _table(_events(1_000, 100, 200), 200),
        _project(more="cost = {false_positive = 50, false_negative = 1200}"),
        run_now,
    )
    cost: Facts = facts["cost"]

    assert (cost["of_nobody"], cost["of_everybody"], cost["threshold_ideal"]) == pytest.approx((120, 45, 0.04))
    assert 0 < cost["of_pilot_at_ideal"][0]["cost"] < 45


def test_a_threshold_metric_that_the_costs_contradict() -> None:
    """F1 at 0.5 while the costs ask for 0.04."""
    table, more = _table(_events(900, 300, 300), 300), "cost = {false_positive = 50, false_negative = 1200}"

    assert "f1" in _warned(metric(table, _project(primary="f1", more=more), run_now))
    assert "f1" not in _warned(metric(table, _project(primary="f1"), run_now))


@pytest.mark.parametrize("primary", ["roc_auc", "rmse"])
def test_the_pilot_foretells_the_error_on_the_test_rows(primary: str) -> None:
    """The pilot's two models, on many fresh rows, differ with the standard error that the pilot announced."""
    rng = np.random.default_rng(5)
    y = rng.normal(size=6_000) if primary == "rmse" else (rng.random(6_000) < 0.3).astype(float)
    table = _table(y, 1_500)
    project = _project("binary" if primary == "roc_auc" else "regression", primary)
    facts = metric(table, project, run_now)
    how: Facts = facts["minimum_detectable_how"]
    both = Table(table.frame.assign(fold=np.where(table.fold < 0, 1, 0)), table.target)  # fit on training, predict test
    predictions = {model: np.asarray(predict_fold(model, both, 1, 7)) for model in ("linear", "lightgbm")}
    found = replicates(Truth(METRICS[primary], table.rows("test").y, 1), predictions, count=500)

    assert how["se"] == pytest.approx(found.gain("linear", "lightgbm").se, rel=0.3)
    assert how["freedom"] > 50  # such rows tell a standard error well
    assert facts["minimum_detectable"] == pytest.approx(nct.ppf(0.8, how["freedom"], 1.959964) * how["se"])


def test_a_pilot_that_fails_says_why() -> None:
    """Features without a single value: no minimum detectable difference, and the reason."""
    table = _table(_events(600, 200, 200), 200)
    table.frame[["a", "b"]] = np.nan
    facts = metric(table, _project(), run_now)

    assert facts["minimum_detectable"] is None
    assert "no feature has a single value" in str(facts["minimum_detectable_how"]["why"])


def test_the_pilot_draws_groups() -> None:
    """Groups are what the bootstrap draws: ten copies of a row tell no more than one."""
    rng = np.random.default_rng(2)
    small = (rng.random(400) < 0.4).astype(float)
    once = _table(small, 100)
    repeated = Table(once.frame.loc[np.repeat(np.arange(400), 10)].reset_index(drop=True), Event())
    grouped = Table(repeated.frame.assign(group=np.repeat(np.arange(400), 10)), Event())
    errors = [run_pilot(t.rows("train"), METRICS["roc_auc"], 7, run_now).se for t in (repeated, grouped)]  # type: ignore[union-attr]

    assert errors[1] > 2 * errors[0]


def test_regression_scores_and_warnings() -> None:
    """Mean and median as predictors; a heavy tail under RMSE and what is nearly zero under MAPE are told."""
    rng = np.random.default_rng(3)
    y = rng.lognormal(0, 2, 900)
    y[:20] = 1e-9
    facts = metric(_table(y, 300), _project("regression", "rmse"), run_now)
    train = y[:600]

    assert _scores(facts, "rmse")["always the mean"] == pytest.approx(train.std())
    assert _scores(facts, "mae")["always the median"] == pytest.approx(np.abs(train - np.median(train)).mean())
    assert _warned(facts) == {"rmse", "mape"}
    assert facts["cost"] is None
    assert facts["base_rate"] is None


@pytest.mark.parametrize("task", [name for name in APART if "residuals" in TARGETS[name].can])
def test_no_error_relative_to_zero_is_told(task: str) -> None:
    """One training row of 0 leaves MAPE out of the candidates and the warnings, and nothing else."""
    y = np.random.default_rng(4).poisson(50, 900).astype(np.float64) + 1
    told = []

    for first in (1.0, 0.0):
        y[0] = first
        table = _table(y, 300)
        facts: Facts = metric(Table(table.frame, target_of(task, y)), _project(task, "mae"), run_now)
        told.append({one["metric"] for one in facts["candidates"]})
        assert all(abs(one["score"]) < 1e6 for row in facts["candidates"] for one in row["trivial"])

    assert told[0] - told[1] == {"mape"}
    assert told[1] < told[0]
    assert "mape" not in _warned(facts)


def test_a_tame_regression_warns_of_nothing() -> None:
    """Normal values around 100."""
    y = np.random.default_rng(4).normal(100, 10, 900)
    assert metric(_table(y, 300), _project("regression", "rmse"), run_now)["warnings"] == []


def test_mape_of_a_logarithm_is_warned_of() -> None:
    """With target_scale log the modelled values are logarithms."""
    y = np.random.default_rng(4).normal(12, 1, 600)
    facts = metric(_table(y, 200), _project("regression", "rmse", problem='target_scale = "log"'), run_now)

    assert _warned(facts) == {"mape"}
    assert "logarithm" in facts["why"]
