"""Inputs: what a column of the raw file may hold, and what models, pictures and searches see of it."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from pipelines.core.project import Column
from pipelines.inputs import INPUTS, Binning, bin_numbers, by_kind, is_category, kind_of
from pipelines.inputs.bins import common_levels, level_places, number_places
from pipelines.inputs.worded import holds_texts

QUARTERS = Binning(4, levels=3)
NUMBERS = {
    "spread": [3.0, 1.0, 2.0, 8.0, 5.0, 4.0, 7.0, 6.0],
    "missing": [np.nan, 1.0, 2.0, np.nan, 5.0, 4.0, 3.0, 2.0],
    "mostly the least": [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0],
    "mostly the largest": [1.0, 2.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0],
    "one value": [2.0, 2.0, np.nan],
    "none": [np.nan, np.nan],
}
WORDS: dict[str, list[str | None]] = {
    "few": ["b", "a", "b", None],
    "many": ["d", "c", "b", "a", "a", "e", None, "b", "a"],
    "one": ["a"],
    "none": [None, None],
}
CELLS = {"date": ["2014-05-02", "2015-06-03"]}  # of kinds that cannot read 1 and 0


def category(words: list[str | None]) -> pd.Series:
    """Return a category as `define` makes it: of sorted text."""
    return pd.Series(words, dtype="str").astype("category")


def every_column() -> Iterator[pd.Series]:
    """Yield numbers and categories, with and without missing values."""
    yield from (pd.Series(values) for values in NUMBERS.values())
    yield from (category(words) for words in WORDS.values())


def test_a_feature_is_a_number_or_a_category() -> None:
    """The kind is the fact that reports print, and frames are split by it in their own order."""
    frame = pd.DataFrame({"b": category(["x"]), "n": [1.0], "a": category(["y"])})

    assert [kind_of(frame[name]).name for name in frame] == ["category", "numeric", "category"]
    assert by_kind(frame) == (["n"], ["b", "a"])


@pytest.mark.parametrize("how", [QUARTERS, Binning(4, 3, edges="higher", ties="finer", one_a_value=True)])
def test_every_row_is_in_one_bin(how: Binning) -> None:
    """Bins part the rows: each row is in exactly one, none is empty, and missing values have one of their own."""
    for column in every_column():
        bins = kind_of(column).bins(column, how)

        assert np.array_equal(np.sum([one.rows for one in bins], axis=0), np.ones(len(column)))
        assert all(one.rows.any() for one in bins)
        missing = [one.rows for one in bins if one.holds == "missing"]
        assert [rows.tolist() for rows in missing] == [column.isna().tolist()] * bool(column.isna().any())


def test_quarters_of_eight_numbers_hold_two_each() -> None:
    """Of the numbers 1 to 8 the quartiles are 2.75, 4.5 and 6.25: two lie between each two of them."""
    column = pd.Series(NUMBERS["spread"])

    bins = kind_of(column).bins(column, QUARTERS)

    assert [(one.low, one.high) for one in bins] == [(1, 2), (3, 4), (5, 6), (7, 8)]
    assert [(one.above, one.upto) for one in bins] == [(None, 2.75), (2.75, 4.5), (4.5, 6.25), (6.25, None)]
    assert [one.label for one in bins] == ["1 to 2", "3 to 4", "5 to 6", "7 to 8"]
    assert bin_numbers(bins).tolist() == [1, 0, 0, 3, 2, 1, 3, 2]


@pytest.mark.parametrize("name", NUMBERS)
def test_an_interval_is_found_by_counting_the_edges_below(name: str) -> None:
    """A value's place is the number of distinct quartiles that are smaller than it."""
    values = np.array(NUMBERS[name])
    known = values[~np.isnan(values)]
    edges = set(np.quantile(known, [0.25, 0.5, 0.75]).tolist()) if len(known) else set()
    by_hand = [-1 if np.isnan(value) else sum(edge < value for edge in edges) for value in values]

    assert number_places(values, QUARTERS).tolist() == by_hand


def test_a_value_that_most_rows_share_is_parted_from_the_rest_on_either_side() -> None:
    """Six noughts of eight are an edge themselves; taken from above, the two larger values stand apart."""
    column = pd.Series(NUMBERS["mostly the least"])
    other = pd.Series(NUMBERS["mostly the largest"])
    finer = Binning(4, 3, ties="finer")

    assert [one.rows.sum() for one in kind_of(column).bins(column, finer)] == [6, 2]
    assert [one.rows.sum() for one in kind_of(other).bins(other, finer)] == [2, 6]


def test_few_values_have_a_bin_each() -> None:
    """Three different values in at most four bins are three bins of one value."""
    column = pd.Series([2.0, 2.0, 5.0, 9.0, np.nan])

    bins = kind_of(column).bins(column, Binning(4, 3, one_a_value=True))

    assert [(one.label, one.low, one.high) for one in bins[:-1]] == [("2", 2, 2), ("5", 5, 5), ("9", 9, 9)]


@pytest.mark.parametrize(("rest", "labels"), [("pooled", ["a", "b", "3 other"]), ("none", ["a", "b", "c"])])
def test_the_commonest_levels_have_a_bin_and_the_rest_share_one_or_have_none(rest: str, labels: list[str]) -> None:
    """Three rows hold a, two b, and c, d and e one each: ties go by name."""
    column = category(WORDS["many"])

    bins = kind_of(column).bins(column, Binning(4, 3, rest=rest))  # type: ignore[arg-type]

    assert [one.label for one in bins] == [*labels, "missing"]


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("most", [1, 2, 9])
def test_levels_are_placed_by_how_many_rows_have_them(name: str, most: int) -> None:
    """The place of a level is its place in the list sorted by count, then name, cut at the last."""
    column = category(WORDS[name])
    counts = column.value_counts()
    order = sorted(column.cat.categories, key=lambda level: (-counts[level], level))
    by_hand = [-1 if pd.isna(level) else min(order.index(level), most - 1) for level in column]
    codes = column.cat.codes.to_numpy()

    assert level_places(codes, len(order), most).tolist() == by_hand
    assert [column.cat.categories[code] for code in common_levels(codes, len(order))] == order


def test_curves_are_read_at_values_that_occur_and_at_common_levels() -> None:
    """The median of 1, 2, 2, 9 that occurs is 2, and of three levels a is the commonest."""
    numbers, words = pd.Series([1.0, 2.0, 2.0, 9.0, np.nan]), category(WORDS["many"])

    along = kind_of(numbers).points(numbers, [0.0, 0.4, 0.5, 1.0], 2)
    levels = kind_of(words).points(words, [0.5], 2)

    assert (along.at, along.share.tolist()) == ([1.0, 2.0, 9.0], [0.25, 0.5, 0.25])
    assert (levels.at, levels.share.tolist()) == (["a", "b"], [0.6, 0.4])
    assert is_category(words)
    assert not is_category(numbers)


@pytest.mark.parametrize("name", INPUTS)
def test_every_kind_keeps_the_promises_that_steps_rely_on(name: str) -> None:
    """What it reads, names and describes agree; gaps stay gaps; bins of its features part the rows."""
    kind = INPUTS[name]
    own = {"levels": ["0", "1"]} if "levels" in kind.keys else {}
    column = Column.model_validate({"type": name, "missing": 0.5, **own})
    raw = pd.Series([*CELLS.get(name, ["1", "0"]), None], dtype="str")

    parsed = kind.parse(raw, column)
    features = kind.features("x", column, parsed.typed)

    assert parsed.missing.tolist() == [False, False, True]
    assert not parsed.unreadable.any()
    assert not any(rows.any() for _, rows in kind.broken(column, parsed.typed))
    seen = {one: values for one, values in features.items() if not holds_texts(values)}  # a text itself is no feature
    assert list(seen) == kind.feature_names("x", column) == [fact["name"] for fact in kind.describe("x", column)]
    schemas = kind.schema("x", column)
    for one, feature in seen.items():
        assert feature.isna().tolist() == [False, False, True]
        assert kind_of(feature) is kind.kind
        assert schemas[one].nullable
        bins = kind.kind.bins(feature, QUARTERS)
        assert np.array_equal(np.sum([one.rows for one in bins], axis=0), [1, 1, 1])
        saved = kind.kind.saved(feature)
        assert kind.kind.restored(feature, saved).isna().tolist() == [False, False, True]


@pytest.mark.parametrize("name", [name for name, kind in INPUTS.items() if kind.unreadable is not None])
def test_what_cannot_be_read_is_marked(name: str) -> None:
    """A word is no number, truth value or date: the cell is marked, and its value is missing."""
    parsed = INPUTS[name].parse(pd.Series(["perhaps", None], dtype="str"), Column(type=name))

    assert parsed.unreadable.tolist() == [True, False]
    assert parsed.typed.isna().all()
