"""Tests of the contract: a served row is read as step 1 reads a row of the file, whatever comes with it."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from searches import SETTINGS
from toy_service import defined, served, served_project, served_raw

from flows.reading.raw import read_raw
from pipelines.core.errors import InputError
from pipelines.inputs import INPUTS
from pipelines.serving.archive import cell_of
from pipelines.serving.contract import NO_VALUE, Contract, Known, Read
from pipelines.serving.plain import PlainNumbers
from pipelines.serving.service import columns_of
from pipelines.validation.checks import kept_columns

PROJECT = served_project("binary")
CONTRACT = Contract.of(PROJECT)
HOSTILE: list[Any] = [
    None, "", " ", "NA", "nan", "NaN", float("nan"), float("inf"), -float("inf"), 0, -0.0, 1, 1.0, "1", "1.0", " 1 ",
    True, False, "true", "Yes", "n", 17, 18, 99, 100, 41.5, "41", "41.5", "1e2", "1e400", 1e300, 1e31, 1e-300, 2**53,
    2**53 - 1, 2**70, -(2**70), -1, "-1", "Bern", "bern", "Bern ", "007", 7, "small", "Small", "2014-05-02",
    "2014-05-02T10:00:00+02:00", "02.05.2014", "2014-13-01", "0001-01-01", "$1,234.50", "1234,5", "x" * 10_000,
    "é\u200b", "\u0661", "12\n", "None",
]  # fmt: skip
LONG = 1e16  # from here on Arrow writes 1e+16 where the reader of single lines, and so the contract, writes all digits
UNREADABLE: list[Any] = [[], {}, [1], {"a": 1}, "\ud800", "a\0b", b"x"]


def raw_cells(rows: pd.DataFrame) -> dict[str, list[object]]:
    """Return the rows of a raw frame as a request has them, through JSON and back."""
    cells = {str(name): [cell_of(cell) for cell in rows[name].tolist()] for name in rows.columns}
    read: dict[str, list[object]] = json.loads(json.dumps(cells))
    return read


def same(found: Read, table: pd.DataFrame) -> None:
    """Assert that features are those of the table's rows, bit by bit."""
    for name in found.frame.columns:
        one, other = found.frame[name], table[name].reset_index(drop=True)
        if one.dtype == np.float64:
            assert np.array_equal(one.to_numpy(), other.to_numpy(), equal_nan=True), name
        else:
            assert (
                one.astype(object).where(one.notna(), None).tolist()
                == other.astype(object).where(other.notna(), None).tolist()
            ), name


def test_rows_have_the_features_that_step_1_gave_them() -> None:
    """All rows of the file at once, and each by itself, in any order of the columns."""
    table = defined("binary").table
    rows = served_raw("binary").iloc[table.frame["row_id"]].reset_index(drop=True)
    read = CONTRACT.read(raw_cells(rows), len(rows))
    assert not read.wrong
    assert set(read.features) == set(table.seen)
    assert read.ignored == ["y", "note"]
    same(read, table.frame)
    compared = 0
    for place in range(0, len(rows), 7):
        cells = raw_cells(rows.iloc[[place]])
        alone = CONTRACT.read(dict(reversed(cells.items())), 1)
        same(alone, table.frame.iloc[[place]])
        compared += 1
    assert compared > 30


def test_rows_of_a_text_file_are_read_alike() -> None:
    """CSV bodies hold texts alone."""
    table = defined("binary").table
    rows = served_raw("binary").iloc[table.frame["row_id"]]
    texts = {
        name: [None if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell) for cell in cells]
        for name, cells in raw_cells(rows).items()
    }
    read = CONTRACT.read(CONTRACT.of_text(texts), len(rows))
    assert not read.wrong
    same(read, table.frame)


@pytest.mark.parametrize("name", CONTRACT.names)
def test_a_cell_is_decided_as_step_1_decides_it(name: str, tmp_path: Path) -> None:
    """A file of one row with that cell, read and parsed as step 1 does, says the same of it as the contract."""
    good = raw_cells(served_raw("binary").dropna().iloc[[0]])
    column = kept_columns(PROJECT)[name]
    kind = INPUTS[column.type]
    refused = 0
    for cell in HOSTILE:
        if kind.as_text and isinstance(cell, int | float) and abs(cell) >= LONG:
            continue
        path = tmp_path / "one.jsonl"
        path.write_text(json.dumps({other: cells[0] for other, cells in good.items()} | {name: cell}) + "\n")
        raw = read_raw(path, PROJECT)
        parsed = kind.parse(raw[name], column)
        broken = any(mask.any() for _, mask in kind.broken(column, parsed.typed))
        absent = bool(parsed.missing[0]) and not column.missing
        expected = absent or bool(parsed.unreadable[0]) or broken
        read = CONTRACT.read(good | {name: [cell]}, 1)
        assert bool(read.wrong) == expected, (name, cell)
        refused += expected
        if absent:
            assert read.wrong[0]["found"] == NO_VALUE
        if not expected:
            features = kind.features(name, column, parsed.typed, None if parsed.clock is None else parsed.clock)
            for feature, values in features.items():
                one, other = read.frame[feature].iloc[0], values.iloc[0]
                assert (pd.isna(one) and pd.isna(other)) or one == other, (feature, cell)
    assert 0 < refused < len(HOSTILE) or kind.unreadable is None


@pytest.mark.parametrize("cell", UNREADABLE)
@pytest.mark.parametrize("name", CONTRACT.names)
def test_what_no_file_can_hold_is_refused(name: str, cell: object) -> None:
    """Lists, objects and broken texts are no values of any column."""
    good = raw_cells(served_raw("binary").dropna().iloc[[0]])
    read = CONTRACT.read(good | {name: [cell]}, 1, echo=True)
    assert read.wrong[0]["field"] == name
    assert read.wrong[0]["found"].isprintable()


@settings(**SETTINGS, max_examples=150)
@given(st.data())
def test_a_row_is_read_the_same_whatever_comes_with_it(data: st.DataObject) -> None:
    """A row's features, or what is wrong with it, do not depend on the other rows of the request."""
    cell = st.sampled_from([*HOSTILE, *UNREADABLE])
    rows = [
        {name: data.draw(cell) for name in CONTRACT.names if data.draw(st.integers(0, 9))}
        for _ in range(data.draw(st.integers(2, 5)))
    ]
    together = CONTRACT.read(columns_of(rows), len(rows))
    for place, row in enumerate(rows):
        alone = CONTRACT.read(columns_of([row]), 1)
        assert alone.wrong.get(0) == together.wrong.get(place)
        assert alone.notes.get(0) == together.notes.get(place)
        if place in together.good:
            whole = together.frame.iloc[[together.good.tolist().index(place)]].reset_index(drop=True)
            same(alone, whole)


def test_wrong_rows_are_named_by_field_and_without_their_value() -> None:
    """The value stands in the message only where it was asked for."""
    good = raw_cells(served_raw("binary").dropna().iloc[[0, 1, 2]])
    cells = good | {"age": [good["age"][0], 17, good["age"][2]]}
    read = CONTRACT.read(cells, 3)
    assert read.good.tolist() == [0, 2]
    assert read.wrong == {
        1: {
            "field": "age",
            "found": "below 18",
            "allowed": "integer, at least 18, at most 99, in years, never missing",
            "do": "correct the value; rows with such values were set aside when the models were made",
        }
    }
    assert CONTRACT.read(cells, 3, echo=True).wrong[1]["found"] == "'17': below 18"


def test_a_column_that_is_not_given_is_missing() -> None:
    """Where it may be, the row is answered; where not, it is named."""
    good = raw_cells(served_raw("binary").dropna().iloc[[0]])
    income = CONTRACT.read({name: cells for name, cells in good.items() if name != "income"}, 1)
    assert not income.wrong
    assert np.isnan(income.frame["income"].iloc[0])
    age = CONTRACT.read({name: cells for name, cells in good.items() if name != "age"}, 1)
    assert (age.wrong[0]["field"], age.wrong[0]["found"]) == ("age", NO_VALUE)


def test_a_value_beyond_the_training_rows_is_noted() -> None:
    """Numbers outside of their ends, and levels that no training row had."""
    contract = served("binary").contract
    good = raw_cells(served_raw("binary").dropna().iloc[[0]])
    assert not contract.read(good, 1).notes
    read = contract.read(good | {"income": [1e9], "street": ["elsewhere"]}, 1)
    assert [note.split(" (")[0] for note in read.notes[0]] == [
        "income: above all training rows", "street: a level that no training row had",
    ]  # fmt: skip


NUMBERS = [one for one in HOSTILE if one is None or isinstance(one, int | float)]


@given(data=st.data())
@settings(max_examples=300, **SETTINGS)
def test_numbers_that_are_read_together_are_read_as_one_by_one(data: st.DataObject) -> None:
    """Values, reasons and notes are those of a contract that reads each column by itself."""
    known = {"age": Known(20, 60), "income": Known(high=1e6), "member": Known()}
    together, alone = Contract.of(PROJECT, known), Contract.of(PROJECT, known)
    alone.__dict__["_numbers"] = PlainNumbers.of([])
    rows = data.draw(st.integers(1, 4))
    ordinary = raw_cells(served_raw("binary").dropna().iloc[[0] * rows])
    cells = st.sampled_from(data.draw(st.sampled_from([NUMBERS, [19, 20, 60, 61.0, None, -1, 1, 0], HOSTILE])))
    drawn = {name: data.draw(st.lists(cells, min_size=rows, max_size=rows)) for name in ("age", "income", "member")}
    given = {
        name: column for name, column in (ordinary | drawn).items() if data.draw(st.integers(0, 9)) or name == "age"
    }

    one, other = together.read(given, rows, echo=True), alone.read(given, rows, echo=True)

    assert one.good.tolist() == other.good.tolist()
    assert (one.wrong, one.notes, one.ignored) == (other.wrong, other.notes, other.ignored)
    assert list(one.features) == list(other.features)
    same(one, other.frame)


def test_ordinary_numbers_are_read_together() -> None:
    """Texts, numbers out of bounds, and a missing one that has to be there are not among them."""
    numbers = PlainNumbers.of([one for one in CONTRACT.fields if one.numeric])
    cells: dict[str, list[object]] = {"age": [20, 30.0], "income": [1, None], "member": [True, 0]}

    assert {name: values.tolist()[0] for name, values in numbers.usual(cells).items()} == {
        "age": 20, "income": 1, "member": 1,
    }  # fmt: skip
    for odd in ("20", 17, 20.5, None, 10**400):
        assert "age" not in numbers.usual({**cells, "age": [20, odd]})


def test_columns_that_the_project_does_not_know_are_told_from_those_that_nothing_needs() -> None:
    """The target and dropped columns are known."""
    cells: dict[str, list[object]] = {"age": [20], "y": [1], "note": ["a"], "shoe": [42]}
    assert CONTRACT.undeclared(cells) == ["shoe"]
    assert CONTRACT.read(cells, 1).ignored == ["y", "note", "shoe"]


def test_dates_of_python_are_read() -> None:
    """Parquet bodies hold moments."""
    good = raw_cells(served_raw("binary").dropna().iloc[[0]])
    of_text = CONTRACT.read(good | {"since": ["2014-05-02"]}, 1)
    for moment in (date(2014, 5, 2), datetime(2014, 5, 2, tzinfo=UTC), pd.Timestamp("2014-05-02")):
        read = CONTRACT.read(good | {"since": [moment]}, 1)
        assert not read.wrong
        same(read, of_text.frame)


def test_the_schema_says_what_a_row_needs() -> None:
    """Bounds, levels and what may be missing are those of the declaration."""
    schema = CONTRACT.schema()
    assert schema["required"] == ["age", "price", "street"]
    assert schema["properties"]["age"]["minimum"] == 18
    assert schema["properties"]["age"]["title"] == "age of the customer"
    assert schema["properties"]["size"]["enum"] == ["small", "middle", "large", None]
    assert schema["properties"]["income"]["type"] == ["number", "null"]
    assert "in years" in schema["properties"]["age"]["description"]


def test_an_unknown_model_is_named() -> None:
    """With those that there are."""
    with pytest.raises(InputError) as caught:
        served("binary").answer({}, 0, model="best")
    assert "strong, baseline" in str(caught.value)
