"""A small raw file and the project that declares it, for tests of step 1."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic

import numpy as np
import pandas as pd
from toy_project import project_text

from pipelines.core.project import Project, parse_project
from pipelines.core.submit import Pending, Result

TOML = project_text(
    question="Who leaves?",
    decision="Who is called",
    target="left",
    positive='"yes"',
    columns="""\
drop = ["note"]
age = { type = "integer", min = 18, max = 99, unit = "years" }
income = { type = "number", min = 0, missing = 0.3 }
town = { type = "category", allowed = ["Bern", "Oslo", "Rome"], missing = 0.1 }
member = { type = "boolean" }
since = { type = "date", min = "2010-01-01" }
remark = { type = "text", use = "numbers", missing = 0.5 }
left = { type = "category", allowed = ["yes", "no"] }""",
    split='kind = "stratified"\ntest = 0.25\nseed = 3',
)


def declare(**changes: str) -> Project:
    """Return the small project, each line of TOML that assigns a name of `changes` assigning that value instead."""
    return parse_project(change(TOML, **changes), "small", "projects/small.toml")


def change(text: str, **changes: str) -> str:
    """Return the TOML text with the first line that assigns each name assigning that value instead."""
    lines = text.splitlines()
    for name, value in changes.items():
        place = next(i for i, line in enumerate(lines) if line.startswith(f"{name} ="))
        lines[place] = f"{name} = {value}"
    return "\n".join(lines)


def small_raw(rows: int = 200, seed: int = 0) -> pd.DataFrame:
    """Return a raw frame that keeps the declaration of `TOML`, as the reader would give it."""
    rng = np.random.default_rng(seed)
    days = [f"20{year}-0{month}-11" for year, month in rng.integers([10, 1], [25, 10], (rows, 2))]
    income = np.where(rng.random(rows) < 0.1, np.nan, rng.lognormal(8, 1, rows).round(2))
    return pd.DataFrame(
        {
            "age": rng.integers(18, 100, rows),
            "income": income,
            "town": pd.Series(rng.choice(["Bern", "Oslo", "Rome"], rows), dtype="str"),
            "member": rng.random(rows) < 0.5,
            "since": pd.Series(days, dtype="str"),
            "remark": pd.Series(rng.choice(["fine", "not so good", "so so"], rows), dtype="str"),
            "left": pd.Series(np.where(rng.random(rows) < 0.3, "yes", "no"), dtype="str"),
            "note": pd.Series([f"n{i}" for i in range(rows)], dtype="str"),
        }
    )


@dataclass(frozen=True)
class Later(Generic[Result]):
    """A piece of work that runs when its value is asked for: what fails before that never starts it."""

    function: Callable[..., Result]
    args: tuple[object, ...]

    def result(self) -> Result:
        """Run; return the value."""
        return self.function(*self.args)


def run_later(function: Callable[..., Result], /, *args: object, name: str) -> Pending[Result]:  # noqa: ARG001
    """Hand out work that begins when somebody waits for it."""
    return Later(function, args)
