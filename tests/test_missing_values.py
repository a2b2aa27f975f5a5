"""Cells that hold no value: declared, read, checked and drafted."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from toy_project import toy_project

from flows.commands.new import read_and_draft
from flows.reading.cells import Wanted
from flows.reading.raw import read_raw, read_table
from pipelines.core.errors import InputError
from pipelines.core.project import Column
from pipelines.inputs import INPUTS
from pipelines.profiling.asked import Asked
from pipelines.profiling.draft import draft

TABLE = """\
a,c,t,y
1.5,NA,?,0
?,EU,-,1
-999,?," ",0
 ,EU,one word,1
NA, ,None,0
"""
DECLARED = """\
missing_values = ["?", -999]
a = { type = "number", missing = 1 }
c = { type = "category", missing = 1, not_missing = ["NA"] }
t = { type = "text", missing = 1, missing_values = ["-"] }
y = { type = "integer" }"""
READ = {
    "a": [1.5, None, None, None, None],
    "c": ["NA", "EU", None, "EU", None],
    "t": [None, None, " ", "one word", None],
    "y": [0.0, 1.0, 0.0, 1.0, 0.0],
}


def test_declared_cells_hold_no_value(tmp_path: Path) -> None:
    """Of the table and of the column, as text or as a number; blanks hold none but in free text; NA may be a level."""
    path = tmp_path / "t.csv"
    path.write_text(TABLE)

    frame = read_raw(path, toy_project(columns=DECLARED))

    found = {name: [None if pd.isna(cell) else cell for cell in frame[name]] for name in frame.columns}
    assert found == READ


@pytest.mark.parametrize(
    "name", [name for name, kind in INPUTS.items() if kind.blank_is_missing and "levels" not in kind.keys]
)
def test_every_kind_reads_declared_cells_as_missing(name: str) -> None:
    """Whatever the kind, ? and blanks are missing and not unreadable."""
    column = Column(type=name, missing_values=("?",), missing=1.0)

    parsed = INPUTS[name].parse(pd.Series(["?", " ? ", " ", "None", None]), column)

    assert parsed.missing.tolist() == [True] * 5
    assert not parsed.unreadable.any()
    assert parsed.typed.isna().all()


def test_numbers_mean_nothing_however_they_are_written() -> None:
    """-999 is found as -999.0, and as an amount with a unit; -99 stays."""
    plain = Column(type="number", missing_values=(-999,), missing=1.0)
    amount = Column(type="number", missing_values=("-999",), format="1,234.5", unit="kg", missing=1.0)

    assert INPUTS["number"].parse(pd.Series(["-999.0", "-99"]), plain).missing.tolist() == [True, False]
    assert INPUTS["number"].parse(pd.Series([-999.0, 1.0]), plain).missing.tolist() == [True, False]
    assert INPUTS["number"].parse(pd.Series(["-999 kg", "7 kg"]), amount).missing.tolist() == [True, False]


@pytest.mark.parametrize(
    ("declaration", "complaint"),
    [
        ('{ type = "category", missing_values = ["?"], allowed = ["?", "x"] }', "`missing_values` and `allowed` both"),
        ('{ type = "category", missing_values = ["NA"], not_missing = ["NA"] }', "and `not_missing` both hold 'NA'"),
        ('{ type = "number", missing_values = [""] }', "at least 1 character"),
        ('{ type = "number", missing_values = "?" }', 'a list, such as ["one", "two"]'),
    ],
)
def test_a_cell_is_a_value_or_none(declaration: str, complaint: str) -> None:
    """A declaration that says both is refused in the user's words."""
    with pytest.raises(InputError) as error:
        toy_project(columns=f'x = {declaration}\ny = {{ type = "number" }}')
    assert complaint in str(error.value)


AMOUNTS = [f"{place}.5" for place in range(60)]
TOWNS = ["Bern", "Oslo", "Rome"] * 20
SURE = [  # the cells of a column of 60 or more rows, its declaration
    (AMOUNTS + ["?"] * 9, 'type = "number", min = 0, missing_values = ["?"], missing = 0.15'),
    ([*AMOUNTS, " ", "--", "Unknown"], 'type = "number", min = 0, missing_values = ["--", "Unknown"], missing = 0.05'),
    ([*AMOUNTS, "n.a.", "#REF!"], 'type = "number", min = 0, missing_values = ["#REF!", "n.a."], missing = 0.05'),
    ([*AMOUNTS, "NA", "null", "None"], 'type = "number", min = 0, missing = 0.05'),
    ([*AMOUNTS, "never"], 'type = "number", min = 0, missing_values = ["never"], missing = 0.05'),
    ([f"({cell})" for cell in AMOUNTS] + ["."], 'type = "number", format = "1,234.5", missing_values = ["."], '),
    ([f"{cell} kg" for cell in AMOUNTS], 'type = "number", min = 0, format = "1,234.5", unit = "kg" }'),
    ([f"2014-05-{day:02}" for day in range(1, 31)] * 2 + ["0000-00-00"], 'type = "date", missing_values = ["0000-00-'),
    (["yes", "no"] * 30 + ["?"], 'type = "boolean", missing_values = ["?"], missing = 0.05'),
    (TOWNS + ["?"] * 9, 'type = "category", missing_values = ["?"], missing = 0.15'),
    (["EU", "AS", "NA"] * 20, 'type = "category", not_missing = ["NA"] }'),
    (["None", "Mild", "Severe"] * 20, 'type = "category", not_missing = ["None"] }'),
    ([f"{place:03}" for place in range(60)] + ["?"], 'type = "category", missing_values = ["?"], missing = 0.05'),
]
TWINS = [  # where the same signs and words are levels, amounts or missing as ever
    (["+", "-"] * 30, 'type = "category" }'),
    (["A", "B", "unknown"] * 20, 'type = "category" }'),
    (["yes", "no", "unknown"] * 20, 'type = "category" }'),
    (["1", "2", "3", "4+"] * 15, 'type = "category" }'),
    ([*TOWNS, "None"], 'type = "category", missing = 0.05 }'),
    (TOWNS + [None, "None"] * 10, 'type = "category", missing = 0.25 }'),
    (["CA", "NY", "TX"] * 20 + ["NA"] * 3, 'type = "category", missing = 0.05 }'),
    (["ab-1", "-", "it said none of it was known", "?"] * 15, 'type = "category" }'),
    (["12a", "12b", "7c", "9a"] * 15, 'type = "category" }'),
    (["2 doors", "4 doors"] * 30, 'type = "category" }'),
    ([f"{place}" for place in range(9940, 10000)] * 2, 'type = "integer" }'),
]


@pytest.mark.parametrize(("cells", "declaration"), [*SURE, *TWINS])
def test_what_a_draft_says_of_cells(cells: list[str | None], declaration: str, tmp_path: Path) -> None:
    """Signs among amounts, dates and labels hold no value, and few odd cells drop no column; levels stay levels."""
    rng = np.random.default_rng(3)
    cells = [cells[place] for place in rng.permutation(len(cells))]
    frame = pd.DataFrame({"column": cells, "y": rng.normal(size=len(cells))})
    path = tmp_path / "t.csv"
    frame.to_csv(path, index=False)

    text = draft(read_table(path, Wanted(as_written=True)), Asked(name="n", file="data/raw/t.csv", target="y"))

    line = next(line for line in text.splitlines() if line.startswith("column = "))
    assert declaration in line


def test_the_user_says_what_is_missing() -> None:
    """--missing goes for every column, text or number, and is written for the whole table."""
    frame = pd.DataFrame({"a": [*range(59), -999], "b": [*TOWNS[:-1], "gone"], "y": np.arange(60) / 7})

    asked = Asked(name="n", file="data/raw/t.csv", target="y", missing=("-999", "gone"))
    text = draft(frame, asked)

    assert 'missing_values = ["-999", "gone"]' in text
    assert 'a = { type = "integer", min = 0, missing = 0.05 }' in text
    assert 'b = { type = "category", missing = 0.05 }' in text


def test_what_the_user_says_is_not_doubted(tmp_path: Path) -> None:
    """-999 among labels' numbers, and NA beside ?, are as the flags and the other cells say; no doubt is left."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"a": rng.choice(["12.5", "13", "-999", "?"], 400), "y": rng.choice(["yes", "no"], 400)})
    frame["c"] = rng.choice(["EU", "NA", "EMEA", "?"], 400)
    path = tmp_path / "t.csv"
    frame.to_csv(path, index=False)

    drafted = read_and_draft(path, Asked(name="n", file="data/raw/t.csv", target="y", missing=("-999",)))

    assert drafted.project.columns.declared["c"].not_missing == ("NA",)
    assert drafted.project.columns.missing_values == ("-999",)
    assert not [one for one in drafted.defined.facts["doubts"] if one["column"] == "a"]
    kept = drafted.defined.table.frame["a"]
    assert set(kept.dropna()) == {12.5, 13.0}
