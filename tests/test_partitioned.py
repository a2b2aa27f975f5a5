"""Boosted trees on partitions: exact bins, a model of the values themselves, and more data than a worker's memory."""

import shutil
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
import pytest
from conftest import environment, free_port, sevenfold
from dask_cluster import cluster

from flows.commands.partitioned import partitioned
from flows.running.scheduler import ADDRESS_VARIABLE
from pipelines.core.errors import InputError
from pipelines.partitioned.bins import learn_bins
from pipelines.partitioned.fit import FIXED, Recipe
from pipelines.partitioned.raw_model import raw_model

MEMORY = 790_000_000  # bytes, of each worker
TRAIN, HELD = 40, 10  # partitions
# What LightGBM holds, Dask cannot spill, and a worker that pauses would be waited for by the others.
ROOMY = {f"DASK_DISTRIBUTED__WORKER__MEMORY__{name}": "False" for name in ("TARGET", "SPILL", "PAUSE")}


def frame(rows: int, features: int, seed: int = 0) -> pd.DataFrame:
    """Return float64 features, of which the first two move the target; a tenth of the first is missing."""
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 16, (rows, features)).astype(np.float64) / 2
    x[rng.random(rows) < 0.1, 0] = np.nan
    score = np.nan_to_num(x[:, 0], nan=8.0) - 5 + 2 * (x[:, 1] > 4)
    made = pd.DataFrame(x, columns=[f"x{i}" for i in range(features)])
    return made.assign(y=(rng.random(rows) < 1 / (1 + np.exp(-score))).astype(np.float64))


@pytest.mark.parametrize("values", [[3.0, 1.0, 2.0, np.nan, 2.0], list(np.random.default_rng(0).normal(size=5_000))])
def test_a_code_says_between_which_edges_a_value_lies(values: list[float]) -> None:
    """Bin m holds what is above edge m - 1 and not above edge m; missing values have code 0."""
    table = pd.DataFrame({"x": values})
    bins = learn_bins(table, ("x",))
    (edges,) = bins.edges
    below, above = np.append(-np.inf, edges), np.append(edges, np.inf)
    for code, value in zip(bins.codes(table)[:, 0], values, strict=True):
        assert (code == 0) if np.isnan(value) else below[code - 1] < value <= above[code - 1]
    assert len(edges) <= 253


def test_the_model_of_values_predicts_as_that_of_codes() -> None:
    """Translated to the values themselves, a model predicts the same to the bit, also on missing and unseen values."""
    rng = np.random.default_rng(1)
    train = pd.DataFrame({"a": rng.normal(size=4_000), "b": rng.integers(0, 5, 4_000).astype(float), "c": 1.0})
    train.loc[rng.random(4_000) < 0.2, "a"] = np.nan
    y = (train["a"].fillna(2) + train["b"] > 2).to_numpy(float)
    bins = learn_bins(train, ("a", "b", "c"))
    fitted = lightgbm.LGBMRegressor(objective="binary", n_estimators=20, n_jobs=1, **FIXED).fit(bins.codes(train), y)
    other = pd.DataFrame(
        {"a": 9 * rng.normal(size=999), "b": rng.integers(-3, 9, 999) / 2.0, "c": rng.normal(size=999)}
    )
    other.loc[::7, "a"] = other.loc[::5, "b"] = np.nan
    expected = fitted.booster_.predict(bins.codes(other))
    translated = lightgbm.Booster(model_str=raw_model(fitted.booster_.model_to_string(), bins))
    assert np.array_equal(translated.predict(other.to_numpy()), expected)
    assert translated.feature_name() == ["a", "b", "c"]


def test_a_scheduler_is_needed(tmp_path: Path) -> None:
    """Without an address the command says how to give one, and ends with status 2."""
    (tmp_path / "projects").mkdir()
    done = sevenfold(tmp_path, environment(tmp_path, free_port()), "partitioned", "parts", "y")
    assert done.returncode == 2
    assert f"set {ADDRESS_VARIABLE}" in done.stderr


def test_a_share_that_does_not_fit_is_told_before(tmp_path: Path) -> None:
    """Workers too small for their share of the values are told what it takes, before hours of work."""
    for number in range(2):
        frame(100_000, 50, seed=number).to_parquet(tmp_path / f"part{number}.parquet")
    with cluster(tmp_path, workers=1, memory="200MB") as running, pytest.raises(InputError, match="5,000,000 values"):
        partitioned(tmp_path, Recipe("y", "binary"), running.address, tmp_path / "model.txt")


def test_data_larger_than_each_workers_memory(tmp_path: Path) -> None:
    """Two workers fit and score 40 partitions that neither could hold, and leave a model that LightGBM reads."""
    rows, features = 50_000, 50
    assert TRAIN * rows * features * 8 > MEMORY
    folder = tmp_path / "parts"
    folder.mkdir()
    first = folder / "part00.parquet"
    frame(rows, features).to_parquet(first)
    for number in range(1, TRAIN):
        shutil.copyfile(first, folder / f"part{number:02}.parquet")
    for number in range(TRAIN, TRAIN + HELD):
        frame(1_000, features, seed=number).to_parquet(folder / f"part{number:02}.parquet")
    model = tmp_path / "model.txt"
    with cluster(tmp_path, memory=str(MEMORY), environment=ROOMY) as running:
        facts = partitioned(folder, Recipe("y", "binary", trees=5, leaves=7), running.address, model)
    assert facts["workers"] == 2
    assert facts["held_out_rows"] == HELD * 1_000
    assert facts["scores"]["roc_auc"] > 0.85
    booster = lightgbm.Booster(model_file=str(model))
    held = frame(1_000, features, seed=TRAIN)
    assert set(booster.feature_name()) == set(held.columns) - {"y"}
    assert np.corrcoef(booster.predict(held[booster.feature_name()]), held["y"])[0, 1] > 0.5
