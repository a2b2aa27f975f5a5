"""The size of a training table, which is all that the rules for settings look at, never its name.

What decides is the *evidence*: a regression learns from every row, a classification mostly from the rows outside its
commonest class (200,000 payments with 400 frauds teach less than 2,000 houses).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from pipelines.targets import Target

if TYPE_CHECKING:
    from pipelines.models.worded.kinds import Block

Level = Literal["quick", "standard", "thorough"]
LEVELS: tuple[Level, ...] = ("quick", "standard", "thorough")

LITTLE_EVIDENCE, MUCH_EVIDENCE = 500, 10_000
SMALL_TABLE = 1_000  # rows below which leaves and category groups may be smaller


@dataclass(frozen=True)
class Size:
    """What the rules look at."""

    target: Target
    rows: int  # training rows
    features: int
    evidence: int  # rows outside the commonest class, or all rows of a regression
    level: Level
    rows_are: str = "apart"  # as `Table.rows_are`
    blocks: "tuple[Block, ...]" = ()  # of a table with texts: all that can be read of them, beside the other features


def measure_size(y: np.ndarray, features: int, target: Target, level: Level) -> Size:
    """Return the size of a training table with the values `y` (rows,) of its target."""
    return Size(target, len(y), features, target.evidence(y), level)
