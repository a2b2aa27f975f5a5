"""The statistics on populations with known truth: `make simulate` with few draws, and statistics broken on purpose."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from populations import Population
from scipy.special import ndtri
from simulate import Said, judge, minimum_detectable, say

from pipelines.inference.bootstrap import Estimate
from pipelines.inference.tails import upper_end
from pipelines.metrics import METRICS

ROWS, DRAWS, REPLICATES, PILOTS = 200, 150, 200, 5
POPULATIONS = (
    Population("roc_auc", 0.5),
    Population("average_precision", 0.5),
    Population("log_loss", 0.2),
    Population("rmse", "normal"),
)
SCORE, DIFFERENCE, NONE, FOUND = range(4)
# What 600 draws may give: the aims, 93 to 97, at most 6 and 75 to 85 %, and two Monte Carlo errors (0.9, 1.0, 1.6 %).
BOUNDS = {SCORE: (0.912, 0.988), DIFFERENCE: (0.912, 0.988), NONE: (0.0, 0.08), FOUND: (0.717, 0.883)}

Drawn = list[tuple[Said, Population, float]]


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    """Return what the product says of 150 test sets of each population."""
    better = {one: one.better_by(float(np.median(minimum_detectable(one, ROWS, PILOTS)))) for one in POPULATIONS}
    return [(say(one, ROWS, skill, i, REPLICATES), one, skill) for one, skill in better.items() for i in range(DRAWS)]


def _shares(drawn: Drawn) -> np.ndarray:
    """Return the shares of score covered, difference covered, equal models distinguished, better one found."""
    return np.mean([judge(said, population, ROWS, skill) for said, population, skill in drawn], axis=0)


def _within(shares: np.ndarray) -> list[bool]:
    return [low <= share <= high for share, (low, high) in zip(shares, BOUNDS.values(), strict=True)]


def test_intervals_verdicts_and_power_keep_their_word(drawn: Drawn) -> None:
    """Over four metrics on 200 rows: coverage, false verdicts and power as promised, give or take chance."""
    assert all(_within(_shares(drawn))), _shares(drawn)


@pytest.mark.parametrize("population", POPULATIONS, ids=lambda one: one.metric)
def test_no_metric_hides_behind_the_others(drawn: Drawn, population: Population) -> None:
    """Each metric by itself, within three Monte Carlo errors of 150 draws."""
    score, difference, none, found = _shares([one for one in drawn if one[1] == population])
    assert min(score, difference) >= 0.88
    assert none <= 0.12
    assert 0.65 <= found <= 0.95


def _stretched(said: Said, factor: float) -> Said:
    def stretch(one: Estimate) -> Estimate:
        low, high = one.ci
        return replace(one, ci=(one.value - factor * (one.value - low), one.value + factor * (high - one.value)))

    return Said(stretch(said.score), stretch(said.none), stretch(said.gain))


def _unpaired(said: Said) -> Said:
    """Return intervals of the difference as if each model had test rows of its own."""
    reach = 1.96 * np.hypot(said.score.se, said.score.se)
    parts = (replace(one, ci=(one.value - reach, one.value + reach)) for one in (said.none, said.gain))
    return Said(said.score, *parts)


@pytest.mark.parametrize(
    ("broken", "caught"),
    [
        (lambda said: _stretched(said, 1.645 / 1.96), [SCORE, NONE]),  # one-sided quantiles
        (lambda said: _stretched(said, 0.5**0.5), [SCORE, DIFFERENCE, NONE, FOUND]),  # half of the variance
        (_unpaired, [DIFFERENCE, FOUND]),
    ],
    ids=["one-sided", "half the variance", "unpaired"],
)
def test_broken_statistics_are_caught(drawn: Drawn, broken: Callable[[Said], Said], caught: list[int]) -> None:
    """The same test sets, with intervals of the wrong width, do not pass."""
    within = _within(_shares([(broken(said), population, skill) for said, population, skill in drawn]))
    assert [place for place in caught if within[place]] == []


@pytest.mark.parametrize(
    "world", [("roc_auc", 0.2), ("average_precision", 0.05), ("log_loss", 0.2), ("rmse", "lognormal")]
)
def test_the_truth_is_that_of_many_rows(world: tuple[str, float | str]) -> None:
    """A million rows score what the population is said to score, within five thousandths of it."""
    population = Population(*world)
    skill = population.better_by(0.02)
    y, predictions = population.draw(np.random.default_rng(1), 1_000_000, {"a": population.skill, "b": skill})
    metric = METRICS[population.metric]
    for name, of in (("a", population.skill), ("b", skill)):
        assert metric.score(y, predictions[name]) == pytest.approx(population.truth(of), rel=0.005)


def test_the_upper_end_by_hand() -> None:
    """Ratios 0, log(1/2) / (1/5) and log(2) / (1/5) of a value 10 with error 1: the end is 10 exp(5 log 2 / 10) = 14.1.

    At 0 % confidence left out on either side the lowest ratio, -3.47, decides.
    """
    values, errors = np.array([10.0, 5.0, 20.0, np.nan]), np.array([2.0, 1.0, 4.0, 1.0])
    assert upper_end(10, 1, values, errors, 0.5, 1.0) == pytest.approx(10 * np.exp(5 * np.log(2) / 10))
    assert upper_end(10, 0, values, errors, 0.5, 1.0) == 0


def test_a_tail_moves_the_upper_end_only() -> None:
    """With t(4) errors the interval of the RMSE reaches further up than the symmetric one, and no further down."""
    drawn = [say(Population("rmse", "t(4)"), ROWS, 0.8, seed, REPLICATES).score for seed in range(20)]
    symmetric = [one.value * np.exp(ndtri(0.975) * one.se / one.value) for one in drawn]
    assert all(one.ci[1] >= end - 1e-12 for one, end in zip(drawn, symmetric, strict=True))
    assert np.mean([one.ci[1] > end + 1e-9 for one, end in zip(drawn, symmetric, strict=True)]) > 0.5
    assert all(one.ci[0] == pytest.approx(one.value**2 / end) for one, end in zip(drawn, symmetric, strict=True))
