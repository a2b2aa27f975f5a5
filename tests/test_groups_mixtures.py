"""Mixtures of Gaussians, against SciPy's densities, scikit-learn's BIC and what was planted."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

from pipelines.groups import moments
from pipelines.groups.mixtures import (
    KINDS,
    LEAST_VARIANCE,
    TOLERANCE,
    Kind,
    Mixture,
    _fit,
    best_mixture,
    fit_mixture,
    k_means,
    log_density_of_columns,
    mixtures,
    whitened,
)
from pipelines.groups.scales import ENOUGH, choose_scaling

MIXTURE = Mixture(
    np.array([0.3, 0.7]), np.array([[0.0, 1], [3, -1]]),
    np.array([[[1, 0.5], [0.5, 2]], [[0.7, 0], [0, 0.3]]]), "free", 0.0,
)  # fmt: skip


def blobs(rows: int = 600, distance: float = 5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of three round groups in two columns, and the group of each."""
    rng = np.random.default_rng(seed)
    group = rng.integers(3, size=rows)
    centres = distance * np.array([[0, 0], [1, 0], [0.5, 0.9]])
    return rng.normal(size=(rows, 2)) + centres[group], group


def test_the_log_density_is_that_of_scipy() -> None:
    """The weighted sum of SciPy's normal densities."""
    z = np.random.default_rng(0).normal(size=(50, 2)) * 3
    parts = zip(MIXTURE.weights, MIXTURE.means, MIXTURE.covariances, strict=True)
    by_hand = sum(weight * multivariate_normal(mean, covariance).pdf(z) for weight, mean, covariance in parts)

    assert np.allclose(MIXTURE.log_density(z), np.log(by_hand))


def test_the_density_integrates_to_one() -> None:
    """On a fine grid."""
    side = np.linspace(-9, 11, 401)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)

    assert np.exp(MIXTURE.log_density(grid)).sum() * (side[1] - side[0]) ** 2 == pytest.approx(1, abs=1e-6)


def test_far_rows_have_a_density_too() -> None:
    """Logarithms do not fail where densities are zero in floating point; shares still sum to 1."""
    far = np.array([[1e3, -1e3]])

    assert np.isfinite(MIXTURE.log_density(far)).all()
    assert MIXTURE.shares(far).sum() == pytest.approx(1)


@pytest.mark.parametrize("kind", ["free", "shared", "diagonal"])
def test_bic_is_scikit_learn_s_formula(kind: Kind) -> None:
    """-2 log likelihood + parameters * log rows, with parameters counted by hand."""
    z, _ = blobs()
    mixture = fit_mixture(z, 3, np.random.default_rng(0), kind)
    of_covariances = {"free": 3 * 3, "shared": 3, "diagonal": 3 * 2}[kind]
    parameters = of_covariances + 3 * 2 + 2

    assert mixture.bic == pytest.approx(-2 * mixture.log_density(z).sum() + parameters * np.log(len(z)))


@pytest.mark.parametrize(("kind", "name"), [("free", "full"), ("shared", "tied"), ("diagonal", "diag")])
def test_the_likelihood_is_no_worse_than_scikit_learn_s(kind: Kind, name: str) -> None:
    """From its own starts, ten of them."""
    z, _ = blobs()
    theirs = GaussianMixture(
        3, covariance_type=name, n_init=10, tol=1e-5, reg_covar=LEAST_VARIANCE, random_state=0
    ).fit(z)

    assert fit_mixture(z, 3, np.random.default_rng(0), kind).bic <= theirs.bic(z) + 1


def test_the_number_of_components_is_found() -> None:
    """Three round groups five standard deviations apart; one Gaussian is one."""
    z, group = blobs()
    mixture = best_mixture(z, np.random.default_rng(0))

    assert mixture.size == 3
    assert adjusted_rand_score(group, mixture.shares(z).argmax(axis=1)) > 0.95
    assert best_mixture(np.random.default_rng(1).normal(size=(600, 3)), np.random.default_rng(0)).size == 1


def test_long_groups_side_by_side_need_whitened_values() -> None:
    """k-means on the values cuts both in the middle; on whitened values it finds them."""
    rng = np.random.default_rng(0)
    group = rng.integers(2, size=800)
    z = rng.normal(size=(800, 2)) * [6, 1] + group[:, None] * [0, 5]

    assert adjusted_rand_score(group, k_means(z, 2, 0)) < 0.1
    assert adjusted_rand_score(group, k_means(whitened(z), 2, 0)) > 0.9
    assert adjusted_rand_score(group, fit_mixture(z, 2, np.random.default_rng(0)).shares(z).argmax(axis=1)) > 0.9


def test_whitened_values_are_not_correlated() -> None:
    """Their covariance matrix is that of independent columns."""
    z = np.random.default_rng(0).normal(size=(500, 3)) @ np.array([[2, 1, 0], [0, 1, 1], [0, 0, 0.5]])

    assert np.allclose(np.cov(whitened(z), rowvar=False), np.eye(3))


def test_a_few_equal_rows_are_no_component_of_unbounded_density() -> None:
    """Thirty rows in one place: no variance falls below the least one."""
    z = np.vstack([np.random.default_rng(0).normal(size=(600, 2)), np.ones((30, 2))])

    found = mixtures(z, np.random.default_rng(0))

    assert min(np.linalg.eigvalsh(one.covariances).min() for one in found) >= LEAST_VARIANCE * (1 - 1e-9)


def test_mixtures_are_the_same_for_the_same_seed() -> None:
    """Bit by bit."""
    z, _ = blobs()
    one, other = (best_mixture(z, np.random.default_rng(3)) for _ in range(2))

    assert one.means.tobytes() == other.means.tobytes()
    assert one.covariances.tobytes() == other.covariances.tobytes()


def test_columns_alone_say_what_a_mixture_says_of_independent_ones() -> None:
    """The sum of the columns' log densities; of independent columns, that is the density of the rows."""
    rng = np.random.default_rng(0)
    values = np.column_stack([rng.normal(size=2_000), rng.lognormal(size=2_000)])
    scaling, densities = choose_scaling(values, rng)
    z, _ = scaling.apply(values, rng)

    by_hand = densities[0].log_density(z[:, [0]]) + densities[1].log_density(z[:, [1]])

    assert np.array_equal(log_density_of_columns(densities, z), by_hand)
    assert by_hand.mean() == pytest.approx(multivariate_normal(np.zeros(2)).logpdf(z).mean(), abs=0.02)


def test_a_small_group_at_the_end_of_a_column_is_no_skewness() -> None:
    """15 % of the rows, four standard deviations off: a power would draw them nearer; a lognormal column needs one."""
    rng = np.random.default_rng(0)
    two = rng.normal(size=2_000) + 4 * (rng.random(2_000) < 0.15)
    scaling, _ = choose_scaling(np.column_stack([two, rng.lognormal(size=2_000)]), rng)

    assert scaling.columns[0].power == 1
    assert abs(scaling.columns[1].power) < 0.5


def test_the_scale_is_chosen_by_some_rows_and_the_density_is_of_all() -> None:
    """Of 3,000 rows, BIC counts all of them: 1,000 more than the choice needs."""
    values = np.random.default_rng(0).normal(size=(ENOUGH + 1_000, 1))
    scaling, (density,) = choose_scaling(values, np.random.default_rng(0))
    z, _ = scaling.apply(values, None)

    assert density.size == 1
    assert density.bic == pytest.approx(-2 * density.log_density(z).sum() + 2 * np.log(len(values)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at_once", [1 << 24, 1])
def test_expectation_maximisation_is_what_plain_loops_do(
    kind: Kind, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row by row and component by component, from the same start; with products in pairs held, and made again."""
    monkeypatch.setattr(moments, "AT_ONCE", at_once)
    z, group = blobs(rows=300, distance=2)
    found = _fit(z, group, kind)

    weights, means, covariances, before = _by_loops(z, np.eye(3)[group], kind)
    density = _densities(z, weights, means, covariances)
    while np.log(density.sum(axis=1)).mean() - before >= TOLERANCE:
        before = np.log(density.sum(axis=1)).mean()
        weights, means, covariances, _ = _by_loops(z, density / density.sum(axis=1, keepdims=True), kind)
        density = _densities(z, weights, means, covariances)

    assert np.allclose(found.weights, weights, atol=1e-9)
    assert np.allclose(found.means, means, atol=1e-9)
    assert np.allclose(found.covariances, covariances, atol=1e-9)


def _by_loops(z: np.ndarray, member: np.ndarray, kind: Kind) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    count = member.sum(axis=0)
    means = np.array([np.average(z, axis=0, weights=one) for one in member.T])
    own = np.array([np.cov(z.T, aweights=one, bias=True) for one in member.T])
    if kind == "shared":
        own = np.array([np.average(own, axis=0, weights=count)] * len(count))
    if kind == "diagonal":
        own = np.array([np.diag(np.diag(one)) for one in own])
    return count / len(z), means, own + LEAST_VARIANCE * np.eye(z.shape[1]), -np.inf


def _densities(z: np.ndarray, weights: np.ndarray, means: np.ndarray, covariances: np.ndarray) -> np.ndarray:
    parts = zip(weights, means, covariances, strict=True)
    return np.stack([weight * multivariate_normal(*one).pdf(z) for weight, *one in parts], axis=1)
