"""The word that an interval and a margin come to."""

import numpy as np
import pytest

from pipelines.inference.verdict import verdict


@pytest.mark.parametrize(
    ("value", "ci", "name"),
    [
        (0.020, (0.010, 0.030), "better"),
        (-0.020, (-0.030, -0.010), "worse"),
        (0.001, (-0.002, 0.004), "tie"),
        (0.003, (0.002, 0.004), "tie"),  # a sure difference that nobody would act on
        (0.006, (-0.002, 0.014), "underpowered"),  # may be nothing, may matter
        (0.004, (0.001, 0.007), "underpowered"),  # sure, but on which side of the margin?
        (0.000, (0.000, 0.000), "tie"),  # two equal models
        (0.100, (0.100, 0.100), "better"),
    ],
)
def test_the_words(value: float, ci: tuple[float, float], name: str) -> None:
    """Margin 0.005: better and worse exclude 0 and exceed it, a tie lies within it, the rest is underpowered."""
    found = verdict(value, ci, 0.005, 1_000)
    assert found.name == name
    assert not found.close
    assert (found.rows_needed is None) == (name != "underpowered")


def test_rows_needed_for_a_difference_by_hand() -> None:
    """0.02 with half-width 0.0392, so se 0.02: to see 2.8016 se the error must shrink 2.8016-fold, rows its square."""
    found = verdict(0.02, (0.02 - 0.0391993, 0.02 + 0.0391993), 0.001, 1_000)
    assert found.rows_needed == pytest.approx(1_000 * 2.8015852**2, rel=1e-4)


def test_rows_needed_for_a_tie_by_hand() -> None:
    """0.001 in a margin of 0.005 leaves 0.004: se must be 0.004 / 2.8016, and is 0.005."""
    found = verdict(0.001, (0.001 - 0.0097998, 0.001 + 0.0097998), 0.005, 400)
    assert found.rows_needed == pytest.approx(400 * (0.005 * 2.8015852 / 0.004) ** 2, rel=1e-2)


def test_a_difference_on_the_margin_is_never_settled() -> None:
    """No number of rows tells which side it is on."""
    assert verdict(0.005, (0.001, 0.009), 0.005, 1_000).rows_needed is None


@pytest.mark.parametrize("true", [0.02, 0.001])
def test_rows_needed_settles_most_comparisons(true: float) -> None:
    """With that many rows, about four of five measurements of the same difference are no longer underpowered."""
    se, margin, rows = 0.02, 0.006, 1_000
    needed = verdict(true, (true - 1.96 * se, true + 1.96 * se), margin, rows).rows_needed
    assert needed is not None
    small = se * np.sqrt(rows / needed)
    measured = np.random.default_rng(2).normal(true, small, 2_000)
    names = [verdict(v, (v - 1.96 * small, v + 1.96 * small), margin, needed).name for v in measured]
    assert np.mean([name != "underpowered" for name in names]) == pytest.approx(0.8, abs=0.06)


@pytest.mark.parametrize(
    ("value", "ci", "threshold"),
    [
        (0.0100, (0.0001, 0.0199), "lower end lies near zero"),
        (0.0100, (-0.0001, 0.0201), "lower end lies near zero"),
        (0.0051, (0.0011, 0.0091), "the difference lies near the margin"),
        (0.0010, (-0.0029, 0.0049), "upper end lies near the margin"),
        (-0.0010, (-0.0049, 0.0029), "lower end lies near minus the margin"),
    ],
)
def test_what_is_near_a_threshold_is_called_close(value: float, ci: tuple[float, float], threshold: str) -> None:
    """Less than a fifteenth of the half-width away from another verdict."""
    found = verdict(value, ci, 0.005, 1_000)
    assert found.close
    assert found.close_to is not None
    assert threshold in found.close_to


def test_near_a_threshold_that_decides_nothing_is_not_close() -> None:
    """The interval excludes 0 by a hair, but the whole of it lies within the margin: a tie either way."""
    assert not verdict(0.001, (0.00001, 0.00199), 0.005, 1_000).close
