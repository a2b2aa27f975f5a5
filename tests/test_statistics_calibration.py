"""Reliability bins, calibration error and the Brier score's parts."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from statsmodels.stats.proportion import proportion_confint

from pipelines.inference.calibration import calibrate, wilson


def _honest(rows: int, seed: int, bend: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return truth and predictions; with `bend` 0 every prediction is right, else off by that much in log-odds."""
    rng = np.random.default_rng(seed)
    logit = rng.normal(-1, 1.5, rows)
    y = (rng.random(rows) < 1 / (1 + np.exp(-logit))).astype(float)
    return y, 1 / (1 + np.exp(-logit - bend))


def test_bins_are_scikit_learns_quantile_bins() -> None:
    """Tenths of the rows: mean prediction and share of positives agree."""
    y, prediction = _honest(1_000, 1)
    observed, predicted = calibration_curve(y, prediction, n_bins=10, strategy="quantile")
    found = calibrate(y, prediction, seed=1, count=50)
    assert [b.predicted for b in found.bins] == pytest.approx(predicted)
    assert [b.observed for b in found.bins] == pytest.approx(observed)
    assert [b.rows for b in found.bins] == [100] * 10
    assert found.ece == pytest.approx(np.abs(observed - predicted).mean())


def test_wilson_is_that_of_statsmodels() -> None:
    """Including no hit and nothing but hits."""
    for hits, rows in ((0, 5), (3, 10), (10, 10), (1, 1000)):
        low, high = wilson(np.array([hits]), np.array([rows]))
        assert (low[0] == 0) == (hits == 0)
        assert (high[0] == 1) == (hits == rows)
        assert (low[0], high[0]) == pytest.approx(proportion_confint(hits, rows, method="wilson"), abs=1e-9)


def test_the_briers_parts_by_hand() -> None:
    """Two bins of constant prediction: nothing is left within the bins.

    Predictions 0.2 and 0.8 with shares 0.25 and 0.5 of four rows each: reliability (0.05^2 + 0.3^2) / 2 = 0.04625;
    base 0.375, resolution 0.125^2 = 0.015625; uncertainty 0.234375; together 0.265.
    """
    y = np.array([1.0, 0, 0, 0, 1, 1, 0, 0])
    found = calibrate(y, np.repeat([0.2, 0.8], 4), seed=1, count=50)
    assert (found.reliability, found.resolution, found.uncertainty) == pytest.approx((0.04625, 0.015625, 0.234375))
    assert found.brier == pytest.approx(0.265)
    assert found.within_bins == pytest.approx(0, abs=1e-12)


def test_rare_events_are_binned_by_predicted_events() -> None:
    """At half a percent of positives each bin holds about a tenth of the predicted ones, and few rows at the top."""
    rng = np.random.default_rng(2)
    prediction = 1 / (1 + np.exp(7 - 1.5 * rng.normal(size=20_000)))
    y = (rng.random(20_000) < prediction).astype(float)
    found = calibrate(y, prediction, seed=1, count=50)
    assert "predicted positives" in found.by
    expected = [b.predicted * b.rows for b in found.bins]
    assert max(expected) < 2 * min(expected)
    assert found.bins[-1].rows < 0.01 * 20_000


def test_one_value_for_all_is_one_bin() -> None:
    """A constant prediction at the base rate is perfectly calibrated and resolves nothing."""
    y = np.array([1.0, 0, 0, 0] * 50)
    found = calibrate(y, np.full(200, 0.25), seed=1, count=100)
    assert len(found.bins) == 1
    assert found.ece == 0
    assert found.resolution == 0
    assert found.ece_ci[0] == 0
    assert found.brier == pytest.approx(found.uncertainty)


def test_the_error_interval_covers_the_truth() -> None:
    """Of 100 samples, at least 90 intervals hold the calibration error of a large sample, bent and honest alike."""
    for bend in (0.0, 0.5):
        truth = calibrate(*_honest(400_000, 9, bend), seed=1, count=2).ece
        intervals = [calibrate(*_honest(600, seed, bend), seed=1, count=200).ece_ci for seed in range(100)]
        assert np.mean([low <= truth <= high for low, high in intervals]) >= 0.9


def test_honest_probabilities_err_as_much_as_chance() -> None:
    """The error expected of an honest model is the mean error of honest models."""
    found = [calibrate(*_honest(600, seed), seed=1, count=2) for seed in range(60)]
    assert np.mean([c.ece for c in found]) == pytest.approx(np.mean([c.ece_by_chance for c in found]), rel=0.1)
