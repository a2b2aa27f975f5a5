"""What a block of features is, and its model: whatever can read rows, be fitted to some, and give raw predictions."""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from pipelines.targets import Target
from pipelines.targets.arrays import Floats, Integers

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

Given = pd.DataFrame | Mapping[str, Any]  # columns of rows


class Fitted(Protocol):
    """A block's model. A row's raw prediction has the same bits alone and among others."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""

    @property
    def reads(self) -> Hashable:
        """What it reads of rows: models of which this is equal read the same."""

    @property
    def block(self) -> "Block":
        """The block that reads rows of a table for it."""

    def of(self, read: Any) -> "Fitted | None":  # noqa: ANN401 - what its block reads
        """Return the same model for all that a table's rows hold, None where these do not hold all that it knows."""

    def read(self, given: Given) -> Any:  # noqa: ANN401 - each kind has its own
        """Return what it needs to know of rows, which come with its columns at least."""

    def raw(self, read: Any) -> Floats:  # noqa: ANN401 - as above
        """Return the raw prediction of rows that were `read`, (rows,) or (rows, classes)."""

    def save(self) -> dict[str, bytes]:
        """Return the model as files, name to content."""


class Block(Protocol):
    """What a model is fitted to; frozen, so that it can be a key."""

    @property
    def title(self) -> str:
        """Its name in facts."""

    @property
    def form(self) -> str:
        """What is special about its form, in words."""

    @property
    def forms(self) -> "tuple[Block, ...]":
        """Return the block in each form of which the best is taken; all read the same."""

    def penalties(self, target: Target) -> tuple[float, ...]:
        """Return the penalties of which the best is taken."""

    def read(self, seen: pd.DataFrame) -> Any:  # noqa: ANN401 - each kind has its own
        """Return what can be known of rows without learning from others."""

    def fit(self, read: Any, rows: Integers, y: Floats, target: Target, penalty: float) -> Fitted:  # noqa: ANN401 - as above
        """Return the model fitted to some `rows` (places) with targets `y` (all rows,).

        Raises RuntimeError where it does not converge.
        """

    def raw(self, fitted: Any, read: Any, rows: Integers) -> Floats:  # noqa: ANN401 - what it fitted, and as above
        """Return a model's raw predictions of some `rows` (places) of those that were read."""


class Line(Protocol):
    """How the model of the numbers and categories is fitted; frozen."""

    def fit(self, x: pd.DataFrame, y: Floats, target: Target) -> "Pipeline":
        """Return the fitted pipeline."""
