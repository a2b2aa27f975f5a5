"""Verdicts that say no: no signal, a gain that is the leak, and what contradicting rows leave to be reached."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import Facts
from planted import planted
from sklearn.metrics import roc_auc_score
from toy_table import APART

from pipelines.causes.plan import Plan
from pipelines.core.project import Task
from pipelines.core.submit import run_now
from pipelines.core.table import Table
from pipelines.experiments.ceiling import ceiling_facts
from pipelines.experiments.controls import linear_baseline
from pipelines.experiments.headroom import headroom_facts
from pipelines.experiments.leaks import leakage_facts
from pipelines.experiments.signal import best_constant, signal_facts
from pipelines.experiments.without import refit_with_all
from pipelines.inference.foldwise import score_over_folds
from pipelines.ladder.attribute import attribute
from pipelines.ladder.fitting import Part, linear_fits
from pipelines.ladder.ladder import Standing, ladder
from pipelines.ladder.study import Study
from pipelines.metrics import METRICS, metrics_for
from pipelines.targets import Event, Number, target_of


def _study(table: Table, metric: str | None = None) -> Study:
    shares = [one.name for one in metrics_for(table.target.name) if one.scale in {"share", "explained"}]
    return Study(table, METRICS[metric or shares[0]], 0.005, 1, run_now)


@pytest.mark.parametrize("task", APART)
def test_a_plain_signal_is_found(task: Task) -> None:
    """A linear signal: the baseline beats a constant on both sides, by the difference of the scores."""
    table = planted("linear", 800, seed=1, columns=7, task=task).table
    baseline = linear_baseline(table)
    facts = signal_facts(_study(table), baseline, baseline, baseline)
    assert facts["present"]
    assert [(one["model"], one["rows"]) for one in facts["tests"]] == [("baseline", "training"), ("strong", "test")]
    if task == "binary":
        test = table.fold < 0
        assert facts["tests"][1]["gain"] == pytest.approx(roc_auc_score(table.y[test], baseline[test]) - 0.5)


@pytest.mark.parametrize("task", APART)
def test_noise_has_no_signal(task: Task) -> None:
    """Pure noise, and a strong model that knows the training rows by heart: the test rows are not fooled."""
    table = planted("noise", 800, seed=2, columns=7, task=task).table
    baseline = linear_baseline(table)
    by_heart, training = baseline.copy(), table.fold >= 0
    by_heart[training] = table.target.one_hot(table.y)[training]
    assert not signal_facts(_study(table), baseline, baseline, by_heart)["present"]


def test_a_signal_of_the_ladder_alone_counts() -> None:
    """A product of two features: the linear baseline sees nothing, the ladder does."""
    sample = planted("xor", 800, seed=1, columns=7)
    blind = np.full(800, 0.3)
    facts: Facts = signal_facts(_study(sample.table), blind, 1 / (1 + np.exp(-sample.oracle)), blind)
    assert facts["present"]
    assert [one["p_adjusted"] < 0.05 for one in facts["tests"]] == [False, True, False]


def test_without_a_signal_nothing_matters() -> None:
    """A ridge of 60 columns of noise loses to a constant: learning less is better, and no cause of anything."""
    table = planted("noise", 600, seed=3, columns=60, task="regression").table
    study, baseline = _study(table), linear_baseline(table)
    climbed = ladder(study, baseline)
    strong = np.full(len(baseline), table.y[table.fold >= 0].mean())
    facts = [attribute(study, climbed, strong, signal=signal)["attribution"] for signal in (True, False)]
    assert [one["factor"] for one in facts[0] if one["matters"]] == ["tuning"]
    assert [one["factor"] for one in facts[1] if one["matters"] or one["close"]] == []


@pytest.mark.parametrize("metric", ["f1", "accuracy", "precision", "log_loss"])
def test_the_signal_does_not_hang_on_a_threshold(metric: str) -> None:
    """A constant flags nobody, so noise would beat its F1, and no honest probability the accuracy of a rare event."""
    noise = planted("noise", 800, seed=2, columns=7, base_rate=0.45).table
    blind = linear_baseline(noise)
    assert not signal_facts(_study(noise, metric), blind, blind, blind)["present"]
    rare = planted("linear", 2_000, seed=2, columns=7, base_rate=0.05).table
    sees = linear_baseline(rare) / 3  # probabilities that are off by a factor
    assert signal_facts(_study(rare, metric), sees, sees, sees)["present"]


def test_the_best_constant_is_the_metrics_own() -> None:
    """The median for absolute errors, the mean for squared ones: noise around the median gains nothing."""
    table = planted("noise", 500, seed=1, columns=7, task="regression").table
    skewed = Table(table.frame.assign(y_true=np.exp(2 * table.y)), Number())
    y = skewed.y[skewed.fold >= 0]
    assert best_constant(skewed, METRICS["rmse"])[0] == y.mean()
    assert np.abs(y - best_constant(skewed, METRICS["mae"])[0]).mean() <= np.abs(y - np.median(y)).mean() + 1e-9


def _leaks(table: Table, *suspects: str, better: bool = True) -> Facts:
    parts: list[Part] = [(fold,) for fold in range(5)]
    standing = Standing(Plan(), {part: models[0] for part, models in linear_fits(table, parts, [Plan()]).items()})
    eda: Facts = {
        "columns": [{"name": name, "score_alone": 0.5} for name in table.features],
        "leak_suspects": [{"feature": name, "why": "it looks too good"} for name in suspects],
    }
    study = _study(table)
    return leakage_facts(study, refit_with_all(study, standing), eda, better=better)


def test_the_gain_is_the_leak() -> None:
    """Gaps that tell the target, which a baseline that fills them cannot see; two copies are judged together."""
    sample = planted("leak_gaps", 1_200, seed=1, columns=7)
    assert _leaks(sample.table, "leak_gaps")["leak_verdict"] is None  # no such column
    verdict = _leaks(sample.table, "leak")["leak_verdict"]
    assert verdict["is_the_gain"]
    assert verdict["gain_with"] > 0.2 > verdict["ci"][1]
    assert not _leaks(sample.table, "leak", better=False)["leak_verdict"]["is_the_gain"]  # there is no gain
    twice = Table(sample.table.frame.assign(copy=sample.table.frame["leak"]), sample.table.target)
    assert not _leaks(twice, "leak")["leak_verdict"]["is_the_gain"]  # its copy still tells
    both = _leaks(twice, "leak", "copy")["leak_verdict"]
    assert both["is_the_gain"]
    assert both["features"] == ["leak", "copy"]
    assert both["gain_without"] == pytest.approx(verdict["gain_without"])


def test_a_suspect_that_is_not_the_gain_is_not_called_it() -> None:
    """Two features act together; a suspected third that says nothing takes none of the gain with it."""
    sample = planted("xor", 1_200, seed=1, columns=7)
    verdict = _leaks(sample.table, "x5")["leak_verdict"]
    assert verdict["gain_with"] > 0.05
    assert not verdict["is_the_gain"]


def test_a_lead_that_is_left_is_no_leak() -> None:
    """Two pairs act together, one of them suspected: most of the lead goes with it, but what is left is a gain."""
    rng = np.random.default_rng(0)
    table = planted("noise", 3_000, seed=1, columns=7).table
    x = {name: table.frame[name].to_numpy() for name in table.features}
    margin = 2.0 * np.sign(x["x0"] * x["x1"]) + 1.2 * np.sign(x["x2"] * x["x3"])
    y = (rng.random(3_000) < 1 / (1 + np.exp(-margin))).astype(float)
    verdict = _leaks(Table(table.frame.assign(y_true=y), Event()), "x0")["leak_verdict"]
    assert 0.2 * verdict["gain_with"] < verdict["gain_without"] < 0.5 * verdict["gain_with"]
    assert not verdict["is_the_gain"]


def test_nothing_may_be_left_without_the_suspects() -> None:
    """All features suspected, or the others empty: what is left is a constant, and step 7 goes on."""
    table = planted("xor", 600, seed=1, columns=2).table
    assert _leaks(table, *table.features)["leak_verdict"]["gain_without"] == 0
    empty = Table(table.frame.assign(empty=np.nan), Event())
    assert _leaks(empty, *table.features)["leak_verdict"]["score_without"] == 0.5


def _repeated(y: list[float], x: list[int], task: Task) -> Table:
    rows = len(y)
    keys = {"row_id": np.arange(rows), "split": "train", "fold": np.zeros(rows, np.int64), "y_true": y}
    return Table(pd.DataFrame(keys | {"x": np.array(x, float)}), target_of(task, np.asarray(y, np.float64)))


def test_ceiling_by_hand() -> None:
    """Rows 1 and 2 have one feature value and two targets: one of four pairs is a tie, half of it is lost."""

    def ceiling(y: list[float], x: list[int], task: Task, metric: str) -> Any:  # noqa: ANN401 - facts
        facts = ceiling_facts(_repeated(y, x, task), METRICS[metric], 1)
        return (facts["rows"], facts["score"]) if facts else None

    assert ceiling([1, 1, 0, 0], [0, 1, 1, 2], "binary", "roc_auc") == (2, pytest.approx(3.5 / 4))
    assert ceiling([1, 1, 0, 0], [0, 1, 1, 2], "binary", "accuracy") == (2, 0.75)
    assert ceiling([1, 2, 4, 9], [0, 1, 1, 2], "regression", "rmse") == (2, pytest.approx(np.sqrt(2 / 4)))
    assert ceiling([1, 2, 4, 9], [0, 1, 1, 2], "regression", "mae") == (2, pytest.approx(2 / 4))
    assert ceiling([1, 2, 4, 4], [0, 1, 2, 2], "regression", "rmse") is None
    assert ceiling([1, 2, 4, 9], [0, 1, 1, 2], "regression", "mape") is None


@pytest.mark.parametrize(
    ("task", "metric"), [("binary", "roc_auc"), ("binary", "brier"), ("multiclass", "log_loss"), ("regression", "mae")]
)
def test_no_function_of_the_features_beats_the_ceiling(task: Task, metric: str) -> None:
    """Two thousand random functions of a feature with five values stay below it, in folds that differ."""
    rng = np.random.default_rng(0)
    x, fold = rng.integers(0, 5, 300), rng.integers(0, 3, 300)
    classes = {"binary": 2, "multiclass": 3, "regression": 50}[task]
    y = (rng.integers(0, classes, 300) + fold * x) % classes
    table = _repeated(list(y.astype(float)), list(x), task)
    table = Table(table.frame.assign(fold=fold), table.target)
    facts, measure = ceiling_facts(table, METRICS[metric], 1), METRICS[metric]
    assert facts is not None
    assert facts["se"] > 0
    for _ in range(2_000):
        value = rng.dirichlet(np.ones(3), 5) if task == "multiclass" else rng.random(5) * (classes - 1)
        score = score_over_folds(measure, table.y, value[x], table.fold)
        assert measure.gain(facts["score"], score) <= 1e-9


def test_the_range_of_noise_holds_what_a_constant_reaches() -> None:
    """The sample's own mean explains a little less than nothing of other rows: the range reaches beyond it."""
    table = planted("noise", 400, seed=2, columns=7, task="regression").table
    study, baseline = _study(table), linear_baseline(table)
    standing = Standing(Plan(), {(fold,): linear_fits(table, [(fold,)], [Plan()])[fold,][0] for fold in range(5)})
    facts = headroom_facts(study, standing, {"ladder": baseline}, leads=False, signal=False, alike=True)
    low, high = facts["reachable"]
    assert facts["reached_by"] == "constant"
    assert low < 0 < high < 0.1


@pytest.mark.parametrize(("task", "metric"), [("binary", "roc_auc"), ("regression", "r2"), ("regression", "rmse")])
def test_a_perfect_score_leaves_nothing_to_promise(task: Task, metric: str) -> None:
    """The ladder's top tells every row, while the quick model's curve still rises: more rows gain nothing."""
    table = planted("xor", 800, seed=1, columns=7, task=task).table
    standing = Standing(Plan(), {(fold,): linear_fits(table, [(fold,)], [Plan()])[fold,][0] for fold in range(5)})

    facts = headroom_facts(_study(table, metric), standing, {"ladder": table.y}, leads=False, signal=True, alike=True)

    assert facts["curve"][0]["score"] != facts["curve"][-1]["score"]
    assert [one["gain"] for one in facts["more_rows"]["times"]] == [0, 0]
    assert not facts["more_rows"]["pays"]
    assert facts["best"]["score"] == METRICS[metric].perfect


@pytest.mark.parametrize("task", APART)
def test_noise_promises_nothing_of_more_rows(task: Task) -> None:
    """The curve of a quick model rises by chance where there is nothing to learn; no gain is read off it."""
    table = planted("noise", 1_200, seed=4, columns=7, task=task).table
    study = _study(table)
    standing = Standing(Plan(), {(fold,): linear_fits(table, [(fold,)], [Plan()])[fold,][0] for fold in range(5)})
    predictions = {"ladder": linear_baseline(table)}

    facts = [
        headroom_facts(study, standing, predictions, leads=False, signal=signal, alike=True) for signal in (True, False)
    ]

    assert [one["gain"] for one in facts[1]["more_rows"]["times"]] == [0, 0]
    assert facts[1]["advice"] == "better features"
    assert facts[0]["curve"] == facts[1]["curve"]
