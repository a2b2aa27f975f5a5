"""DeLong against its definition, pair by pair."""

import numpy as np
import pytest

from pipelines.inference.delong import delong
from pipelines.metrics import METRICS


def _by_definition(y: np.ndarray, a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """Return the difference and its variance from all pairs, as equations 2 to 5 of the paper have them."""
    components = []
    for prediction in (a, b):
        positive, negative = prediction[y == 1][:, None], prediction[y == 0][None, :]
        pairs = (positive > negative) + 0.5 * (positive == negative)
        components.append((pairs.mean(), pairs.mean(axis=1), pairs.mean(axis=0)))
    (auc_a, of_positive_a, of_negative_a), (auc_b, of_positive_b, of_negative_b) = components
    s10 = np.cov(of_positive_a, of_positive_b)
    s01 = np.cov(of_negative_a, of_negative_b)
    s = s10 / (y == 1).sum() + s01 / (y == 0).sum()
    return auc_b - auc_a, s[0, 0] + s[1, 1] - 2 * s[0, 1]


@pytest.mark.parametrize(("share", "decimals"), [(0.5, 12), (0.1, 12), (0.3, 1), (0.9, 2)])
def test_delong_is_its_definition(share: float, decimals: int) -> None:
    """Difference and standard error agree with the sums over all pairs, ties and rare classes included."""
    rng = np.random.default_rng(1)
    y = (rng.random(120) < share).astype(float)
    a, b = (np.round(rng.normal(y, 1.2), decimals) for _ in range(2))
    difference, variance = _by_definition(y, a, b)
    found = delong(y, a, b)
    assert found.difference == pytest.approx(difference, abs=1e-12)
    assert found.difference == pytest.approx(METRICS["roc_auc"].score(y, b) - METRICS["roc_auc"].score(y, a), abs=1e-12)
    assert found.se == pytest.approx(np.sqrt(variance), rel=1e-10)
    assert found.ci == pytest.approx((difference - 1.959964 * found.se, difference + 1.959964 * found.se), rel=1e-6)


def test_the_same_ranking_is_no_difference() -> None:
    """A monotone change of the predictions changes nothing: no error, p-value 1."""
    y, a = np.array([0.0, 1, 0, 1, 1]), np.array([0.1, 0.2, 0.3, 0.4, 0.5])
    found = delong(y, a, a**3)
    assert found.difference == 0.0
    assert found.se == 0.0
    assert found.p_value == 1.0


def test_too_few_rows_of_a_class() -> None:
    """One positive has no variance."""
    with pytest.raises(ValueError, match="at least 2 rows of each class"):
        delong(np.array([1.0, 0, 0]), np.zeros(3), np.zeros(3))
