"""A model of groups: it gives each row a group, and predicts the group's mean outcome, or how dense rows are there."""

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from pipelines.core.rowwise import row_products
from pipelines.core.steady import steady
from pipelines.groups.columns import Column, Scaling
from pipelines.models.family import Loading
from pipelines.models.grouped.assign import Assignment, Rule
from pipelines.models.grouped.gaussians import Gaussians
from pipelines.models.grouped.rowwise import even_numbers, scaled
from pipelines.models.model import Notes
from pipelines.targets.arrays import Floats, Integers

FILE, ARRAYS = "groups.json", "groups.npz"
OF_COLUMN = ("repeated", "low", "high")  # what a column's scaling holds as arrays; the rest are numbers
RULES: tuple[Rule, ...] = ("quantiles", "nearest", "likeliest")


@dataclass(frozen=True)
class GroupedModel:
    """Fitted groups."""

    family: ClassVar[str] = "segments"
    features: tuple[str, ...]  # that it reads
    scaling: Scaling  # of them
    turn: Floats | None  # (features, columns): what distances are measured in; None: the scaled values
    by: int | None  # place of the feature whose quantiles are the groups
    assignment: Assignment
    gaussians: Gaussians  # of the groups, in scaled values
    means: Floats | None  # of the outcome in each group, (groups,); None: it predicts log densities
    notes: Notes = field(default_factory=Notes)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return the group's mean outcome, or the log density of the row in nats, float64 of shape (rows,).

        Densities are those of rows in units of the standard deviations of the features' values.
        """
        values, slope = self.scaled(x)
        if self.means is None:
            return steady(self.gaussians.log_density(values) + slope)
        return steady(self.means[self.groups_of(x, values)])

    def groups(self, x: pd.DataFrame) -> Integers:
        """Return each row's group, (rows,)."""
        return self.groups_of(x, self.scaled(x)[0])

    def belonging(self, x: pd.DataFrame) -> Floats:
        """Return how likely each row is of each group by the groups' Gaussians, (rows, groups)."""
        return self.gaussians.belonging(self.scaled(x)[0])

    def scaled(self, x: pd.DataFrame) -> tuple[Floats, Floats]:
        """Return the scaled values (rows, features), and the logarithm of the Jacobian of each row (rows,)."""
        values = x[list(self.features)].to_numpy(np.float64)
        return scaled(self.scaling, values, even_numbers(values))

    def groups_of(self, x: pd.DataFrame, values: Floats) -> Integers:
        """Return each row's group, (rows,); `values` are the scaled ones of the rows `x`."""
        if self.by is not None:
            given = x[[self.features[self.by]]].to_numpy(np.float64)
        else:
            given = values if self.turn is None else row_products(values, self.turn)
        return self.assignment.groups(given, self.gaussians, values)

    def save(self) -> dict[str, bytes]:
        """Return what was learned, as JSON and plain arrays."""
        arrays: dict[str, np.ndarray] = {
            "weights": self.gaussians.weights, "means": self.gaussians.means, "covariances": self.gaussians.covariances,
            "points": self.assignment.points, "labels": self.assignment.labels,
        }  # fmt: skip
        arrays |= {} if self.turn is None else {"turn": self.turn}
        arrays |= {} if self.means is None else {"outcome": self.means}
        written = io.BytesIO()
        np.savez(written, allow_pickle=False, **arrays)
        plain = {
            "features": list(self.features), "by": self.by, "rule": self.assignment.rule,
            "scaling": [_plain(one) for one in self.scaling.columns],
        }  # fmt: skip
        return {FILE: json.dumps(plain, indent=1).encode(), ARRAYS: written.getvalue()}

    @classmethod
    def load(cls, files: Mapping[str, bytes], _: Loading) -> Self:
        """Return the model that `save` wrote; raise ValueError where its parts do not fit together."""
        plain, stored = json.loads(files[FILE]), np.load(io.BytesIO(files[ARRAYS]), allow_pickle=False)
        arrays = {name: np.asarray(stored[name]) for name in stored.files}
        gaussians = Gaussians(arrays["weights"], arrays["means"], arrays["covariances"])
        assignment = Assignment(plain["rule"], arrays["points"], arrays["labels"].astype(np.int64))
        scaling = Scaling(tuple(_column(one) for one in plain["scaling"]))
        found = cls(
            tuple(plain["features"]), scaling, arrays.get("turn"), plain["by"], assignment, gaussians,
            arrays.get("outcome"),
        )  # fmt: skip
        if not all(np.isfinite(one).all() for one in arrays.values()) or not _fits(found):
            message = "the parts of a model of groups do not fit together"
            raise ValueError(message)
        return found


def _fits(model: GroupedModel) -> bool:
    """Return whether all sizes agree, and every label is that of a group."""
    columns, groups = len(model.features), model.gaussians.groups
    asked = model.assignment
    measured = 1 if model.by is not None else columns if model.turn is None else model.turn.shape[1]
    return (
        asked.rule in RULES
        and len(model.scaling.columns) == columns
        and model.gaussians.means.shape == (groups, columns)
        and model.gaussians.covariances.shape == (groups, columns, columns)
        and (model.means is None or model.means.shape == (groups,))
        and (model.turn is None or len(model.turn) == columns)
        and (model.by is None or model.by in range(columns))
        and (asked.rule == "likeliest" or asked.points.shape[1] == measured)
        and len(asked.labels) == len(asked.points) + (asked.rule == "quantiles")
        and bool(np.isin(asked.labels, np.arange(groups)).all())
    )


def _plain(column: Column) -> dict[str, Any]:
    """Return a column's scaling as JSON has it, each number with all its digits."""
    return {key: one.tolist() if isinstance(one, np.ndarray) else one for key, one in asdict(column).items()}


def _column(saved: Mapping[str, Any]) -> Column:
    arrays = {key: np.asarray(saved[key], np.float64) for key in OF_COLUMN}
    return Column(**{**saved, **arrays})
