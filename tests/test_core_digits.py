"""What is written and decided on keeps a distance from the digits that differ between processors."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from flows.repository.files import to_json
from pipelines.core.digits import DIGITS, without_noise, written, written_as, written_bytes
from pipelines.core.steady import KEPT, steady, steady_together

FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e290, max_value=1e290, allow_subnormal=False)


@given(FINITE)
def test_facts_keep_their_digits(value: float) -> None:
    """A fact lies within half a unit of its last digit, and written again it stays as it is."""
    assert written(value) == pytest.approx(value, rel=0.5 * 10.0 ** (1 - DIGITS))
    assert written(written(value)) == written(value)


@pytest.mark.parametrize(("one", "other"), [(5.1973103e-113, 5.1973104e-113), (1.4128551e-10, 1.4128552e-10)])
def test_p_values_have_the_digits_that_processors_share(one: float, other: float) -> None:
    """The same p-values as two real processors computed them: facts hold one, of anything else they would hold both."""
    assert written_as("p_value", one) == written_as("p_value", other) == float(f"{one:.4g}")
    assert written_as("p_adjusted", one) == written_as("p_adjusted", other)
    assert written_as("gain", one) != written_as("gain", other)
    assert json.loads(to_json({"a": [{"p_value": 0.123456789, "gain": 0.123456789}]})) == {
        "a": [{"p_value": 0.1235, "gain": 0.12345679}]
    }


@pytest.mark.parametrize(
    ("size", "kept"), [(0, 0), (99, 99), (22_759, 23_000), (22_765, 23_000), (1_249_999, 1_200_000)]
)
def test_sizes_have_two_digits(size: int, kept: int) -> None:
    """A few bytes more change nothing."""
    assert written_bytes(size) == kept


@pytest.mark.parametrize(("share", "kept"), [(-3e-15, 0.0), (0.25, 0.25), (1e-9, 1e-9)])
def test_what_cancels_is_zero(share: float, kept: float) -> None:
    """The difference of two equal shares is not what rounding left of it."""
    assert without_noise(share) == kept


@given(arrays(np.float64, st.integers(0, 20), elements=FINITE))
def test_steady_numbers_are_the_nearest_of_fewer_digits(values: np.ndarray) -> None:
    """They are off by half of the last kept binary digit at most, and steady numbers stay."""
    found = steady(values)

    np.testing.assert_allclose(found, values, rtol=2.0 ** -(KEPT + 1), atol=0)
    np.testing.assert_array_equal(steady(found), found)


@given(arrays(np.float64, st.integers(1, 20), elements=st.floats(-1e6, 1e6, width=32)))
def test_what_single_precision_holds_stays(values: np.ndarray) -> None:
    """A float32, as some libraries predict, has fewer digits than are kept."""
    np.testing.assert_array_equal(steady(values), values)


def test_last_digits_vanish() -> None:
    """Numbers that differ as between processors, in their sixteenth digit, become the same; shapes stay."""
    values = np.random.default_rng(0).normal(size=(1_000, 3))
    others = np.nextafter(values, np.inf)

    assert np.array_equal(steady(values), steady(others))
    assert np.array_equal(steady_together(values), steady_together(others))
    assert steady(values).shape == (1_000, 3)
    assert steady([np.inf, -np.inf]).tolist() == [np.inf, -np.inf]
    assert np.isnan(steady([np.nan])).all()


def test_coefficients_are_rounded_by_the_largest() -> None:
    """One of a millionth of the largest is off by as much as the largest may be, and zeros stay."""
    found = steady_together([[1.0, 1e-6 / 3], [0.0, -0.75]])

    np.testing.assert_allclose(found, [[1.0, 1e-6 / 3], [0.0, -0.75]], atol=2.0**-KEPT)
    assert found[0, 1] != 1e-6 / 3
    assert steady_together([0.0, 0.0]).tolist() == [0.0, 0.0]
