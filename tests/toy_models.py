"""Fitted models so small that one sees what they must predict."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pandas as pd

from pipelines.models.model import Notes


@dataclass(frozen=True)
class Constant:
    """A fitted constant, which is the only thing these learners learn."""

    family: ClassVar[str] = "constant"
    value: float
    notes: Notes = field(default_factory=lambda: Notes(rows_used=1))

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return the constant for every row."""
        return np.full(len(x), self.value)

    def save(self) -> dict[str, bytes]:
        """Return no files."""
        return {}
