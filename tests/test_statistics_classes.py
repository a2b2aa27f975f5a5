"""Metrics of several classes against scikit-learn, weighted and not, and their influence against brute force."""

from collections.abc import Callable

import numpy as np
import pytest
from sklearn import metrics as oracle
from sklearn.preprocessing import label_binarize

from pipelines.metrics import METRICS, metrics_for

CLASSES = [0, 1, 2, 3]


def _auc(y: np.ndarray, p: np.ndarray, w: np.ndarray | None) -> float:
    return float(oracle.roc_auc_score(label_binarize(y, classes=CLASSES), p, average="macro", sample_weight=w))


def _answers(function: Callable[..., float], **settings: object) -> Callable[..., float]:
    return lambda y, p, w: function(y, p.argmax(axis=1), sample_weight=w, **settings)


ORACLES: dict[str, Callable[..., float]] = {
    "log_loss": lambda y, p, w: oracle.log_loss(y, p, labels=CLASSES, sample_weight=w),
    "brier": lambda y, p, w: oracle.brier_score_loss(y, p, labels=CLASSES, sample_weight=w, scale_by_half=False),
    "roc_auc": _auc,
    "accuracy": _answers(oracle.accuracy_score),
    "balanced_accuracy": _answers(oracle.balanced_accuracy_score),
    "f1": _answers(oracle.f1_score, average="macro", labels=CLASSES, zero_division=0),
}


def case(seed: int, rows: int = 120) -> tuple[np.ndarray, np.ndarray]:
    """Return classes, one of them rare, and probabilities that know something, some of them tied."""
    rng = np.random.default_rng(seed)
    y = rng.choice(4, rows, p=[0.5, 0.3, 0.15, 0.05]).astype(float)
    y[:8] = np.tile(np.arange(4.0), 2)
    raw = np.exp(np.round(rng.normal(size=(rows, 4)) + 1.5 * (y[:, None] == np.arange(4)), 1))
    return y, raw / raw.sum(axis=1, keepdims=True)


def test_every_allowed_metric_is_there() -> None:
    """What a project of several classes may ask for is what is tested here."""
    assert {metric.name for metric in metrics_for("multiclass")} == set(ORACLES)
    assert all("multiclass" in METRICS[name].targets for name in ORACLES)


@pytest.mark.parametrize("name", sorted(ORACLES))
@pytest.mark.parametrize("seed", range(3))
def test_metrics_are_scikit_learns(name: str, seed: int) -> None:
    """The score of the rows, and of replicates in which rows count 0 to 3 times."""
    y, prediction = case(seed)
    assert METRICS[name].score(y, prediction) == pytest.approx(ORACLES[name](y, prediction, None), rel=1e-9)
    counts = np.random.default_rng(seed).integers(0, 4, size=(20, len(y))).astype(float)
    counts[:, :8] += 1
    found = METRICS[name].score(y, prediction, counts)
    np.testing.assert_allclose(found, [ORACLES[name](y, prediction, w) for w in counts], rtol=1e-9)


@pytest.mark.parametrize("name", sorted(ORACLES))
def test_influence_is_the_derivative_by_a_rows_weight(name: str) -> None:
    """Against a finite difference in the weight of each row."""
    y, prediction = case(7, 60)
    prepared = METRICS[name].prepare(y, prediction)
    assert prepared.influence is not None
    step = 1e-5
    one = np.ones((len(y), 1))
    moved = (prepared.score(one + step * np.eye(len(y))) - prepared.score(one)) / step
    np.testing.assert_allclose(prepared.influence(), moved, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "needed"),
    [("roc_auc", (0, 1, 2, 3)), ("balanced_accuracy", (0, 1, 2, 3)), ("log_loss", ()), ("accuracy", ())],
)
def test_a_metric_names_the_classes_that_it_needs(name: str, needed: tuple[int, ...]) -> None:
    """Ranking and per-class metrics need them all, sums over rows none; without one the score is undefined."""
    y, prediction = case(1)
    assert METRICS[name].needed(y) == needed
    weights = np.where(y == 3, 0.0, 1.0)[None, :]
    assert np.isnan(METRICS[name].score(y, prediction, weights)[0]) == bool(needed)
    assert METRICS[name].needed((y > 1).astype(float)) == METRICS[name].needs_classes


def test_metrics_of_two_classes_alone_say_so() -> None:
    """Average precision of several classes is not defined here."""
    y, prediction = case(1)
    with pytest.raises(ValueError, match="average_precision is not defined for several classes"):
        METRICS["average_precision"].score(y, prediction)
