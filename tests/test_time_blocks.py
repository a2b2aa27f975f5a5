"""Tests of intervals where rows follow one another in time: stretches of it are what is drawn."""

import numpy as np
import pandas as pd
import pytest

from pipelines.core.table import FOLDS, Table
from pipelines.inference.bootstrap import resample
from pipelines.inference.truth import Draw, Truth
from pipelines.metrics import METRICS
from pipelines.metrics.prepared import prepare_ratio
from pipelines.splits.time import FOLD_BLOCKS, TEST_BLOCKS, split_by_time
from pipelines.targets import Number

ROWS = 1_000


def test_stretches_are_of_one_fold_in_order_and_alike_in_size() -> None:
    """Rows in any order: a stretch's times lie between those of its neighbours, and no stretch is in two folds."""
    times = np.random.default_rng(0).permutation(ROWS).astype(float)
    split = split_by_time(times, 0.2)
    assert split.blocks is not None
    frame = pd.DataFrame({"time": times, "fold": split.fold, "block": split.blocks}).sort_values("time")
    assert frame["block"].is_monotonic_increasing
    assert len(frame[["block", "fold"]].drop_duplicates()) == frame["block"].nunique()
    sizes = frame.groupby(["fold", "block"]).size()
    assert sizes.groupby("fold").size().to_dict() == {-1: TEST_BLOCKS} | dict.fromkeys(range(FOLDS), FOLD_BLOCKS)
    assert sizes.min() == sizes.xs(-1).max() == ROWS // 5 // TEST_BLOCKS


def test_many_rows_of_one_moment_have_stretches_too() -> None:
    """Twelve months of a hundred rows: the last two are for testing, and are cut in the file's order."""
    split = split_by_time(np.repeat(np.arange(12.0), 100), 1 / 6)
    assert split.blocks is not None
    assert np.bincount(split.blocks[split.test])[-TEST_BLOCKS:].tolist() == [25] * TEST_BLOCKS


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


def _covered(correlation: float, blocks: np.ndarray | None, times: int) -> float:
    """Return the share of intervals of a mean gain of 0 that hold it, where gains are such a series."""
    hits = 0
    for seed in range(times):
        gain = _series(np.random.default_rng(seed), 400, correlation)
        scored = {"base": prepare_ratio(np.zeros(400)), "other": prepare_ratio(gain)}
        drawn = resample(scored, 400, Draw(seed, blocks, 199), pairs=[("base", "other")]).gain("base", "other")
        hits += drawn.ci[0] <= 0 <= drawn.ci[1]
    return hits / times


@pytest.mark.parametrize(("correlation", "at_least"), [(0.0, 0.9), (0.8, 0.88), (0.95, 0.82)])
def test_intervals_of_slow_series_hold(correlation: float, at_least: float) -> None:
    """In 120 simulations: a share with a standard error of .02 to .03; as if rows were independent, far fewer hold."""
    split = split_by_time(np.arange(500.0), 0.8)
    assert split.blocks is not None
    assert _covered(correlation, split.blocks[split.test], 120) >= at_least
    if correlation:
        assert _covered(correlation, None, 60) < at_least - 0.2


def test_unrelated_slow_series_show_no_signal() -> None:
    """A prediction that drifts by itself beside a target that does: rarely better than the mean beyond chance."""
    split = split_by_time(np.arange(500.0), 0.8)
    assert split.blocks is not None
    claims = []
    for blocks in (split.blocks[split.test], None):
        found = 0
        for seed in range(60):
            rng = np.random.default_rng(seed)
            y, other = (_series(rng, 400, 0.97) for _ in range(2))
            scored = {
                "constant": METRICS["mse"].prepare(y, np.zeros(400)), "model": METRICS["mse"].prepare(y, 0.3 * other),
            }  # fmt: skip
            drawn = resample(
                scored, 400, Draw(seed, blocks, 199), pairs=[("constant", "model")], greater_is_better=False
            )
            found += drawn.gain("constant", "model").ci[0] > 0
        claims.append(found / 60)
    assert claims[0] <= 0.1
    assert claims[1] >= 0.2
