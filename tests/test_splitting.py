"""The split and the folds, against what they promise: whole units, the asked share, even folds, one seed."""

import numpy as np
import pandas as pd
import pytest

from pipelines.core.table import FOLDS
from pipelines.splits import Group, Random, Rows, Splitting
from pipelines.splits.column import split_by_column
from pipelines.splits.dealing import split_by_units
from pipelines.splits.time import split_by_time


def units_of(sizes: list[int], seed: int = 0) -> np.ndarray:
    """Return the unit of each row, rows shuffled."""
    return np.random.default_rng(seed).permutation(np.repeat(np.arange(len(sizes)), sizes))


def assert_whole(units: np.ndarray, split: Splitting) -> None:
    """Every unit is on one side and, in training, in one fold; test rows are in fold -1."""
    for unit in range(units.max() + 1):
        assert len(set(split.fold[units == unit])) == 1
    assert np.array_equal(split.test, split.fold == -1)


def test_single_rows_are_split_exactly() -> None:
    """Of 1,000 rows and two classes, the test set takes exactly a fifth of each class, and so does each fold."""
    classes = (np.arange(1000) < 100).astype(np.int64)
    split = split_by_units(np.arange(1000), classes, 0.2, 7, stratify=True)
    assert split.test.sum() == 200
    assert classes[split.test].sum() == 20
    for fold in range(FOLDS):
        assert (split.fold == fold).sum() == 160
        assert classes[split.fold == fold].sum() == 16


def test_folds_are_level_where_rows_do_not_divide() -> None:
    """Folds differ by at most one row in size and in each class, whatever the remainders."""
    for rows in range(53, 73):
        classes = (np.arange(rows) % 4 == 0).astype(np.int64)
        split = split_by_units(np.arange(rows), classes, 0.2, rows, stratify=True)
        sizes = np.bincount(split.fold[~split.test])
        positives = np.bincount(split.fold[~split.test], weights=classes[~split.test])
        assert np.ptp(sizes) <= 1
        assert np.ptp(positives) <= 1


@pytest.mark.parametrize("seed", range(20))
def test_units_stay_whole_and_the_share_is_met(seed: int) -> None:
    """With groups of mixed sizes, no group left for training would bring the test rows nearer to the share."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 12, 14).tolist()
    units = units_of(sizes, seed)
    split = split_by_units(units, np.zeros(len(units), np.int64), 0.3, seed, stratify=False)
    assert_whole(units, split)
    asked, reached = round(0.3 * len(units)), split.test.sum()
    left = [size for unit, size in enumerate(sizes) if not split.test[units == unit].any()]
    assert all(abs(asked - reached) <= abs(asked - reached - size) for size in left)


def test_a_group_larger_than_the_test_share_is_for_training() -> None:
    """One group of 80 rows among twenty single rows leaves exactly the 20 others to test on."""
    units = units_of([80, *[1] * 20])
    split = split_by_units(units, np.zeros(100, np.int64), 0.2, 7, stratify=False)
    assert split.test.sum() == 20
    assert not split.test[units == 0].any()


def test_large_units_spread_over_the_folds() -> None:
    """Ten groups of ten rows and no test share to speak of: every fold gets two of them."""
    units = units_of([10] * 10)
    split = split_by_units(units, np.zeros(100, np.int64), 0.01, 7, stratify=False)
    assert np.bincount(split.fold[~split.test]).tolist() == [20] * 5


def test_single_rows_level_what_groups_left_uneven() -> None:
    """A group of 30 and 70 single rows make five folds of 20 and 30: the singles go where there is room."""
    units = units_of([30, *[1] * 70])
    split = split_by_units(units, np.zeros(100, np.int64), 0.001, 7, stratify=False)
    assert sorted(np.bincount(split.fold).tolist()) == [17, 17, 18, 18, 30]


def test_rarest_class_decides_a_units_stratum() -> None:
    """Forty mixed pairs of both classes are spread evenly, though half of their rows are common ones."""
    units = np.r_[np.repeat(np.arange(40), 2), np.arange(40, 960)]
    classes = np.zeros(len(units), np.int64)
    classes[:80:2] = 1
    split = split_by_units(units, classes, 0.25, 7, stratify=True)
    assert_whole(units, split)
    assert classes[split.test].sum() == 10
    assert np.bincount(split.fold[~split.test], weights=classes[~split.test]).tolist() == [6] * 5


def test_one_seed_one_split() -> None:
    """The same seed splits alike, another one differently; the rows' order does not leak into the split."""
    units, classes = np.arange(500), np.zeros(500, np.int64)
    first, again, other = (split_by_units(units, classes, 0.2, seed, stratify=False) for seed in (1, 1, 2))
    assert np.array_equal(first.fold, again.fold)
    assert not np.array_equal(first.fold, other.fold)
    assert abs(np.flatnonzero(first.test).mean() - 249.5) < 40  # five standard errors of 100 draws


def test_later_rows_are_test_rows() -> None:
    """Times 0 to 99, shuffled: the last 30 are for testing, and the training period falls into five of 14."""
    times = np.random.default_rng(0).permutation(100).astype(float)
    split = split_by_time(times, 0.3)
    assert set(times[split.test]) == set(range(70, 100))
    assert split.boundary == "70"
    for fold in range(FOLDS):
        assert set(times[split.fold == fold]) == set(range(14 * fold, 14 * fold + 14))


def test_equal_times_stay_together() -> None:
    """Ten moments of ten rows and a share of 0.26: the cut falls at the nearest moment, 0.3, and folds keep moments."""
    times = np.repeat(np.arange(10.0), 10)
    split = split_by_time(times, 0.26)
    assert split.test.sum() == 30
    for moment in range(10):
        assert len(set(split.fold[times == moment])) == 1


@pytest.mark.parametrize(
    ("first", "step", "boundary"),
    [
        ("2014-01-01", "D", "2014-03-12"),
        ("2014-01-01 06:30", "h", "2014-01-04 04:30:00"),
        ("2014-01-01", "h", "2014-01-03 22:00:00"),
    ],
)
def test_boundaries_are_dates_in_words(first: str, step: str, boundary: str) -> None:
    """The first test time is told as a date, with the time of day where there is one."""
    times = pd.date_range(first, periods=100, freq=step).to_numpy()
    assert split_by_time(times, 0.3).boundary == boundary


def test_one_moment_cannot_be_split() -> None:
    """If all rows have one time, none of them is later: the test set is empty, and `check_sizes` will say so."""
    split = split_by_time(np.zeros(20), 0.3)
    assert not split.test.any()
    assert split.boundary is None


def test_the_files_own_split() -> None:
    """Rows marked with the test value are the test rows; the others are dealt to folds in whole units."""
    marks = pd.Series(["test"] * 20 + ["train"] * 80)
    units = np.arange(100) // 2
    split = split_by_column(marks, "test", units, np.zeros(100, np.int64), 7)
    assert np.flatnonzero(split.test).tolist() == list(range(20))
    assert np.bincount(split.fold[20:]).tolist() == [16] * 5
    assert_whole(units, split)
    numbers = split_by_column(pd.Series([1.0, 0.0] * 50), 1, np.arange(100), np.zeros(100, np.int64), 7)
    assert numbers.test.sum() == 50


class Fifth:
    """A fifth of the rows for testing."""

    test, seed, column, test_value = 0.2, 7, "town", "test"


def test_groups_are_drawn_again_by_their_size() -> None:
    """One group of half the rows and forty small ones: the last draw tests on the small ones, as many as fit."""
    units = units_of([200, *[5] * 40])
    *_, last = Group().draws(Rows(units, np.zeros(400, np.int64), None, ""), Fifth())
    assert last.redrawn is not None
    assert "smallest" in last.redrawn
    assert last.test.sum() == 80
    assert not last.test[units == 0].any()
    assert_whole(units, last)


def test_rows_of_their_own_are_drawn_once() -> None:
    """Where no unit holds two rows, other draws are as large as the first: there is none."""
    alone = Rows(np.arange(50), np.zeros(50, np.int64), None, "")
    assert len(list(Random().draws(alone, Fifth()))) == 1
    pairs = Rows(np.arange(50) // 2, np.zeros(50, np.int64), None, "")
    first, *others = Random().draws(pairs, Fifth())
    assert first.redrawn is None
    assert len({tuple(np.flatnonzero(one.test)) for one in others}) > 1
    assert all(one.redrawn for one in others)
