"""A saved model of groups that answers: the group of each row, how surely it is in it, and the next likeliest."""

from dataclasses import dataclass, field
from threading import local
from typing import Any

import numpy as np
import pandas as pd
from typing_extensions import TypedDict

from pipelines.core.steady import steady
from pipelines.core.table import TEST
from pipelines.models.grouped.gaussians import together
from pipelines.models.grouped.grouped import GroupedModel
from pipelines.models.predicting.rows import Columns
from pipelines.models.saving.archive import load
from pipelines.serving.answer import Answer, Terms
from pipelines.targets.arrays import Booleans, Floats, Integers
from pipelines.targets.groups import BACK, FORWARD, LEAST


class InGroup(TypedDict):
    """Where a row belongs. Groups are numbered from 1, by their training rows, the largest first."""

    number: int
    of: int  # how many groups there are
    sure: float  # how likely the row is of that group, by the groups' Gaussians
    next: int | None  # the likeliest of the others; None where there is no other


@dataclass(frozen=True)
class Placed:
    """Rows with their groups. Arrays are (rows,); where `fit` is false, a row is too far off for a number."""

    number: Integers  # from 1 on
    sure: Floats
    following: Integers  # the next likeliest; 0 where there is no other
    belonging: Floats  # (rows, groups)
    density: Floats  # logarithm of the density at the row, in nats
    fit: Booleans

    def of(self, place: int) -> InGroup:
        """Return where one row belongs."""
        following = int(self.following[place])
        return {
            "number": int(self.number[place]), "of": self.belonging.shape[1], "sure": float(self.sure[place]),
            "next": following or None,
        }  # fmt: skip

    def table(self, prediction: Floats) -> Floats:
        """Return what has to come back the same: prediction, number, next, and belonging, (rows, groups + 3)."""
        return np.column_stack([prediction, self.number, self.following, self.belonging])


class _Last(local):
    """The columns that a thread asked about last, and where their rows belong."""

    columns: Columns | None = None
    placed: Placed | None = None


@dataclass(frozen=True)
class GroupPredictor:
    """A model of groups of all training rows, out of its archive."""

    schema: dict[str, Any]  # schema.json
    model: GroupedModel
    _last: "_Last" = field(default_factory=_Last)

    @classmethod
    def load(cls, content: bytes) -> "GroupPredictor":
        """Return the model that `archive.save` wrote.

        Raises InputError where the bytes are no archive of a model, ValueError where the model is no single one that
        puts rows into groups.
        """
        saved = load(content)
        model = saved.folds[0] if saved.schema["folds"] == [TEST] else None
        if not isinstance(model, GroupedModel) or list(model.features) != saved.features:
            message = f"model {saved.schema['model']!r} is no model of groups of all training rows"
            raise ValueError(message)
        return cls(saved.schema, model)

    def frame(self, columns: Columns) -> pd.DataFrame:
        """Return the columns that make groups, of rows that keep to the contract."""
        return pd.DataFrame({name: np.asarray(columns[name], np.float64) for name in self.model.features})

    def predict(self, columns: Columns) -> Floats:
        """Return the mean outcome of each row's group, on the modelling scale, or the group's number, (rows,).

        NaN where a row lies so far off that there is no number.
        """
        return self.prediction(self.place(columns))

    def prediction(self, placed: Placed) -> Floats:
        """Return the same of rows whose groups are known."""
        means = self.model.means
        found = placed.number.astype(np.float64) if means is None else steady(means[placed.number - 1])
        return np.where(placed.fit, found, np.nan)

    def place(self, columns: Columns) -> Placed:
        """Return the rows with their groups; the same columns are looked at once, though several parts ask."""
        if self._last.columns is not columns or self._last.placed is None:
            self._last.placed = self.placed(self.frame(columns))
            self._last.columns = columns
        return self._last.placed

    def placed(self, x: pd.DataFrame) -> Placed:
        """Return the rows `x` (rows, features) with their groups."""
        with np.errstate(all="ignore"):  # numbers beyond all that was seen may be beyond all that can be computed
            values, slope = self.model.scaled(x)
            joint = self.model.gaussians.joint(values)
            total = together(joint)
            group, density = self.model.groups_of(x, values), total + slope
            belonging = steady(np.exp(joint - total[:, None]))
        rows = np.arange(len(group))
        others = joint.copy()
        others[rows, group] = -np.inf
        following = others.argmax(axis=1) + 1 if joint.shape[1] > 1 else np.zeros(len(group), np.int64)
        fit = np.isfinite(belonging).all(axis=1) & np.isfinite(density)
        return Placed(group + 1, belonging[rows, group], following, belonging, steady(density), fit)


def answers_of(model: GroupedModel, x: pd.DataFrame, terms: Terms) -> Floats:
    """Return what answers to the rows `x` should say: prediction, group, the next one, and how surely, (rows, 4)."""
    placed, number = GroupPredictor({}, model).placed(x), model.groups(x) + 1
    prediction = number.astype(np.float64) if model.means is None else model.predict(x)
    return np.column_stack([terms.values(prediction), number, placed.following, placed.sure])


@dataclass(frozen=True)
class GroupTerms(Terms):
    """What a model of groups answers: a group's mean outcome on the user's scale, or the group's number."""

    scale: str = "linear"  # of the outcome
    scored: bool = True  # by an outcome

    def values(self, prediction: Floats) -> Floats:
        """Return predictions on the user's scale, in their shape."""
        return BACK[self.scale](prediction) if self.scored else prediction

    def modelled(self, values: Floats) -> Floats:
        """Return outcomes on the modelling scale, (rows,), NaN where they have none there."""
        able = values > LEAST.get(self.scale, -np.inf)
        return np.where(able, FORWARD[self.scale](np.where(able, values, 1.0)), np.nan)

    def answers(self, prediction: Floats) -> list[Answer]:
        """Return the answers of predictions, (rows,): groups promise no interval, and decide nothing."""
        values = self.values(prediction).tolist()
        shown = values if self.scored else [int(one) if one == one else one for one in values]  # noqa: PLR0124 - NaN
        return [{"prediction": one, "interval": None, "decision": None, "expected_cost": None} for one in shown]
