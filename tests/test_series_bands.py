"""Bands about forecasts: the quantile's rule, the recursion against a plain loop, and coverage by simulation."""

import numpy as np
import pytest

from pipelines.series.bands import LEVEL, RATE, bands, quantile
from pipelines.targets.arrays import Booleans, Floats, Integers

STEPS = 4
Rows = tuple[Floats, Integers, Integers, Booleans]


@pytest.mark.parametrize(
    ("count", "level", "expected"),
    [
        (9, 0.9, 9),  # the 9th of 9: ceil(0.9 x 10)
        (19, 0.9, 18),  # ceil(0.9 x 20), without a rounding error that would take the 19th
        (20, 0.9, 19),  # ceil(18.9)
        (8, 0.9, 8),  # ceil(8.1) is beyond them: the largest
        (99, 0.95, 95),
        (10, -0.2, 1),  # a level that has moved below 0: the smallest
        (10, 1.7, 10),
    ],
)
def test_the_quantile_is_a_value_of_the_scores(count: int, level: float, expected: int) -> None:
    """The ceil(level (n + 1))-th of 1, 2, 3 and so on is that number itself."""
    assert quantile(np.arange(1.0, count + 1), level) == expected


def test_no_scores_have_no_width() -> None:
    """Of none it is 0."""
    assert quantile(np.empty(0), 0.9) == 0.0


@pytest.mark.parametrize("count", [9, 19, 30])
def test_one_more_value_is_no_larger_as_often_as_promised(count: int) -> None:
    """By 40,000 draws: at least 90 %, and at most one value's share more (Vovk and others)."""
    drawn = np.random.default_rng(5).random((40_000, count + 1))

    within = np.mean([one[-1] <= quantile(np.sort(one[:-1]), 0.9) for one in drawn])

    assert 0.9 - 0.005 < within < 0.9 + 1 / (count + 1) + 0.005


def scores(blocks: int, tested: int, series: int, seed: int, drift: float = 0.0) -> Rows:
    """Return the misses of all blocks, steps and series in a random order; in the test they grow to 1 + drift times."""
    rng = np.random.default_rng(seed)
    block, step, _ = (one.ravel() for one in np.mgrid[:blocks, 1 : STEPS + 1, :series])
    gone = np.clip((block - (blocks - tested)) / tested, 0, 1)
    score = np.abs(rng.normal(size=len(block))) * (1 + drift * gone) * np.sqrt(step)
    order = rng.permutation(len(block))
    return score[order], step[order], block[order], (block >= blocks - tested)[order]


def plainly(rows: Rows, level: float, rate: float) -> tuple[Floats, Floats, Floats]:
    """Return reaches, plain reaches and those after the last block, one block and one step after another."""
    score, step, block, tested = rows
    reach, plain, ahead = np.full(len(score), np.nan), np.full(len(score), np.nan), np.zeros(STEPS)
    for one in range(1, STEPS + 1):
        known = [float(score[row]) for row in range(len(score)) if step[row] == one and not tested[row]]
        alpha, begin = 1 - level, quantile(np.sort(known), level)
        for number in sorted(set(block[tested].tolist())):
            asked = [row for row in range(len(score)) if step[row] == one and block[row] == number]
            now = quantile(np.sort(known), 1 - alpha)
            for row in asked:
                reach[row], plain[row] = now, begin
            outside = sum(float(score[row]) > now for row in asked) / len(asked)
            alpha += rate * ((1 - level) - outside)
            known += [float(score[row]) for row in asked]
        ahead[one - 1] = quantile(np.sort(known), 1 - alpha)
    return reach, plain, ahead


@pytest.mark.parametrize(("series", "level", "rate"), [(1, LEVEL, RATE), (6, LEVEL, RATE), (3, 0.8, 0.3)])
def test_levels_move_after_each_forecast(series: int, level: float, rate: float) -> None:
    """The recursion of Gibbs and Candes for each step, whatever the order of the rows; other rows have no band."""
    rows = scores(60, 20, series, seed=1, drift=1.0)

    found = bands(*rows, level, rate)

    reach, plain, ahead = plainly(rows, level, rate)
    assert found.reach == pytest.approx(reach, nan_ok=True, abs=0)
    assert found.plain == pytest.approx(plain, nan_ok=True, abs=0)
    assert found.ahead == pytest.approx(ahead, abs=0)
    assert len(np.unique(found.reach[rows[3]])) > 2 * STEPS


def test_a_block_does_not_move_its_own_bands() -> None:
    """Another miss in the last block changes what comes after it, and no band of the test time."""
    rows = scores(60, 20, 3, seed=2)
    huge = np.where(rows[2] == 59, 1e6, rows[0])

    before, after = bands(*rows), bands(huge, *rows[1:])

    assert np.array_equal(before.reach, after.reach, equal_nan=True)
    assert (after.ahead > before.ahead).all()


def covered(drift: float) -> tuple[Floats, Floats]:
    """Return by draw the shares of the test rows that lie in the adaptive and in the plain bands."""
    adaptive, plain = [], []
    for seed in range(60):
        score, step, block, tested = scores(90, 60, 2, seed, drift)
        found = bands(score, step, block, tested)
        adaptive.append(np.mean(score[tested] <= found.reach[tested]))
        plain.append(np.mean(score[tested] <= found.plain[tested]))
    return np.array(adaptive), np.array(plain)


def test_without_drift_both_cover_what_they_promise() -> None:
    """90 % of 480 rows in each of 60 draws, to a point and a half."""
    adaptive, plain = covered(0.0)

    assert adaptive.mean() == pytest.approx(LEVEL, abs=0.015)
    assert plain.mean() == pytest.approx(LEVEL, abs=0.015)


def test_with_drift_adapting_comes_nearer() -> None:
    """Misses that double or halve in the test time: plain bands are five points off, adaptive ones at most three."""
    for drift in (1.0, -0.5):
        adaptive, plain = covered(drift)

        assert adaptive.mean() == pytest.approx(LEVEL, abs=0.03)
        assert abs(plain.mean() - LEVEL) > 0.05
        assert np.mean(np.abs(adaptive - LEVEL) < np.abs(plain - LEVEL)) > 0.9
