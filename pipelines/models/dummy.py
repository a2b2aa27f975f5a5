"""The dummy: the same answer for every row."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from pipelines.core.project import Task
from pipelines.models.folds import FoldData


@dataclass(frozen=True)
class Dummy:
    """The recipe of the dummy: the training rows' share of each class, or their mean."""

    task: Task
    name: str = "dummy"

    @property
    def settings(self) -> dict[str, Any]:
        """What the facts tell of the recipe."""
        of = "the share of each class among" if self.task == "multiclass" else "the mean of the target over"
        return {"predicts": f"{of} the training rows"}

    def fit(self, data: FoldData) -> "DummyModel":
        """Return the mean of the fold's training target, or its classes' shares."""
        several = self.task == "multiclass"
        value = (np.bincount(data.y.astype(np.int64)) / len(data.y)).tolist() if several else float(data.y.mean())
        return DummyModel(value, {"rows_used": len(data.y)})


@dataclass(frozen=True)
class DummyModel:
    """One fitted dummy."""

    family: ClassVar[str] = "dummy"
    value: float | list[float]
    notes: dict[str, Any] = field(default_factory=dict)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return the one value for each row, float64 of shape (rows,), or the shares, (rows, classes)."""
        return np.full((len(x), *np.shape(self.value)), self.value)

    def save(self) -> dict[str, bytes]:
        """Return the value as JSON."""
        return {"value.json": json.dumps(self.value).encode()}

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> Self:
        """Return the model that `save` wrote."""
        return cls(json.loads(files["value.json"]))
