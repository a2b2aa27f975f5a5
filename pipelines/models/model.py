"""What a model is: a learner fits it to one fold's view of the rows, and it predicts, is saved and is read back."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypedDict, runtime_checkable

import numpy as np
import pandas as pd

from pipelines.facts.shared import Setting

if TYPE_CHECKING:
    from pipelines.core.table import Table
    from pipelines.models.encode import TreeSchema

Settings = dict[str, Any]  # arguments of a library, by its own names: each takes what it likes


class Notes(TypedDict, total=False):
    """What a fit says about itself, as plain values; of the later keys those that the kind of model has."""

    rows_used: int
    skipped: str | None  # which rows it did not get to see, and why
    chosen: dict[str, Setting]  # settings that it chose by itself
    trees: int
    stopped_early: bool
    importance: list[float]  # of each feature
    curve: list[float]  # the loss on the rows held out, after each tree


@dataclass(frozen=True)
class FoldData:
    """One fold's view of the training rows."""

    x: pd.DataFrame
    y: np.ndarray
    held_x: pd.DataFrame  # for early stopping, nothing else
    held_y: np.ndarray
    seed: int  # differs between folds
    seen: pd.DataFrame | None = None  # the same rows with forecasts by rules and keys, where there are any
    held_seen: pd.DataFrame | None = None  # and the rows held out
    # The table that the rows are of and which these are, (rows of the table,), where models make predictions crosswise.
    table: "Table | None" = None
    fitted: np.ndarray | None = None
    held_out: np.ndarray | None = None  # and which are held out
    trees: int | None = None  # that boosting grows; None: until the held-out rows' loss falls no more

    @property
    def held(self) -> pd.DataFrame:
        """The rows held out, as a fitted model may ask for them."""
        return self.held_x if self.held_seen is None else self.held_seen

    def some(self, rows: np.ndarray) -> "FoldData":
        """Return the view of some of the rows fitted to, by their places."""
        seen = None if self.seen is None else self.seen.iloc[rows]
        fitted = None
        if self.fitted is not None:
            fitted = np.zeros(len(self.fitted), bool)
            fitted[np.flatnonzero(self.fitted)[rows]] = True
        return replace(self, x=self.x.iloc[rows], y=self.y[rows], seen=seen, fitted=fitted)


class FoldModel(Protocol):
    """A model fitted without one fold."""

    family: ClassVar[str]

    @property
    def notes(self) -> Notes:
        """What the fit says about itself."""

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return P(positive) or the value, float64 of shape (rows,), or (rows, classes) of several classes."""

    def save(self) -> dict[str, bytes]:
        """Return the model as files (name to content), for the archive."""


@runtime_checkable
class TreeModel(Protocol):
    """A fitted model that is made of trees, so that its predictions can be explained exactly."""

    @property
    def schema(self) -> "TreeSchema":
        """What its matrix is made of."""

    def contributions(self, x: pd.DataFrame) -> np.ndarray:
        """Return what each feature adds to a row's raw prediction (SHAP values), (rows, features, outputs)."""


@runtime_checkable
class Knowing(Protocol):
    """A model that need not read the rows of its own table again, which may take longer than fitting it."""

    def known(self, places: np.ndarray, table: "Table") -> np.ndarray | None:
        """Return what `predict` says of rows of a table, by their places, bit by bit; None if that is not known."""


def predicted(model: FoldModel, x: pd.DataFrame, places: np.ndarray, table: "Table") -> np.ndarray:
    """Return a model's predictions of rows `x`, which stand at these places of the table that it was fitted in."""
    known = model.known(places, table) if isinstance(model, Knowing) else None
    return model.predict(x) if known is None else known


class Learner(Protocol):
    """How one model is fitted: settings only, so that it can travel to another process."""

    @property
    def name(self) -> str:
        """The prediction column's name."""

    @property
    def settings(self) -> Settings:
        """What the facts say about how it is fitted."""

    def fit(self, data: FoldData) -> FoldModel:
        """Return the fitted model: deterministic, on one thread."""


class Grown(Protocol):
    """A boosted model with more trees than it may need: how many it keeps is decided by other folds' rows."""

    @property
    def curve(self) -> list[float]:
        """The loss on the rows held out, after each tree."""

    def stopped_at(self, trees: int) -> FoldModel:
        """Return the model of the first `trees` trees."""


@runtime_checkable
class Grower(Protocol):
    """A learner of a model that grows tree by tree."""

    @property
    def name(self) -> str:
        """The prediction column's name."""

    def grow(self, data: FoldData) -> Grown:
        """Return the grown model: deterministic, on one thread."""


@runtime_checkable
class Chooser(Protocol):
    """A learner that chooses a setting by itself, which can be kept for the other folds."""

    @property
    def name(self) -> str:
        """The prediction column's name."""

    def settled(self, notes: Notes) -> Learner:
        """Return the learner with the setting that a fit chose, by its notes."""
