"""Test the intervals of whole units: how often nominal 95 % ones hold the truth when errors of one time go together.

Two equally good forecasters miss by a shock of the week that all series share, by slow biases of their own with a
weekly autocorrelation, in part shared by all series, and by noise. The product's own functions make the intervals: of
the verdict (`replicates` on a truth with units), of a score in step 6 (`_error_estimate`), of a gain in step 7
(`mean_by_unit`). Run it with `python benchmarks/forecasts/coverage.py`; an argument between 0 and 1 takes that share of
the draws. With `lasting` shocks the shock itself has the biases' autocorrelation, which no forecaster that looks at its
last errors would leave: it shows where the intervals end to hold.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipelines.comparison.forecasts import _error_estimate
from pipelines.experiments.forecasts import mean_by_unit
from pipelines.inference.bootstrap import replicates
from pipelines.inference.truth import Truth
from pipelines.metrics import METRICS
from pipelines.metrics.prepared import prepare_ratio

DAYS = 7
SHOCK, SHARED, OWN, NOISE = 0.7, 0.4, 0.4, 1.0  # standard deviations
WEEKS, SERIES, KEPT = (12, 26, 52), (1, 20), (0.0, 0.3, 0.6)
DRAWS, REPLICATES = 1_000, 399
KEPT_AT = Path(__file__).resolve().parent / "work" / "coverage.md"
ABOUT = """### Intervals of whole weeks

Percent of DRAWS draws in which the nominal 95 % interval holds the truth (asked: 93 to 97).
[coverage.py](../benchmarks/forecasts/coverage.py) draws two equally good forecasters that miss by a shock of the week
that all series share, by slow biases of their own, of which a share is kept from week to week, and by noise. In the
last rows the shocks last as well: there the intervals are too narrow.

*A score* is the size of one forecaster's errors, the other intervals are of differences. The former was Student's
until a look at these draws (89 to 94 %), so they do not confirm the one that is used now.
"""


@dataclass(frozen=True)
class Design:
    """What is drawn again and again."""

    weeks: int
    series: int
    kept: float  # the share of a bias that is there a week later
    lasting: bool = False  # shocks are as well


class Covered(NamedTuple):
    """How often the truth lies inside, by interval."""

    verdict_mae: float
    verdict_rmse: float
    score: float
    gain: float
    autocorrelation: float  # of the weeks' mean errors, as measured: mean over the draws


def coverage(design: Design, draws: int, seed: int) -> Covered:
    """Return the shares over so many draws."""
    rng = np.random.default_rng([seed, design.weeks, design.series, round(100 * design.kept), design.lasting])
    return Covered(*np.mean([_once(design, rng) for _ in range(draws)], axis=0).tolist())


def slow(rng: np.random.Generator, series: int, weeks: int, kept: float) -> np.ndarray:
    """Return values of standard deviation 1 by series and week, of which a share is kept from week to week."""
    found = rng.standard_normal((series, weeks))
    for week in range(1, weeks):
        found[:, week] = kept * found[:, week - 1] + np.sqrt(1 - kept**2) * found[:, week]
    return found


def errors(design: Design, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the errors of both forecasters and the weeks, (rows,) each, series after series."""
    shape = design.series, design.weeks
    shock = SHOCK * slow(rng, 1, design.weeks, design.kept if design.lasting else 0.0)
    common = shock[:, :, None] + NOISE * rng.standard_normal((*shape, DAYS))
    both = [
        common + (SHARED * slow(rng, 1, design.weeks, design.kept) + OWN * slow(rng, *shape, design.kept))[:, :, None]
        for _ in range(2)
    ]
    week = np.broadcast_to(np.arange(design.weeks)[:, None], (*shape, DAYS))
    return both[0].ravel(), both[1].ravel(), week.ravel()


def _once(design: Design, rng: np.random.Generator) -> tuple[float, ...]:
    """Return what one draw says: 1 where an interval holds the truth."""
    first, second, week = errors(design, rng)
    y = np.zeros(len(first))
    seed = int(rng.integers(2**32))
    inside = []
    for metric in ("mae", "rmse"):
        truth = Truth(METRICS[metric], y, seed, week)
        drawn = replicates(truth, {"a": first, "b": second}, count=REPLICATES, pairs=[("a", "b")])
        inside.append(_holds(drawn.gain("a", "b").ci, 0.0))
    spread = np.sqrt(SHOCK**2 + SHARED**2 + OWN**2 + NOISE**2)
    inside.append(_holds(_error_estimate(prepare_ratio(np.abs(first)), week)["ci"], spread * np.sqrt(2 / np.pi)))
    inside.append(_holds(mean_by_unit(np.abs(first) - np.abs(second), week)["ci"], 0.0))
    mean = np.bincount(week, first) / np.bincount(week)
    inside.append(float(np.corrcoef(mean[1:], mean[:-1])[0, 1]))
    return tuple(inside)


def _holds(ends: Sequence[float], truth: float) -> float:
    low, high = ends
    return float(low <= truth <= high)


def main(share: float) -> None:
    """Print a row for each design, and keep the table for the page."""
    heads = "verdict, MAE | verdict, RMSE | a score | a gain of step 7 | autocorrelation of weekly errors"
    lines = [ABOUT, f"| weeks | series | biases keep | {heads} |", f"|{'---:|' * 8}"]
    designs = [Design(*one) for one in product(WEEKS, SERIES, KEPT)]
    designs += [Design(weeks, 20, kept, lasting=True) for weeks, kept in product((12, 26), (0.3, 0.6))]
    draws = max(round(share * DRAWS), 2)
    for design in designs:
        found = coverage(design, draws, 1)
        shares = " | ".join(f"{100 * one:.1f}" for one in found[:4])
        note = ", shocks too" if design.lasting else ""
        cells = f"{design.weeks} | {design.series} | {design.kept}{note} | {shares} | {found.autocorrelation:.2f}"
        lines.append(f"| {cells} |")
        sys.stderr.write(f"{lines[-1]}\n")
    text = "\n".join(lines).replace("DRAWS", f"{draws:,}") + "\n"
    sys.stdout.write(text)
    KEPT_AT.parent.mkdir(parents=True, exist_ok=True)
    KEPT_AT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
