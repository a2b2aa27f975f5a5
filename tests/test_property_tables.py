"""Whatever table a user hands in ends in a report, or in an error of a few lines: searched for by hypothesis."""

import csv
import importlib
import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from recorded_models import record_models
from searches import SETTINGS, check_error
from toy_raw import run_later
from toy_table import APART

from flows.reading.cells import Wanted
from flows.reading.raw import read_raw, read_table, suffix
from flows.reading.separated import zero_led
from flows.repository.layout import Layout
from flows.running.pool import pool
from pipelines.core.errors import InputError
from pipelines.core.project import Project, parse_project
from pipelines.core.steps import SEVEN
from pipelines.define import Defined, define
from pipelines.metrics import METRICS
from pipelines.profiling.asked import Asked
from pipelines.profiling.draft import draft
from pipelines.validation.expectations import warm

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
NAMES = TEXTS.filter(str.strip)
NUMBERS = st.one_of(
    st.integers(-5, 100), st.floats(-1e3, 1e3), st.floats(), st.integers(-(2**70), 2**70),
    st.sampled_from([float("nan"), float("inf"), 1e300, 5e-324, 2**53, 2**63, -0.0]),
)  # fmt: skip
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
CELLS: dict[str, st.SearchStrategy[Any]] = {  # what a column's values are drawn from
    "amounts": st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)),
    "counts": st.tuples(st.integers(0, 50), st.integers(51, 1000)),
    "classes": st.lists(st.sampled_from(["yes", "no", "perhaps", "0", "1", "01", "true"]), min_size=2, max_size=3),
    "numbers": st.lists(NUMBERS, min_size=1, max_size=5),
    "texts": st.lists(TEXTS, min_size=1, max_size=5),
    "sentences": st.lists(st.sampled_from(["one two three", "four five six seven", "a b c"]), min_size=2, max_size=3),
    "days": st.lists(DAYS.map(date.isoformat), min_size=1, max_size=30),
    "dates": st.lists(DAYS.map(lambda day: f"{day:%d.%m.%Y}") | DAYS.map(date.isoformat), min_size=1, max_size=5),
    "truths": st.lists(st.booleans(), min_size=1, max_size=2),
    "marks": st.just(["train", "test"]),
    "empty": st.just([None]),
    "constant": st.lists(NUMBERS | TEXTS, min_size=1, max_size=1),
    "mixed": st.lists(st.one_of(NUMBERS, TEXTS, st.booleans(), st.none()), min_size=1, max_size=6),
}


@st.composite
def columns(draw: st.DrawFn, rows: int, kinds: Sequence[str]) -> list[Any]:
    """Return a column's cells; amounts and counts differ from row to row, all others repeat what was drawn."""
    kind = draw(st.sampled_from(kinds))
    drawn = draw(CELLS[kind])
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    if kind == "amounts":
        cells: list[Any] = (drawn[0] + (drawn[1] - drawn[0]) * rng.random(rows)).tolist()
    elif kind == "counts":
        cells = rng.integers(drawn[0], drawn[1], rows).tolist()
    else:
        cells = [drawn[place] for place in rng.integers(0, len(drawn), rows)]
    gone = draw(st.sampled_from([0.0, 0.0, 0.1]))
    return [None if hidden else cell for cell, hidden in zip(cells, rng.random(rows) < gone, strict=True)]


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Return a small table; the first column is the target."""
    rows = draw(st.sampled_from([1, 5, 60, 90, 120]))
    names = draw(st.lists(NAMES, min_size=2, max_size=6, unique=True))
    targets = ["classes", "classes", "truths", "counts", "amounts", *CELLS]
    kinds = [targets, ["amounts", "counts"], *[list(CELLS)] * 4]
    return {name: draw(columns(rows, kind)) for name, kind in zip(names, kinds, strict=False)}


@st.composite
def flags(draw: st.DrawFn, table: dict[str, list[Any]]) -> dict[str, Any]:
    """Return what the user says of a table, mostly nothing."""
    target, *others = table
    said: dict[str, Any] = {"target": target}
    column = st.sampled_from(others)
    if draw(st.integers(0, 2)) == 0:
        said[draw(st.sampled_from(["id", "time", "group", "split_column"]))] = draw(column)
    if draw(st.integers(0, 5)) == 0:
        said["drop"] = (draw(column),)
    if draw(st.integers(0, 3)) == 0:
        said["task"] = draw(st.sampled_from(APART))
    if draw(st.integers(0, 5)) == 0:
        said["metric"] = draw(st.sampled_from(list(METRICS)))
    if draw(st.integers(0, 5)) == 0:
        said["positive"] = str(draw(st.sampled_from(table[target])))
    return said


def write_separated(table: dict[str, list[Any]], path: Path, separator: str) -> None:
    """Write CSV or TSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))


def write_lines(table: dict[str, list[Any]], path: Path) -> None:
    """Write JSON lines."""
    rows = (dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_parquet(table: dict[str, list[Any]], path: Path) -> None:
    """Write Parquet: columns of one kind of value as such, all others as text."""
    arrays = []
    for cells in table.values():
        try:
            arrays.append(pa.array(cells))
        except (pa.ArrowException, OverflowError):
            arrays.append(pa.array([None if cell is None else str(cell) for cell in cells]))
    pa.parquet.write_table(pa.table(arrays, names=list(table)), path)


WRITERS: dict[str, Callable[[dict[str, list[Any]], Path], None]] = {
    ".csv": lambda table, path: write_separated(table, path, ","),
    ".tsv": lambda table, path: write_separated(table, path, "\t"),
    ".jsonl": write_lines,
    ".parquet": write_parquet,
}


def from_file(path: Path, said: dict[str, Any]) -> tuple[Project, Defined]:
    """Do what `sevenfold new` does but write: read, draft, parse the draft, read as it declares, and do step 1."""
    frame = read_table(path, Wanted())
    codes = zero_led(path) if suffix(path) in (".csv", ".tsv") else ()
    if codes:
        frame = read_table(path, Wanted(text=codes))
    text = draft(frame, Asked(name="mine", file=f"data/raw/{path.name}", **said), codes)
    project = parse_project(text, "mine", "projects/mine.toml")
    assert sorted([*project.columns.declared, *project.columns.drop]) == sorted(map(str, frame.columns))
    return project, define(read_raw(path, project), project, "0" * 64, run_later)


@settings(max_examples=80, phases=[Phase.generate], **SETTINGS)  # to shrink a failure would take many minutes
@given(data=st.data(), table=tables(), kind=st.sampled_from(list(WRITERS)))
def test_any_table(data: st.DataObject, table: dict[str, list[Any]], kind: str, tmp_path: Path) -> None:
    """A table becomes a project with its rows split, or is told to be none."""
    path = tmp_path / f"mine{kind}"
    WRITERS[kind](table, path)
    try:
        project, found = from_file(path, data.draw(flags(table)))
    except InputError as error:
        check_error(error)
        return
    frame = found.table.frame
    assert set(frame["split"]) == {"train", "test"}
    assert found.table.features
    assert np.isfinite(frame["y_true"]).all()
    assert not np.isinf(frame[found.table.numeric].to_numpy(float)).any()
    assert project.problem.target not in frame.columns
    assert json.dumps(found.facts, allow_nan=False)


@st.composite
def learnable_tables(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Return a table with a target that can be learned, an amount, and two columns of any kind."""
    rows = 420
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    names = draw(st.lists(NAMES, min_size=4, max_size=4, unique=True))
    amount = rng.normal(size=rows)
    classes = np.where(amount + rng.normal(size=rows) > 0, "yes", "no").tolist()
    target = classes if draw(st.booleans()) else (amount**2 + rng.random(rows)).tolist()
    more = [draw(columns(rows, ["texts", "classes", "days", "truths", "mixed", "sentences", "counts"])) for _ in "12"]
    return dict(zip(names, [target, amount.tolist(), *more], strict=True))


@settings(max_examples=2, phases=[Phase.generate], **SETTINGS)
@given(table=learnable_tables())
def test_any_table_to_the_report(table: dict[str, list[Any]], tmp_path_factory: pytest.TempPathFactory) -> None:
    """From the table to the report, or to an error that says why not."""
    root = tmp_path_factory.mktemp("report")
    warm()  # here, or each table would wait for a process that does
    with pytest.MonkeyPatch.context() as patch, pool() as submit:
        patch.chdir(root)
        Layout("mine").project_file.parent.mkdir()
        path = Path("data", "raw", "mine.csv")
        path.parent.mkdir(parents=True)
        write_separated(table, path, ",")
        asked = Asked(name="mine", file=path.as_posix(), target=next(iter(table)), effort="quick")
        try:
            text = draft(read_table(path, Wanted()), asked, zero_led(path))
            Layout("mine").project_file.write_text(text, encoding="utf-8")
            for step in (*SEVEN, "pictures", "report"):
                importlib.import_module(f"flows.steps.{step}").run("mine", submit)
                record_models("mine")
        except InputError as error:
            check_error(error)
            return
        assert "# " in Layout("mine").report.read_text(encoding="utf-8")


def good_files() -> dict[str, bytes]:
    """Return a small file of each kind."""
    frame = pd.DataFrame({"a": [1, 2, None], "b": ["x", "é", None], "c": [True, False, True]})
    parquet, sheet, book = io.BytesIO(), io.BytesIO(), Workbook()
    frame.to_parquet(parquet)
    assert book.active is not None
    for row in [["a", "b"], [1, "x"], [datetime(2020, 1, 2, tzinfo=UTC).replace(tzinfo=None), time(1, 2)]]:
        book.active.append(row)
    book.save(sheet)
    return {
        ".csv": frame.to_csv(index=False).encode(),
        ".tsv": frame.to_csv(index=False, sep="\t").encode(),
        ".jsonl": frame.to_json(lines=True, orient="records").encode(),
        ".parquet": parquet.getvalue(),
        ".xlsx": sheet.getvalue(),
    }


GOOD = good_files()


@st.composite
def damaged_files(draw: st.DrawFn, kind: str) -> bytes:
    """Return a good file with some of its bytes changed, lost or added."""
    content = bytearray(GOOD[kind])
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        content[start : start + draw(st.integers(0, 6))] = draw(st.binary(max_size=6))
    return bytes(content)


@pytest.mark.parametrize("kind", GOOD)
@settings(max_examples=120, **SETTINGS)
@given(data=st.data())
def test_any_bytes(data: st.DataObject, kind: str, tmp_path: Path) -> None:
    """Bytes are a table, or are told to be none."""
    content = data.draw(st.one_of(st.binary(max_size=300), damaged_files(kind), damaged_files(kind)))
    path = tmp_path / f"mine{kind}"
    path.write_bytes(content)
    try:
        frame = read_table(path, Wanted())
    except InputError as error:
        check_error(error)
        return
    assert len(frame)
    assert len(set(frame.columns)) == len(frame.columns)
    for name in frame.columns:
        frame[name].tolist()  # every cell is a value
