"""Tests of adversarial validation."""

import numpy as np
import pandas as pd
import pytest
from small_exploration import table_of

from pipelines.core.submit import run_now
from pipelines.core.table import TEST as HELD_OUT
from pipelines.core.table import WARM_UP
from pipelines.exploration.drift import find_drift

ROWS = 3000
TEST = np.arange(ROWS) >= ROWS * 4 // 5


@pytest.mark.parametrize("seed", range(3))
def test_rows_of_one_kind_do_not_drift(seed: int) -> None:
    """Test rows drawn like the training rows: the interval holds one half, or nearly so, and no alarm is raised."""
    x = np.random.default_rng(seed).standard_normal((ROWS, 4))
    drift = find_drift(table_of(dict(zip("abcd", x.T, strict=True)), x[:, 0] > 0), seed, run_now)
    assert not drift["drifted"]
    assert drift["ci"][0] < 0.52
    assert drift["auc"] == pytest.approx(0.5, abs=0.05)


def test_a_shift_is_found_and_named() -> None:
    """One column of three moves by a standard deviation: a little less than the best AUC, Phi(1 / sqrt 2) = .76."""
    x = np.random.default_rng(0).standard_normal((ROWS, 3))
    x[TEST, 1] += 1
    drift = find_drift(table_of(dict(zip("abc", x.T, strict=True)), x[:, 0] > 0), 1, run_now)
    assert drift["drifted"]
    assert not drift["close"]
    assert 0.7 < drift["auc"] < 0.77
    assert drift["features"][0]["feature"] == "b"
    assert sum(item["share"] for item in drift["features"]) == pytest.approx(1)


def test_groups_are_not_mistaken_for_drift() -> None:
    """Sixty groups of fifty rows, each with its own value of a column: what tells groups apart tells nothing more."""
    rng = np.random.default_rng(0)
    group = np.arange(ROWS) // 50
    x = rng.standard_normal(60)[group]
    drift = find_drift(table_of({"x": x}, rng.random(ROWS) > 0.5, group=group), 1, run_now)
    assert not drift["drifted"]
    assert drift["ci"][1] - drift["ci"][0] > 0.15


def test_what_series_have_in_common_at_a_moment_is_not_mistaken_for_drift() -> None:
    """Sixty weeks of fifty series, the last twelve for the test, each with a value of its own that all series see."""
    rng = np.random.default_rng(0)
    week = np.arange(ROWS) // 50
    folds = np.where(week < 23, WARM_UP, np.where(TEST, HELD_OUT, (week - 23) // 5))
    features = {"all others": rng.standard_normal(60)[week], "own": rng.standard_normal(ROWS)}
    drift = find_drift(table_of(features, rng.random(ROWS) > 0.5, fold=folds, time_block=week), 1, run_now)
    assert not drift["drifted"]
    assert drift["auc"] < 0.75  # 1 where each row counts by itself: its week names its side


def test_levels_that_training_never_saw_are_counted() -> None:
    """A hundred test rows hold a new town; a category whose levels are all known is not listed."""
    rng = np.random.default_rng(0)
    town = rng.choice(["Bern", "Oslo"], ROWS).astype(object)
    town[-100:] = "Rome"
    features = {"town": pd.Categorical(town), "flag": pd.Categorical(rng.choice(["no", "yes"], ROWS))}
    drift = find_drift(table_of(features, rng.random(ROWS) > 0.5), 1, run_now)
    assert drift["unseen_levels"] == [{"feature": "town", "rows": 100}]
    assert drift["features"][0]["feature"] == "town"


@pytest.mark.parametrize("copies", [2, 6])
def test_copies_of_a_row_are_not_mistaken_for_drift(copies: int) -> None:
    """Rows that were written several times, all on one side: who has seen one of them knows the side of the others."""
    rng = np.random.default_rng(0)
    row = np.arange(ROWS) // copies
    x = rng.standard_normal((row.max() + 1, 3))[row]
    drift = find_drift(table_of(dict(zip("abc", x.T, strict=True)), rng.random(ROWS) > 0.5), 1, run_now)
    assert not drift["drifted"]
    assert drift["ci"][0] < 0.53
    assert drift["auc"] < 0.65  # above 0.9 where copies count as rows of their own
