"""Tests of intervals where rows follow one another in time: stretches of it are what is drawn."""

import numpy as np
import pandas as pd
import pytest

from pipelines.core.table import FOLDS, Table
from pipelines.inference.bootstrap import resample
from pipelines.inference.truth import Draw, Truth
from pipelines.metrics import METRICS
from pipelines.metrics.prepared import prepare_ratio
from pipelines.splits.stretches import COUNTS, stretches
from pipelines.splits.time import split_by_time
from pipelines.targets import Number

ROWS = 1_000


def _blocks(times: np.ndarray, share: float, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's stretch, and which are test rows."""
    split = split_by_time(times, share)
    assert split.moment is not None
    return stretches(split.moment, split.fold, y), split.test


@pytest.mark.parametrize("slow", [False, True])
def test_stretches_are_of_one_fold_in_order_and_alike_in_size(slow: bool) -> None:
    """Rows in any order: a stretch's times lie between its neighbours', none is in two folds; slow targets have few."""
    rng = np.random.default_rng(0)
    times = rng.permutation(ROWS).astype(float)
    y = np.sin(times / 60) if slow else rng.normal(size=ROWS)
    blocks, test = _blocks(times, 0.2, y)
    frame = pd.DataFrame({"time": times, "fold": split_by_time(times, 0.2).fold, "block": blocks}).sort_values("time")
    assert frame["block"].is_monotonic_increasing
    assert len(frame[["block", "fold"]].drop_duplicates()) == frame["block"].nunique()
    tested, each = COUNTS[-1 if slow else 0]
    counts = frame.groupby("fold")["block"].nunique()
    assert counts.to_dict() == {-1: tested} | dict.fromkeys(range(FOLDS), each)
    sizes = np.bincount(blocks[test])[-tested:]
    assert sizes.max() - sizes.min() <= 1


def test_many_rows_of_one_moment_have_stretches_too() -> None:
    """Twelve months of a hundred rows, dearer each month: the last two are tested, and are cut in the file's order."""
    months = np.repeat(np.arange(12.0), 100)
    blocks, test = _blocks(months, 1 / 6, months)
    assert np.bincount(blocks[test])[-8:].tolist() == [25] * 8


def test_a_tables_truth_is_drawn_by_them() -> None:
    """Groups where rows are grouped, stretches where they are split by time, else nothing."""
    frame = pd.DataFrame({"row_id": np.arange(40), "split": "test", "fold": -1, "y_true": np.arange(40.0)})
    stretches, rows = np.arange(40) // 5, np.arange(40) >= 10
    for name in ("group", "time_block"):
        truth = Truth.of(Table(frame.assign(**{name: stretches}), Number()), rows, METRICS["rmse"], 1)
        assert truth.group is not None
        assert truth.group.tolist() == stretches[rows].tolist()
    assert Truth.of(Table(frame, Number()), rows, METRICS["rmse"], 1).group is None


def _series(rng: np.random.Generator, rows: int, correlation: float) -> np.ndarray:
    """Return a stationary autoregression of order one, with mean 0 and variance 1."""
    steps = rng.normal(size=rows) * np.sqrt(1 - correlation**2)
    steps[0] = rng.normal()
    for row in range(1, rows):
        steps[row] += correlation * steps[row - 1]
    return steps


def _tested(y: np.ndarray) -> np.ndarray:
    """Return the stretches of the last 400 of 2,000 rows with such a target."""
    blocks, test = _blocks(np.arange(2_000.0), 0.2, y)
    return blocks[test]


def _covered(correlation: float, times: int, *, stretched: bool) -> float:
    """Return the share of intervals of a mean gain of 0 that hold it, where the target and gains are such series."""
    hits = 0
    for seed in range(times):
        gain = _series(np.random.default_rng(seed), 2_000, correlation)
        blocks = _tested(gain) if stretched else None
        scored = {"base": prepare_ratio(np.zeros(400)), "other": prepare_ratio(gain[-400:])}
        drawn = resample(scored, 400, Draw(seed, blocks, 199), pairs=[("base", "other")]).gain("base", "other")
        hits += drawn.ci[0] <= 0 <= drawn.ci[1]
    return hits / times


@pytest.mark.parametrize(("correlation", "at_least"), [(0.0, 0.9), (0.8, 0.88), (0.95, 0.82)])
def test_intervals_of_slow_series_hold(correlation: float, at_least: float) -> None:
    """In 120 simulations: a share with a standard error of .02 to .03; as if rows were independent, far fewer hold."""
    assert _covered(correlation, 120, stretched=True) >= at_least
    if correlation:
        assert _covered(correlation, 60, stretched=False) < at_least - 0.2


def test_unrelated_slow_series_show_no_signal() -> None:
    """A prediction that drifts by itself beside a target that does: rarely better than the mean beyond chance."""
    claims = []
    for stretched in (True, False):
        found = 0
        for seed in range(60):
            rng = np.random.default_rng(seed)
            whole, other = _series(rng, 2_000, 0.97), _series(rng, 400, 0.97)
            y, blocks = whole[-400:], _tested(whole) if stretched else None
            scored = {
                "constant": METRICS["mse"].prepare(y, np.zeros(400)), "model": METRICS["mse"].prepare(y, 0.3 * other),
            }  # fmt: skip
            drawn = resample(
                scored, 400, Draw(seed, blocks, 199), pairs=[("constant", "model")], greater_is_better=False
            )
            found += drawn.gain("constant", "model").ci[0] > 0
        claims.append(found / 60)
    assert claims[0] <= 0.1  # of 60; .025 is what such intervals aim at
    assert claims[1] > max(0.1, 1.5 * claims[0])
