"""Test the statistics of steps 2 and 6 on populations whose truth is known. Run it with `make simulate`.

Test sets are drawn again and again, and the product's own functions say what they say in a project: the interval of a
model's score, the interval of the difference between two models, whether that is `better` or `worse` (margin 0), and,
from four times as many training rows, the minimum detectable difference, which the second model is then truly
better by, unless that is more than there is from the first model to a perfect one. One row a cell is printed: how
often intervals hold the truth, how often two equally good models are distinguished, and how often the minimum
detectable difference is found. The models are given functions of a row, not fitted: the pilot's `predict_fold` alone
is replaced. Each cell has random numbers of its own, so that chance in one says nothing about another. An argument
between 0 and 1 takes that share of the draws: `python benchmarks/simulate.py 0.1`.
"""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import product
from multiprocessing import get_context
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
from populations import TAILS, Population

from pipelines.core.submit import run_now
from pipelines.core.table import FOLDS, Table
from pipelines.facts.pointer import given
from pipelines.inference.bootstrap import Estimate, replicates
from pipelines.inference.truth import Truth
from pipelines.inference.verdict import verdict
from pipelines.metric import detectable_facts
from pipelines.metrics import METRICS
from pipelines.metrics.prepared import Floats
from pipelines.targets import Event, Number
from pipelines.yardsticks.pilot import MODELS, Pilot, predict_fold, run_pilot

ROWS = (200, 2_000, 20_000)
BASE_RATES = (0.5, 0.2, 0.05)
BINARY = ("roc_auc", "average_precision", "log_loss")
DRAWS = {200: 2_000, 2_000: 1_000, 20_000: 500}
PILOTS = {200: 100, 2_000: 20, 20_000: 5}  # training sets a cell, shared by its draws: larger ones differ less
# Resamples, of 2,000 in step 6: a fraction of the time, and the quantile's average is right for any number.
REPLICATES = {200: 399, 2_000: 399, 20_000: 199}
TRAIN_TIMES = 4  # training rows for each test row
GUIDE_ROWS = 5_000  # of the pilot that finds about where the minimum detectable difference lies
PROCESSES = 2


@dataclass(frozen=True)
class Cell:
    """What the draws of one population and size came to; shares are of the draws."""

    population: Population
    rows: int
    draws: int
    score_covered: float
    difference_covered: float
    null_called: float  # equally good models called better or worse
    found: float  # called better where the true difference is the minimum detectable one; NaN if it is never told
    minimum_detectable: float  # mean over the pilots
    within_reach: float  # share of the pilots that told a difference below that to a perfect score


@dataclass(frozen=True)
class Said:
    """What one test set says."""

    score: Estimate  # of the baseline
    none: Estimate  # gain of an equally good model
    gain: Estimate  # of a better one


def main(share: float) -> None:
    """Measure all cells, the shortest first, telling each when it is done, and print the table."""
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # the processes below have the cores
    populations = [Population(metric, base) for metric, base in product(BINARY, BASE_RATES)]
    populations += [Population("rmse", tail) for tail in TAILS]
    jobs = [(one, rows, max(round(share * DRAWS[rows]), 2)) for one, rows in product(populations, ROWS)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        pending = {pool.submit(simulate, *job): job for job in sorted(jobs, key=lambda job: job[1])}
        cells = {}
        for done in as_completed(pending):
            cells[pending[done]] = done.result()
            sys.stderr.write(f"{_line(done.result())}\n")
    heads = ("score's interval covers", "difference's covers", "equal models distinguished", "minimum detectable found")
    print(f"| metric | base rate or errors | test rows | {' | '.join(heads)} | draws |\n|---|---|{'---:|' * 6}")
    for job in jobs:
        print(_line(cells[job]))


def simulate(population: Population, rows: int, draws: int) -> Cell:
    """Return the shares over `draws` test sets of `rows` rows."""
    told = minimum_detectable(population, rows, PILOTS[rows])
    better = [population.better_by(difference) for difference in told]
    possible = METRICS[population.metric].gain(population.truth(population.skill), METRICS[population.metric].perfect)
    within = np.array(told) < possible  # step 2 warns of others, by its own pilot's score
    outcomes = []
    for i in range(draws):
        skill = better[i % len(told)]
        outcomes.append(judge(say(population, rows, skill, i, REPLICATES[rows]), population, rows, skill))
    score, difference, none, _ = (float(share) for share in np.mean(outcomes, axis=0))
    asked = [outcome[3] for i, outcome in enumerate(outcomes) if within[i % len(told)]]
    found = float(np.mean(asked)) if asked else np.nan
    return Cell(population, rows, draws, score, difference, none, found, float(np.mean(told)), float(within.mean()))


def say(population: Population, rows: int, better: float, seed: int, count: int) -> Said:
    """Return what step 6 says of one test set, on which an equally good model and one of skill `better` are tried."""
    skills = {"baseline": population.skill, "equal": population.skill, "better": better}
    y, predictions = population.draw(_random(population, rows, 0, seed), rows, skills)
    pairs = [("baseline", "equal"), ("baseline", "better")]
    resampled = int(_random(population, rows, 2, seed).integers(2**32))
    drawn = replicates(Truth(METRICS[population.metric], y, resampled), predictions, count=count, pairs=pairs)
    return Said(drawn.score("baseline"), *(drawn.gain(*pair) for pair in pairs))


def judge(said: Said, population: Population, rows: int, better: float) -> tuple[bool, bool, bool, bool]:
    """Return whether the score and the difference are covered, equal models distinguished, and the better one found."""
    truth = population.truth(population.skill)
    return (
        _covers(said.score, truth),
        _covers(said.gain, METRICS[population.metric].gain(truth, population.truth(better))),
        verdict(said.none.value, said.none.ci, 0.0, rows).name in {"better", "worse"},
        verdict(said.gain.value, said.gain.ci, 0.0, rows).name == "better",
    )


def minimum_detectable(population: Population, rows: int, pilots: int) -> list[float]:
    """Return what step 2 tells before test sets of that size, for each of `pilots` training sets.

    Its pilot meets two models that differ by about that much. Where that is, a pilot on many rows has found before.
    """
    better = population.skill
    for _ in range(2):
        better = population.better_by(_told(population, _pilot(population, GUIDE_ROWS, better, 0), rows))
    trained = (_pilot(population, TRAIN_TIMES * rows, better, seed) for seed in range(1, pilots + 1))
    return [_told(population, pilot, rows) for pilot in trained]


def _told(population: Population, pilot: Pilot, rows: int) -> float:
    """Return the minimum detectable difference for test rows with as many positives as are expected."""
    base = population.world if isinstance(population.world, float) else 0.0
    test_y = (np.arange(rows) < round(base * rows)).astype(np.float64)
    return given(detectable_facts(pilot, METRICS[population.metric], test_y)[0])


def _pilot(population: Population, rows: int, better: float, seed: int) -> Pilot:
    """Return step 2's pilot on `rows` training rows whose two models predict what the population says."""
    skills = dict(zip(MODELS, (population.skill, better), strict=True))
    y, predictions = population.draw(_random(population, rows, 1, seed), rows, skills)
    place = np.arange(rows)
    frame = pd.DataFrame({"row_id": place, "split": "train", "fold": place % FOLDS, "y_true": y, "x": y})
    table = Table(frame, Event() if isinstance(population.world, float) else Number())

    def submit(function: Callable[..., Any], *args: Any, name: str) -> Any:  # noqa: ANN401 - as pipelines.core.submit has it
        return run_now(_predicted if function is predict_fold else function, *args, name=name)

    def _predicted(model: str, table: Table, fold: int, _seed: int) -> Floats:
        return predictions[model][table.fold == fold]

    found = run_pilot(table, METRICS[population.metric], seed, submit)
    if not isinstance(found, Pilot):
        raise TypeError(found.why)
    return found


def _random(population: Population, *places: int) -> np.random.Generator:
    """Return the random numbers of one cell and use."""
    return np.random.default_rng([crc32(f"{population.metric} {population.world}".encode()), *places])


def _covers(estimate: Estimate, truth: float) -> bool:
    return estimate.ci[0] <= truth <= estimate.ci[1]


def _line(cell: Cell) -> str:
    """Return the row of the table, each share in percent with its Monte Carlo standard error."""
    shares = (cell.score_covered, cell.difference_covered, cell.null_called, cell.found)
    counts = [cell.draws] * 3 + [max(cell.draws * cell.within_reach, 1)]
    told = [f"{100 * p:.1f} ± {100 * (p * (1 - p) / n) ** 0.5:.1f} %" for p, n in zip(shares, counts, strict=True)]
    told[-1] += f" of {cell.minimum_detectable:.2g}"
    if cell.within_reach < 1:
        told[-1] += f" (in {100 * cell.within_reach:.0f} % of the pilots)"
    label, world = METRICS[cell.population.metric].label, cell.population.world
    return f"| {label} | {world} | {cell.rows:,} | {' | '.join(told)} | {cell.draws:,} |"


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
