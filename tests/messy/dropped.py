"""Columns that look like names of rows, and tell the target."""

import numpy as np
import pandas as pd

from messy.case import Case, Judge, Outcome

ROWS = 1_500


def _chance(score: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return 1 for rows drawn with a probability that rises with their score."""
    return (rng.random(len(score)) < 1 / (1 + np.exp(-score))).astype(int)


def _table(rng: np.random.Generator, named: str, places: np.ndarray, strength: float, *, rows: int) -> pd.DataFrame:
    """Return customers with a number of their own, whose place among the others tells the target by a strength."""
    age = rng.integers(18, 80, rows)
    score = strength * (np.argsort(np.argsort(places)) / rows - 0.5) + 0.02 * (age - 49)
    return pd.DataFrame({"age": age, named: places, "town": rng.choice(["Bern", "Oslo", "Lima"], rows),
                         "left": _chance(score - 0.5, rng)})  # fmt: skip


def _rank(named: str, strength: float, rows: int = ROWS) -> Case:
    """Return a case of a rank from 1 to the number of rows."""

    def made(strength: float, rng: np.random.Generator) -> pd.DataFrame:
        return _table(rng, named, rng.permutation(rows) + 1, strength, rows=rows)

    return Case(
        "dropped columns", f"{named}, {rows} rows", lambda rng: made(strength, rng), _kept_or_doubted(named),
        lambda rng: made(0.0, rng), flags={"target": "left"},
    )  # fmt: skip


def _coded(named: str, letters: str, rows: int = ROWS) -> Case:
    """Return a case of texts that hold a telling number, as `inv-000123`."""

    def made(strength: float, rng: np.random.Generator) -> pd.DataFrame:
        places = rng.permutation(rows) + 1
        table = _table(rng, named, places, strength, rows=rows)
        return table.assign(**{named: [f"{letters}{place:06d}" for place in places]})

    return Case(
        "dropped columns", f"{named} as {letters}000001", lambda rng: made(6.0, rng), _kept_or_doubted(named),
        lambda rng: made(0.0, rng), flags={"target": "left"},
    )  # fmt: skip


def _kept_or_doubted(column: str) -> Judge:
    def judge(outcome: Outcome) -> bool:
        return outcome.types[column] in ("integer", "number") or outcome.doubted(column, "dropped")

    return judge


CASES = [
    _rank("risk_rank", 6.0), _rank("position", 4.0, 800), _rank("queue_number", 5.0, 3_000), _rank("Index", 5.0),
    _coded("invoice", "inv-"), _coded("ticket", "T"), _coded("plate", "", 900),
]  # fmt: skip
