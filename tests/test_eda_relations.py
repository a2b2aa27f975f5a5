"""Tests of how one feature goes with the target."""

import numpy as np
import pandas as pd
import pytest
from conftest import Facts
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score
from small_exploration import truth_of

from pipelines.exploration.relations import find_form, missing_alone, mutual_information, relate, score_alone
from pipelines.targets import Event, Number

RNG = np.random.default_rng(0)
X = RNG.standard_normal(4000)
NOISE = RNG.standard_normal(4000)
COIN = RNG.random(4000)
LEVELS = pd.Index([f"l{i}" for i in range(300)])


def draw(margin: np.ndarray) -> np.ndarray:
    """Return a binary target with these log-odds."""
    return (1 / (1 + np.exp(-margin)) > COIN).astype(float)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_monotone_column_scores_as_its_ranks(sign: int) -> None:
    """Whatever its direction, and however skewed: the AUC of the sorted column, by scikit-learn, within noise."""
    y = draw(X)
    alone = score_alone(pd.Series(sign * np.exp(3 * X)), truth_of(y))["score_alone"]
    assert alone == pytest.approx(roc_auc_score(y, X), abs=0.006)


def test_a_u_shape_scores_as_the_distance_from_its_middle() -> None:
    """No line sees it, the tree does: within two hundredths of the AUC of |x|, which knows the shape."""
    y = draw(2 * np.abs(X) - 1.5)
    facts: Facts = score_alone(pd.Series(X), truth_of(y))
    assert facts["score_alone"] == pytest.approx(roc_auc_score(y, np.abs(X)), abs=0.02)
    assert facts["straight"]["bends_gain_ci"][0] > 0.05


def test_a_regression_column_scores_its_squared_correlation() -> None:
    """The target is x plus noise of the same size: half of the variance, on the line already."""
    facts: Facts = score_alone(pd.Series(X), truth_of(X + NOISE, "r2"))
    assert facts["score_alone"] == pytest.approx(np.corrcoef(X, X + NOISE)[0, 1] ** 2, abs=0.005)
    assert facts["straight"]["raw"] == facts["score_alone"]
    assert facts["straight"]["ranks_gain_ci"][0] < 0


def test_a_heavy_tail_gains_by_ranks() -> None:
    """Linear in the log: ranks explain half of the variance, the raw values hardly any."""
    straight: Facts = score_alone(pd.Series(np.exp(3 * X)), truth_of(X + NOISE, "r2"))["straight"]
    assert straight["ranks"] == pytest.approx(0.5, abs=0.03)
    assert straight["ranks_gain_ci"][0] > 0.3


@pytest.mark.parametrize("seed", range(6))
def test_noise_earns_nothing(seed: int) -> None:
    """Numbers, and a category of 300 levels, without any signal, score like a constant or worse."""
    rng = np.random.default_rng(seed)
    number, y = pd.Series(rng.standard_normal(1000)), (rng.random(1000) < 0.3).astype(float)
    levels = pd.Series(pd.Categorical.from_codes(rng.integers(0, 300, 1000), LEVELS))
    for column in (number, levels):
        assert score_alone(column, truth_of(y))["score_alone"] < 0.56
        assert score_alone(column, truth_of(rng.standard_normal(1000), "r2"))["score_alone"] < 0.02


def test_missing_values_are_a_level_of_their_own() -> None:
    """A column of noise that is missing where the target is mostly 1 scores what its gaps tell."""
    hidden = RNG.random(4000) < np.where(COIN < 0.5, 0.6, 0.1)
    y = (COIN < 0.5).astype(float)
    facts: Facts = score_alone(pd.Series(np.where(hidden, np.nan, NOISE)), truth_of(y))
    assert facts["score_alone"] == pytest.approx(roc_auc_score(y, hidden), abs=0.015)
    gaps: Facts = missing_alone(pd.Series(np.where(hidden, np.nan, NOISE)), y, Event())
    assert gaps is not None
    assert [gaps["score"], gaps["auc"]] == pytest.approx([roc_auc_score(y, hidden)] * 2)
    assert gaps["target_mean"] == y[hidden].mean()
    assert gaps["difference_ci"][0] < gaps["difference"] < gaps["difference_ci"][1]


def test_gaps_of_a_regression_score_r2() -> None:
    """One in two missing where y is higher by 2: the squared correlation of mark and target."""
    hidden = RNG.random(4000) < 0.5
    y = NOISE + 2 * hidden
    gaps: Facts = missing_alone(pd.Series(np.where(hidden, np.nan, X)), y, Number())
    assert gaps is not None
    assert gaps["score"] == pytest.approx(0.5, abs=0.03)
    assert gaps["auc"] == pytest.approx(roc_auc_score(hidden, y))
    assert (gaps["known_rows"], gaps["others_spread"]) == (
        (~hidden).sum(),
        pytest.approx((rankdata(y) / 4000)[~hidden].std()),
    )
    assert missing_alone(pd.Series(X), y, Number()) is None


def test_bins_hold_every_row_once_with_its_mean() -> None:
    """Bins are checked against a group-by; their rows add up, missing ones included."""
    values = np.where(RNG.random(4000) < 0.1, np.nan, X)
    y = draw(X)
    bins: Facts = relate(pd.Series(values), y, Event())["bins"]
    assert [b["label"] for b in bins].count("missing") == 1
    assert sum(b["rows"] for b in bins) == 4000
    assert len(bins) == 11
    for b in bins[:-1]:
        inside = (values >= b["lo"]) & (values <= b["hi"])
        assert (b["rows"], b["target_mean"]) == (inside.sum(), pytest.approx(y[inside].mean()))
        assert b["ci"][0] < b["target_mean"] < b["ci"][1]


def test_few_values_get_a_bin_each_and_many_levels_share_one() -> None:
    """A count of 0, 1, 2 has three bins; of twelve levels the nine commonest are shown and the rest together."""
    counts = pd.Series(np.arange(300) % 3, dtype=float)
    assert [b["label"] for b in relate(counts, np.zeros(300), Event())["bins"]] == ["0", "1", "2"]
    levels = pd.Series(pd.Categorical([f"l{i:02d}" for i in range(12) for _ in range(20 - i)]))
    bins = relate(levels, np.arange(len(levels), dtype=float), Number())["bins"]
    assert [b["label"] for b in bins] == [*(f"l{i:02d}" for i in range(9)), "3 other"]
    assert bins[-1]["rows"] == 11 + 10 + 9


@pytest.mark.parametrize(
    ("means", "form"),
    [
        ([1, 2, 3, 4], "rises"), ([4, 3, 2, 1], "falls"), ([1, 4, 1], "peak"), ([4, 1, 4], "valley"),
        ([2, 4, 0, 2], "wave"), ([1, 1.1, 0.9], "flat"), ([1], "flat"),
    ],
)  # fmt: skip
def test_the_form_of_a_relation_is_named_where_intervals_part(means: list[float], form: str) -> None:
    """Each mean has an interval of 0.4 to either side."""
    bins: Facts = [{"target_mean": m, "ci": [m - 0.4, m + 0.4]} for m in means]
    assert find_form(bins) == form


def test_mutual_information_of_normal_columns_is_the_formulas() -> None:
    """Correlation r: -ln(1 - r^2) / 2 nats, here with r^2 = 1/2; none with noise."""
    assert mutual_information(pd.Series(X), X + NOISE, Number(), 0) == pytest.approx(np.log(2) / 2, abs=0.04)
    assert mutual_information(pd.Series(NOISE), draw(X), Event(), 0) < 0.01


def test_mutual_information_of_categories_is_corrected_for_chance() -> None:
    """Two levels that are the target: its entropy. Three hundred levels of noise: next to nothing, not 0.05."""
    y = (COIN < 0.5).astype(float)
    same = pd.Series(pd.Categorical(np.where(y > 0, "a", "b")))
    entropy = -(y.mean() * np.log(y.mean()) + (1 - y.mean()) * np.log(1 - y.mean()))
    assert mutual_information(same, y, Event(), 0) == pytest.approx(entropy, abs=0.001)
    codes = np.random.default_rng(1).integers(0, 300, 4000)
    many = pd.Series(pd.Categorical.from_codes(codes, LEVELS))
    assert mutual_information(many, y, Event(), 0) < 0.01
