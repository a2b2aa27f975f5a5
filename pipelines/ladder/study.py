"""What every part of step 7 needs to know."""

from dataclasses import dataclass

from pipelines.core.submit import Submit
from pipelines.core.table import Table
from pipelines.metrics import Metric


@dataclass(frozen=True)
class Study:
    """A table and the question asked of it."""

    table: Table
    metric: Metric  # the primary one
    margin: float  # the smallest difference in it that is worth acting on
    seed: int
    submit: Submit
    of: int | None = None  # training rows of the whole table, where this one has some of them
