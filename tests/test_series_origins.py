"""Where forecasts begin: each step is a target once, units are whole weeks, and no model sees what it predicts."""

import numpy as np
import pytest

from pipelines.core.errors import InputError
from pipelines.core.table import FOLDS, TEST, WARM_UP
from pipelines.series.origins import lay_origins

SHAPES = [
    # steps, horizon, history, week, test
    (739, 7, 91, 7, None),  # days, a week ahead
    (1_400, 28, 91, 7, 8),  # a block is four weeks, and a unit too
    (9_000, 24, 168, 168, None),  # hours, a day ahead: seven blocks are a unit
    (9_501, 5, 168, 168, 20),  # a week is no multiple of the horizon: 34 blocks, 170 hours
    (400, 6, 24, None, None),  # months, half a year ahead
    (500, 1, 14, 7, None),  # a day ahead
]


@pytest.mark.parametrize(("steps", "horizon", "history", "week", "test"), SHAPES)
def test_each_step_is_a_target_once(steps: int, horizon: int, history: int, week: int | None, test: int | None) -> None:
    """From the first origin on, to the last step; and each origin has the history that it needs."""
    laid = lay_origins(steps, horizon, history, week, "the file", test)

    assert laid.targets.ravel().tolist() == list(range(laid.origin[0] + 1, steps))
    assert history - 1 <= laid.origin[0] < history - 1 + horizon
    assert set(np.diff(laid.origin)) == {horizon}


@pytest.mark.parametrize(("steps", "horizon", "history", "week", "test"), SHAPES)
def test_units_are_whole_blocks_of_at_least_a_week(
    steps: int, horizon: int, history: int, week: int | None, test: int | None
) -> None:
    """All units but the first, which may hold some blocks more, are as short as that allows; folds hold whole units."""
    laid = lay_origins(steps, horizon, history, week, "the file", test)
    blocks = np.bincount(laid.unit)

    assert len(set(blocks[1:])) == 1
    assert blocks[0] in range(blocks[1], 2 * blocks[1])
    assert blocks[1] * horizon >= (week or 1) > (blocks[1] - 1) * horizon
    assert all(len(set(laid.fold[laid.unit == unit])) == 1 for unit in range(len(blocks)))
    assert test is None or len(set(laid.unit[laid.fold == TEST])) == test


@pytest.mark.parametrize(("steps", "horizon", "history", "week", "test"), SHAPES)
def test_parts_follow_one_another_and_models_look_back(
    steps: int, horizon: int, history: int, week: int | None, test: int | None
) -> None:
    """Warm-up, five folds, test; a model learns from all blocks before what it predicts, and from none after."""
    laid = lay_origins(steps, horizon, history, week, "the file", test)

    assert list(dict.fromkeys(laid.fold.tolist())) == [WARM_UP, *range(FOLDS), TEST]
    for fold in (*range(FOLDS), TEST):
        learned = laid.learned_from(fold)
        assert laid.targets[learned].max() == laid.origin[laid.fold == fold].min()
        assert learned.sum() == np.flatnonzero(laid.fold == fold)[0]


def test_a_file_by_hand() -> None:
    """100 weeks of days, 10 of them history: 90 units, 18 for the test, 29 of 72 to warm up, folds of 8 or 9."""
    laid = lay_origins(700, 7, 70, 7, "the file")
    counts = {fold: int((laid.fold == fold).sum()) for fold in (WARM_UP, *range(FOLDS), TEST)}

    assert counts == {WARM_UP: 29, 0: 9, 1: 9, 2: 8, 3: 9, 4: 8, TEST: 18}
    assert laid.origin[:2].tolist() == [69, 76]
    assert laid.origin[-1] == 692


def test_too_short_a_file_says_how_much_is_missing() -> None:
    """45 units are enough for a test of 12: one block less is refused, with what a forecast needs."""
    lay_origins(91 + 45 * 7, 7, 91, 7, "the file")

    with pytest.raises(InputError) as refused:
        lay_origins(91 + 45 * 7 - 1, 7, 91, 7, "sales.csv, series 'a'")

    assert refused.value.found.startswith(
        "405 steps are too few: beyond the 91 that a forecast looks back they hold 44"
    )
    assert refused.value.allowed == "at least 45 units: 13 to begin with, 20 for folds, 12 to test"
    assert refused.value.where == "sales.csv, series 'a'"


def test_a_test_that_decides_nothing_is_refused() -> None:
    """Seven weeks are too few for a verdict, eight are allowed."""
    assert (lay_origins(2_000, 7, 91, 7, "the file", 8).fold == TEST).sum() == 8

    with pytest.raises(InputError, match="forecast.test is 7 unit"):
        lay_origins(2_000, 7, 91, 7, "the file", 7)


def test_a_warm_up_leaves_out_what_begins_too_early_as_long_as_enough_remains() -> None:
    """Folds and test stay where they are; thirteen units of the warm-up remain, however much is wished for."""
    plain, later, most = (lay_origins(1_200, 7, 14, 7, "the file", wished=wished) for wished in (0, 91, 10_000))

    assert (later.origin[0], later.unit[0]) == (min(one for one in plain.origin if one + 1 >= 91), 0)
    for laid in (later, most):
        of_folds = laid.fold != WARM_UP
        assert laid.origin[of_folds].tolist() == plain.origin[plain.fold != WARM_UP].tolist()
        assert laid.fold[of_folds].tolist() == plain.fold[plain.fold != WARM_UP].tolist()
        assert np.diff(laid.unit).tolist() == np.diff(plain.unit)[-len(laid.unit) + 1 :].tolist()
    assert (most.fold == WARM_UP).sum() == 13
