"""Which tables are made: what is planted, in how many rows and columns, how rare events are, how alike features are."""

from dataclasses import dataclass
from typing import Literal

Task = Literal["binary", "regression"]
TASKS: tuple[Task, ...] = ("binary", "regression")
ROWS, COLUMNS, BASE_RATE = 8_000, 8, 0.3
LINEAR = ("linear", "noise", "missing_at_random", "uniform", "few_levels")
CAUSES = (
    "heavy", "u_shape", "step", "wave", "product", "xor", "corner", "gated", "gated_by_kind", "missing",
    "missing_and_linear", "levels", "scale_and_product", "missing_and_shape", "shape_and_product", "scale_and_missing",
)  # fmt: skip
LEAKS = ("leak", "leak_copy", "leak_weak", "leak_gaps", "leak_order")
SOME = ("linear", "noise", "heavy", "u_shape", "product", "gated", "missing", "shape_and_product")
OTHER_ROWS = (500, 2_000, 50_000)
OTHER_COLUMNS = (5, 50, 200)
OTHER_RATES = (0.02, 0.1, 0.5)
ALIKE = 0.6  # correlation of any two features, where they are alike


@dataclass(frozen=True)
class World:
    """What decides the truth: a population."""

    mechanism: str
    task: Task = "binary"
    base_rate: float = BASE_RATE
    correlation: float = 0.0

    @property
    def name(self) -> str:
        """A file's name."""
        rate = f"-{self.base_rate:g}" if self.task == "binary" else ""
        return f"{self.mechanism}-{self.task}{rate}" + (f"-alike{self.correlation:g}" if self.correlation else "")


@dataclass(frozen=True)
class Case:
    """A table drawn from a world."""

    world: World
    seed: int
    rows: int = ROWS
    columns: int = COLUMNS

    @property
    def name(self) -> str:
        """A file's name."""
        return f"{self.world.name}-{self.rows}x{self.columns}-{self.seed}"


def cases() -> list[Case]:
    """Return all cases, the smallest first."""
    everything = [World(mechanism, task) for mechanism in (*LINEAR, *CAUSES, *LEAKS) for task in TASKS]
    some = [World(mechanism, task) for mechanism in SOME for task in TASKS]
    made = [Case(world, seed) for world in everything for seed in (1, 2)]
    made += [Case(World(mechanism, base_rate=rate), 3) for mechanism in SOME for rate in OTHER_RATES]
    made += [Case(World(one.mechanism, one.task, correlation=ALIKE), 4) for one in some]
    made += [Case(one, 5, columns=columns) for one in some for columns in OTHER_COLUMNS]
    made += [Case(one, 6, rows=rows) for one in some for rows in OTHER_ROWS]
    return sorted(made, key=lambda case: case.rows * (case.columns + COLUMNS))
