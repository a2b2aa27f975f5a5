"""What a model is expected to score on the mix of rows that is served, from the test rows alone.

Test rows are weighted so that each feature's bins have the shares that they have among the served rows, and the metric
is taken with these weights. One feature by itself: post-stratification. All features at once: raking (Deming and
Stephan 1940, Annals of Mathematical Statistics 11, 427-444), in its dual form, where a row's weight is exp(sum of one
number for each of its bins) and the numbers maximise a concave function (entropy balancing: Hainmueller 2012, Political
Analysis 20, 25-46). Shares are known up to the chance of drawing rows, so they are matched as closely as that chance
asks for: each number has a normal prior of standard deviation SPREAD (the relaxed constraints of Dudik, Phillips and
Schapire 2007, Journal of Machine Learning Research 8, 1217-1260). A bin of three rows then moves little, one of a
thousand is matched, and there is always one solution.

Assumed: what follows from a row's features is unchanged (P(y | x)), only the mix of rows is another one, and the new
mix differs from the old one feature by feature, by as much everywhere within a bin. A change in how features go
together, with each by itself as before, is not seen; nor is anything of rows in bins that no test row is in. Values
that are lost at random on their way break the first assumption: what is missing then says nothing of the row. Only
labels show whether it holds: see promise.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.special import ndtri

from pipelines.inference.links import bent
from pipelines.metrics.prepared import Floats, Integers
from pipelines.serving.drift_reference import Reference

SPREAD = 2.0  # of the logarithm of how many times more often a bin occurs: about 7 times need no evidence
REPLICATES = 200  # their standard deviation is off by 5 %
BLOCK_CELLS = 1_000_000  # weights held at once: 8 MB for each of a few arrays
MOST_RAKED = 40  # features matched at once, those that moved most: each pair of them costs a pass over the rows
ENOUGH_DEFINED = 0.5  # of the replicates: a metric that lacks a class more often has no known error
STEPS = 50  # of Newton's method; 5 to 10 are usual
SOLVED = 1e-9  # of a share
LEAST_STEP = 1e-3  # rounding errors hide what is smaller
FURTHEST = 10.0  # of a replicate's step, on the scale of logarithms


class Design:
    """The test rows' bins of some features, numbered through; bins without a test row are left out."""

    def __init__(self, reference: Reference, features: Sequence[int]) -> None:
        self.features = tuple(features)
        own = [np.arange(*reference.offsets[one : one + 2]) for one in self.features]
        filled = [bins[reference.test[bins] > 0] for bins in own]
        self.bins: Integers = np.concatenate([np.empty(0, np.int64), *filled])  # among those of all features
        self.starts = np.cumsum([0, *map(len, filled)])  # of each feature's numbers, and at the end how many
        place = np.full(int(reference.offsets[-1]), -1, np.int64)
        place[self.bins] = np.arange(len(self.bins))
        self.places = place[reference.flat[:, list(self.features)]]  # (rows, features)

    def sums(self, share: Floats) -> Floats:
        """Return the sum of what rows share in each bin, (bins,)."""
        repeated = np.repeat(share, self.places.shape[1])
        return np.asarray(np.bincount(self.places.ravel(), repeated, minlength=len(self.bins)), np.float64)

    def pairs(self, share: Floats) -> Floats:
        """Return the sum of what rows share in each two bins, (bins, bins)."""
        together = np.zeros((len(self.bins), len(self.bins)))
        for i, (first, last) in enumerate(pairwise(self.starts)):
            for j, (start, end) in enumerate(pairwise(self.starts[: i + 2])):
                both = (self.places[:, i] - first) * (end - start) + self.places[:, j] - start
                block = np.bincount(both, share, minlength=(last - first) * (end - start))
                together[first:last, start:end] = block.reshape(last - first, end - start)
                together[start:end, first:last] = together[first:last, start:end].T
        return together

    def shares(self, numbers: Floats) -> Floats:
        """Return each row's share of all weights, (rows,), where they are exponentials of sums of `numbers` (bins,)."""
        logs = numbers[self.places].sum(axis=1)
        weights = np.exp(logs - logs.max())
        return np.asarray(weights / weights.sum())

    def objective(self, numbers: Floats, target: Floats, prior: float) -> float:
        """Return the function whose least place gives the bins the `target` shares: convex in the numbers."""
        logs = numbers[self.places].sum(axis=1)
        most = logs.max()
        return float(most + np.log(np.exp(logs - most).mean()) - numbers @ target + prior * (numbers @ numbers) / 2)

    def indicator(self) -> Any:  # noqa: ANN401 - SciPy has no types
        """Return which bins each row is in, a sparse matrix (rows, bins) of ones."""
        from scipy.sparse import csr_array

        rows, features = self.places.shape
        starts = np.arange(rows + 1) * features
        return csr_array((np.ones(self.places.size), self.places.ravel(), starts), shape=(rows, len(self.bins)))


@dataclass(frozen=True)
class Mix:
    """Weights of the test rows, with mean 1, and how they move with the shares that they were made for."""

    design: Design
    served: int  # rows
    weights: Floats  # (rows,)
    numbers: Floats  # (bins,): logarithms of the factors that the weights are made of
    prior: float  # precision of the numbers, in rows by row
    inverse: Floats  # (bins, bins): of the curvature at the solution

    @property
    def effective_rows(self) -> float:
        """How many equally weighted rows would be as precise (Kish 1965, Survey Sampling)."""
        return float(self.weights.sum() ** 2 / np.square(self.weights).sum())

    @property
    def unlike(self) -> float:
        """By how many times the effective rows are fewer than if the shares differed by chance alone.

        Chance moves each of the free shares by its standard error, which adds the number of shares by that of rows.
        """
        rows = len(self.weights)
        if not self.served:
            return 1.0
        free = len(self.design.bins) - len(self.design.features)
        return rows / self.effective_rows / (1 + free * (1 / self.served + 1 / rows))


@dataclass(frozen=True)
class Expected:
    """What is expected of the served mix. A loss is positive where that is worse than on the test rows."""

    test: float  # score of the test rows
    score: float
    score_ci: tuple[float, float]
    loss: float
    se: float
    effective_rows: float  # equally weighted test rows that would be as precise
    unlike: float  # by how many times these are fewer than if only chance had moved the shares

    def loss_ci(self, times: float = float(ndtri(0.975))) -> tuple[float, float]:
        """Return the interval of the loss, so many standard errors to either side."""
        return self.loss - times * self.se, self.loss + times * self.se


def mixed(reference: Reference, counts: Integers, features: Sequence[int]) -> Mix:
    """Return the weights that give the test rows the served shares of these features' bins.

    `counts` (bins of all features,) are of the served rows without a bin that no test row is in. With no such row all
    weights are 1.
    """
    design = Design(reference, features)
    rows, bins = len(reference.y), len(design.bins)
    first = slice(*reference.offsets[design.features[0] :][:2]) if design.features else slice(0)
    served = int(counts[first].sum())
    if not served:
        return Mix(design, 0, np.ones(rows), np.zeros(bins), np.inf, np.zeros((bins, bins)))
    prior = (1 / served + 1 / rows) / SPREAD**2
    numbers = _solve(design, counts[design.bins] / served, prior)
    share = design.shares(numbers)
    curvature = _curvature(design, share, prior)
    return Mix(
        design,
        served,
        _capped(share[:, None] * rows)[:, 0],
        numbers,
        prior,
        np.asarray(np.linalg.inv(curvature), np.float64),
    )


def expect(reference: Reference, mix: Mix, model: str, *, replicates: int = REPLICATES) -> Expected | None:
    """Return what `model` is expected to score on the mix, with a standard error; None where that is undefined.

    Each replicate draws the test rows again (or their groups), and the served rows: as many as there were, from the
    weighted test rows, so that shares of several features vary together. The weights of a replicate are one Newton step
    from those of the mix.
    """
    rows = len(reference.y)
    metric = reference.metric
    prepared = metric.prepare(reference.y, reference.predictions[model])
    test = float(prepared.score(np.ones((rows, 1)))[0])
    score = float(prepared.score(mix.weights[:, None])[0])
    random = np.random.default_rng(reference.seed)
    indicator = mix.design.indicator()
    lost: list[Floats] = []
    drawn: list[Floats] = []
    width = int(np.clip(BLOCK_CELLS // rows, 4, 64))
    for start in range(0, replicates, width):
        times = _times(reference, random, min(width, replicates - start))
        weights = _redrawn(indicator, mix, times, random)
        drawn.append(prepared.score(weights))
        lost.append(metric.gain(drawn[-1], prepared.score(times)))
    losses, scores = np.concatenate(lost), np.concatenate(drawn)
    if not np.isfinite([test, score]).all() or np.isfinite(losses).mean() < ENOUGH_DEFINED:
        return None
    se, score_se = (float(np.nanstd(one, ddof=1)) for one in (losses, scores))
    ci = bent(score, score_se, float(ndtri(0.975)), metric.scale)
    return Expected(test, score, ci, float(metric.gain(score, test)), se, mix.effective_rows, mix.unlike)


def moved_most(reference: Reference, counts: Integers) -> list[int]:
    """Return the features, those first whose shares moved most beyond what drawing rows does.

    By the chi-squared statistic of the served and the test rows' counts for each degree of freedom.
    """
    strength = []
    for i in range(len(reference.bins)):
        own = slice(*reference.offsets[i : i + 2])
        served, test = counts[own].astype(np.float64), reference.test[own].astype(np.float64)
        both = served + test
        filled = both > 0
        whole = [max(side.sum(), 1.0) for side in (served, test)]
        expected = [side * both[filled] / sum(whole) for side in whole]
        squares = [np.square(side[filled] - part) / part for side, part in zip((served, test), expected, strict=True)]
        strength.append(float(np.sum(squares)) / max(int(filled.sum()) - 1, 1))
    return [int(i) for i in np.argsort(-np.asarray(strength), kind="stable")]


def _solve(design: Design, target: Floats, prior: float) -> Floats:
    """Return the numbers (bins,) at which the weighted shares are the target's, as far as the prior lets them be.

    Newton's method on a convex function, with halved steps where a whole one leads too little down.
    """
    numbers = np.zeros(len(target))
    value = design.objective(numbers, target, prior)
    for _ in range(STEPS):
        share = design.shares(numbers)
        gradient = design.sums(share) - target + prior * numbers
        if np.abs(gradient).max(initial=0) < SOLVED:
            break
        step = np.linalg.solve(_curvature(design, share, prior), gradient)
        length, down = 1.0, float(step @ gradient)
        tried = design.objective(numbers - step, target, prior)
        while tried > value - length * down / 4 and length > LEAST_STEP:
            length /= 2
            tried = design.objective(numbers - length * step, target, prior)
        numbers, value = numbers - length * step, tried
    return numbers


def _curvature(design: Design, share: Floats, prior: float) -> Floats:
    """Return the second derivatives of the objective, (bins, bins)."""
    reached = design.sums(share)
    return np.asarray(design.pairs(share) - np.outer(reached, reached) + prior * np.eye(len(reached)))


def _capped(weights: Floats) -> Floats:
    """Return weights (rows, replicates) of which none is more than the root of the rows times the mean.

    So no row holds more than 1 / sqrt(rows) of the weight: one row is no evidence of how a tenth of the served score.
    """
    rows = len(weights)
    means = weights.mean(axis=0)
    return np.asarray(np.minimum(weights, means * np.sqrt(rows)))


def _times(reference: Reference, random: np.random.Generator, count: int) -> Floats:
    """Return how often each test row is drawn, (rows, count): rows, or whole groups of them."""
    unit = reference.unit
    units = len(reference.y) if unit is None else int(unit.max()) + 1
    times = np.stack([np.bincount(random.integers(0, units, units), minlength=units) for _ in range(count)], axis=1)
    return (times if unit is None else times[unit]).astype(np.float64)


def _redrawn(indicator: Any, mix: Mix, times: Floats, random: np.random.Generator) -> Floats:  # noqa: ANN401 - sparse
    """Return the weights that the mix would have with these test rows and other served rows, (rows, replicates)."""
    if not mix.served:
        return times
    share = mix.weights / mix.weights.sum()
    if len(mix.design.features) == 1:
        shares = np.minimum(mix.design.sums(share), 1.0)  # of a feature with one bin they add up to about 1
        target = random.multinomial(mix.served, shares, times.shape[1]).T / mix.served
    else:
        drawn = random.poisson(mix.served * share[:, None], times.shape).astype(np.float64)
        target = indicator.T @ drawn / np.maximum(drawn.sum(axis=0), 1.0)
    weights = times * mix.weights[:, None]
    reached = indicator.T @ weights / weights.sum(axis=0)
    step = mix.inverse @ (target - reached - mix.prior * mix.numbers[:, None])
    return _capped(weights * np.exp(np.clip(indicator @ step, -FURTHEST, FURTHEST)))
