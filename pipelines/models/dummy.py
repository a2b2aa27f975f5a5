"""The dummy: the same answer for every row."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np
import pandas as pd

from pipelines.models.family import Family, Files, Loading, Variant
from pipelines.models.model import FoldData, Notes, Settings
from pipelines.models.predicting.rows import Fast, Reading
from pipelines.targets import Target

NAME = "dummy"


@dataclass(frozen=True)
class DummyLearner:
    """Fits the dummy: the training rows' share of each class, or their mean."""

    target: Target
    name: str = NAME

    @property
    def settings(self) -> Settings:
        """What the facts say about how it is fitted."""
        return {"predicts": self.target.words.constant}

    def fit(self, data: FoldData) -> "DummyModel":
        """Return the mean of the fold's training target, or its classes' shares."""
        return DummyModel(self.target.constant(data.y, 1)[0].tolist(), {"rows_used": len(data.y)})


@dataclass(frozen=True)
class DummyModel:
    """One fitted dummy."""

    family: ClassVar[str] = "dummy"
    value: float | list[float]
    notes: Notes = field(default_factory=Notes)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return the one value for each row, float64 of shape (rows,), or the shares, (rows, classes)."""
        return np.full((len(x), *np.shape(self.value)), self.value)

    def save(self) -> dict[str, bytes]:
        """Return the value as JSON."""
        return {"value.json": json.dumps(self.value).encode()}

    @classmethod
    def load(cls, files: Mapping[str, bytes], _: Loading) -> Self:
        """Return the model that `save` wrote."""
        return cls(json.loads(files["value.json"]))


def _fast(files: Files, given: Loading, _: Reading) -> Fast:
    value = DummyModel.load(files, given).value
    return lambda rows: np.full((len(rows), *np.shape(value)), value)


FAMILY = Family(
    name=DummyModel.family,
    title="dummy",
    load=DummyModel.load,
    fast=_fast,
    variants=(
        Variant(
            "dummy", "dummy", "baseline", "the same answer for every row", lambda size, _: DummyLearner(size.target)
        ),
    ),
)
