"""The parts of the ladder: linear rungs, boosted rungs, additive effects, the screen of pairs."""

from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import issparse
from scipy.stats import f_oneway, norm, rankdata
from toy_table import small_table

from pipelines.causes.encoding import Pooled
from pipelines.causes.interaction import ANY
from pipelines.causes.missingness import Marked, partly_missing
from pipelines.causes.plan import Features, Plan
from pipelines.causes.ranks import RankScaler, rank_advantage
from pipelines.causes.scale import Ranked
from pipelines.core.steady import KEPT
from pipelines.ladder import fitting, pairs
from pipelines.ladder.additive import Steps, additive
from pipelines.ladder.fitting import boosters, growths, inside, part_matrix
from pipelines.ladder.linear import fit_plan
from pipelines.ladder.pairs import screen, standing_out, strongest
from pipelines.models.encode import TreeSchema, tree_schema
from pipelines.models.linear import fit_linear
from pipelines.models.on_top import Boosted, GrowthRules, StartedRows, best_rounds, boost
from pipelines.targets import Event, Number, Target


def test_rank_scaler_gives_normal_scores_of_mid_ranks() -> None:
    """Equal values share the middle of their ranks; the oracle is scipy's average rank less a half."""
    values = np.random.default_rng(0).poisson(1.0, 200).astype(float)
    scaled = RankScaler().fit_transform(pd.DataFrame({"a": values}))[:, 0]
    assert scaled == pytest.approx(norm.ppf((rankdata(values) - 0.5) / 200))


def test_rank_scaler_interpolates_clips_and_knows_missing_values() -> None:
    """Between two fitted values it is linear, beyond them constant, and missing is the median, 0."""
    scaler = RankScaler().fit(pd.DataFrame({"a": [1.0, 3.0, np.nan]}))
    low, high = norm.ppf([0.25, 0.75])
    got = scaler.transform(pd.DataFrame({"a": [1.0, 2.0, 3.0, 99.0, -5.0, np.nan]}))[:, 0]
    assert got == pytest.approx([low, 0.0, high, high, low, 0.0])


def test_the_plan_without_changes_is_the_baseline() -> None:
    """The ladder starts from the very model that step 4 fits, whose predictions keep KEPT binary digits."""
    table = small_table()
    fit = table.fold > 0
    target = table.target
    ours = target.raw_predicted(fit_plan(Plan(), table.x[fit], table.y[fit], target), table.x)
    theirs = table.target.predicted(fit_linear(table.x[fit], table.y[fit], table.target), table.x)
    assert 1 / (1 + np.exp(-ours)) == pytest.approx(theirs, abs=2.0**-KEPT)


def test_pooling_is_ridge_with_a_heavier_penalty_on_levels() -> None:
    """Penalty 25 on one-hot columns: the oracle solves the normal equations."""
    rng = np.random.default_rng(1)
    level = rng.integers(0, 12, 300)
    x = pd.DataFrame({"city": pd.Categorical([f"c{i:02d}" for i in level])})
    y = rng.normal(size=300) + level / 6
    ours = Number().raw_predicted(fit_plan(Plan((Pooled(25.0),)), x, y, Number()), x)
    hot = np.eye(12)[level]
    hot_centred, centred = hot - hot.mean(0), y - y.mean()
    effect = np.linalg.solve(hot_centred.T @ hot_centred + 25 * np.eye(12), hot_centred.T @ centred)
    assert ours == pytest.approx(y.mean() + hot_centred @ effect)


@pytest.mark.parametrize("target", [Event(), Number()])
def test_wide_categories_stay_sparse(target: Target) -> None:
    """A plan that only ranks a number keeps 600 levels sparse, as the baseline does: 2,000,000 such rows are 10 GB."""
    rows = np.arange(1_800)
    x = pd.DataFrame({"city": pd.Categorical([f"c{i % 600:03d}" for i in rows]), "a": np.sin(rows)})
    fitted = fit_plan(Plan((Ranked(("a",)),)), x, (rows % 7 == 0).astype(float), target)
    assert issparse(fitted.named_steps["prepare"].transform(x))


def test_indicators_see_missing_numbers_and_categories() -> None:
    """When only the gaps carry signal, indicators find it and the baseline does not."""
    rng = np.random.default_rng(2)
    gap = rng.random(400) < 0.3
    x = pd.DataFrame({"a": np.where(gap, np.nan, rng.normal(size=400)), "b": rng.normal(size=400)})
    x["c"] = pd.Series("only", range(400)).mask(gap).astype("category")
    y = gap * 2.0
    assert partly_missing(Features(x, ["a", "b"], ["c"])) == ["a", "c"]
    plain, marked = (Number().raw_predicted(fit_plan(plan, x, y, Number()), x) for plan in (Plan(), Plan((Marked(),))))
    assert np.std(plain) < 0.2
    assert np.corrcoef(marked, y)[0, 1] > 0.99


def test_rank_advantage_is_for_heavy_tails_only() -> None:
    """Ranks of a log-normal column follow a target that is linear in its log; a uniform column needs none."""
    rng = np.random.default_rng(3)
    z, u = rng.normal(size=2000), rng.random(2000)
    advantage = rank_advantage(
        pd.DataFrame({"heavy": np.exp(2 * z), "even": u}), z + 3 * u + rng.normal(size=2000), Number()
    )
    assert advantage["heavy"] > 0.1
    assert advantage["even"] <= 0.0


def test_trees_learn_of_a_parts_rows_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every piece of the ladder asks for the schema of the same rows: it is that of a part's training rows."""
    table, learned = small_table(), list[int]()

    def counted(frame: pd.DataFrame) -> TreeSchema:
        learned.append(len(frame))
        return tree_schema(frame)

    monkeypatch.setattr(fitting, "tree_schema", counted)
    for part in ((0,), (0, 1), (0,), (0, 1)):
        schema, _ = part_matrix(table, part)
        assert schema == tree_schema(table.x[inside(table, part)])

    assert learned == [int(inside(table, part).sum()) for part in ((0,), (0, 1))]


def test_starts_are_rounded_and_kept_within_reason() -> None:
    """Log-odds to four decimals within 12; values to four digits of the target's spread."""
    start = Event().start(np.array([0.0, 1.0]), np.array([0.123449, 99.0, -99.0]))
    assert start == pytest.approx([0.1234, 12, -12])
    wide = Number().start(np.array([-1e5, 1e5]), np.array([123456.78]))
    assert wide == pytest.approx([123460.0], abs=10)


def test_row_losses_are_log_loss_and_squared_error() -> None:
    """By hand: -ln(1/2) at even odds; (1 - 3) squared."""
    losses = Event().raw_loss(np.array([1.0, 0.0]), np.array([0.0, np.log(3)]))
    assert losses == pytest.approx([np.log(2), np.log(4)])
    assert Number().raw_loss(np.array([1.0]), np.array([3.0])) == pytest.approx([4.0])


@pytest.mark.parametrize(
    ("losses", "rounds"),
    [
        ([[1.0, 0.9, 0.8, 0.85]], 2),
        ([[1.0, 1.1, 1.2]], 0),
        ([[1.0, 0.5, 0.9], [1.0, 0.9, 0.2, 0.3]], 2),  # sums 2.0, 1.4, 1.1, 1.2: the shorter one counts as 0.9
        ([], 0),
    ],
)
def test_rounds_are_chosen_together(losses: list[list[float]], rounds: int) -> None:
    """The number of rounds minimises the sum of the curves; 0 where no tree helps."""
    assert best_rounds([np.array(one) for one in losses]) == rounds


def test_thinning_keeps_rare_events_and_their_weight() -> None:
    """Of 10 events in 1,000 rows all stay, and the 90 others kept stand for 990."""
    y = np.zeros(1000)
    y[::100] = 1
    take, weight = Event().thin(y, 100)
    assert len(take) == 100
    assert y[take].sum() == 10
    assert weight is not None
    assert weight[y[take] == 0] == pytest.approx(11.0)
    assert Event().thin(y, 1000)[1] is None
    assert len(Number().thin(y, 100)[0]) == 100


def test_boosters_only_use_what_they_may() -> None:
    """With single features allowed, no tree uses two; with one pair, no other feature is used."""
    rng = np.random.default_rng(4)
    x = rng.normal(size=(800, 4))
    y = x[:, 0] * x[:, 1] + x[:, 2] ** 2
    rows = StartedRows(x, y, np.zeros(800))
    single = boost(rows, rows, GrowthRules(Number(), 6, 1, (), groups=((0,), (1,), (2,), (3,)), rounds=30))
    for tree in single.booster.dump_model()["tree_info"]:
        assert len(_used(tree["tree_structure"])) == 1
    pair = boost(rows, rows, GrowthRules(Number(), 6, 1, (), groups=((0, 1),), rounds=30))
    assert pair.columns == (0, 1)
    assert pair.losses[-1] < pair.losses[0]


def _used(node: dict[str, Any]) -> set[int]:
    if "split_feature" not in node:
        return set()
    return {node["split_feature"]} | _used(node["left_child"]) | _used(node["right_child"])


def test_additive_effects_add_up_to_the_booster() -> None:
    """Numbers, missing values and categories, seen and unseen: the step functions give LightGBM's own raw score."""
    rng = np.random.default_rng(5)
    x = rng.normal(size=(1500, 3))
    x[rng.random(1500) < 0.2, 0] = np.nan
    x[:, 2] = rng.integers(0, 9, 1500)
    y = np.where(np.isnan(x[:, 0]), 2.0, x[:, 0] ** 2) + (x[:, 2] % 3) + np.sin(3 * x[:, 1])
    rows = StartedRows(x, y, np.zeros(1500))
    grown = boost(rows, rows, GrowthRules(Number(), 6, 1, (2,), groups=((0,), (1,), (2,)), rounds=60))
    effects = additive(grown, 40)
    fresh = np.vstack([x, [[np.nan, 9.0, 50.0]], [[-9.0, -9.0, 3.0]]])
    assert effects.total(fresh) == pytest.approx(grown.added(fresh, 40), abs=1e-9)


def test_steps_hold_a_cut_with_the_values_below_it() -> None:
    """As in LightGBM, a value equal to a cut goes left."""
    steps = Steps(np.array([0.0, 1.0]), np.array([10.0, 20.0, 30.0]))
    assert steps.at(np.array([-5, 0.0, 0.5, 1.0, 7.0, np.nan])) == pytest.approx([10, 10, 20, 20, 30, 0])


def test_screen_names_the_planted_pair_and_nothing_in_noise() -> None:
    """A product among ten columns stands out far; 40 tables of noise give at most a few false pairs."""
    rng = np.random.default_rng(6)
    x = rng.normal(size=(2000, 10))
    gradient = 0.3 * x[:, 3] * x[:, 7] + rng.normal(size=2000)
    strength = screen(x, gradient, gradient, np.ones(2000), [])
    assert strongest(strength, 1) == [(3, 7)]
    assert standing_out(strength, 5) == [(3, 7)]
    y = np.zeros(500)
    false = sum(
        bool(standing_out(screen(rng.normal(size=(500, 6)), y, rng.normal(size=500), np.ones(500), []), 5))
        for _ in range(40)
    )
    assert false <= 6  # binomial(40, 0.05) exceeds 6 once in 400 times


def test_screen_deviates_are_standard_normal_in_noise() -> None:
    """Without interactions the strength of a pair is a standard normal deviate."""
    rng = np.random.default_rng(7)
    drawn = [
        screen(rng.normal(size=(600, 5)), np.zeros(600), rng.normal(size=600), np.ones(600), []) for _ in range(40)
    ]
    values = np.array([strength[np.triu_indices(5, 1)] for strength in drawn]).ravel()
    assert abs(values.mean()) < 0.15
    assert 0.85 < values.std() < 1.15


def test_screen_takes_categories_and_missing_values() -> None:
    """A category that flips a slope stands out, also through missing values."""
    rng = np.random.default_rng(8)
    x = rng.normal(size=(3000, 4))
    x[:, 1] = rng.integers(0, 3, 3000)
    x[rng.random(3000) < 0.2, 2] = np.nan
    gradient = np.where(x[:, 1] == 0, -1, 1) * x[:, 0] * 0.5 + rng.normal(size=3000)
    assert strongest(screen(x, gradient, gradient, np.ones(3000), [1]), 1) == [(0, 1)]


def test_of_many_columns_the_most_telling_are_screened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 30 columns, 4 are looked at: those that an analysis of variance by quartiles puts first; the pair is named."""
    monkeypatch.setattr(pairs, "MOST_COLUMNS", 4)
    rng = np.random.default_rng(10)
    x = rng.normal(size=(3000, 30))
    left = 0.3 * x[:, 4] * x[:, 21] + rng.normal(size=3000)
    y = left + 0.3 * x[:, 4] + 0.2 * x[:, 21]
    strength = screen(x, y, left, np.ones(3000), [])
    quartiles = [np.searchsorted(np.quantile(column, [0.25, 0.5, 0.75]), column) for column in x.T]
    variance = [f_oneway(*(y[place == part] for part in range(4))).statistic for place in quartiles]
    chosen = np.sort(np.argsort(variance)[-4:])
    finite = np.argwhere(np.isfinite(strength) & (strength != 0))
    assert np.array_equal(np.unique(finite), chosen)
    assert standing_out(strength, 3) == [(4, 21)]


def test_a_part_sees_only_its_own_levels() -> None:
    """A level that only the left-out fold holds has no code of its own."""
    schema, matrix = part_matrix(small_table(), (2,))
    assert "rare" not in schema.categories["town"]
    assert matrix.shape == (300, 5)


def test_boosted_reads_its_own_columns() -> None:
    """A booster that was given two of three columns finds them in the whole matrix."""
    x = np.random.default_rng(9).normal(size=(200, 3))
    data = lightgbm.Dataset(x[:, [0, 2]], x[:, 2])
    booster = lightgbm.train({"verbosity": -1, "num_threads": 1}, data, 5)
    one = Boosted(booster, np.zeros(6), 6, (0, 2))
    assert one.added(x, 5) == pytest.approx(booster.predict(x[:, [0, 2]], raw_score=True))


def test_trees_that_never_split_are_a_constant() -> None:
    """A feature that never varies gives boosters nothing to cut; their sum of effects has no effects."""
    x, y = np.ones((200, 1)), np.arange(200.0)
    booster = lightgbm.train({"objective": "regression", "verbosity": -1}, lightgbm.Dataset(x, y), 3)
    effects = additive(Boosted(booster, np.zeros(4), 200, (0,)), 3)
    assert effects.steps == {}
    assert effects.total(x) == pytest.approx(booster.predict(x, raw_score=True))


def test_the_last_boosters_are_read_where_nothing_grows_on_them() -> None:
    """On the rows left out and the test rows they add what they always do, elsewhere nothing."""
    table = small_table()
    parts = [(0,), (1, 2)]
    grown = boosters(table, parts, {part: np.zeros(len(table.y)) for part in parts}, ANY, 1)
    last, whole = (growths(table, parts, grown, 5, ANY, last=last) for last in (True, False))

    for part in parts:
        read = np.isin(table.fold, (*part, -1))
        assert np.array_equal(last[part].added[read], whole[part].added[read])
        assert whole[part].added[~read].any()
        assert not last[part].added[~read].any()
