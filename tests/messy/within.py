"""Amounts among other signs, in one pattern that no form reads, and labels that hold numbers as names do."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pandas as pd

from messy.case import Case, undoubted

ROWS = 1_000
Write = Callable[[float, np.random.Generator], str]


def _case(what: str, low: float, high: float, faulty: Write, twin: Write) -> Case:
    """Return a case of an amount between two bounds that tells whether they left, and a twin of names."""

    def made(write: Write, rng: np.random.Generator) -> pd.DataFrame:
        amount = rng.uniform(low, high, ROWS)
        left = rng.random(ROWS) < 1 / (1 + np.exp(-4 * ((amount - low) / (high - low) - 0.5)))
        return pd.DataFrame({
            "age": rng.integers(18, 80, ROWS), "seen": [write(float(one), rng) for one in amount],
            "left": np.where(left, "yes", "no"),
        })  # fmt: skip

    return Case(
        "placeholders and amounts", what, lambda rng: made(faulty, rng), lambda outcome: outcome.doubted("seen"),
        lambda rng: made(twin, rng), flags={"target": "left"},
    )  # fmt: skip


def _infinite(suffix: str) -> Case:
    """Return a case of ratios, some of them by 0, which the user says hold no value."""

    def made(share: float, rng: np.random.Generator) -> bytes:
        ratio = rng.lognormal(0, 0.5, ROWS).round(3)
        left = np.where(ratio + rng.normal(0, 0.5, ROWS) > 1, "yes", "no")
        ratio[rng.random(ROWS) < share] = np.inf
        table = pd.DataFrame({"age": rng.integers(18, 80, ROWS), "ratio": ratio, "left": left})
        file = BytesIO()
        if suffix == ".parquet":
            table.to_parquet(file)
        else:
            table.to_csv(file, index=False)
        return file.getvalue()

    return Case(
        "placeholders and amounts", f"infinite ratios, {suffix}", lambda rng: made(0.05, rng),
        lambda outcome: outcome.types["ratio"] == "number" and undoubted(outcome),
        lambda rng: made(0.0, rng), flags={"target": "left", "missing": ("inf",)}, suffix=suffix,
    )  # fmt: skip


CASES = [
    _infinite(".csv"), _infinite(".parquet"),
    _case("square feet", 300, 3_000, lambda one, _: f"{one:.0f} sq ft", lambda one, _: f"plot {one / 10:.0f}"),
    _case("about so much", 10, 400, lambda one, _: f"ca. {one:.0f}", lambda one, _: f"No. {one:.0f}"),
    _case("hours and minutes", 0, 40, lambda one, _: f"{one:.0f}h {60 * one % 60:.0f}m",
          lambda one, _: f"A{one:.0f}-{60 * one % 60:.0f}"),
    _case("minutes and seconds", 1, 99, lambda one, _: f"{one:.0f}:{60 * one % 60:02.0f}",
          lambda one, _: f"{one:.0f}.{60 * one % 60:.0f}.1"),
    _case("blood pressure", 90, 180, lambda one, rng: f"{one:.0f}/{0.6 * one + rng.normal(0, 5):.0f}",
          lambda one, _: f"{one:.0f}/{one % 7:.0f}/{one % 5:.0f}"),
    _case("francs", 5, 900, lambda one, _: f"{one:.0f}.-", lambda one, _: f"{10_000 + 100 * (one // 9):.0f} Bern"),
    _case("stars", 100, 500, lambda one, _: f"{one / 100:.2f} out of 5",
          lambda one, _: f"{1 + one // 9:.0f} {'Elm' if one % 2 < 1 else 'Oak'} Road"),
]  # fmt: skip
