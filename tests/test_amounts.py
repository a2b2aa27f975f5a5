"""Amounts as people write them, read and recognised."""

import numpy as np
import pandas as pd
import pytest

from pipelines.core.project import Column
from pipelines.inputs import INPUTS
from pipelines.inputs.amounts import read_amounts
from pipelines.inputs.written import find_amounts, other_form
from pipelines.profiling.asked import Asked
from pipelines.profiling.cells import read_cells
from pipelines.profiling.draft import draft

ASKED = Asked(name="n", file="f.csv", target="y")
WRITTEN = [
    ("$1,234.50", "1,234.5", 1234.5), ("1.234.567,5 €", "1.234,5", 1234567.5), ("CHF 1'200", "1'234.5", 1200.0),
    ("1\u00a0234,5 kr", "1 234,5", 1234.5), ("12.5 %", "1,234.5", 12.5), ("-7,25", "1.234,5", -7.25),
    ("\N{MINUS SIGN}3", "1,234.5", -3.0), ("€-3.5", "1,234.5", -3.5), ("1234.5", "1,234.5", 1234.5),
    ("(123.45)", "1,234.5", -123.45), ("($1,123.45)", "1,234.5", -1123.45), ("$(5)", "1,234.5", -5.0),
    ("123,45-", "1.234,5", -123.45), ("1 234.5", "1 234.5", 1234.5), ("1\u2009234,5", "1 234,5", 1234.5),
    ("1,5", "1.5 or 1,5", 1.5), ("1.5", "1.5 or 1,5", 1.5), ("1,5e3", "1.234,5", 1500.0), ("+5 %", "1,234.5", 5.0),
    ("USD 12", "1,234.5", 12.0), ("₹12,34,567", "1,234.5", 1234567.0), ("12USD", "1,234.5", 12.0),
]  # fmt: skip
NONE = [
    ("1,23.5", "1,234.5"), ("0,512", "1,234.5"), ("12.03.2014", "1.234,5"), ("LOT 12", "1,234.5"), ("", "1,234.5"),
    ("1.5.", "1,234.5"), ("--3", "1,234.5"), ("3-4", "1,234.5"), ("$", "1,234.5"), ("1 234", "1,234.5"),
    ("(5", "1,234.5"), ("5)", "1,234.5"), ("-(5)", "1,234.5"), ("(5)-", "1,234.5"), ("12 kg", "1,234.5"),
    ("- 5", "1,234.5"), ("1,234", "1 234.5"), ("()", "1,234.5"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "form", "amount"), WRITTEN)
def test_amounts_are_read(text: str, form: str, amount: float) -> None:
    """The signs that part thousands, currencies and per cent are passed over."""
    assert read_amounts(pd.Series([text]), form).tolist() == [amount]


@pytest.mark.parametrize(("text", "form"), NONE)
def test_other_texts_are_none(text: str, form: str) -> None:
    """What is not written in the form is no amount."""
    assert np.isnan(read_amounts(pd.Series([text]), form)).all()


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12 kg", 12.0), ("12kg", 12.0), ("3.5 Kgs", 3.5), ("7 KG.", 7.0), ("9", 9.0), ("12 g", None), ("kg 12", None)],
)
def test_one_unit_is_passed_over(text: str, amount: float | None) -> None:
    """The declared unit may stand behind an amount, in any case, with an s; another unit may not."""
    found = read_amounts(pd.Series([text]), "1,234.5", "kg").tolist()[0]
    assert (None if np.isnan(found) else found) == amount


def test_columns_of_amounts_are_found() -> None:
    """A column is one of amounts if every cell is; numbers in quotes need no form; codes and labels stay."""
    frame = pd.DataFrame({
        "price": ["$1,200.50", None, "$7.00"], "quoted": ["1", "2.5", "3"], "code": ["007", "012", "100"],
        "town": ["Bern", "Oslo", "Rome"], "some": ["$1", "$2", "dear"], "kept": ["1", "2", "3"],
    })  # fmt: skip
    found, written = read_cells(frame, ASKED, {"kept"})
    forms = {name: cells.amounts.form for name, cells in written.items() if cells.amounts is not None}
    assert forms == {"price": "1,234.5", "quoted": ""}
    assert found["price"].tolist()[::2] == [1200.5, 7.0]
    assert found["quoted"].tolist() == [1.0, 2.5, 3.0]
    assert found.drop(columns=["price", "quoted"]).equals(frame.drop(columns=["price", "quoted"]))


@pytest.mark.parametrize(
    ("texts", "other"), [(["1,234", "2,345"], "1.234,5"), (["1,234.5"], None), (["1,5"], None), (["1,234", "?"], None)]
)
def test_a_form_in_doubt_is_told(texts: list[str], other: str | None) -> None:
    """1,234 may be a thousand or one and a bit; 1,5 is in no doubt."""
    amounts = find_amounts(pd.Series(texts), np.ones(len(texts)))
    assert (None if amounts is None else other_form(amounts)) == other


def test_amounts_are_drafted_and_parsed_alike() -> None:
    """The draft declares the form, and step 1 reads the same numbers with it."""
    cells = pd.Series([f"{place},50 €" for place in range(1, 61)])
    text = draft(pd.DataFrame({"price": cells, "x": range(0, 120, 2)}), Asked(name="n", file="f.csv", target="price"))
    assert 'task = "regression"' in text
    assert 'price = { type = "number", min = 0, format = "1.234,5" }' in text
    parsed = INPUTS["number"].parse(cells, Column(type="number", format="1.234,5"))
    assert parsed.typed.tolist() == [place + 0.5 for place in range(1, 61)]
    assert not parsed.unreadable.any()
