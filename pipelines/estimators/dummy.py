"""The dummy: the same answer for every row."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from pipelines.estimators.folds import FoldData


@dataclass(frozen=True)
class Dummy:
    """The recipe of the dummy: the training rows' share of positives, or their mean."""

    name: str = "dummy"

    @property
    def settings(self) -> dict[str, Any]:
        """What the facts tell of the recipe."""
        return {"predicts": "the mean of the training target"}

    def fit(self, data: FoldData) -> "DummyModel":
        """Return the mean of the fold's training target."""
        return DummyModel(float(data.y.mean()), {"rows_used": len(data.y)})


@dataclass(frozen=True)
class DummyModel:
    """One fitted dummy."""

    family: ClassVar[str] = "dummy"
    value: float
    notes: dict[str, Any] = field(default_factory=dict)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return the one value for each row, float64 of shape (rows,)."""
        return np.full(len(x), self.value)

    def save(self) -> dict[str, bytes]:
        """Return the value as JSON."""
        return {"value.json": json.dumps(self.value).encode()}

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> Self:
        """Return the model that `save` wrote."""
        return cls(json.loads(files["value.json"]))
