"""Bad input to step 1, from the file's bytes to the last row: a short message, and nothing else, each time."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from toy_raw import TOML, change, run_later, small_raw

from flows.reading.raw import read_raw
from pipelines.core.errors import InputError
from pipelines.core.project import parse_project
from pipelines.define import define

FILE = "data/raw/small.csv"


def run(raw: pd.DataFrame | bytes, folder: Path, toml: str = TOML) -> str:
    """Return the message of the InputError that project file and raw file lead to; fail if there is none."""
    path = folder / FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(raw if isinstance(raw, bytes) else raw.to_csv(index=False).encode())
    with pytest.raises(InputError) as caught:
        step_1(path, toml)
    return str(caught.value)


def step_1(path: Path, toml: str) -> None:
    """Do what step 1 does, up to the point where the gate would be waited for."""
    project = parse_project(toml, "small", "projects/small.toml")
    define(read_raw(path, project), project, "0" * 64, run_later)


def with_cell(row: int, column: str, value: str | float | None, rows: int = 200) -> pd.DataFrame:
    """Return the small raw frame with one cell replaced."""
    raw = small_raw(rows)
    cells = raw[column].tolist()
    cells[row] = value
    return raw.assign(**{column: pd.Series(cells, dtype=object)})


def with_target(values: str | np.ndarray) -> pd.DataFrame:
    """Return the small raw frame with another target."""
    return small_raw().assign(left=values)


PLACE = np.arange(200)
DAYS = pd.date_range("2015-01-01", periods=200).astype(str)
TIME_SPLIT = change(TOML, kind='"time"\ncolumn = "since"')

REGRESSION = change(
    TOML.replace('positive = "yes"', 'target_scale = "log"'),
    task='"regression"',
    left='{ type = "integer" }',
    kind='"random"',
    primary='"rmse"',
)

CASES: dict[str, tuple[pd.DataFrame | bytes, str, list[str]]] = {
    "unknown key": (
        small_raw(),
        TOML + "marign = 2\n",
        ["projects/small.toml", "metric.marign", "did you mean `margin`?"],
    ),
    "wrong type of a key": (
        small_raw(),
        change(TOML, seed='"x"'),
        ["projects/small.toml", "`split.seed` is 'x'", "integer"],
    ),
    "a value where a section belongs": (
        small_raw(),
        "effort = 3\n" + TOML,
        ["projects/small.toml", "`effort` is 3", "a section, [effort]"],
    ),
    "target missing in the file": (
        small_raw().rename(columns={"left": "gone"}),
        TOML,
        [FILE, "the target 'left' is not in the file", "columns: 'age'"],
    ),
    "column missing in the file": (
        small_raw().drop(columns="age"),
        TOML,
        [FILE, "the column 'age' is not in the file"],
    ),
    "column not declared": (
        small_raw().assign(ages=1),
        TOML,
        [FILE, "'ages' is not declared", "nearest declared", "'age'"],
    ),
    "one class": (with_target("no"), TOML, [FILE, "column 'left'", "only one class: 'no'", "two classes"]),
    "three classes": (
        with_target(np.array(["yes", "no", "perhaps"])[PLACE % 3]),
        change(TOML, left='{ type = "category" }'),
        ["'left'", "'no', 'perhaps', 'yes'", "problem.positive"],
    ),
    "the event never happens": (
        with_target(np.array(["a", "no"])[PLACE % 2]),
        change(TOML, left='{ type = "category" }'),
        ["the target holds 'a', 'no'"],
    ),
    "text among numbers": (
        with_cell(17, "income", "a lot"),
        TOML,
        [FILE, "'income'", "row 17: 'a lot'", "not a number", "number, at least 0"],
    ),
    "fractions among whole numbers": (
        with_cell(4, "age", 30.5),
        TOML,
        ["'age'", "row 4: '30.5'", "not a whole number"],
    ),
    "infinity": (with_cell(2, "income", "inf"), TOML, ["'income'", "row 2: 'inf'", "not a number"]),
    "a truth value that is none": (
        with_cell(8, "member", "perhaps"),
        TOML,
        ["'member'", "row 8: 'perhaps'", "not true or false"],
    ),
    "a date that does not parse": (
        with_cell(11, "since", "11.03.2014"),
        TOML,
        [FILE, "'since'", "row 11: '11.03.2014'", "not a date", "2014-05-02", "`format`"],
    ),
    "a time that does not parse, in a time split": (
        with_cell(11, "since", "soon", 5000),
        TIME_SPLIT,
        ["'since'", "row 11: 'soon'", "not a date"],
    ),
    "a target that is missing": (
        with_cell(5, "left", None),
        TOML,
        [FILE, "'left'", "missing in 1 row(s)", "row 5", "`missing`"],
    ),
    "a column that is missing too often": (
        small_raw().assign(income=""),
        TOML,
        ["'income'", "200 row(s) (100 %)", "30 %"],
    ),
    "out of bounds, asked to fail": (
        with_cell(3, "age", 5),
        change(TOML, drop='["note"]\non_invalid = "fail"'),
        [FILE, "'age'", "below 18", "row 3: '5'", "at least 18"],
    ),
    "no bytes": (b"", TOML, [FILE, "empty"]),
    "no rows": (small_raw(0), TOML, [FILE, "a header but no rows"]),
    "a name twice": (b"age,age\n1,2\n", TOML, [FILE, "the name 'age' is given to columns 1, 2"]),
    "a row too short": (
        small_raw().to_csv(index=False).encode() + b"1,2\n",
        TOML,
        [FILE, "a row of 2 fields under a header of 8", "line 202"],
    ),
    "all rows set aside": (
        small_raw().assign(age=5),
        TOML,
        [FILE, "every row breaks the declaration", "200, in column 'age': below 18", "at least 18, at most 99"],
    ),
    "a number beyond all measures": (
        with_cell(2, "income", 1e39),
        TOML,
        ["'income'", "row 2: '1e+39'", "larger than 1e+30"],
    ),
    "too few groups": (
        small_raw().assign(town=[f"town {row % 12}" for row in range(200)]),
        change(TOML, town='{ type = "category" }', kind='"group"\ncolumn = "town"'),
        ["the test set holds 3 group(s)", "at least 5 groups", "split.column = 'town'"],
    ),
    "a constant target among the test rows": (
        with_target(np.where(PLACE < 150, PLACE + 1, 7)).assign(
            since=pd.date_range("2015-01-01", periods=200).astype(str)
        ),
        change(REGRESSION, kind='"time"\ncolumn = "since"', primary='"r2"'),
        ["the test set holds one value of the target"],
    ),
    "a margin beyond the metric": (small_raw(), change(TOML, margin="5"), ["metric.margin is 5", "below 1"]),
    "no error costs anything": (
        small_raw(),
        TOML + "cost = { false_positive = 0, false_negative = 0 }\n",
        ["metric.cost is 0 for both"],
    ),
    "an allowed value that is no number": (
        small_raw(),
        change(TOML, age='{ type = "integer", allowed = [18, nan] }'),
        ["`allowed`", "not finite"],
    ),
    "test rows marked in two ways": (
        small_raw().assign(town=["test", "Test", "train", "train"] * 50),
        change(TOML, town='{ type = "category" }', kind='"column"\ncolumn = "town"'),
        ["'test' marks test rows, but some hold 'Test'", "column 'town'"],
    ),
    "too few rows": (small_raw(12), TOML, [FILE, "too few rows", "test set"]),
    "too few events": (
        with_target(np.where(PLACE < 12, "yes", "no")),
        TOML,
        [FILE, "metric 'roc_auc'", "the test set holds 3 row(s) of class 'yes' of 'left'", "at least 5", "split.test"],
    ),
    "a fold without events": (
        small_raw().assign(
            since=DAYS,
            left=np.where((PLACE > 100) & (PLACE % 2 == 0), "yes", "no"),
        ),
        TIME_SPLIT,
        ["fold 0 holds 0 row(s) of class 'yes'", "split.kind = 'time', split.column = 'since'"],
    ),
    "all rows at one time": (small_raw().assign(since="2015-01-01"), TIME_SPLIT, ["the test set holds 0 row(s)"]),
    "a split column without test rows": (
        small_raw(),
        change(TOML, kind='"column"\ncolumn = "town"'),
        ["'test' marks test rows, but no row holds it", "'Oslo'", "column 'town'"],
    ),
    "no logarithm": (
        with_target(np.where(PLACE == 9, 0, PLACE + 1)),
        REGRESSION,
        [FILE, "row 9: 0", "have no logarithm", "`min` above 0"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_told(case: str, tmp_path: Path) -> None:
    """Each message has at most ten lines and names file, key or column, row, what is allowed and what to do."""
    raw, toml, told = CASES[case]
    message = run(raw, tmp_path, toml)
    for part in told:
        assert part in message, message
    assert len(message.splitlines()) <= 10
    assert all(line.startswith(("error: ", "where: ", "allowed: ", "do: ")) for line in message.splitlines()), message
    assert "\ndo: " in message
