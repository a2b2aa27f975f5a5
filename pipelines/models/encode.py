"""The matrix that tree models read: numbers as they are, categories as codes, missing as NaN.

What it needs to know it learns from training rows alone (the schema), so held-out and test rows can hold
unseen categories or a first missing value without harm.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from pipelines.inputs import LEVELLED, NUMERIC, is_category

SCHEMA_FILE = "tree_schema.json"


@dataclass(frozen=True)
class TreeSchema:
    """What the training rows said about the features."""

    features: tuple[str, ...]
    categories: dict[str, tuple[str, ...]]  # of each categorical feature, sorted; the code is the position
    medians: dict[str, float]  # of numeric features without a missing value in the training rows

    @property
    def categorical_positions(self) -> list[int]:
        """The matrix columns that hold category codes."""
        return [i for i, name in enumerate(self.features) if name in self.categories]

    def save(self) -> dict[str, bytes]:
        """Return the schema as one JSON file (name to content), for the archive."""
        plain = {"features": self.features, "categories": self.categories, "medians": self.medians}
        return {SCHEMA_FILE: json.dumps(plain, indent=1).encode()}

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> Self:
        """Return the schema that `save` wrote."""
        plain = json.loads(files[SCHEMA_FILE])
        categories = {name: tuple(levels) for name, levels in plain["categories"].items()}
        return cls(tuple(plain["features"]), categories, plain["medians"])


def tree_schema(frame: pd.DataFrame) -> TreeSchema:
    """Return the schema of the features in `frame`, which should hold the training rows of one fold only."""
    categories, medians = {}, {}
    for name in frame.columns:
        column = frame[name]
        learned = (LEVELLED if is_category(column) else NUMERIC).learn(column)
        if isinstance(learned, tuple):
            categories[str(name)] = learned
        elif learned is not None:
            medians[str(name)] = learned
    return TreeSchema(tuple(str(name) for name in frame.columns), categories, medians)


def tree_matrix(frame: pd.DataFrame, schema: TreeSchema) -> np.ndarray:
    """Return float64 of shape (rows, features), in the schema's order.

    Categories are codes 0, 1, ...; missing and unseen ones are NaN. Missing numbers are NaN, except in a column
    that had none in the training rows: no model has learned where to send those (LightGBM would read them as 0),
    so they become the training median.
    """
    matrix = np.empty((len(frame), len(schema.features)), np.float64)
    for i, name in enumerate(schema.features):
        column = frame[name]
        if name in schema.categories:
            matrix[:, i] = LEVELLED.for_trees(column, schema.categories[name])
        else:
            matrix[:, i] = NUMERIC.for_trees(column, schema.medians.get(name))
    return matrix
