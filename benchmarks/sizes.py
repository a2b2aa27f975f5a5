"""Measure what tables of extreme sizes take, from `sevenfold new` to the report, at effort quick.

Run it with `make sizes`; docs/your-data.md has the table. Each table is made up (numbers, counts, categories, flags and
dates, some with gaps), written as CSV and brought in by `sevenfold new` in a clone of its own; then each step runs as a
stage of DVC. Memory is that of DVC, its steps and the warm process together, pages that they share counted once. Other
tables may be named: `PYTHONPATH=. python benchmarks/sizes.py 2000000x20:regression`.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from rebuild import GIB, Measured, clone, run

TABLES = ("2000000x20:binary", "2000000x20:regression", "2000x2000:binary", "50x20:binary", "50x2:regression")
STEPS = ("define", "metric", "eda", "baseline", "strong", "compare", "reflect", "pictures", "report")
NAME = "sized"
CITIES, STREETS, HOURS = 12, 5_000, 20_000  # levels of a category, levels of a large one, span of the dates
GAPS = 0.05
EVENTS, FEW = 0.1, 1_000  # share of events, and the rows below which it is a half


def main(tables: tuple[str, ...]) -> None:
    """Measure every table and print."""
    print(f"| rows x columns | {' | '.join(STEPS)} | together | peak memory |\n|---|{'---:|' * (len(STEPS) + 2)}")
    for named in tables:
        size, task = named.split(":")
        rows, columns = map(int, size.split("x"))
        with tempfile.TemporaryDirectory(prefix="sevenfold-") as folder, clone(Path(folder)) as place:
            file = Path(folder) / "table.csv"
            table(rows, columns, task).to_csv(file, index=False)
            draft = [str(place / ".venv/bin/sevenfold"), "new", NAME, "--data", str(file), "--target", "outcome"]
            subprocess.run([*draft, "--effort", "quick"], cwd=place, stdout=subprocess.DEVNULL, check=True)
            took = {step: run(place, "repro", "--single-item", f"{step}@{NAME}") for step in STEPS}
        print(_row(f"{rows:,} x {columns:,}, {task}", took), flush=True)


def table(rows: int, columns: int, task: str) -> pd.DataFrame:
    """Return a table of so many columns, the target `outcome` among them, which depends on the first few."""
    rng = np.random.default_rng(rows + columns)
    made: dict[str, pd.Series] = {}
    signal = np.zeros(rows)
    for number in range(columns - 1):
        kind = number % 5
        values = rng.normal(size=rows)
        if kind == 0:
            made[f"amount {number}"] = pd.Series(np.exp(values).round(3)).mask(rng.random(rows) < GAPS)
        elif kind == 1:
            made[f"count {number}"] = pd.Series(rng.poisson(3, rows) + (values > 1))
        elif kind == 2:  # noqa: PLR2004 - the third of five
            levels = STREETS if number % 2 else CITIES
            made[f"place {number}"] = pd.Series(rng.integers(levels, size=rows)).map("street {}".format)
        elif kind == 3:  # noqa: PLR2004 - the fourth
            made[f"flag {number}"] = pd.Series(np.where(values > 0, "yes", "no"))
        else:
            at = pd.to_datetime("2024-01-01") + pd.to_timedelta(rng.integers(HOURS, size=rows), unit="h")
            made[f"day {number}"] = pd.Series(at).dt.strftime("%Y-%m-%d %H:%M")
        if number < 10:  # noqa: PLR2004 - some columns say something, the rest nothing
            signal += np.where(values > 1, 1.0, 0.3 * values) + (values * signal > 1)
    signal += rng.normal(size=rows)
    share = EVENTS if rows >= FEW else 0.5
    outcome = signal if task == "regression" else (signal > np.quantile(signal, 1 - share)).astype(int)
    return pd.DataFrame({**made, "outcome": outcome})


def _row(what: str, took: dict[str, Measured]) -> str:
    seconds = [measured.seconds for measured in took.values()]
    peak = max(measured.peak for measured in took.values())
    return f"| {what} | {' | '.join(f'{one:.0f} s' for one in (*seconds, sum(seconds)))} | {peak / GIB:.1f} GiB |"


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or TABLES)
