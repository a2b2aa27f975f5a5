"""Tables without groups, and what the usual checks say of them: against SciPy, formulas by hand and known failures."""

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import silhouette_samples

from pipelines.groups.nulls import gaussian_copula, one_gaussian
from pipelines.groups.usual_checks import Checks, gap_statistic, prediction_strength, stability, usual_checks
from pipelines.groups.verdict import verdict


def table(rows: int = 4_000) -> np.ndarray:
    """Return a skewed column, counts and a normal one, that go together."""
    rng = np.random.default_rng(0)
    shared = rng.normal(size=rows)
    columns = [np.exp(shared), rng.poisson(np.exp(1 + 0.5 * shared)), rng.normal(size=rows) - shared]
    return np.column_stack(columns).astype(float)


def blobs(groups: int, rows: int = 600, distance: float = 8) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of groups in a row, and the group of each."""
    rng = np.random.default_rng(1)
    group = rng.integers(groups, size=rows)
    return rng.normal(size=(rows, 2)) + distance * group[:, None] * [1, 0.3], group


def test_a_copula_keeps_marginals_and_rank_correlations() -> None:
    """Every column holds the same values, and correlations of ranks differ by what chance does."""
    values = table()
    null = gaussian_copula(values, np.random.default_rng(0))

    assert np.array_equal(np.sort(null, axis=0), np.sort(values, axis=0))
    assert not np.array_equal(null, values)
    assert np.allclose(spearmanr(null).statistic, spearmanr(values).statistic, atol=4 / np.sqrt(len(values)))


def test_one_gaussian_keeps_means_and_covariances() -> None:
    """Within what chance does to 4,000 rows."""
    values = table()
    null = one_gaussian(values, np.random.default_rng(0))
    spread = values.std(axis=0)

    assert np.allclose(null.mean(axis=0) / spread, values.mean(axis=0) / spread, atol=0.1)
    assert np.allclose(np.corrcoef(null.T), np.corrcoef(values.T), atol=0.07)
    assert np.allclose(null.std(axis=0), spread, rtol=0.05)


def test_rank_correlations_that_no_gaussian_has_are_replaced() -> None:
    """Columns of which two are equal and one is their reverse, but for chance: still the same values."""
    x = np.random.default_rng(0).normal(size=300)
    values = np.column_stack([x, x, -x])

    null = gaussian_copula(values, np.random.default_rng(1))

    assert np.array_equal(np.sort(null, axis=0), np.sort(values, axis=0))
    assert spearmanr(null).statistic[0, 2] < -0.99


def test_groups_in_two_columns_are_none_in_the_nulls() -> None:
    """The same verdict: groups in the table, none in one Gaussian. A copula has the humps of the columns."""
    values, _ = blobs(2, 1_000, 5)
    turned = values @ np.array([[1, 1], [-1, 1]])
    rng = np.random.default_rng(0)

    assert verdict(turned, 0, 1).says == "groups"
    assert verdict(one_gaussian(turned, rng), 0, 1).says != "groups"


@pytest.fixture(scope="module")
def of_three() -> Checks:
    """Return the checks of three groups far from each other."""
    return usual_checks(blobs(3)[0], np.random.default_rng(0), most=5)


def test_checks_find_groups_that_anyone_sees(of_three: Checks) -> None:
    """Three groups eight standard deviations apart."""
    assert of_three.says() == {"silhouette": 3, "stability": 3, "prediction_strength": 3, "gap": 3}
    assert of_three.stability[1] > 0.95
    assert of_three.prediction_strength[1] > 0.9


def test_checks_find_groups_in_one_gaussian_too() -> None:
    """Which is why they do not decide: a long Gaussian, cut in two, is stable, strong and has a silhouette."""
    rng = np.random.default_rng(0)
    found = usual_checks(rng.normal(size=(2_000, 2)) * [6, 1], rng, most=4)

    assert found.silhouette[0] > 0.4
    assert found.says()["stability"] >= 2
    assert found.says()["prediction_strength"] >= 2


def test_rules_by_hand() -> None:
    """The stablest number; the largest that is strong; the first whose gap reaches the next one's less its error."""
    numbers = np.array([0.9, 0.7, 0.85])
    told = Checks(numbers, numbers, numbers / 2, np.array([0.5, 0.9, 0.91]), np.array([0.1, 0.1, 0.02]), (0.1, 0.1))

    assert told.says() == {"silhouette": 2, "stability": 2, "prediction_strength": 1, "gap": 3}


def test_the_silhouette_is_the_mean_of_rows(of_three: Checks) -> None:
    """Of the groups that are there, by scikit-learn's values of single rows."""
    z, group = blobs(3)

    assert of_three.silhouette[1] == pytest.approx(silhouette_samples(z, group).mean(), abs=0.02)


def test_prediction_strength_by_pairs() -> None:
    """Against counting every pair: one hump cut in two by halves that cut it elsewhere is below one."""
    z, _ = blobs(2)
    rng = np.random.default_rng(0)

    assert prediction_strength(z, 2, rng) == pytest.approx(1, abs=0.02)
    assert prediction_strength(z, 4, rng) < 0.9
    own, other = np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1])
    pairs = [(own[i] == own[j], other[i] == other[j], own[i]) for i, j in combinations(range(5), 2)]
    by_hand = [np.mean([there for here, there, of in pairs if here and of == one]) for one in (0, 1)]
    counts = np.array([[2, 1], [0, 2]])
    sizes = counts.sum(axis=1)
    assert np.allclose((counts * (counts - 1)).sum(axis=1) / (sizes * (sizes - 1)), by_hand)


def test_the_gap_of_one_group_is_the_sum_of_squares() -> None:
    """The log of the sum of squares around the mean; of uniform rows the gap is about zero."""
    rng = np.random.default_rng(0)
    z = rng.random((500, 2)) * [4, 1]

    gap, error = gap_statistic(z, 3, rng)

    assert gap.shape == error.shape == (3,)
    assert abs(gap[0]) < 0.2


def test_groups_of_bootstraps_are_alike_where_there_are_groups() -> None:
    """Two groups are found again; six in two are not."""
    z, group = blobs(2)
    rng = np.random.default_rng(0)

    assert stability(z, group, 2, rng) > 0.99
    assert stability(rng.normal(size=(500, 2)), rng.integers(6, size=500), 6, rng) < 0.1


def test_large_tables_are_checked_on_some_rows() -> None:
    """The same seed says the same, and 20,000 rows take no longer than ROWS of them."""
    z = np.random.default_rng(0).normal(size=(20_000, 2))
    one, other = (usual_checks(z, np.random.default_rng(5), most=3) for _ in range(2))

    assert np.array_equal(one.silhouette, other.silhouette)
    assert np.array_equal(one.gap, other.gap)
