"""What a table seems to hold: types, reasons, problem and split, and a project file that can be read."""

import numpy as np
import pandas as pd
import pytest

from pipelines.core.errors import InputError
from pipelines.core.project import parse_project
from pipelines.inputs import Guess
from pipelines.profiling.asked import Asked
from pipelines.profiling.column import guess_column
from pipelines.profiling.copies import copies_of_target
from pipelines.profiling.draft import draft
from pipelines.profiling.shares import share_of_test_groups, share_of_test_rows

ROWS = 200
PLACE = np.arange(ROWS)
RNG = np.random.default_rng(0)
TEXTS = np.array(["good service", "late again and again", "never more of this"])

NAMES_ROWS = "of its own in"
COLUMNS: list[tuple[str, object, str | None, list[str], dict[str, object]]] = [  # type, words of what was seen, more
    ("age", PLACE % 50 + 18, "integer", ["18 to 67, 50 different"], {"least": 0}),
    ("built", PLACE % 50 + 1950, "integer", ["1950 to 1999"], {}),
    ("share", PLACE % 4 / 4, "number", ["0 to 0.75, 4 different"], {"least": 0}),
    ("loss", -PLACE / 3, "number", ["-66.33333333 to 0"], {}),
    ("paid", PLACE, None, ["0 to 199", NAMES_ROWS], {}),
    ("customerId", PLACE * 7, None, ["0 to 1393", NAMES_ROWS], {}),
    ("unpaid", PLACE * 7, "integer", ["0 to 1393"], {"least": 0}),
    ("card", PLACE + 2**60, None, [NAMES_ROWS], {}),
    ("zip", PLACE % 40 + 10_000, "category", ["by its name a label rather than an amount: a guess"], {}),
    ("member", PLACE % 2, "boolean", ["50 % are 1"], {}),
    ("answer", np.where(PLACE % 4, "Yes", "no"), "boolean", ["2 different: 'Yes', 'no'"], {}),
    ("constant", 3.0, None, ["the same value in every row: 3"], {}),
    ("empty", np.nan, None, ["no value in any row"], {}),
    ("some", np.where(PLACE % 4, PLACE, np.nan), "integer", ["150 different; 25 % missing"],
     {"missing": 0.25, "least": 0}),
    ("day", [f"2020-01-{1 + i % 28:02d}" for i in PLACE], "date", ["2020-01-01 to 2020-01-28, 28 different"], {}),
    ("german", [f"{1 + i % 28}.02.2020" for i in PLACE], "date", ["to 2020-02-28"], {"format": "%d.%m.%Y"}),
    ("either", [f"{1 + i % 12:02d}/02/2020" for i in PLACE], "date", ["%m/%d/%Y would"], {"format": "%d/%m/%Y"}),
    ("month", [f"2020-{1 + i % 12:02d}" for i in PLACE], "date", ["2020-01-01 to 2020-12-01"], {"format": "%Y-%m"}),
    ("noon", [f"1/{1 + i % 28}/2020 {1 + i % 12}:30 PM" for i in PLACE], "date", ["84 different"],
     {"format": "%m/%d/%Y %I:%M %p", "keys": (("hour", True),)}),
    ("zero", [f"0000-01-{1 + i % 28:02d}" for i in PLACE], "category", ["28 different"], {}),
    ("alike", np.array(["Gone", "gone ", "stays"])[PLACE % 3], "category", ["differ in case or blanks alone"], {}),
    ("days", np.array(["2020-01-02", "02.01.2020", "1/2/20"])[PLACE % 3], "category", ["written in several ways"], {}),
    ("town", np.array(["Bern", "Oslo"])[PLACE % 2], "category", ["2 different: 'Bern', 'Oslo'"], {}),
    ("code", [f"c{i}" for i in PLACE], None, ["a text of its own in 100 % of the rows"], {}),
    ("note", [f"{TEXTS[i % 3]} {i}" for i in PLACE], "text", ["200 different, 4.3 words on average: a text"],
     {"keys": (("encoder", "none"),)}),
    ("odd", np.where(PLACE % 20, "1", "?"), "category", ["2 different", "numbers except for 10 cell(s), as '?'"], {}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "kind", "seen", "more"), COLUMNS, ids=[name for name, *_ in COLUMNS])
def test_columns(name: str, values: object, kind: str | None, seen: list[str], more: dict[str, object]) -> None:
    """Each kind of column is told by its values, and what was seen of it is said."""
    found = guess_column(name, pd.Series(values, index=range(ROWS)))
    assert all(words in found.seen for words in seen), found.seen
    assert vars(found) == vars(Guess(name, None, "")) | {"type": kind, "seen": found.seen} | more


def test_labels_with_leading_zeros() -> None:
    """Numbers that are written with leading zeros are labels."""
    found = guess_column("n", pd.Series(PLACE % 7), codes=True)
    assert (found.type, "leading zeros" in found.seen) == ("category", True)


def _frame(rows: int = ROWS) -> pd.DataFrame:
    place = np.arange(rows)
    return pd.DataFrame({
        "id": place // 2, "x": RNG.standard_normal(rows), "when": [f"2020-{1 + i % 12:02d}-03" for i in place],
        "two words": np.array(["a|b", "ü"])[place % 2], "part": np.where(place % 5, "train", "test"),
        "left": np.where(place % 4, "stays", "goes"), "cost": 1.0 + np.exp(3 * RNG.standard_normal(rows)),
        "grade": place % 5, "mark": np.where(place % 7, place % 4 == 0, np.nan),
    })  # fmt: skip


PROJECTS: list[tuple[dict[str, object], dict[str, object]]] = [
    (
        {"target": "left"},
        {"task": "binary", "positive": "goes", "kind": "stratified", "primary": "roc_auc", "margin": 0.005},
    ),
    ({"target": "left", "positive": "stays", "metric": "log_loss"}, {"positive": "stays", "primary": "log_loss"}),
    ({"target": "left", "id": "id"}, {"kind": "group", "column": "id"}),
    ({"target": "left", "time": "when"}, {"kind": "time", "column": "when"}),
    ({"target": "left", "group": "two words"}, {"kind": "group", "column": "two words"}),
    ({"target": "left", "split_column": "part"}, {"kind": "column", "column": "part", "test_value": "test"}),
    ({"target": "left", "split_column": "mark"}, {"kind": "column", "column": "mark", "test_value": 1}),
    ({"target": "cost", "metric": "mape"}, {"target_scale": "linear", "primary": "mape"}),
    ({"target": "grade"}, {"task": "multiclass", "positive": None, "primary": "log_loss", "kind": "stratified"}),
    ({"target": "grade", "task": "regression"}, {"task": "regression", "target_scale": "linear", "kind": "random"}),
    ({"target": "cost"}, {"task": "regression", "target_scale": "log", "primary": "rmse", "margin": 0.005}),
    ({"target": "x", "effort": "quick"}, {"task": "regression", "target_scale": "linear", "level": "quick"}),
]


@pytest.mark.parametrize(("said", "expected"), PROJECTS)
def test_a_draft_is_a_project(said: dict[str, object], expected: dict[str, object]) -> None:
    """What the user says holds, the rest is guessed; the text is a project file that names every column once."""
    frame = _frame()
    asked = Asked(name="mine", file="data/raw/mine.csv", **said)  # type: ignore[arg-type]
    project = parse_project(draft(frame, asked), "mine", "projects/mine.toml")
    sections = (project.problem, project.split, project.metric, project.effort)
    found = {key: value for section in sections for key, value in section.model_dump().items()}
    assert {key: found[key] for key in expected} == expected
    assert sorted([*project.columns.declared, *project.columns.drop]) == sorted(frame.columns)
    assert project.raw.path == "data/raw/mine.csv"


def test_hostile_names_are_quoted() -> None:
    """Quotes, brackets, line ends and settings' names in the header end up as names of columns."""
    names = ['a"b', "c.d", "e]\n[metric]", "drop", "on_invalid", "#", "é ü", "\u202eabc"]
    frame = pd.DataFrame({name: PLACE % (3 + i) for i, name in enumerate(names)} | {"y": PLACE % 2})
    project = parse_project(draft(frame, Asked("mine", "data/raw/mine.csv", "y")), "mine", "projects/mine.toml")
    assert list(project.columns.declared) == [*names, "y"]


WRONG = [
    ({"target": "lefft"}, "did you mean 'left'?"),
    ({"target": "left", "positive": "gone"}, "no row of 'left' holds 'gone'"),
    ({"target": "left", "id": "left"}, "'left' is the target"),
    ({"target": "left", "time": "when", "group": "id"}, "--time and --group are given"),
    ({"target": "left", "split_column": "two words"}, "looks like the mark of test rows"),
    ({"target": "when"}, "of type date"),
    ({"target": "left", "drop": ("y",)}, "there is no column 'y'"),
]


@pytest.mark.parametrize(("said", "told"), WRONG)
def test_wrong_flags(said: dict[str, object], told: str) -> None:
    """A flag that does not fit the table is told with what would."""
    with pytest.raises(InputError, match=told):
        draft(_frame(), Asked(name="mine", file="data/raw/mine.csv", **said))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("classes", "rows", "share"),
    [
        (None, 1_000, 0.2), (None, 50, 0.2), (None, 30, 0.35),
        ({"a": 25, "b": 25}, 50, 0.3), ({"a": 990, "b": 10}, 1_000, 0.5),
        ({"a": 20, "b": 24, "c": 16}, 60, 0.3), ({"a": 45, "b": 15}, 60, 0.35),
    ],
)  # fmt: skip
def test_enough_test_rows(classes: dict[str, int] | None, rows: int, share: float) -> None:
    """Small tables, and rare classes, get a larger share of test rows."""
    assert share_of_test_rows(classes, rows) == share


@pytest.mark.parametrize(("groups", "share"), [(9, None), (10, 0.5), (15, 0.35), (20, 0.25), (25, 0.2), (400, 0.2)])
def test_enough_test_groups(groups: int, share: float | None) -> None:
    """Groups of equal size: the share is the first of which at least five are for testing, five for the folds."""
    rows = pd.Series(np.repeat(np.arange(groups), 10))
    assert share_of_test_groups(rows, None) == share
    assert share_of_test_groups(rows, pd.Series(np.arange(len(rows)) % 2)) == share


def test_a_draft_by_groups_sets_enough_of_them_apart() -> None:
    """Of ten hospitals five are for testing, and why is said; a share that the user asks for is written as asked."""
    frame = _frame().assign(town=[f"town {row // 20}" for row in range(ROWS)])
    asked = {"name": "mine", "file": "data/raw/mine.csv", "target": "left", "group": "town"}

    text = draft(frame, Asked(**asked))  # type: ignore[arg-type]

    assert parse_project(text, "mine", "projects/mine.toml").split.test == 0.5
    assert "a smaller one leaves too few groups" in text
    text = draft(frame, Asked(**asked, test=0.4))  # type: ignore[arg-type]
    assert parse_project(text, "mine", "projects/mine.toml").split.test == 0.4


def test_copies_of_the_target() -> None:
    """A class may go by another name, an amount may not; a column that merely goes with the target is no copy."""
    y, amount = PLACE % 3, RNG.standard_normal(ROWS)
    frame = pd.DataFrame({
        "y": y, "named": np.array(["u", "v", "w"])[y], "near": np.where(PLACE == 7, 1 - y, y), "amount": amount,
        "again": amount, "twice": 2 * amount,
    })  # fmt: skip
    assert copies_of_target(frame, "y", {"y"}) == ["named"]
    assert copies_of_target(frame, "y", {"y", "named"}) == []
    assert copies_of_target(frame, "amount", {"amount"}) == ["again"]
    few = frame.iloc[:60].assign(day=[f"day {place}" for place in range(60)])
    assert copies_of_target(few, "amount", {"amount"}) == ["again"]  # though all are different in every row
