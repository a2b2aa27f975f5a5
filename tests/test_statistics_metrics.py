"""Every metric against scikit-learn, weighted and not."""

from collections.abc import Callable

import numpy as np
import pytest
from sklearn import metrics as oracle

from pipelines.metrics import METRICS, metrics_for


def _labels(function: Callable[..., float], **settings: object) -> Callable[..., float]:
    return lambda y, p, w: function(y, p >= 0.5, sample_weight=w, **settings)


def _plain(function: Callable[..., float]) -> Callable[..., float]:
    return lambda y, p, w: function(y, p, sample_weight=w)


BINARY: dict[str, Callable[..., float]] = {
    "roc_auc": _plain(oracle.roc_auc_score),
    "average_precision": _plain(oracle.average_precision_score),
    "log_loss": _plain(oracle.log_loss),
    "brier": _plain(oracle.brier_score_loss),
    "accuracy": _labels(oracle.accuracy_score),
    "balanced_accuracy": _labels(oracle.balanced_accuracy_score),
    "precision": _labels(oracle.precision_score, zero_division=0),
    "recall": _labels(oracle.recall_score, zero_division=0),
    "f1": _labels(oracle.f1_score, zero_division=0),
}
REGRESSION: dict[str, Callable[..., float]] = {
    "rmse": _plain(oracle.root_mean_squared_error),
    "mae": _plain(oracle.mean_absolute_error),
    "mse": _plain(oracle.mean_squared_error),
    "r2": _plain(oracle.r2_score),
    "mape": _plain(oracle.mean_absolute_percentage_error),
}


def _binary_case(seed: int, rows: int, share: float, decimals: int) -> tuple[np.ndarray, np.ndarray]:
    """Return y and predictions, tied where few decimals are kept."""
    rng = np.random.default_rng(seed)
    y = (rng.random(rows) < share).astype(float)
    y[:2] = [0, 1]
    return y, np.round(1 / (1 + np.exp(-rng.normal(y * 1.5 - 1, 1))), decimals)


def _counts(seed: int, replicates: int, rows: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 4, size=(replicates, rows)).astype(float)
    counts[:, :2] += 1  # both classes stay
    return counts


@pytest.mark.parametrize("name", sorted(BINARY))
@pytest.mark.parametrize(("share", "decimals"), [(0.5, 12), (0.1, 12), (0.9, 12), (0.3, 1), (0.02, 2), (0.5, 0)])
def test_binary_metrics_are_scikit_learns(name: str, share: float, decimals: int) -> None:
    """Every replicate's score is scikit-learn's with those sample weights, with ties and rare classes."""
    y, prediction = _binary_case(1, 157, share, decimals)
    weights = _counts(2, 5, y.size)
    expected = [BINARY[name](y, prediction, row) for row in weights]
    assert METRICS[name].score(y, prediction, weights) == pytest.approx(expected, rel=1e-12)
    assert METRICS[name].score(y, prediction) == pytest.approx(BINARY[name](y, prediction, None), rel=1e-12)


@pytest.mark.parametrize("name", sorted(REGRESSION))
def test_regression_metrics_are_scikit_learns(name: str) -> None:
    """Every replicate's score is scikit-learn's with those sample weights, far from zero too."""
    rng = np.random.default_rng(3)
    y = rng.lognormal(1, 1, 130) + 1000
    prediction = y + rng.standard_t(3, 130)
    weights = _counts(4, 5, y.size)
    expected = [REGRESSION[name](y, prediction, row) for row in weights]
    assert METRICS[name].score(y, prediction, weights) == pytest.approx(expected, rel=1e-9)


def test_median_error_is_the_median_of_the_repeated_rows() -> None:
    """Integer weights repeat rows; the median of an even number is the mean of the two middle ones."""
    rng = np.random.default_rng(5)
    y, prediction = rng.normal(size=61), rng.normal(size=61)
    weights = _counts(6, 40, 61)
    repeated = [np.median(np.repeat(np.abs(y - prediction), row.astype(int))) for row in weights]
    assert METRICS["median_ae"].score(y, prediction, weights) == pytest.approx(repeated, rel=1e-12)
    assert METRICS["median_ae"].score(np.arange(4.0), np.array([0.0, 0, 0, 0])) == 1.5


@pytest.mark.parametrize("constant", [0.0, 0.3, 0.5, 1.0])
def test_a_constant_prediction_ranks_nothing(constant: float) -> None:
    """One value for all: AUC one half, average precision the share of positives."""
    y = np.array([1.0, 0, 0, 0])
    prediction = np.full(4, constant)
    assert METRICS["roc_auc"].score(y, prediction) == 0.5
    assert METRICS["average_precision"].score(y, prediction) == 0.25


def test_a_missing_class_is_undefined_not_wrong() -> None:
    """A replicate without positives has no AUC, average precision or balanced accuracy."""
    y, prediction = np.array([1.0, 0, 0]), np.array([0.9, 0.1, 0.2])
    weights = np.array([[0.0, 2, 1], [1.0, 1, 1]])
    for name in ("roc_auc", "average_precision", "balanced_accuracy"):
        scores = METRICS[name].score(y, prediction, weights)
        assert np.isnan(scores[0])
        assert scores[1] == 1.0


def test_a_constant_target_has_no_r2() -> None:
    """There is no variance to explain."""
    assert np.isnan(METRICS["r2"].score(np.ones(3), np.array([1.0, 2.0, 3.0])))


def test_gain_is_positive_for_the_better_model() -> None:
    """Whatever the metric's direction."""
    assert METRICS["roc_auc"].gain(0.7, 0.75) == pytest.approx(0.05)
    assert METRICS["rmse"].gain(3.0, 2.5) == pytest.approx(0.5)


def test_every_metric_of_the_project_file_exists() -> None:
    """What a user may write for binary and regression is what is tested here, for that task."""
    names = {task: {metric.name for metric in metrics_for(task)} for task in ("binary", "regression")}
    assert names == {"binary": set(BINARY), "regression": {*REGRESSION, "median_ae"}}
    assert all(name == metric.name for name, metric in METRICS.items())


@pytest.mark.parametrize("name", sorted(METRICS))
def test_a_perfect_prediction_scores_perfect(name: str) -> None:
    """The declared best score is reached by the truth itself."""
    y = np.array([0.0, 1, 1, 0, 1])
    assert METRICS[name].score(y, y) == pytest.approx(METRICS[name].perfect, abs=1e-12)


@pytest.mark.parametrize("name", sorted(set(METRICS) - {"median_ae"}))
def test_influence_is_the_derivative_by_each_rows_weight(name: str) -> None:
    """Central differences: every row's weight a millionth up and down; ties and tied positives included."""
    y, prediction = _binary_case(7, 60, 0.3, 1)
    if "regression" in METRICS[name].targets:
        y = y + prediction + np.random.default_rng(8).normal(2, 1, 60)
    step = 1e-6
    up, down = (METRICS[name].score(y, prediction, 1 + sign * step * np.eye(60)) for sign in (1, -1))
    influence = METRICS[name].prepare(y, prediction).influence
    assert influence is not None
    assert influence() == pytest.approx((up - down) / (2 * step), abs=1e-8)
    assert influence().sum() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("name", ["precision", "recall", "f1", "roc_auc", "average_precision", "r2", "rmse"])
def test_influence_of_a_degenerate_prediction_is_finite(name: str) -> None:
    """Nobody flagged, one value for all, no error at all: every influence is a number."""
    y = np.array([1.0, 0, 0, 1])
    for prediction in (np.zeros(4), np.full(4, 0.25), y):
        influence = METRICS[name].prepare(y, prediction).influence
        assert influence is not None
        assert np.isfinite(influence()).all()
