"""Costs, thresholds, curves and residuals against brute force."""

import numpy as np
import pytest
from sklearn import metrics as oracle

from pipelines.inference.cost import EVERYBODY, NOBODY, Costs, best_threshold, confusion, row_costs
from pipelines.inference.cost_band import cost_band
from pipelines.inference.curves import MOST_POINTS, precision_recall_curve, roc_curve
from pipelines.inference.residuals import residuals

COSTS = Costs(false_positive=50, false_negative=1200)


def _case(rows: int = 400, decimals: int = 12) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    y = (rng.random(rows) < 0.2).astype(float)
    return y, np.round(1 / (1 + np.exp(-rng.normal(1.5 * y - 2, 1))), decimals)


def test_row_costs_by_hand() -> None:
    """Hit, false alarm, miss, rightly left alone; a prediction on the threshold is acted on."""
    y, prediction = np.array([1.0, 0, 1, 0]), np.array([0.9, 0.3, 0.2, 0.1])
    assert list(row_costs(y, prediction, 0.3, COSTS)) == [0, 50, 1200, 0]
    assert confusion(y, prediction, 0.3) == {"tp": 1, "fp": 1, "fn": 1, "tn": 1}


@pytest.mark.parametrize("decimals", [12, 1])
@pytest.mark.parametrize("costs", [COSTS, Costs(1, 1), Costs(1, 0.001), Costs(0, 1), Costs(1000, 1)])
def test_no_other_threshold_is_cheaper(costs: Costs, decimals: int) -> None:
    """Against every threshold that gives other decisions, ties included."""
    y, prediction = _case(decimals=decimals)
    best = row_costs(y, prediction, best_threshold(y, prediction, costs), costs).mean()
    every = [row_costs(y, prediction, t, costs).mean() for t in [EVERYBODY, *prediction, NOBODY]]
    assert best == pytest.approx(min(every))


def test_the_best_threshold_of_honest_probabilities_is_the_ideal_one() -> None:
    """With 100,000 right probabilities it lies within a hundredth of fp / (fp + fn)."""
    rng = np.random.default_rng(2)
    prediction = rng.random(100_000) ** 3
    y = (rng.random(100_000) < prediction).astype(float)
    assert COSTS.ideal_threshold == 0.04
    assert best_threshold(y, prediction, COSTS) == pytest.approx(0.04, abs=0.01)


def test_free_errors_have_no_ideal_threshold() -> None:
    """Nothing to weigh."""
    assert Costs(0, 0).ideal_threshold is None


def _two_models(rows: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    y, prediction = _case(rows, decimals=2)
    return y, {"baseline": np.round(np.sqrt(prediction), 2), "strong": prediction}


def test_the_cost_band_holds_the_mean_cost_of_the_rows() -> None:
    """At every threshold, ties included; the saving is the gap; without an error no cost, without a cost no band."""
    y, predictions = _two_models(400)
    thresholds = np.linspace(0, 1, 21)
    band = cost_band(y, predictions, thresholds, COSTS)
    for name, prediction in predictions.items():
        expected = [row_costs(y, prediction, t, COSTS).mean() for t in thresholds]
        assert band.cost[name] == pytest.approx(expected)
        assert (band.low[name] <= band.cost[name]).all()
        assert (band.high[name] >= band.cost[name]).all()
    assert band.saving == pytest.approx(band.cost["baseline"] - band.cost["strong"])
    perfect = cost_band(y, {"baseline": y, "strong": y}, np.array([0.5]), COSTS)
    assert perfect.low["strong"][0] == 0
    assert perfect.high["strong"][0] == 0
    assert perfect.saving_high[0] == 0


@pytest.mark.parametrize("groups", [None, 60])
def test_the_cost_band_is_that_of_a_paired_bootstrap(groups: int | None) -> None:
    """Against 20,000 resamples of rows, or of whole groups, drawn one by one: standard errors within 3 %."""
    y, predictions = _two_models(300)
    rng = np.random.default_rng(5)
    group = None if groups is None else rng.integers(0, groups, y.size)
    band = cost_band(y, predictions, np.array([0.1]), COSTS, group)
    paid = [row_costs(y, prediction, 0.1, COSTS) for prediction in predictions.values()]
    unit = np.arange(y.size) if group is None else group
    sums = np.array([np.bincount(unit, weights=column) for column in (*paid, np.ones(y.size))])
    drawn = sums[:, rng.integers(0, sums.shape[1], (20_000, sums.shape[1]))].sum(axis=2)
    saved = (drawn[0] - drawn[1]) / drawn[2]
    assert (band.saving_high - band.saving_low)[0] / 2 / 1.959964 == pytest.approx(saved.std(), rel=0.03)
    reach = np.log(band.high["strong"] / band.low["strong"])[0] / 2 * band.cost["strong"][0] / 1.959964
    assert reach == pytest.approx((drawn[1] / drawn[2]).std(), rel=0.03)


@pytest.mark.parametrize("decimals", [12, 1])
def test_roc_points_lie_on_scikit_learns_curve(decimals: int) -> None:
    """Thinned, from corner to corner, and with nearly the same area."""
    y, prediction = _case(3_000, decimals)
    points = roc_curve(y, prediction)
    x, height, _ = oracle.roc_curve(y, prediction, drop_intermediate=False)
    whole = set(zip(x.round(12), height.round(12), strict=True))
    assert len(points) <= MOST_POINTS
    assert (points[0], points[-1]) == ((0, 0), (1, 1))
    assert all((round(p.x, 12), round(p.y, 12)) in whole for p in points)
    assert np.trapezoid([p.y for p in points], [p.x for p in points]) == pytest.approx(
        oracle.roc_auc_score(y, prediction), abs=0.005
    )


def test_precision_recall_points_lie_on_scikit_learns_curve() -> None:
    """Thinned, recall rising from 0 to 1, the last precision the base rate."""
    y, prediction = _case(3_000)
    points = precision_recall_curve(y, prediction)
    precision, recall, _ = oracle.precision_recall_curve(y, prediction)
    whole = set(zip(recall.round(12), precision.round(12), strict=True))
    assert len(points) <= MOST_POINTS
    assert all((round(p.x, 12), round(p.y, 12)) in whole for p in points[1:])
    assert (points[0].x, points[-1].x) == (0, 1)
    assert points[-1].y == pytest.approx(y.mean())


def test_curves_of_a_constant_prediction() -> None:
    """One threshold: the diagonal, and the base rate."""
    y = np.array([1.0, 0, 0, 0])
    assert roc_curve(y, np.full(4, 0.3)) == [(0, 0), (1, 1)]
    assert precision_recall_curve(y, np.full(4, 0.3)) == [(0, 0.25), (1, 0.25)]


def test_residuals_by_hand() -> None:
    """Twenty rows in order of prediction: two in each tenth, errors true minus predicted."""
    prediction = np.arange(20.0)[::-1]
    y = prediction + np.where(prediction < 10, 1.0, -1.0)
    found = residuals(y, prediction)
    assert [d.predicted for d in found.deciles] == [0.5 + 2 * i for i in range(10)]
    assert [d.mean for d in found.deciles] == [1.0] * 5 + [-1.0] * 5
    assert list(found.deciles[0].ci) == [1, 1]
    assert found.deciles[0].quantiles == {"5": 1, "25": 1, "50": 1, "75": 1, "95": 1}
    assert sum(found.counts) == 20
    assert found.counts[0] == 10


def test_residuals_of_no_error_at_all() -> None:
    """One bar."""
    found = residuals(np.ones(3), np.ones(3))
    assert found.counts == [3]
    assert found.normal == []
    assert len(found.deciles) == 3


def test_the_bias_of_a_tenth_has_a_normal_interval() -> None:
    """Errors 0 and 2 in each tenth: mean 1, standard error sqrt(2) / sqrt(2) = 1."""
    prediction = np.arange(20.0)
    found = residuals(prediction + np.tile([0.0, 2.0], 10), prediction).deciles[3]
    assert (found.mean, *found.ci) == pytest.approx((1, 1 - 1.959964, 1 + 1.959964))


def test_quantiles_against_a_normal_distribution() -> None:
    """Normal errors lie on the line, those of a t distribution leave it at the ends."""
    rng = np.random.default_rng(3)
    normal = residuals(rng.normal(2, 5, 200_000), np.zeros(200_000)).normal
    assert [error for _, error in normal] == pytest.approx([at for at, _ in normal], abs=0.1)
    assert residuals(rng.standard_t(4, 200_000), np.zeros(200_000)).normal[0][1] < -3.3
