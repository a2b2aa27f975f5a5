"""Scores over folds, and what folds' differences add to an interval."""

import numpy as np
import pytest

from pipelines.inference.bootstrap import resample
from pipelines.inference.foldwise import FEWEST, foldwise, prepare_over_folds, score_over_folds, spread_between_folds
from pipelines.inference.truth import Draw, Truth
from pipelines.ladder.gains import paired_gains
from pipelines.metrics import METRICS

FOLD = np.repeat(np.arange(5), 80)


def _binary(rng: np.random.Generator, rows: int = 400) -> tuple[np.ndarray, np.ndarray]:
    y = (rng.random(rows) < 0.4).astype(float)
    return y, 1 / (1 + np.exp(-(1.5 * y - 0.7 + rng.normal(size=rows))))


@pytest.mark.parametrize("name", ["roc_auc", "average_precision", "log_loss", "f1", "brier"])
def test_score_is_the_mean_of_the_folds_own(name: str) -> None:
    """By brute force: score each fold alone, and take the plain mean."""
    y, p = _binary(np.random.default_rng(0))
    alone = [METRICS[name].score(y[i == FOLD], p[i == FOLD]) for i in range(5)]
    assert score_over_folds(METRICS[name], y, p, FOLD) == pytest.approx(np.mean(alone), rel=1e-12)


def test_folds_on_different_scales_cost_a_ranking_nothing() -> None:
    """Halving one fold's probabilities changes no ranking within a fold; pooled, it would."""
    y, p = _binary(np.random.default_rng(1))
    shifted = np.where(FOLD == 0, p / 100, p)
    auc = METRICS["roc_auc"]
    assert score_over_folds(auc, y, shifted, FOLD) == pytest.approx(score_over_folds(auc, y, p, FOLD), rel=1e-12)
    assert auc.score(y, shifted) < auc.score(y, p) - 0.01


@pytest.mark.parametrize("events", [FEWEST, FEWEST - 1])
def test_folds_with_few_events_are_pooled(events: int) -> None:
    """A fold is scored alone only with enough rows of each class; then its score is that of the pooled rows."""
    y, p = _binary(np.random.default_rng(2))
    y[FOLD == 3] = 0
    y[np.flatnonzero(FOLD == 3)[:events]] = 1
    auc = METRICS["roc_auc"]
    assert foldwise(auc, y, FOLD) == (events == FEWEST)
    assert (score_over_folds(auc, y, p, FOLD) == auc.score(y, p)) == (events < FEWEST)


@pytest.mark.parametrize("name", ["roc_auc", "average_precision", "brier"])
def test_influence_is_the_derivative(name: str) -> None:
    """Each row's influence against a numerical derivative by its weight."""
    y, p = _binary(np.random.default_rng(3))
    prepared = prepare_over_folds(METRICS[name], y, p, FOLD)
    assert prepared.influence is not None
    moved = prepared.influence()
    weights = np.ones((400, 2))
    for row in (0, 81, 399):
        weights[:] = 1.0
        weights[row] += np.array([1e-4, -1e-4])
        up, down = prepared.score(weights)
        assert moved[row] == pytest.approx((up - down) / 2e-4, rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("name", ["mse", "median_ae"])
def test_spread_between_folds_by_hand(name: str) -> None:
    """Gains of -1, 0, 0, 0, 6 with no noise of rows: their variance of 7.5 over five folds, 1.2247."""
    y, fold = np.zeros(200), np.repeat(np.arange(5), 40)
    gains = np.repeat([-1.0, 0.0, 0.0, 0.0, 6.0], 40)
    base = np.full(200, 10.0)
    other = np.sqrt(100 - gains) if name == "mse" else 10 - gains
    (spread,) = spread_between_folds(Truth(METRICS[name], y, 1, fold=fold), {"a": base, "b": other}, [("a", "b")])
    assert spread == pytest.approx(np.sqrt(np.var([-1, 0, 0, 0, 6], ddof=1) / 5), rel=1e-9)


def _coverage(between: float, trials: int = 300) -> tuple[float, float]:
    """Return how often the interval holds a mean gain of 1, with and without what differs between folds."""
    rng = np.random.default_rng(5)
    covered = plain = 0
    for _ in range(trials):
        fold = np.repeat(np.arange(10), 40)
        gain = 1 + between * rng.normal(size=10)[fold] + rng.normal(size=400)
        y, base = np.zeros(400), np.full(400, 10.0)
        models = {"a": base, "b": np.sqrt(100 - gain)}
        (found,) = paired_gains(Truth(METRICS["mse"], y, 1, fold=fold), models, [("a", "b")])
        covered += found.ci[0] <= 1 <= found.ci[1]
        prepared = {name: prepare_over_folds(METRICS["mse"], y, p, fold) for name, p in models.items()}
        drawn = resample(prepared, 400, Draw(1, None, 100), greater_is_better=False).gain("a", "b")
        plain += drawn.ci[0] <= 1 <= drawn.ci[1]
    return covered / trials, plain / trials


def test_interval_covers_gains_that_differ_between_folds() -> None:
    """Where folds' gains differ by three times what their rows explain, rows alone cover far too rarely."""
    covered, plain = _coverage(between=0.5)
    assert covered > 0.88
    assert plain < 0.6


def test_interval_is_hardly_wider_where_folds_do_not_differ() -> None:
    """Without differences between folds the interval still covers about 95 %."""
    covered, plain = _coverage(between=0.0)
    assert 0.92 <= plain <= 0.98
    assert 0.93 <= covered <= 0.99
