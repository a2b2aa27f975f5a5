"""What is kept of a project's test rows, so that drift can be judged where no row of them is at hand.

Of the test rows there are the target, each model's prediction, and of each feature the number of a bin, in an order
that their target and predictions give, not the raw file's. Of the training rows there are counts by bin.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from pipelines.core.errors import InputError, quote
from pipelines.core.table import Table
from pipelines.facts.steps import Facts
from pipelines.metrics import METRICS, Metric
from pipelines.metrics.prepared import Floats, Integers
from pipelines.models.saving.zip import pack, unpack
from pipelines.serving.drift_bins import Bins, bins_of, place_rows
from pipelines.serving.drift_causes import Belonging, Rest, belongings, rests

FORMAT = "sevenfold drift 1"
MOST_ROWS = 100_000  # test rows kept: a larger sample says no more of how a mix of rows scores
Judged = Mapping[str, Floats]  # predictions of rows by model, (rows,) or (rows, classes)


@dataclass(frozen=True)
class Reference:
    """The test rows, in bins, and what is to be watched. Predictions and target are on the modelling scale."""

    metric: Metric
    margin: float
    seed: int
    bins: tuple[Bins, ...]
    train: Integers  # (bins of all features,): training rows in each
    train_rows: int
    y: Floats  # (rows,)
    predictions: Judged
    places: Integers  # (rows, features): the bin of each feature
    unit: Integers | None  # (rows,): rows of one number are one observation
    belong: Mapping[str, tuple[Belonging, ...]]  # by feature: the causes that it is part of, the largest gain first
    rests: tuple[Rest, ...]  # what causes rest on, and has to go on occurring

    @cached_property
    def offsets(self) -> Integers:
        """The first place of each feature's bins among the bins of all features, and at the end their number."""
        return np.cumsum([0, *(len(one.sorts) for one in self.bins)])

    @cached_property
    def flat(self) -> Integers:
        """The place of each test row's bins among the bins of all features, (rows, features)."""
        return self.places + self.offsets[:-1]

    @cached_property
    def test(self) -> Integers:
        """The test rows in each bin of all features, (bins,)."""
        return np.bincount(self.flat.ravel(), minlength=int(self.offsets[-1]))

    def to_files(self) -> dict[str, bytes]:
        """Return the reference as `drift.json` and `drift.npz`: equal references give equal bytes, none is a pickle."""
        said = {
            "format": FORMAT,
            "metric": self.metric.name,
            "parameters": dict(self.metric.given),
            "margin": self.margin,
            "seed": self.seed,
            "bins": [one.to_dict() for one in self.bins],
            "train": self.train.tolist(),
            "train_rows": self.train_rows,
            "models": list(self.predictions),
            "belong": {name: [one._asdict() for one in all_of] for name, all_of in self.belong.items()},
            "rests": [one.to_dict() for one in self.rests],
        }
        small = np.uint8 if self.places.max(initial=0) <= np.iinfo(np.uint8).max else np.uint16
        arrays = {"y": self.y, "places": self.places.astype(small)}
        arrays |= {f"prediction_{i}": one for i, one in enumerate(self.predictions.values())}
        arrays |= {} if self.unit is None else {"unit": self.unit}
        files = {f"{name}.npy": _npy(array) for name, array in arrays.items()}
        return {"drift.json": json.dumps(said, indent=1).encode(), "drift.npz": pack(files, compress=True)}

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        """Return the reference that `to_files` gave; raise InputError where its format is another one."""
        said = json.loads(files["drift.json"])
        if said.get("format") != FORMAT:
            raise InputError(
                f"format {quote(said.get('format'))}", where="drift.json", allowed=quote(FORMAT),
                todo="build the archive again with `dvc repro`",
            )  # fmt: skip
        arrays = {
            name.removesuffix(".npy"): np.load(io.BytesIO(content), allow_pickle=False)
            for name, content in unpack(files["drift.npz"]).items()
        }
        return cls(
            metric=METRICS[said["metric"]].bind(said["parameters"]),
            margin=float(said["margin"]),
            seed=int(said["seed"]),
            bins=tuple(map(Bins.from_dict, said["bins"])),
            train=np.asarray(said["train"], np.int64),
            train_rows=int(said["train_rows"]),
            y=arrays["y"],
            predictions={name: arrays[f"prediction_{i}"] for i, name in enumerate(said["models"])},
            places=arrays["places"].astype(np.int64),
            unit=arrays.get("unit"),
            belong={name: tuple(Belonging(**one) for one in all_of) for name, all_of in said["belong"].items()},
            rests=tuple(map(Rest.from_dict, said["rests"])),
        )


def reference(
    table: Table, facts: Facts, predictions: Judged, metric: Metric, seed: int = 0, *, causes: bool = True
) -> Reference:
    """Return what drift is judged by: of `table` its test rows in bins, of `facts` the causes of step 7, if they count.

    `predictions` are those of the test rows by model, in the table's order, on the modelling scale. `facts` are those
    of the steps `define`, `metric`, `eda` and `reflect`.
    """
    features, tested = table.named, table.tested
    codes, units = _codes(facts), {feature["name"]: feature["unit"] for feature in facts["define"]["features"]}
    bins = tuple(
        bins_of(name, features.loc[~tested, name], features.loc[tested, name], codes.get(name, ()), units.get(name))
        for name in table.features
    )
    places, trained = place_rows(bins, features[tested]), place_rows(bins, features[~tested])
    y, unit = table.y[tested], None if table.unit is None else np.unique(table.unit[tested], return_inverse=True)[1]
    kept = _kept(y, predictions, seed)
    offsets = np.cumsum([0, *(len(one.sorts) for one in bins)])
    train = np.bincount((trained + offsets[:-1]).ravel(), minlength=int(offsets[-1]))
    return Reference(
        metric=metric,
        margin=float(facts["metric"]["margin"]),
        seed=seed,
        bins=bins,
        train=train,
        train_rows=len(trained),
        y=y[kept],
        predictions={name: np.asarray(one, np.float64)[kept] for name, one in predictions.items()},
        places=places[kept],
        unit=None if unit is None else unit[kept],
        belong=belongings(facts) if causes else {},
        rests=tuple(rests(facts, bins, train, offsets)) if causes else (),
    )


def _codes(facts: Facts) -> dict[str, list[float]]:
    """Return the values that step 3 takes for codes, by feature."""
    return {
        column["name"]: [item["value"] for item in column["codes"]]
        for column in facts["eda"]["columns"]
        if column.get("codes")
    }


def _kept(y: Floats, predictions: Judged, seed: int) -> Integers:
    """Return the rows to keep, in an order that says nothing of where they stood."""
    rows = np.arange(len(y))
    if len(rows) > MOST_ROWS:
        rows = np.random.default_rng(seed).choice(rows, MOST_ROWS, replace=False)
    keys = [one.reshape(len(y), -1)[rows].T for one in predictions.values()]
    return rows[np.lexsort([y[rows], *(key for many in keys for key in many)])]


def _npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()
