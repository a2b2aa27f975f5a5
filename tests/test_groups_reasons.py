"""Step 7 of groups: causes on planted tables, densities in nats, profiles, columns, and tables without groups."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, spearmanr
from statsmodels.stats.proportion import proportion_confint

from pipelines.causes import ROUTES, causes_in
from pipelines.causes.groups import OF_GROUPS
from pipelines.causes.groups.regrouped import way_of
from pipelines.causes.plan import Plan
from pipelines.comparison.grouped import groups_compared
from pipelines.core.submit import run_now
from pipelines.core.table import Table
from pipelines.experiments.groups.controls import climbed, without_causes
from pipelines.experiments.groups.density import density_rungs, rung_ways
from pipelines.experiments.groups.making import assigned, at_random, columns_explained, explained
from pipelines.experiments.groups.profiles import (
    column_range,
    levels,
    mean_of,
    median_interval,
    profiles,
    share_interval,
)
from pipelines.experiments.groups.verdicts import null_tables, said_groups, some
from pipelines.ladder.ladder import Ladder, ladder, training_rows
from pipelines.ladder.linear import fit_rows
from pipelines.ladder.study import Study
from pipelines.metrics import METRICS, metrics_for
from pipelines.models.folds import fit_fold
from pipelines.models.grouped.learner import GroupedLearner
from pipelines.models.grouped.way import Way
from pipelines.models.grouped.whole import whole_model
from pipelines.targets import Groups, target_of
from pipelines.targets.arrays import Floats

TASK, ROWS = Groups.name, 700
COLUMNS, SCALING, CORRELATION, NUMBER, METHOD = (cause.name for cause in OF_GROUPS)


def _table(x: pd.DataFrame, y: Floats | None = None, by: str | None = None, count: int = 3) -> Table:
    """Return a table of columns, of which a fifth are test rows and the others are in five folds."""
    rows, place = len(x), np.arange(len(x))
    test = place % 5 == 4
    frame = pd.DataFrame(
        {
            "row_id": place, "split": np.where(test, "test", "train"),
            "fold": np.where(test, -1, place // 5 % 5).astype(np.int64), "y_true": np.zeros(rows) if y is None else y,
        }
    )  # fmt: skip
    target = replace(Groups.of(frame["y_true"].to_numpy()), by=by, count=count)
    return Table(pd.concat([frame, x], axis="columns"), target)


def _climb(table: Table) -> Ladder:
    baseline = np.zeros(len(table.y))
    for fold in range(5):
        raw = fit_rows(Plan(), table, table.fits(fold)).raw
        baseline[table.fold == fold] = raw[table.fold == fold]
        baseline[table.tested] += raw[table.tested] / 5
    return ladder(Study(table, metrics_for(table.target.name)[0], 0.01, 7, run_now), baseline)


def _kept(found: Ladder) -> set[str]:
    return {one.rung for one in found.decisions if one.kept}


def _apart(rows: int = ROWS, seed: int = 0) -> tuple[Floats, Floats]:
    """Return three round groups in two columns, and which row is of which."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, rows)
    return rng.normal(size=(rows, 2)) + 6.0 * np.array([[0, 0], [1, 0], [0.5, 0.9]])[truth], truth.astype(float)


def _frame(values: Floats) -> pd.DataFrame:
    return pd.DataFrame(values, columns=[f"x{i}" for i in range(values.shape[1])])


def test_causes_of_groups_have_names_of_their_own() -> None:
    """No other route has one of them but the last, so that a page finds the words of each."""
    others = {cause.name for name, causes in ROUTES.items() if name != "grouped" for cause in causes}

    assert not {cause.name for cause in OF_GROUPS} & others
    assert causes_in([cause.name for cause in OF_GROUPS]) == ROUTES["grouped"]


def test_a_plan_changes_the_baselines_way() -> None:
    """Each cause's changes on top of quantiles, or of k-means on raw values."""
    quantiles, raw = (_table(_frame(_apart()[0]), by=by) for by in ("x0", None))
    by_name = {cause.name: cause for cause in OF_GROUPS}

    (_, bent) = by_name[COLUMNS].tries(None, Plan())  # type: ignore[arg-type]
    assert way_of(Plan(), quantiles.target) == Way("quantiles", 3, by="x0")
    assert way_of(bent, quantiles.target) == Way("k-means", 3, bent=True)
    (scaled,) = by_name[SCALING].tries(None, Plan())  # type: ignore[arg-type]
    (counted,) = by_name[NUMBER].tries(None, scaled)  # type: ignore[arg-type]
    rows = training_rows(raw)
    for plan, is_bent in ((Plan(), False), (scaled, True)):
        white, shared = (way_of(one, raw.target) for one in by_name[CORRELATION].tries(rows, plan))
        assert (white.whitened, white.method, white.bent) == (True, "k-means", is_bent)
        assert (shared.spread, shared.method, shared.bent) == ("shared", "mixture", is_bent)
    assert {way_of(one, raw.target).spread for one in by_name[METHOD].tries(rows, scaled)} == {"diagonal", "free"}
    (whitened, _) = by_name[CORRELATION].tries(training_rows(quantiles), Plan())
    assert way_of(whitened, quantiles.target) == Way("k-means", 3, bent=True, whitened=True, spread="shared")
    assert way_of(counted, raw.target) == Way("k-means", None, bent=True)
    with pytest.raises(TypeError, match="form no groups"):
        way_of(Plan(), target_of("regression", np.arange(3.0)))


def test_skewed_groups_need_a_scale_and_nothing_else() -> None:
    """Three round groups behind an exponential: the values without skewness are what matters, and quantiles do not."""
    values, truth = _apart()
    table = _table(_frame(np.exp(values)), truth + 0.3 * np.random.default_rng(1).normal(size=ROWS))

    found = _climb(table)

    assert SCALING in _kept(found)
    assert not {CORRELATION, METHOD} & _kept(found)
    assert found.applicable[COLUMNS] is not None


def test_quantiles_of_a_column_of_noise_need_the_other_columns() -> None:
    """And scaling cannot be tried on them, which the ladder says."""
    values, truth = _apart()
    x = _frame(values).assign(noise=np.random.default_rng(2).normal(size=ROWS))
    table = _table(x, truth + 0.3 * np.random.default_rng(1).normal(size=ROWS), by="noise")

    found = _climb(table)

    assert COLUMNS in _kept(found)
    assert found.applicable[SCALING] is not None
    assert found.applicable[COLUMNS] is None


def test_long_groups_side_by_side_need_correlation() -> None:
    """Densities of two long groups: one covariance is what lacks, once the number is right."""
    rng = np.random.default_rng(0)
    along = rng.normal(size=ROWS) * 6
    side = np.where(rng.random(ROWS) < 0.5, 2.5, -2.5) + rng.normal(size=ROWS) * 0.5
    table = _table(_frame(np.column_stack([along + side, along - side])), count=2)

    found = _climb(table)

    assert CORRELATION in _kept(found)
    assert METHOD not in _kept(found)


def test_a_density_in_nats_is_right_for_one_gaussian() -> None:
    """Of two columns with a correlation of .8: the entropy in units of standard deviations, and what it loses apart."""
    rng = np.random.default_rng(0)
    values = rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 4_000)
    (metric,) = metrics_for("density")

    rungs, one, alone = density_rungs(_table(_frame(values)), metric, 7, run_now)

    joint = -(1 + np.log(2 * np.pi)) - np.log(1 - 0.8**2) / 2
    assert one == pytest.approx(joint, abs=0.04)
    assert one - alone == pytest.approx(-np.log(1 - 0.8**2) / 2, abs=0.03)
    assert [rung["rung"] for rung in rungs] == list(rung_ways(3))
    assert rungs[0]["gain"] is None
    assert rungs[2]["density"] - rungs[1]["density"] == pytest.approx(rungs[2]["gain"]["value"], abs=1e-3)  # type: ignore[index]
    assert max(rung["density"] for rung in rungs) < one + 0.01


def test_nothing_is_found_where_there_is_nothing() -> None:
    """On a shuffled outcome no cause matters, and on one Gaussian neither number nor method."""
    values, truth = _apart()
    scored = _table(_frame(values), truth)

    for table in (scored, _table(_frame(values))):
        empty = without_causes(table, 7)
        assert not climbed(empty, metrics_for(table.target.name)[0], 0.01, 7)["effect"]
    shuffled = without_causes(scored, 7)
    assert sorted(shuffled.y[scored.tested]) == sorted(scored.y[scored.tested])
    assert (shuffled.y != scored.y).any()


def test_tables_without_groups_keep_what_they_should() -> None:
    """The copula has each column's values and the rank correlations; shuffled columns have only the values."""
    values, _ = _apart(2_000)
    values[:, 1] += values[:, 0]

    found = null_tables(_table(_frame(values)), 7)

    copula, shuffled = found["same marginals and rank correlation"], found["columns shuffled"]
    for made in (copula, shuffled):
        assert (np.sort(made, axis=0) == np.sort(values, axis=0)).all()
    assert spearmanr(copula)[0] == pytest.approx(spearmanr(values)[0], abs=0.04)
    assert abs(spearmanr(shuffled)[0]) < 0.06
    assert len(some(values, 100, 7)) == 100
    said = [{"name": "one Gaussian", "says": "a gradient", "number": 0}]
    assert not said_groups(said, "one Gaussian")  # type: ignore[arg-type]
    assert said_groups([{**said[0], "says": "groups"}], "one Gaussian")  # type: ignore[typeddict-item]


def test_a_share_told_is_one_minus_the_variance_within() -> None:
    """By pandas; groups that are the values' signs tell 2/pi of a normal variable."""
    values = np.random.default_rng(0).normal(size=20_000)
    labels = (values > 0).astype(np.int64)
    within = (pd.Series(values) - pd.Series(values).groupby(labels).transform("mean")) ** 2

    assert explained(values, labels) == pytest.approx(1 - within.sum() / np.square(values - values.mean()).sum())
    assert explained(values, labels) == pytest.approx(2 / np.pi, abs=0.01)
    assert explained(np.ones(3), np.zeros(3, np.int64)) == 0.0


def test_medians_are_covered_and_shares_have_wilsons_interval() -> None:
    """In 400 samples of 41 the median's interval holds the truth about 95 times of 100."""
    rng = np.random.default_rng(0)
    inside = [low <= 0 <= high for low, high in (median_interval(rng.standard_normal(41)) for _ in range(400))]
    first = int(binom.ppf(0.025, 41, 0.5))

    assert 0.93 < np.mean(inside) < 0.99
    assert median_interval(np.arange(41.0)) == [first - 1, 41 - first]
    assert share_interval(7, 50) == pytest.approx(proportion_confint(7, 50, method="wilson"), abs=1e-4)
    assert mean_of(np.arange(10.0))["value"] == 4.5


def test_a_range_is_that_of_the_groups_rows() -> None:
    """Quartiles and median by NumPy, and what share of all rows lies below the median."""
    values = np.random.default_rng(0).permutation(101).astype(float)

    found = column_range("x", values, values >= 51)

    assert (found["median"], found["low"], found["high"]) == (75.5, 63.25, 87.75)
    assert found["place"] == pytest.approx(76 / 101)


def test_levels_are_compared_with_all_rows() -> None:
    """Of a category the commonest levels in the group; of numbers none."""
    column, own = pd.Series(["a", "a", "b", "c", "b"], dtype="category"), np.array([True, True, True, False, False])

    found = levels("town", column, own)

    assert [(one["level"], one["share"], one["of_all"]) for one in found] == [("a", 2 / 3, 0.4), ("b", 1 / 3, 0.4)]
    assert levels("size", pd.Series(np.arange(5.0)), own) == []


def test_groups_are_described_and_a_column_of_noise_makes_none() -> None:
    """Profiles cover all training rows; noise is told least, and leaving it out changes no group."""
    values, truth = _apart()
    x = _frame(values).assign(noise=np.random.default_rng(3).normal(size=ROWS))
    table = _table(x, truth)
    way = Way("k-means", 3)
    model = whole_model(table, way)

    columns = columns_explained(table, way, model, METRICS["r2"], 7)
    found = profiles(table, model.groups(table.x[table.trained]), 3, scored=True)

    assert columns[-1]["column"] == "noise"
    assert columns[-1]["alike"] > 0.95 > columns[0]["alike"]
    assert columns[-1]["loss"]["value"] < 0.02 < columns[0]["loss"]["value"]  # type: ignore[index]
    assert sum(one["rows"] for one in found) == table.trained.sum()
    assert sum(one["share"] for one in found) == pytest.approx(1.0)
    assert {round(one["outcome"]["value"]) for one in found} == {0, 1, 2}  # type: ignore[index]


def test_rows_far_apart_are_assigned_surely_and_random_groups_say_nothing() -> None:
    """Each fold's model gives the test rows the same groups."""
    values, truth = _apart()
    table = _table(_frame(values), truth)
    way = Way("k-means", 3)
    learner = GroupedLearner(table.target, way)  # type: ignore[arg-type]
    folds = tuple(fit_fold(learner, table, fold, 7).model for fold in range(5))

    found = assigned(table, whole_model(table, way), folds)  # type: ignore[arg-type]

    assert found["sure"] > 0.97
    assert found["unsure_share"] < 0.02
    assert found["steady"] > 0.98
    assert abs(at_random(table, 3, METRICS["r2"], 7) or 1.0) < 0.05
    assert at_random(_table(_frame(values)), 3, METRICS["r2"], 7) is None


def test_groups_are_held_against_numbers_on_rows_that_both_predict() -> None:
    """A model with less error says more; one that differs by less than the margin says neither."""
    values, truth = _apart()
    table = _table(_frame(values), truth)
    rng = np.random.default_rng(0)
    noise = rng.normal(size=ROWS)
    known = {
        "strong": truth + noise, "numbers_straight": truth + 0.5 * noise,
        "numbers_and_groups_straight": truth + 0.5001 * noise, "numbers_boosted": np.full(ROWS, np.nan),
    }  # fmt: skip
    known["numbers_boosted"][table.fold <= 0] = truth[table.fold <= 0]

    found = groups_compared(table, known, METRICS["r2"], 0.01, 7)["pairs"]

    assert [(one["other"], one["says"]) for one in found] == [
        ("numbers_straight", "more"), ("numbers_boosted", "more"), ("numbers_and_groups_straight", "neither"),
    ]  # fmt: skip
    assert found[1]["rows"] == (table.fold == 0).sum()
    gain = METRICS["r2"].score(truth[table.scored], known["numbers_straight"][table.scored])
    assert found[0]["other_score"] == pytest.approx(gain)
