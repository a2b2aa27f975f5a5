"""What a modelling step hands over: predictions, a saved model, and facts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import pandas as pd

from pipelines.core.keys import KEYS
from pipelines.core.table import Table

Facts_co = TypeVar("Facts_co", covariant=True)


@dataclass(frozen=True)
class Fit(Generic[Facts_co]):
    """The outcome of step 4 or 5."""

    predictions: pd.DataFrame  # row_id, split, fold, y_true, then one float64 column a model
    model: bytes  # the archive of the chosen model, see `archive.py`
    facts: Facts_co


_OF_CLASS = re.compile(r"(.+)\[\d+\]")


def prediction_table(table: Table, columns: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return the tidy prediction table, one row a row of `table`.

    `columns` maps a model's name to its prediction for every row: out-of-fold for training rows, the mean of
    the fold models for test rows; float64 of shape (rows,), or (rows, classes) which become `name[0]`, `name[1]`...
    """
    found: dict[str, np.ndarray] = {}
    for name, values in columns.items():
        if values.ndim == 1:
            found[name] = values.astype(np.float64)
        else:
            found |= {f"{name}[{i}]": column.astype(np.float64) for i, column in enumerate(values.T)}
    return pd.concat([table.frame[list(KEYS)].reset_index(drop=True), pd.DataFrame(found)], axis="columns")


def predictions_of(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return each model's predictions out of a prediction table, in its order: (rows,), or (rows, classes)."""
    columns: dict[str, list[str]] = {}
    for column in frame.columns:
        if column not in KEYS:
            found = _OF_CLASS.fullmatch(str(column))
            columns.setdefault(found[1] if found else str(column), []).append(str(column))
    return {
        name: frame[own[0]].to_numpy(np.float64) if own == [name] else frame[own].to_numpy(np.float64)
        for name, own in columns.items()
    }


def predictions_by_model(table: Table, predictions: Mapping[str, pd.DataFrame]) -> dict[str, np.ndarray]:
    """Return each model's predictions for the rows of `table`, in its order; rows are found by their number.

    `predictions` holds a prediction table for each step. Raises ValueError where one is not for the rows of `table`.
    """
    order = table.frame["row_id"].to_numpy()
    found: dict[str, np.ndarray] = {}
    for step, frame in predictions.items():
        if not np.array_equal(np.sort(frame["row_id"].to_numpy()), np.sort(order)):
            message = f"the predictions of step {step} are not for the rows of the table; run that step again"
            raise ValueError(message)
        found |= predictions_of(frame.set_index("row_id").loc[order])
    return found
