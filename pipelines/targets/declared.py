"""What the project file says of its target, as the kinds of target read it."""

from typing import Literal, Protocol


class Declared(Protocol):
    """The keys of [problem] that describe the target."""

    @property
    def target(self) -> str:
        """The column's name."""

    @property
    def positive(self) -> str | float | bool | None:
        """The value that is the event, where one is."""

    @property
    def target_scale(self) -> Literal["linear", "log"]:
        """Return "linear", or "log" where the natural logarithm is modelled."""

    @property
    def outcome(self) -> str:
        """The name of the column that groups are scored by; empty where there is none."""

    @property
    def outcome_scale(self) -> Literal["linear", "log", "log1p"]:
        """Return "linear", or which logarithm of the outcome is modelled: of the value, or of one more."""

    @property
    def unit(self) -> str | None:
        """The target's unit, before any logarithm."""
