"""Groups: densities against brute force and integrals, each way of grouping on planted groups, rows by themselves."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import logsumexp
from scipy.stats import kstest, multivariate_normal
from sklearn.metrics import adjusted_rand_score, r2_score
from sklearn.mixture import GaussianMixture

from pipelines.core.table import Table
from pipelines.models.families import FAMILIES, baseline_of, dummy_of, pilot_of
from pipelines.models.family import Loading
from pipelines.models.folds import fit_fold, fold_data
from pipelines.models.grouped.assign import Assignment
from pipelines.models.grouped.fitting import components, fit_way, whitening, with_outcome
from pipelines.models.grouped.gaussians import Gaussians, Spread, bic, parameters
from pipelines.models.grouped.grouped import ARRAYS, FILE, GroupedModel
from pipelines.models.grouped.learner import fit_groups
from pipelines.models.grouped.rowwise import even_numbers
from pipelines.models.grouped.way import MOST_GROUPS, Way, grouped_target
from pipelines.models.size import measure_size
from pipelines.targets import TARGETS, Density, Groups
from pipelines.targets.arrays import Floats, Integers

TASK = Groups.name
LOADING = Loading(TARGETS[TASK], FAMILIES.__getitem__)
WAYS = {
    "quantiles": Way("quantiles", 3, by="x2"),
    "raw": Way("k-means", 3),
    "bent": Way("k-means", 3, bent=True),
    "whitened": Way("k-means", 3, bent=True, whitened=True, spread="shared"),
    "components": Way("k-means", 3, bent=True, reduced=True, spread="shared"),
    "shared": Way("mixture", 3, bent=True, spread="shared"),
    "diagonal": Way("mixture", 3, bent=True, spread="diagonal"),
    "free": Way("mixture", None, bent=True, spread="free"),
    "dense": Way("dense regions", None, bent=True, spread="free"),
}


def _blobs(rows: int = 600, columns: int = 3, seed: int = 0) -> tuple[pd.DataFrame, Integers]:
    """Return three round groups, seven standard deviations apart along two columns, and which row is of which."""
    rng = np.random.default_rng(seed)
    truth = np.arange(rows) % 3
    centres = np.array([[0.0, 0.0], [7.0, 0.0], [3.5, 6.1]])
    values = rng.normal(size=(rows, columns))
    values[:, :2] += centres[truth]
    return pd.DataFrame(values, columns=[f"x{i}" for i in range(columns)]), truth


def _table(*, outcome: bool = True, rows: int = 600) -> Table:
    """Return the blobs, whose outcome is the group's number and noise."""
    x, truth = _blobs(rows)
    place = np.arange(rows)
    y = truth + np.random.default_rng(1).normal(size=rows) if outcome else np.zeros(rows)
    test = place % 5 == 4
    frame = pd.DataFrame(
        {
            "row_id": place, "split": np.where(test, "test", "train"),
            "fold": np.where(test, -1, place // 5 % 5).astype(np.int64), "y_true": y,
        }
    )  # fmt: skip
    return Table(pd.concat([frame, x], axis="columns"), replace(Groups.of(y), by="x0", count=3))


def _mixture(spread: Spread = "free", columns: int = 3) -> tuple[Gaussians, Floats]:
    rng = np.random.default_rng(3)
    values = rng.normal(size=(90, columns)) @ rng.normal(size=(columns, columns))
    return Gaussians.of_labels(values, np.arange(90) % 4, spread), values


def test_densities_are_those_of_the_mixture() -> None:
    """SciPy's normal distributions, added up, give the same; so do the shares of each."""
    found, values = _mixture()

    each = [
        np.log(weight) + multivariate_normal(mean, covariance).logpdf(values)
        for weight, mean, covariance in zip(found.weights, found.means, found.covariances, strict=True)
    ]

    assert found.joint(values) == pytest.approx(np.column_stack(each), abs=1e-10)
    assert found.log_density(values) == pytest.approx(logsumexp(each, axis=0), abs=1e-10)
    assert found.belonging(values).sum(axis=1) == pytest.approx(1.0)
    assert found.belonging(values) == pytest.approx(np.exp(each - logsumexp(each, axis=0)).T, abs=1e-10)


@pytest.mark.parametrize(
    ("spread", "kind"), [("shared", "tied"), ("diagonal", "diag"), ("free", "full")]
)  # fmt: skip
def test_the_criterion_is_scikit_learns(spread: Spread, kind: str) -> None:
    """Parameters and BIC of its mixture, written as ours, are its own."""
    _, values = _mixture()
    library = GaussianMixture(2, covariance_type=kind, random_state=0).fit(values)
    covariances: dict[str, Callable[[], Floats]] = {
        "tied": lambda: np.stack([library.covariances_] * 2), "full": lambda: library.covariances_,
        "diag": lambda: np.stack([np.diag(one) for one in library.covariances_]),
    }  # fmt: skip
    ours = Gaussians(library.weights_, library.means_, covariances[kind]())

    assert parameters(2, values.shape[1], spread) == library._n_parameters()
    assert bic(ours, values, spread) == pytest.approx(library.bic(values))


def test_one_spread_a_column_counts_as_one() -> None:
    """Two groups in three columns learn one share, six means and three variances."""
    assert parameters(2, 3, "columns") == 1 + 6 + 3


def test_labelled_rows_give_means_shares_and_pooled_covariances() -> None:
    """By pandas' groups, within which covariances are taken."""
    found, values = _mixture("shared")
    frame = pd.DataFrame(values)
    labels = np.arange(90) % 4
    within = frame - frame.groupby(labels).transform("mean")

    assert found.weights == pytest.approx(np.bincount(labels) / 90)
    assert found.means == pytest.approx(frame.groupby(labels).mean().to_numpy())
    assert found.covariances[2] == pytest.approx((within.T @ within / 90).to_numpy(), abs=2e-3)
    columns, _ = _mixture("columns")
    assert columns.covariances[0] == pytest.approx(np.diag(np.diag(found.covariances[0])))


@pytest.mark.parametrize("name", ["raw", "bent", "shared", "free"])
def test_a_density_of_one_column_adds_up_to_one(name: str) -> None:
    """Integrated over the column in units of its standard deviation, a skewed one whose small values repeat too."""
    rng = np.random.default_rng(0)
    values = np.concatenate([np.repeat([1.0, 2.0, 3.0], 40), np.round(rng.lognormal(2.0, 0.8, 480), 6)])
    x = pd.DataFrame({"x0": values})
    model = fit_way(replace(WAYS[name], whitened=False), x, 0)
    grid = np.linspace(-60.0, 400.0, 200_001)

    density = np.exp(model.predict(pd.DataFrame({"x0": grid})))

    assert np.trapezoid(density, grid / values.std()) == pytest.approx(1.0, abs=0.01)


def test_numbers_of_rows_look_drawn_and_depend_on_the_row_alone() -> None:
    """Each column's numbers are even (Kolmogorov and Smirnov), columns are not correlated, and equal rows are equal."""
    values = np.random.default_rng(0).integers(0, 1_000, (5_000, 3)).astype(float)

    numbers = even_numbers(values)

    assert all(kstest(column, "uniform").pvalue > 1e-3 for column in numbers.T)
    assert np.abs(np.corrcoef(numbers, rowvar=False) - np.eye(3)).max() < 0.06
    assert (even_numbers(values[[7, 9]]) == numbers[[7, 9]]).all()
    assert (even_numbers(np.array([[0.0], [-0.0]])) == even_numbers(np.array([[0.0], [0.0]]))).all()
    assert len(np.unique(numbers)) > 14_000


@pytest.mark.parametrize("name", WAYS)
def test_every_way_finds_groups_far_apart(name: str) -> None:
    """All but quantiles of a column of noise find three round groups; the largest is the first."""
    x, truth = _blobs()
    model = fit_way(WAYS[name], x, 0)
    labels = model.groups(x)

    alike = adjusted_rand_score(truth, labels)
    assert alike < 0.1 if name == "quantiles" else alike > 0.98
    assert (np.diff(model.gaussians.weights) <= 1e-9).all()
    assert model.notes["chosen"] == {"groups": 3}


@pytest.mark.parametrize("scored", [True, False])
@pytest.mark.parametrize("name", WAYS)
def test_a_model_read_back_predicts_the_same_bits_alone_and_in_company(name: str, scored: bool) -> None:
    """Files without pickle; each row by itself, a few, and all."""
    x, truth = _blobs(200)
    model = fit_way(WAYS[name], x, 0)
    model = with_outcome(model, x, truth.astype(np.float64) + 0.1) if scored else model

    back = GroupedModel.load(model.save(), LOADING)

    assert (back.predict(x) == model.predict(x)).all()
    assert (model.predict(x.iloc[50:60]) == model.predict(x)[50:60]).all()
    assert model.predict(x.iloc[[3]])[0] == model.predict(x)[3]
    assert model.save() == back.save()


def test_a_group_predicts_its_mean_outcome() -> None:
    """By pandas, on the rows fitted to; R2 is what that leaves."""
    x, truth = _blobs()
    y = truth * 2.0 + np.random.default_rng(5).normal(size=len(x))
    model = with_outcome(fit_way(WAYS["bent"], x, 0), x, y)

    mean = pd.Series(y).groupby(model.groups(x)).transform("mean")

    assert model.predict(x) == pytest.approx(mean.to_numpy())
    assert r2_score(y, model.predict(x)) > 0.7


def test_quantile_groups_are_those_of_pandas() -> None:
    """Five parts of distinct values; of values that repeat, as many as there are."""
    x, _ = _blobs()
    labels = fit_way(Way("quantiles", 5, by="x1"), x, 0).groups(x)
    cut = pd.qcut(x["x1"], 5, labels=False).to_numpy()
    repeated = pd.DataFrame({"x0": np.repeat([0.0, 1.0], [500, 100]), "x1": np.arange(600.0)})

    assert adjusted_rand_score(labels, cut) > 0.98  # an edge may be on either side of a row
    assert fit_way(Way("quantiles", 5, by="x0"), repeated, 0).gaussians.groups <= 2


def test_the_nearest_point_is_the_nearest() -> None:
    """By all distances, on more rows than are looked at together."""
    rng = np.random.default_rng(0)
    values, points, labels = rng.normal(size=(5_000, 4)), rng.normal(size=(9, 4)), rng.integers(0, 3, 9)
    unused, _ = _mixture()

    found = Assignment("nearest", points, labels).groups(values, unused, values)

    distance = np.linalg.norm(values[:, None] - points[None], axis=2)
    assert (found == labels[distance.argmin(axis=1)]).all()


@pytest.mark.parametrize("points", [9, 700])
def test_of_equally_near_points_the_first_is_taken(points: int) -> None:
    """Alone and in company, of whole numbers, where many rows have several; a tree looks where there are many."""
    rng = np.random.default_rng(0)
    values, near = (rng.integers(0, 6, (size, 3)).astype(np.float64) for size in (500, points))
    labels = np.arange(points)
    unused, rule = _mixture()[0], Assignment("nearest", near, labels)

    found = rule.groups(values, unused, values)

    distance = np.square(values[:, None] - near[None]).sum(axis=2)
    assert ((distance == distance.min(axis=1, keepdims=True)).sum(axis=1) > 1).mean() > 0.1
    assert (found == distance.argmin(axis=1)).all()
    assert (found == np.concatenate([rule.groups(row, unused, row) for row in values[:, None]])).all()


def test_whitened_values_have_variance_one_and_no_correlation() -> None:
    """And principal components hold the share of the variance that is asked for, with as few as can be."""
    _, values = _mixture(columns=5)

    white = (values - values.mean(axis=0)) @ whitening(values)
    kept = components(values, 0.9)

    assert np.cov(white, rowvar=False) == pytest.approx(np.eye(5), abs=1e-8)
    whole = np.cov(values, rowvar=False).trace()
    held, with_one_fewer = (np.cov(values @ some, rowvar=False).trace() / whole for some in (kept, kept[:, :-1]))
    assert held >= 0.9 > with_one_fewer


def test_the_number_by_criterion_is_the_planted_one_and_one_for_one_hump() -> None:
    """Mixtures and k-means with a covariance: three groups are three, one Gaussian is one."""
    x, _ = _blobs()
    one = pd.DataFrame(np.random.default_rng(0).normal(size=(600, 3)), columns=x.columns)

    for way in (Way("mixture", None, spread="shared"), Way("mixture", None, spread="diagonal")):
        assert fit_way(way, x, 0).gaussians.groups == 3
        assert fit_way(way, one, 0).gaussians.groups == 1
    assert MOST_GROUPS == 8


def test_damaged_files_are_refused() -> None:
    """A label of no group, and columns that are not there."""
    x, _ = _blobs(200)
    files = fit_way(WAYS["bent"], x, 0).save()

    for old, new in ((b'"nearest"', b'"nowhere"'), (b'"x2"', b'"x2", "x3"')):
        with pytest.raises(ValueError, match="do not fit together"):
            GroupedModel.load({**files, FILE: files[FILE].replace(old, new)}, LOADING)
    narrow = fit_way(WAYS["whitened"], x[["x0", "x1"]], 0).save()
    with pytest.raises(ValueError, match="do not fit together"):
        GroupedModel.load({FILE: narrow[FILE], ARRAYS: files[ARRAYS]}, LOADING)


@pytest.mark.parametrize("outcome", [True, False])
def test_every_learner_of_such_rows_fits_and_is_read_back(outcome: bool) -> None:
    """Candidates, classics, baseline, dummy and the pilot's: held-out rows are predicted to the same bits."""
    table = _table(outcome=outcome, rows=400)
    size = measure_size(table.y[table.trained], 3, table.target, "standard")
    variants = [one for family in FAMILIES.values() for one in family.variants if one.rows == "grouped"]
    made = [one.learner(size, None) for one in variants if one.learner is not None]
    learners = [one for one in made if one is not None] + [baseline_of(table), dummy_of(table.target), *pilot_of(table)]

    for learner in learners:
        model = fit_fold(learner, table, 0, 7).model
        back = FAMILIES[model.family].load(model.save(), LOADING)
        assert (back.predict(table.x) == model.predict(table.x)).all(), learner.name
    names = {one.name for one in learners}
    assert ({"numbers_straight", "numbers_boosted"} <= names) == outcome
    assert ({"one_gaussian", "columns_apart"} <= names) != outcome


def test_held_out_rows_and_outcomes_play_no_part_in_the_groups() -> None:
    """Other outcomes, and other values of the held-out rows, leave the fold's groups as they are."""
    table = _table()
    way, target = WAYS["bent"], grouped_target(table.target)
    changed = table.frame.assign(y_true=table.y[::-1])
    changed.loc[table.fold == 0, "x0"] = 1e6

    first = fit_groups(target, way, fold_data(table, 0, 1))
    second = fit_groups(target, way, fold_data(Table(changed, table.target), 0, 2))

    assert (first.gaussians.means == second.gaussians.means).all()
    assert first.means is not None
    assert second.means is not None
    assert (first.means != second.means).any()


def test_equal_ways_are_fitted_once_a_table() -> None:
    """The second fit of a way on the same rows is the first one's, without or with an outcome."""
    table = _table()
    data = fold_data(table, 1, 1)

    first = fit_groups(Density(), WAYS["free"], data)

    assert fit_groups(Density(), WAYS["free"], data) is first
    assert fit_groups(grouped_target(table.target), WAYS["free"], data).gaussians is first.gaussians
