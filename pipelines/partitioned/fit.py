"""Fit LightGBM's Dask estimator to partitions that no single machine could hold together, and score others."""

import itertools
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipelines.core.errors import InputError, quote
from pipelines.inputs import holds_numbers
from pipelines.metrics import metrics_for
from pipelines.partitioned.alive import while_all_live
from pipelines.partitioned.bins import Bins, learn_bins
from pipelines.partitioned.raw_model import raw_model
from pipelines.targets import TARGETS, Event, Number

if TYPE_CHECKING:
    import dask.dataframe as dd
    from distributed import Client

SAMPLE_ROWS = 200_000  # that bins are learned from, as LightGBM itself does
KINDS = (Event.name, Number.name)  # of one output, by design
FIXED: dict[str, Any] = {
    "zero_as_missing": True,  # see bins.MISSING
    "min_data_in_bin": 1,  # the bins are made already
    "max_bin": 255,
    "bin_construct_sample_cnt": 20_000,  # of rows of codes; LightGBM's own 200,000 would take twelve bytes a value each
    "force_col_wise": True,  # to try both ways would hold the bins twice
    "time_out": 10,  # minutes that a worker waits for another
    "deterministic": True,
    "verbosity": -1,
}


@dataclass(frozen=True)
class Recipe:
    """What is asked of the trees."""

    target: str
    task: str  # one of KINDS
    trees: int = 200
    leaves: int = 31
    learning_rate: float = 0.1
    seed: int = 7


@dataclass(frozen=True)
class Partitioned:
    """A model of the values themselves, and what the held-out partitions say of it."""

    model: str  # LightGBM's text format
    facts: dict[str, Any]


def fit_partitioned(train: "dd.DataFrame", held: "dd.DataFrame", recipe: Recipe, client: "Client") -> Partitioned:
    """Return the model fitted to all rows of `train` and its scores on those of `held`.

    Each worker holds its share of the training rows at one byte a value, and while LightGBM reads them at seven (the
    codes, the same joined, as float32, and in LightGBM's own bins). Sums over workers are added up in the order of the
    network, so two fits agree in their scores, not in their last digits. Raises InputError where a feature is not
    numeric, a target is missing or not 0 or 1 for task binary, or a worker dies.
    """
    import lightgbm

    features = _features(train, recipe.target)
    sample = client.compute(train.map_partitions(_spaced, -(-SAMPLE_ROWS // train.npartitions))).result()
    bins = learn_bins(sample, features)
    codes, target = _coded(train, bins, recipe, client)
    # The classifier would look at each worker's own rows for the classes, of which one worker may have a single one.
    estimator = lightgbm.DaskLGBMRegressor(
        client=client,
        objective=TARGETS[recipe.task].engines["lightgbm"]["objective"],
        n_estimators=recipe.trees,
        num_leaves=recipe.leaves,
        learning_rate=recipe.learning_rate,
        random_state=recipe.seed,
        **FIXED,
    )
    while_all_live(client, lambda: estimator.fit(codes, target))
    model = raw_model(estimator.booster_.model_to_string(num_iteration=-1), bins)
    y, predicted = _predictions(held, model, features, recipe, client)
    facts = {
        "target": recipe.target,
        "task": recipe.task,
        "features": list(features),
        "trees": int(estimator.booster_.num_trees()),
        "partitions": {"train": train.npartitions, "held_out": held.npartitions},
        "held_out_rows": len(y),
        "scores": {metric.name: metric.score(y, predicted) for metric in metrics_for(recipe.task) if metric.complete},
    }
    return Partitioned(model, facts)


def _features(frame: "dd.DataFrame", target: str) -> tuple[str, ...]:
    """Return all columns but the target; raise InputError for what is not numeric or not there."""
    names = [str(name) for name in frame.columns]
    if target not in names:
        allowed = ", ".join(names)
        raise InputError(
            f"no column {quote(target)}", where="the partitions", allowed=allowed, todo="name one of these"
        )
    for name, kind in zip(names, frame.dtypes, strict=True):
        if not holds_numbers(pd.Series(dtype=kind)):
            raise InputError(
                f"column {quote(name)} is of type {kind}",
                where="the partitions",
                allowed="numbers and booleans",
                todo="write categories as numbers, or leave the column out",
            )
    return tuple(name for name in names if name != target)


def _coded(frame: "dd.DataFrame", bins: Bins, recipe: Recipe, client: "Client") -> tuple[Any, Any]:
    """Return the codes, uint8 (rows, features), and the target, float32 (rows,), as arrays of one block a partition.

    Partitions are dealt out evenly: LightGBM is as slow as the worker with the most rows, and needs its memory. Dask
    joins reading and coding into one task, so that no worker reads ahead and holds floats.
    """
    import dask.array as da
    from dask.delayed import delayed

    coded = frame.map_partitions(_code_part, bins, recipe, meta=(None, object), enforce_metadata=False)
    pick = delayed(operator.getitem)
    workers = itertools.cycle(sorted(client.nthreads()))
    codes, targets = [], []
    for part in coded.to_delayed():
        both = client.compute(part, workers=[next(workers)], allow_other_workers=True)
        codes.append(da.from_delayed(pick(both, 0), (np.nan, len(bins.features)), np.uint8))
        targets.append(da.from_delayed(pick(both, 1), (np.nan,), np.float32))
    joined = [da.concatenate(blocks, axis=0, allow_unknown_chunksizes=True) for blocks in (codes, targets)]
    return joined[0], joined[1]


def _code_part(part: pd.DataFrame, bins: Bins, recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
    return bins.codes(part), _target(part, recipe)


def _target(part: pd.DataFrame, recipe: Recipe) -> np.ndarray:
    """Return the target, float32 of shape (rows,), or raise InputError."""
    values = part[recipe.target].to_numpy(np.float64, na_value=np.nan)
    wrong = ~TARGETS[recipe.task].valid(pd.Series(values)).to_numpy(bool)
    if wrong.any():
        raise InputError(
            f"the target {quote(recipe.target)} holds {values[wrong][0]:g}",
            where="the partitions",
            allowed="finite numbers" if recipe.task == Number.name else "0 and 1",
            todo="fix or leave out those rows",
        )
    return values.astype(np.float32)


def _predictions(
    held: "dd.DataFrame", model: str, features: Sequence[str], recipe: Recipe, client: "Client"
) -> tuple[np.ndarray, np.ndarray]:
    """Return the target and the prediction of every held-out row, float64 of shape (rows,) each."""
    from dask.delayed import delayed

    score = delayed(_score_part)
    text = client.scatter([model], broadcast=True, hash=False)[0]
    scored = client.gather(client.compute([score(part, text, list(features), recipe) for part in held.to_delayed()]))
    return tuple(np.concatenate(side).astype(np.float64) for side in zip(*scored, strict=True))  # type: ignore[return-value]


def _score_part(part: pd.DataFrame, model: str, features: list[str], recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
    import lightgbm

    booster = lightgbm.Booster(model_str=model)
    predicted = booster.predict(part[features].to_numpy(np.float64, na_value=np.nan), num_threads=1)
    return _target(part, recipe), np.asarray(predicted, np.float32)


def _spaced(part: pd.DataFrame, rows: int) -> pd.DataFrame:
    """Return at most `rows` rows, evenly spaced."""
    if len(part) <= rows:
        return part
    return part.iloc[np.linspace(0, len(part) - 1, rows).astype(np.int64)]
