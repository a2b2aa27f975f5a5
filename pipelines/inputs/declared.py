"""What the project file says of one raw column, as the kinds of input read it."""

from datetime import date
from typing import Protocol


class Declared(Protocol):
    """The keys of a column in [columns]. Bounds are inclusive."""

    @property
    def type(self) -> str:
        """The name of the kind of input."""

    @property
    def min(self) -> float | date | None:
        """The lower bound."""

    @property
    def max(self) -> float | date | None:
        """The upper bound."""

    @property
    def missing(self) -> float:
        """The largest share of rows without a value."""

    @property
    def allowed(self) -> tuple[str | float | bool, ...] | None:
        """The values that it may hold; None: any."""

    @property
    def unit(self) -> str | None:
        """The unit of its values."""

    @property
    def format(self) -> str | None:
        """How its cells are written, where that may differ."""

    @property
    def missing_values(self) -> tuple[str | float, ...]:
        """The cells that hold no value, beside empty ones and the usual words for it."""

    @property
    def not_missing(self) -> tuple[str, ...]:
        """The usual words for "no value" that are values in this column."""
