"""The paired bootstrap against repeated rows, DeLong and simulated truth."""

import numpy as np
import pytest
from metric_oracles import bound
from sklearn.metrics import roc_auc_score

from pipelines.inference import bootstrap
from pipelines.inference.bootstrap import Replicates, interval, p_value, replicates
from pipelines.inference.delong import delong
from pipelines.inference.truth import Truth
from pipelines.metrics import METRICS

ROWS = 300


def _case(seed: int = 1, rows: int = ROWS) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    rng = np.random.default_rng(seed)
    y = (rng.random(rows) < 0.3).astype(float)
    shared = rng.normal(y, 1)
    return y, {name: 1 / (1 + np.exp(-shared - rng.normal(0, 0.5, rows))) for name in ("a", "b", "c")}


def test_scores_are_those_of_the_repeated_rows() -> None:
    """Each replicate draws rows with replacement from one seeded stream and scores every model on them."""
    y, predictions = _case()
    found = replicates(Truth(METRICS["roc_auc"], y, 3), predictions, count=20)
    random = np.random.default_rng(3)
    for replicate in range(20):
        rows = random.integers(0, ROWS, ROWS)
        for name, prediction in predictions.items():
            assert found.scores[name][replicate] == pytest.approx(roc_auc_score(y[rows], prediction[rows]), abs=1e-12)


def test_groups_are_drawn_whole() -> None:
    """With groups, each replicate repeats all rows of the groups that it draws."""
    y, predictions = _case()
    group = np.repeat(np.arange(60) * 7, 5)
    found = replicates(Truth(METRICS["roc_auc"], y, 3, group), predictions, count=5)
    random = np.random.default_rng(3)
    for replicate in range(5):
        rows = np.concatenate([5 * drawn + np.arange(5) for drawn in random.integers(0, 60, 60)])
        expected = roc_auc_score(y[rows], predictions["a"][rows])
        assert found.scores["a"][replicate] == pytest.approx(expected, abs=1e-12)


def test_repeated_rows_do_not_narrow_a_grouped_interval() -> None:
    """Every row five times as one group tells no more than every row once; as rows of their own it would seem to."""
    y, predictions = _case()
    five = {name: np.repeat(prediction, 5) for name, prediction in predictions.items()}
    once, grouped, naive = (
        replicates(Truth(METRICS["log_loss"], truth, 3, group), models, count=400).gain("a", "b")
        for truth, models, group in (
            (y, predictions, None),
            (np.repeat(y, 5), five, np.repeat(np.arange(ROWS), 5)),
            (np.repeat(y, 5), five, None),
        )
    )
    assert grouped.ci == pytest.approx(once.ci, rel=1e-9)
    assert naive.se < 0.6 * once.se


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size of the blocks is a matter of memory only."""
    y, predictions = _case()
    whole = replicates(Truth(METRICS["average_precision"], y, 3), predictions, count=50)
    monkeypatch.setattr(bootstrap, "WIDEST_BLOCK", 17)
    parts = replicates(Truth(METRICS["average_precision"], y, 3), predictions, count=50)
    assert parts.gain("a", "b").ci == pytest.approx(whole.gain("a", "b").ci, rel=1e-12)


def test_errors_agree_with_delong() -> None:
    """On 3,000 rows the standard error of an AUC difference is DeLong's within a tenth."""
    y, predictions = _case(rows=3_000)
    found = replicates(Truth(METRICS["roc_auc"], y, 3), predictions, count=500).gain("a", "b")
    expected = delong(y, predictions["a"], predictions["b"])
    assert found.value == pytest.approx(expected.difference, abs=1e-12)
    assert found.se == pytest.approx(expected.se, rel=0.1)


def test_gain_has_a_direction() -> None:
    """Positive means that the other model is better, and swapping the two mirrors the interval."""
    y, predictions = _case()
    worse = {"good": predictions["a"], "bad": np.full(ROWS, 0.99)}
    found = replicates(Truth(METRICS["log_loss"], y, 3), worse, count=200)
    forth, back = found.gain("bad", "good"), found.gain("good", "bad")
    assert forth.value > 0
    assert forth.ci[0] > 0
    assert back.ci == pytest.approx((-forth.ci[1], -forth.ci[0]))
    assert back.p_value == pytest.approx(forth.p_value)


@pytest.mark.parametrize("metric", ["roc_auc", "average_precision", "log_loss", "f1", "brier"])
def test_equal_models_do_not_differ(metric: str) -> None:
    """The same predictions under two names: no gain, no error, p-value 1."""
    y, predictions = _case()
    twice = {"a": predictions["a"], "b": predictions["a"].copy()}
    found = replicates(Truth(METRICS[metric], y, 3), twice, count=100).gain("a", "b")
    assert found.value == 0
    assert found.se == 0
    assert found.ci == (0.0, 0.0)
    assert found.p_value == 1


def test_a_constant_prediction_has_a_point_for_an_interval() -> None:
    """AUC one half whatever the rows."""
    y, predictions = _case()
    found = replicates(Truth(METRICS["roc_auc"], y, 3), predictions | {"dummy": np.full(ROWS, 0.3)}, count=200)
    assert found.score("dummy").ci == (0.5, 0.5)
    assert found.gain("dummy", "a").p_value < 1e-6


@pytest.mark.parametrize("metric", sorted(METRICS))
def test_intervals_stay_within_the_metrics_range(metric: str) -> None:
    """Shares within 0 and 1, errors not below 0, with a nearly perfect model on few rows and every metric."""
    y, _ = _case(rows=60)
    prediction = np.clip(y, 0.02, 0.9)
    prediction[np.flatnonzero(y == 1)[0]] = 0.01
    found = replicates(
        Truth(bound(metric), y + 1.0 * ("regression" in bound(metric).targets), 3), {"a": prediction}, count=300
    )
    estimate = found.score("a")
    low, high = estimate.ci
    assert low <= estimate.value <= high
    assert np.isfinite([low, high]).all()
    if bound(metric).scale == "share":
        assert low >= 0
        assert high <= 1
    if bound(metric).scale in {"error", "tailed"}:
        assert low >= 0
    if bound(metric).scale == "explained":
        assert high <= 1


def test_p_value_and_interval_tell_the_same() -> None:
    """The p-value is below 0.05 exactly where the interval excludes 0, in both ways of making them."""
    for seed in range(30):
        y, predictions = _case(seed, 120)
        found = replicates(Truth(METRICS["roc_auc"], y, 3), predictions, count=200)
        gain = found.gain("a", "b")
        assert (gain.p_value < 0.05) == (gain.ci[0] > 0 or gain.ci[1] < 0)
        drawn = found.scores["b"] - found.scores["a"]
        low, high = interval(gain.value, drawn)
        assert (p_value(gain.value, drawn) < 0.05) == (low > 0 or high < 0)


def test_undefined_resamples_are_left_out() -> None:
    """Three positives in thirty rows: one resample in twenty-three has none, and the interval is still a number."""
    y = np.zeros(30)
    y[:3] = 1
    found = replicates(Truth(METRICS["roc_auc"], y, 3), {"a": np.linspace(1, 0, 30) ** 2}, count=400)
    assert np.isnan(found.scores["a"]).any()
    assert np.isfinite(found.score("a").ci).all()


def _drawn_world(rng: np.random.Generator, metric: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return y and two equally good predictions for 200 rows: no true difference."""
    signal = rng.normal(size=200)
    first, second = (signal + rng.normal(0, 0.5, 200) for _ in range(2))
    if metric == "rmse":
        return signal + rng.normal(size=200), first, second
    truth, first, second = (1 / (1 + np.exp(2 - 1.5 * seen)) for seen in (signal, first, second))
    return (rng.random(200) < truth).astype(float), first, second


@pytest.mark.parametrize("metric", ["roc_auc", "average_precision", "log_loss", "rmse"])
def test_no_difference_is_rarely_called_one(metric: str) -> None:
    """Of 200 comparisons of equally good models on 200 rows, 1 to 10 % exclude 0: 5 % give or take chance."""
    rng = np.random.default_rng(11)
    false = 0
    for _ in range(200):
        y, first, second = _drawn_world(rng, metric)
        found: Replicates = replicates(Truth(METRICS[metric], y, 3), {"a": first, "b": second}, count=200)
        false += found.gain("a", "b").p_value < 0.05
    assert 0.01 <= false / 200 <= 0.10
