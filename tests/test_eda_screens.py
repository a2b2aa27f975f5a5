"""Tests of the quick fits: designs, one change at a time, pairs, and rows drawn for them."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri
from small_exploration import truth_of
from toy_table import small_project

from pipelines.causes import MISSINGNESS, SCALE, SHAPE
from pipelines.causes.cause import Cause
from pipelines.causes.design import Design, Half
from pipelines.causes.plan import Features
from pipelines.causes.ranks import normal_scores
from pipelines.exploration.pairs import bin_codes, screen_pairs
from pipelines.exploration.sampling import rows_within
from pipelines.exploration.screens import MATERIAL, judge, smallest_material
from pipelines.targets import Event, Number

RNG = np.random.default_rng(0)
X = pd.DataFrame(RNG.standard_normal((2000, 3)), columns=list("abc"))
COIN = RNG.random(2000)


def draw(margin: np.ndarray) -> np.ndarray:
    """Return a binary target with these log-odds."""
    return (1 / (1 + np.exp(-margin)) > COIN).astype(float)


def design(cause: Cause) -> Design:
    """Return the quick fit's design with one cause's change."""
    assert cause.quick is not None
    return cause.quick.change(Design())


def test_normal_scores_by_hand() -> None:
    """Three values: mid-ranks of a sixth, a half, five sixths moved inward by one added row; ties share."""
    assert normal_scores(np.array([5.0, 1.0, 9.0]), np.array([1.0, 5.0, 9.0])) == pytest.approx(
        ndtri([0.25, 0.5, 0.75])
    )
    assert normal_scores(np.array([1.0, 1.0]), np.array([1.0])) == pytest.approx([0.0])


def test_a_design_learns_from_the_fitting_rows_only() -> None:
    """Medians, spreads, ranks and levels of the fitting rows serve the others, whatever these hold."""
    fit = pd.DataFrame({"n": [1.0, 2.0, 3.0, np.nan], "k": pd.Categorical(["u", "v", "v", None])})
    other = pd.DataFrame({"n": [np.nan, 1e9], "k": pd.Categorical(["new", None], categories=["new", "u", "v"])})
    other["k"] = other["k"].cat.set_categories(["u", "v", "new"])
    a, b = design(MISSINGNESS).matrices(Half(Features(fit, ["n"], ["k"]), np.zeros(4), other))
    spread = np.sqrt(0.5)
    assert a[:, 0] == pytest.approx(np.array([-1, 0, 1, 0]) / spread)
    assert b[0] == pytest.approx([0, 1, 0, 0, 0])  # the median; missing; no level; not a missing category
    assert b[1] == pytest.approx([(1e9 - 2) / spread, 0, 1, 0, 1])  # a missing category is the commonest, and marked


def test_ranks_tame_what_raw_values_do_not() -> None:
    """A row a million times larger than the rest is 3 and not a million standard deviations away."""
    values = np.append(X["a"].to_numpy(), 1e6)
    frame = pd.DataFrame({"a": values})
    half = Half(Features(frame, ["a"], []), np.zeros(2001), frame)
    raw, _ = Design().matrices(half)
    ranks, _ = design(SCALE).matrices(half)
    assert np.abs(raw).max() > 40
    assert np.abs(ranks).max() < 4


def test_bends_of_a_rare_event_stand_where_it_is() -> None:
    """Events in the top hundredth only: at least three of the seven knots lie above the median's upper neighbours."""
    y = (X["a"] > X["a"].quantile(0.99)).to_numpy().astype(float)
    a, _ = design(SHAPE).matrices(Half(Features(X[["a"]], ["a"], []), y, X[["a"]]))
    touched = (a[:, 2:] > a[:, 2:].min(axis=0) + 1e-9).sum(axis=0)
    assert (touched < 100).sum() >= 3


def test_a_gain_must_be_sure_large_and_better_than_nothing() -> None:
    """The true margin over noise is kept; getting from worse than a constant to a constant is not."""
    y, truth = draw(X["a"].to_numpy()), truth_of(draw(X["a"].to_numpy()))
    assert judge(truth, np.zeros(2000), X["a"].to_numpy(), 0.005)["kept"]
    assert not judge(truth, np.zeros(2000), X["a"].to_numpy(), 0.4)["kept"]
    worse = judge(truth, -X["a"].to_numpy(), np.zeros(2000), 0.005)
    assert worse["before"] == 0.5
    assert worse["gain"] == 0.0
    assert worse["kept"] is False
    assert y.sum() > 500


def test_the_margin_translates_where_it_can() -> None:
    """AUC: the margin itself. RMSE of 1 less .1, of a variance of 4: (1 - .81) / 4. Others: the constant."""
    auc = truth_of(draw(X["a"].to_numpy()))
    assert smallest_material(small_project("binary"), auc, auc.score(np.zeros(2000))) == 0.01
    assert smallest_material(small_project("binary", "log_loss"), auc, auc.score(np.zeros(2000))) == MATERIAL
    y = np.tile([-2.0, 2.0], 50)
    squares = truth_of(y, "r2")
    half_way = squares.score(y / 2)  # every error is 1
    assert smallest_material(small_project("regression"), squares, half_way) == pytest.approx((1 - 0.99**2) / 4)


@pytest.mark.parametrize("kind", ["product", "exclusive or", "gate"])
def test_a_pair_is_found_again_and_named_first(kind: str) -> None:
    """Neither of the two says anything alone; the third column takes no part."""
    a, b = X["a"].to_numpy(), X["b"].to_numpy()
    margin = {"product": 1.5 * a * b, "exclusive or": 1.2 * np.sign(a * b), "gate": 1.5 * a * np.sign(b)}[kind]
    frame = X.assign(b=pd.Categorical(np.where(b > 0, "on", "off"))) if kind == "gate" else X
    found = screen_pairs(frame, truth_of(draw(margin)), np.zeros(2000), 0.005)
    assert (found["kept"], found["tried"]) == (True, 3)
    assert set(found["pairs"][0]["features"]) == {"a", "b"}
    assert [pair["seen"] for pair in found["pairs"]] == [True, False, False]


@pytest.mark.parametrize("seed", range(5))
def test_additive_data_has_no_pairs(seed: int) -> None:
    """What two columns add up to, even bent and badly fitted by the predictor, is no interaction."""
    x = np.random.default_rng(seed).standard_normal((2000, 3))
    y = draw(x[:, 0] + np.abs(x[:, 1]))
    found = screen_pairs(pd.DataFrame(x, columns=list("abc")), truth_of(y), 0.8 * x[:, 0], 0.005)
    assert not found["kept"]
    assert found["gain"] is not None
    assert found["gain"] < 0.01


def test_too_few_rows_or_columns_for_pairs() -> None:
    """One column, or a hundred rows: not applicable, and said so."""
    y = draw(X["a"].to_numpy())
    for frame, rows in ((X[["a"]], 2000), (X, 100)):
        found = screen_pairs(frame[:rows], truth_of(y[:rows]), np.zeros(rows), 0.005)
        assert found["applicable"] is False
        assert found["pairs"] == []
        assert found["gain"] is None


def test_bins_of_pairs() -> None:
    """Quarters of a number, missing last; where most rows share the least value it still has a bin of its own."""
    assert bin_codes(pd.Series([1.0, 2, 3, 4, 5, 6, 7, 8, np.nan])).tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4]
    assert len(np.unique(bin_codes(pd.Series([0.0] * 80 + [1.0, 2.0] * 10)))) == 2
    assert bin_codes(pd.Series(pd.Categorical(["a", "b", "b", None]))).tolist() == [1, 0, 0, 6]


def test_rare_events_are_all_kept_and_weighed() -> None:
    """Of 30 events among 3,000 rows, a hundred rows keep all 30; weights add up to the rows they stand for."""
    y = (np.arange(3000) % 100 == 0).astype(float)
    rows = Event().sample(y, 100, 3)
    assert (len(rows), y[rows].sum()) == (100, 30)
    weight = Event().weights(y, rows)
    assert weight is not None
    assert (weight.sum(), weight[y[rows] > 0].sum()) == (pytest.approx(3000), 30)
    assert np.array_equal(rows, Event().sample(y, 100, 3))
    assert len(np.unique(Number().sample(y, 100, 3))) == 100
    assert Event().sample(y[:50], 100, 3).tolist() == list(range(50))


def test_wide_tables_get_fewer_rows_a_column() -> None:
    """A million cells: the cap for ten columns, their share for two thousand, never under a thousand."""
    assert [rows_within(1_000_000, columns, 30_000) for columns in (10, 100, 5_000)] == [30_000, 10_000, 1_000]
