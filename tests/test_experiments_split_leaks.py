"""Leaks of the split: near copies in other folds, and rows from later; found where planted, silent elsewhere."""

import numpy as np
import pandas as pd
import pytest
from conftest import Facts
from planted import planted

from pipelines.core.submit import run_now
from pipelines.core.table import FOLDS, Table
from pipelines.experiments import split_leaks
from pipelines.experiments.refitted import Question
from pipelines.experiments.split_leaks import (
    dates_tested_facts,
    near_copies,
    rank_space,
    split_leak_facts,
    time_order,
)
from pipelines.ladder.study import Study
from pipelines.metrics import METRICS
from pipelines.targets import Event

ASKED = Question(METRICS["roc_auc"], 0.005, 1)
DAY = "sold (days)"


def _dealt(frame: pd.DataFrame, rng: np.random.Generator) -> Table:
    """Return the rows as a table, dealt anew to test rows and folds, at random."""
    rows = len(frame)
    test = rng.permutation(rows) < rows // 5
    keys = {"row_id": np.arange(rows), "split": np.where(test, "test", "train")}
    keys |= {"fold": np.where(test, -1, rng.integers(0, FOLDS, rows))}
    return Table(frame.assign(**keys), Event())


def _copied(jitter: float) -> Table:
    """Return 4,000 rows and a near copy of each, every feature moved by so many standard deviations."""
    rng = np.random.default_rng(0)
    sample = planted("linear", 4_000, seed=2).table
    near = sample.frame.copy()
    for name in sample.features:
        near[name] += jitter * rng.standard_normal(len(near))
    both = pd.concat([sample.frame, near], ignore_index=True)
    return _dealt(both.iloc[rng.permutation(len(both))].reset_index(drop=True), rng)


def _dated(walk: float) -> Table:
    """Return rows over a thousand days; the odds wander by a random walk with so large steps."""
    rng = np.random.default_rng(3)
    day = rng.integers(0, 1000, 8_000)
    level = walk * np.cumsum(rng.standard_normal(1000))
    x = rng.standard_normal(8_000)
    y = rng.random(8_000) < 1 / (1 + np.exp(-(x + level[day] - level.mean())))
    return _dealt(pd.DataFrame({"y_true": y.astype(float), DAY: day.astype(float), "x": x, "z": x[::-1]}), rng)


def test_near_copies_are_found_and_measured() -> None:
    """Half the rows are near copies of the others; the score that they bring goes when they go."""
    found: Facts = near_copies(_copied(0.005), ASKED)
    # Of a row and its copy, both among the training rows (four of five), four of five pairs lie in two folds.
    assert found["share"] == pytest.approx(0.8 * 0.8, abs=0.03)
    assert found["leak"]
    assert found["gain"] == pytest.approx(found["score_with"] - found["score_without"], abs=1e-9)
    assert found["gain"] > 0.03


@pytest.mark.parametrize("case", ["linear", "gated", "levels", "missing", "few_levels"])
def test_honest_tables_have_no_near_copies(case: str) -> None:
    """Independent rows are not near each other, whatever their columns hold, alike or not."""
    for correlation in (0.0, 0.6):
        found = near_copies(planted(case, 4_000, seed=1, correlation=correlation).table, ASKED)
        assert found["share"] < 0.01
        assert found["leak"] is False
        assert found["gain"] is None


def test_few_values_repeat_by_chance() -> None:
    """Where all columns hold few values, rows are alike by chance, and nothing is claimed."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({name: rng.integers(0, 3, 2_000).astype(float) for name in "abc"} | {"y_true": 0.0})
    found = near_copies(_dealt(frame.assign(y_true=rng.integers(0, 2, 2_000).astype(float)), rng), ASKED)
    assert found["why"] == "values repeat so often that rows are alike by chance"


def test_the_future_helps_where_the_past_is_another() -> None:
    """Odds that wander: models that saw the rows' own time do better. Odds that stay: they do not."""
    wandering: Facts
    steady: Facts
    wandering, steady = time_order(_dated(0.3), DAY, ASKED), time_order(_dated(0.0), DAY, ASKED)
    assert wandering["leak"]
    assert wandering["share"] == pytest.approx(0.2, abs=0.01)
    assert not steady["leak"]
    assert steady["ci"][0] < 0.005


@pytest.mark.parametrize(("kind", "kinds"), [("random", ["near copies", "time order"]), ("time", ["near copies"])])
def test_what_is_asked(kind: str, kinds: list[str]) -> None:
    """Each date orders the rows once, unless the split is by time already."""
    define: Facts = {
        "split": {"kind": kind},
        "features": [{"name": f"sold ({part})", "type": "date"} for part in ("days", "month")],
    }
    found = split_leak_facts(Study(_dated(0.0), METRICS["roc_auc"], 0.005, 1, run_now), define)
    assert [one["kind"] for one in found] == kinds
    dates = len(kinds) - 1
    assert dates_tested_facts(define) == {"dates": dates, "of": dates}


def test_of_many_dates_the_first_order_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two dates one is tested where only one may be, and both are counted."""
    monkeypatch.setattr(split_leaks, "DATES", 1)
    names = [DAY, "x (days)"]
    define: Facts = {"split": {"kind": "random"}, "features": [{"name": name, "type": "date"} for name in names]}
    table = _dated(0.0)
    dated = Table(table.frame.rename(columns={"x": "x (days)"}), Event())
    found = split_leak_facts(Study(dated, METRICS["roc_auc"], 0.005, 1, run_now), define)
    assert [one["feature"] for one in found] == [None, DAY]
    assert dates_tested_facts(define) == {"dates": 1, "of": 2}


def test_order_in_time_is_judged_on_some_of_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 6,400 training rows 4,000 are taken, and the wandering odds show on them too."""
    monkeypatch.setattr(split_leaks, "DATED", 4_000)
    found = time_order(_dated(0.3), DAY, ASKED)
    assert found["rows"] == 4_000
    assert found["of"] == 6_400 == (_dated(0.3).fold >= 0).sum()
    assert found["leak"]


def test_a_sample_of_the_rows_is_called_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more than 1,000 training rows 1,000 are asked for a near copy; where all are asked, there is no sample."""
    table = _dated(0.0)
    training = int((table.fold >= 0).sum())

    monkeypatch.setattr(split_leaks, "ASKED", 1_000)
    some = near_copies(table, ASKED)
    monkeypatch.setattr(split_leaks, "ASKED", training)
    every = near_copies(table, ASKED)

    assert (some["rows"], some.get("of")) == (1_000, training)
    assert (every["rows"], every.get("of")) == (training, None)


def test_rank_space() -> None:
    """Ranks from 0 to 1, missing at -0.5; equal categories at one place, different ones apart."""
    x = pd.DataFrame({"a": [3.0, 1.0, np.nan, 2.0], "k": pd.Categorical(["u", "v", "u", None])})
    space = rank_space(x, 0)
    assert space[:, 0].tolist() == pytest.approx([1.0, 1 / 3, -0.5, 2 / 3])
    assert np.array_equal(space[0, 1:], space[2, 1:])
    assert len({tuple(row) for row in space[:, 1:].tolist()}) == 3
