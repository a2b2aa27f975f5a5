"""Columns of groups without a label: spread, bent and scaled, with densities that stay densities."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import trapezoid
from scipy.stats import norm, skew, spearmanr
from sklearn.preprocessing import PowerTransformer

from pipelines.groups.columns import POWERS, Column, Scaling, yeo_johnson


def table(seed: int = 0, rows: int = 2_000) -> np.ndarray:
    """Return a lognormal column, one of counts, one of normal values far from zero, and one of two values."""
    rng = np.random.default_rng(seed)
    columns = [rng.lognormal(3, 1, rows), rng.poisson(2, rows), 1_000 + rng.normal(size=rows), rng.random(rows) < 0.3]
    return np.column_stack(columns).astype(float)


def scaled(values: np.ndarray, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return values scaled by themselves."""
    return Scaling.fit(values, np.random.default_rng(seed)).apply(values, np.random.default_rng(seed))


def test_columns_have_mean_zero_and_variance_one_and_no_skewness_is_left() -> None:
    """On the rows that were fitted, with the noise that they were fitted with."""
    z, _ = scaled(table())

    assert np.allclose(z.mean(axis=0), 0)
    assert np.allclose(z.std(axis=0), 1)
    assert np.all(np.abs(skew(z)) < [0.1, 0.1, 0.1, 0.6])


def test_rows_keep_their_order() -> None:
    """A larger value is never spread below a smaller one, though equal values no longer are equal."""
    values = table()[:, 1]
    order = np.argsort(values, kind="stable")

    z, _ = scaled(values[:, None])

    ends = [(z[values == one].min(), z[values == one].max()) for one in np.unique(values)]
    assert all(below[1] <= above[0] for below, above in pairwise(ends))
    assert len(np.unique(z)) == len(z)
    assert spearmanr(values[order], z[order, 0]).statistic > 0.95


def test_repeated_values_fill_the_space_between_the_middles_to_their_neighbours() -> None:
    """By hand: 0, 1 and 3 are spread over -.5 to .5, .5 to 2 and 2 to 5.5; a value that occurs once stays."""
    values = np.repeat([0.0, 1.0, 3.0, 8.0], [500, 500, 500, 1])
    column = Column.fit(values, np.random.default_rng(0).random(len(values)), bent=False)

    assert column.repeated.tolist() == [0, 1, 3]
    assert column.low.tolist() == [-0.5, 0.5, 2]
    assert column.high.tolist() == [0.5, 2, 5.5]
    low, _ = column.apply(values, np.zeros(len(values)))
    assert low[-1] * column.spread + column.centre == pytest.approx(8)


def test_values_of_which_none_is_common_stay() -> None:
    """Two equal ones of 1,000 are a coincidence: nothing is spread, whatever the noise."""
    values = np.random.default_rng(0).normal(size=1_000)
    values[1] = values[0]
    column = Column.fit(values, np.zeros(1_000), bent=True)

    assert not len(column.repeated)
    assert np.array_equal(column.apply(values, np.zeros(1_000))[0], column.apply(values, None)[0])


def test_an_evenly_spread_column_of_levels_is_flat() -> None:
    """Five equally common levels become a uniform distribution: no level is a peak."""
    values = np.repeat(np.arange(5.0), 2_000)
    z, _ = Scaling.fit(values[:, None], np.random.default_rng(0), bent=False).apply(
        values[:, None], np.random.default_rng(1)
    )

    counts = np.histogram(z, bins=23)[0]
    assert counts.max() < 1.3 * counts.min()


@pytest.mark.parametrize("column", range(4))
def test_a_density_integrates_to_one_with_the_jacobian(column: int) -> None:
    """The normal density of the transformed value times the Jacobian is a density of the value in its own unit."""
    values = table()[:, [column]]
    scaling = Scaling.fit(values, np.random.default_rng(0))
    unit = scaling.columns[0].deviation

    low, middle, high = values.min() / unit - 12, np.median(values) / unit, values.max() / unit + 60
    x = np.concatenate([np.linspace(low, middle, 400_000), np.linspace(middle, high, 400_000)[1:]])
    z, log_jacobian = scaling.apply(x[:, None] * unit, None)

    total = trapezoid(np.exp(norm.logpdf(z[:, 0]) + log_jacobian), x)

    assert total == pytest.approx(norm.cdf(z[-1, 0]) - norm.cdf(z[0, 0]), abs=1e-4)
    assert total == pytest.approx(1, abs=0.02)


def test_the_jacobian_is_the_derivative() -> None:
    """Against finite differences, summed over columns."""
    values = table()[:200, [0, 2]]
    scaling = Scaling.fit(values, np.random.default_rng(0))
    units = np.array([column.deviation for column in scaling.columns])
    step = 1e-5 * units

    z, log_jacobian = scaling.apply(values, None)
    higher, _ = scaling.apply(values + step, None)

    assert np.allclose(log_jacobian, np.log((higher - z) / 1e-5).sum(axis=1), atol=1e-3)


def test_without_bending_the_jacobian_is_zero() -> None:
    """Values in units of their own standard deviations are what densities are compared in."""
    values = table()
    scaling = Scaling.fit(values, np.random.default_rng(0), bent=False)

    z, log_jacobian = scaling.apply(values, np.random.default_rng(0))

    assert np.allclose(log_jacobian, 0)
    assert np.allclose(z.std(axis=0), 1)


@pytest.mark.parametrize(("factor", "column"), [(0.001, 0), (1_000, 0), (50, 2)])
def test_units_do_not_matter(factor: float, column: int) -> None:
    """Euros or cents: the same scaled values, and the same densities."""
    values = table()[:, [column]]

    one, other = scaled(values), scaled(values * factor)

    assert np.allclose(one[0], other[0], atol=1e-4)
    assert np.allclose(one[1], other[1], atol=1e-4)


def test_the_power_is_scikit_learn_s_where_origin_and_unit_are() -> None:
    """Against PowerTransformer on the values that the column takes the power of."""
    values = table()[:, 0]
    column = Column.fit(values, np.zeros(len(values)), bent=True)
    power = PowerTransformer().fit(((values - column.origin) / column.unit)[:, None]).lambdas_[0]

    assert column.power == pytest.approx(power, abs=1e-3)
    assert POWERS[0] < column.power < POWERS[1]


def test_yeo_johnson_by_its_formula() -> None:
    """Four cases of Yeo and Johnson 2000, equation 2.1."""
    assert yeo_johnson(np.array([3.0]), 0.5)[0] == pytest.approx((4**0.5 - 1) / 0.5)
    assert yeo_johnson(np.array([3.0]), 0)[0] == pytest.approx(np.log(4))
    assert yeo_johnson(np.array([-3.0]), 0.5)[0] == pytest.approx(-(4**1.5 - 1) / 1.5)
    assert yeo_johnson(np.array([-3.0]), 2)[0] == pytest.approx(-np.log(4))


def test_other_rows_are_scaled_as_the_fitted_ones() -> None:
    """A row has the same scaled value alone as among others, and values that were not fitted are transformed too."""
    values = table()
    scaling = Scaling.fit(values[:1_000], np.random.default_rng(0))

    z, log_jacobian = scaling.apply(values[1_000:], None)
    alone, slope = scaling.apply(values[[1_500]], None)

    assert np.array_equal(z[500], alone[0])
    assert log_jacobian[500] == slope[0]
    assert np.isfinite(scaling.apply([[1e6, 40, 2_000, 0.5]], None)[0]).all()


def test_the_same_seed_spreads_alike_whatever_the_scaling() -> None:
    """Paired comparisons of scalings see the same spread values."""
    values = table()
    bent = Scaling.fit(values, np.random.default_rng(0))
    plain = Scaling.fit(values, np.random.default_rng(0), bent=False)

    one, other = (scaling.apply(values, np.random.default_rng(7))[0] for scaling in (bent, plain))

    assert np.array_equal(np.argsort(one, axis=0), np.argsort(other, axis=0))
    assert np.array_equal(one, bent.apply(values, np.random.default_rng(7))[0])


def test_a_column_with_one_value_is_refused() -> None:
    """It has no density."""
    values = table()
    values[:, 1] = 3

    with pytest.raises(ValueError, match="column 1 has the same value in all 2000 rows"):
        Scaling.fit(values, np.random.default_rng(0))


def test_a_column_is_immutable() -> None:
    """What is fitted can be saved and compared: a changed column is another."""
    column = Scaling.fit(table(), np.random.default_rng(0)).columns[0]

    assert replace(column, power=0.5).power == 0.5
