"""Blocks that a cause of texts adds: of each text column, the same view, with a linear model of its own."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.causes.plan import Block, Features, Plan, Training

if TYPE_CHECKING:
    from pipelines.models.worded.kinds import Block as BlockOfTexts

MEANING = "meaning"  # the view that is no count of terms


@dataclass(frozen=True)
class Read:
    """The same view of one or more text columns."""

    view: str
    columns: tuple[str, ...]
    what: str  # in words

    def describe(self) -> str:
        """Return the change in words."""
        return f"{self.what} of {', '.join(self.columns)}"

    def blocks(self, features: Features) -> list[Block]:  # noqa: ARG002 - it has a model of its own
        """Return none: nothing is added to the matrix of numbers and categories."""
        return []

    def apart(self) -> "list[BlockOfTexts]":
        """Return the blocks, each with a model of its own."""
        from pipelines.models.worded.block import EmbeddingBlock, TextBlock

        if self.view == MEANING:
            return [EmbeddingBlock(column) for column in self.columns]
        return [TextBlock(column, self.view) for column in self.columns]


def tries(rows: Training, plan: Plan, view: str, what: str) -> list[Plan]:
    """Return the plan with a view of every text column that has it."""
    columns = rows.meant if view == MEANING else rows.texts
    return [plan.and_then(Read(view, tuple(columns), what))] if columns else []
