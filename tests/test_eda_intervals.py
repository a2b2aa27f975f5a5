"""Tests of scores and their intervals."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import average_precision_score, r2_score, roc_auc_score
from small_exploration import truth_of

from pipelines.exploration.intervals import QuickTruth, one_sided_p
from pipelines.inference.delong import delong
from pipelines.metrics import METRICS

RNG = np.random.default_rng(0)
Y = (RNG.random(400) < 0.3).astype(float)
GOOD = np.round(Y + RNG.normal(0, 1, 400), 1)  # rounded, so that ties occur
FAIR = np.round(Y + RNG.normal(0, 2, 400), 1)


def test_scores_are_scikit_learns_averaged_over_folds() -> None:
    """Rows are ranked within their fold only: the score is the mean of the folds' scores."""
    fold = np.arange(400) % 5
    auc = np.mean([roc_auc_score(Y[fold == k], GOOD[fold == k]) for k in range(5)])
    precision = np.mean([average_precision_score(Y[fold == k], GOOD[fold == k]) for k in range(5)])
    assert truth_of(Y).score(GOOD).value == pytest.approx(auc)
    assert truth_of(Y, "average_precision").score(GOOD).value == pytest.approx(precision)
    assert truth_of(GOOD, "r2").score(FAIR).value == pytest.approx(r2_score(GOOD, FAIR))


def test_average_precision_counts_each_row_as_often_as_it_stands_for() -> None:
    """A negative of weight 3 is worth three of weight 1, as in scikit-learn."""
    weight = np.where(Y > 0, 1.0, 3.0)
    truth = QuickTruth(METRICS["average_precision"], Y, np.zeros(400), None, weight)
    assert truth.score(GOOD).value == pytest.approx(average_precision_score(Y, GOOD, sample_weight=weight))
    assert truth.trivial == pytest.approx(Y.sum() / weight.sum())


def test_auc_gain_in_one_fold_is_delongs() -> None:
    """With all rows in one fold, difference and interval are those of the DeLong test."""
    gain = QuickTruth(METRICS["roc_auc"], Y, np.zeros(400)).gain(FAIR, GOOD)
    oracle = delong(Y, FAIR, GOOD)
    assert gain.value == pytest.approx(oracle.difference)
    assert gain.ci == pytest.approx(list(oracle.ci))


@pytest.mark.parametrize("metric", ["average_precision", "roc_auc", "r2"])
def test_intervals_are_as_wide_as_a_bootstraps(metric: str) -> None:
    """The half-width is 1.96 standard deviations of the gain over 300 resamples, within 20 %."""
    truth, rng = QuickTruth(METRICS[metric], Y, np.zeros(400)), np.random.default_rng(1)
    before, after = FAIR / 4, GOOD / 2
    gain = truth.gain(before, after)
    draws = []
    for _ in range(300):
        rows = rng.integers(0, 400, 400)
        draws.append(truth.take(rows).gain(before[rows], after[rows]).value)
    assert (gain.hi - gain.lo) / 2 == pytest.approx(1.96 * np.std(draws), rel=0.2)


@pytest.mark.parametrize("size", [0.02, 0.3, 1.0])
def test_an_explained_share_is_as_sure_as_the_bootstrap_says(size: float) -> None:
    """The spread of the target is estimated too: for a weak predictor that makes its score far surer, not vaguer."""
    rng = np.random.default_rng(2)
    signal = size * rng.normal(size=400)
    y = signal + rng.normal(size=400)
    found, draws = QuickTruth(METRICS["r2"], y, np.zeros(400)).score(signal), []
    for _ in range(400):
        rows = rng.integers(0, 400, 400)
        draws.append(QuickTruth(METRICS["r2"], y[rows], np.zeros(400)).score(signal[rows]).value)
    assert (found.hi - found.lo) / 2 == pytest.approx(1.96 * np.std(draws), rel=0.2)


def test_rows_of_one_group_count_once() -> None:
    """Every row written four times makes the interval no narrower when the copies are one group."""
    copies = np.repeat(np.arange(400), 4)
    fold = np.zeros(1600)
    once = QuickTruth(METRICS["r2"], GOOD, np.zeros(400)).score(FAIR)
    grouped = QuickTruth(METRICS["r2"], GOOD[copies], fold, copies).score(FAIR[copies])
    assert grouped.ci == pytest.approx(once.ci)
    alone = QuickTruth(METRICS["r2"], GOOD[copies], fold).score(FAIR[copies])
    assert (alone.hi - alone.lo) == pytest.approx((once.hi - once.lo) / 2)


@pytest.mark.parametrize(("metric", "trivial"), [("roc_auc", 0.5), ("average_precision", 0.0), ("r2", 0.0)])
def test_one_class_alone_scores_as_a_constant(metric: str, trivial: float) -> None:
    """Where nothing can be ranked, or nothing varies, the score is trivial and its interval has no width."""
    score = truth_of(np.zeros(50), metric).score(np.zeros(50))
    assert score.ci == [trivial, trivial]


def test_tails_are_scipys() -> None:
    """The normal tail."""
    assert one_sided_p(1.7) == pytest.approx(stats.norm.sf(1.7))
