"""Prediction intervals: their reach by hand, their coverage by simulation."""

import numpy as np
import pytest

from pipelines.inference.conformal import LEVELS, conformal, quantile_reach

FOLDS = 5


def test_the_reach_by_hand() -> None:
    """Of nine errors the ceil(0.9 * 10) = 9th holds nine tenths; eight are too few; of 19, the 19th holds 95 %."""
    errors = np.arange(9.0)[::-1] + 1
    assert quantile_reach(errors, 0.9) == 9
    assert quantile_reach(errors, 0.5) == 5
    assert quantile_reach(errors[:8], 0.9) == np.inf
    assert quantile_reach(np.arange(19.0), 0.95) == 18


def test_the_reach_covers_as_many_as_it_promises() -> None:
    """One more error of the same kind is no larger in 80 % of 4,000 draws: 16 of 20 places."""
    rng = np.random.default_rng(1)
    errors = np.abs(rng.standard_t(3, (4_000, 20)))
    inside = [one[-1] <= quantile_reach(one[:-1], 0.8) for one in errors]
    assert np.mean(inside) == pytest.approx(0.8, abs=3 * np.sqrt(0.16 / 4_000))


def _predictions(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return truth and out-of-fold prediction of training rows, and those of one test row by the fold models' mean."""
    x = rng.normal(size=(rows + 1, 4))
    y = x @ np.array([1.0, -1.0, 0.5, 0.0]) + rng.standard_t(4, rows + 1)
    fold = np.arange(rows) % FOLDS
    prediction, tests = np.empty(rows), []
    for number in range(FOLDS):
        fitted = np.linalg.lstsq(x[:-1][fold != number], y[:-1][fold != number], rcond=None)[0]
        prediction[fold == number] = x[:-1][fold == number] @ fitted
        tests.append(x[-1] @ fitted)
    return y[:-1], prediction, y[-1:], np.array([np.mean(tests)])


@pytest.mark.parametrize("rows", [40, 200])
def test_coverage_on_exchangeable_rows(rows: int) -> None:
    """Fold models of fresh rows, a fresh test row each time: every level is kept within Monte Carlo error."""
    rng = np.random.default_rng(2)
    draws = [conformal(*_predictions(rng, rows)) for _ in range(1_500)]
    for place, level in enumerate(LEVELS):
        covered = np.mean([one[place].all.coverage for one in draws])
        assert covered == pytest.approx(level, abs=3 * np.sqrt(level * (1 - level) / 1_500) + 1 / rows)


def test_a_broken_promise_is_named() -> None:
    """Errors that grow with the prediction: held on average, broken for the highest fifth, exceeded for the lowest."""
    rng = np.random.default_rng(4)
    prediction = np.linspace(1, 10, 4_000)
    y = prediction + rng.normal(size=4_000) * prediction
    found = next(one for one in conformal(y[::2], prediction[::2], y[1::2], prediction[1::2]) if one.level == 0.9)
    assert found.all.promise == "held"
    assert [fifth.promise for fifth in found.fifths][::4] == ["exceeded", "broken"]
    assert found.width == pytest.approx(2 * found.reach)
    assert sum(fifth.rows for fifth in found.fifths) == 2_000
    shifted = conformal(y[::2], prediction[::2], y[1::2] + 20, prediction[1::2])
    assert {one.all.promise for one in shifted} == {"broken"}


def test_intervals_of_logarithms_are_factors() -> None:
    """Every error is ln 2: from half to twice, 1.5 wide at a prediction of 1 (logarithm 0)."""
    found = conformal(np.full(99, np.log(2)), np.zeros(99), np.zeros(10), np.zeros(10), log=True)
    assert [one.factor for one in found] == pytest.approx([2.0] * 4)
    assert found[0].width == pytest.approx(1.5)
    assert found[0].all.coverage == 1


def test_levels_beyond_the_rows_are_left_out() -> None:
    """Ten training rows cannot promise 95 %."""
    errors = np.arange(10.0)
    assert [one.level for one in conformal(errors, np.zeros(10), errors, np.zeros(10))] == [0.5, 0.8, 0.9]
