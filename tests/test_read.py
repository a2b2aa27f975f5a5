"""Reading raw files: what the cells become, and where a broken file is said to be broken."""

import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook
from toy_project import toy_project

from flows.reading.raw import read_raw
from flows.reading.separated import zero_led
from pipelines.core.errors import InputError
from pipelines.core.project import Project

COLUMNS = """\
a = { type = "number", missing = 0.5 }
c = { type = "category", missing = 0.5, allowed = ["x", "NA"] }
b = { type = "boolean", missing = 0.5 }
y = { type = "integer" }"""
HEADER = "a,c,b,y\n"


@pytest.fixture(scope="module")
def project() -> Project:
    """A project of a number, a category that may be "NA", a truth value and a target."""
    return toy_project(columns=COLUMNS)


def read(content: str | bytes, project: Project, folder: Path, name: str = "t.csv") -> pd.DataFrame:
    """Write the content to a file and read it back."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_raw(path, project)


CELLS = [  # the lines after the header, what is read
    (["1.5,x,true,0", ",NA,,1"], {"a": [1.5, None], "c": ["x", "NA"], "b": [1.0, None], "y": [0, 1]}),
    (["1,x,true,0", "2,,false,1"], {"a": [1, 2], "c": ["x", None], "b": [True, False], "y": [0, 1]}),
    (["NA,007,yes,0", "null,null,,1"], {"a": [None, None], "c": ["007", None], "b": ["yes", None], "y": [0, 1]}),
    (["abc,x,1,0", "1.50,x,0,"], {"a": ["abc", "1.50"], "c": ["x", "x"], "b": [1, 0], "y": [0, None]}),
    (["2014-01-01,x,1,0"], {"a": ["2014-01-01"], "c": ["x"], "b": [1], "y": [0]}),
    (['1e3,"x,y",1,0', '-2,"a ""b""\nc",1,1'], {"a": [1000, -2], "c": ["x,y", 'a "b"\nc'], "b": [1, 1], "y": [0, 1]}),
    (["", "1,x,1,0", "", ""], {"a": [1], "c": ["x"], "b": [1], "y": [0]}),
]


@pytest.mark.parametrize(("rows", "expected"), CELLS)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_cells(
    rows: list[str], expected: dict[str, list[object]], ending: str, project: Project, tmp_path: Path
) -> None:
    """Numbers where all are numbers, text as written otherwise; empty cells and NA are missing unless allowed."""
    frame = read(ending.join([HEADER.strip(), *rows, ""]), project, tmp_path)
    found = {name: [None if pd.isna(v) else v for v in frame[name].tolist()] for name in frame.columns}

    assert found == expected
    assert isinstance(frame.index, pd.RangeIndex)


def test_byte_order_mark_and_gzip(project: Project, tmp_path: Path) -> None:
    """A byte-order mark is no part of the first name; a gzipped file reads like a plain one."""
    content = b"\xef\xbb\xbf" + HEADER.encode() + b"1,x,1,0\n"
    plain = read(content, project, tmp_path)
    pd.testing.assert_frame_equal(plain, read(gzip.compress(content), project, tmp_path, "t.csv.gz"))

    assert list(plain.columns) == ["a", "c", "b", "y"]


GOOD = "1,x,1,0\n"
BROKEN = [
    ("", ["empty: 0 bytes"]),
    (HEADER, ["header but no rows"]),
    ("\n\n", ["there is no header"]),
    (HEADER + GOOD + "1,x,1\n", ["a row of 3 fields under a header of 4", "line 3", "complete the row"]),
    (HEADER + GOOD + GOOD + "1,x,1,0,\n", ["a row of 5 fields under a header of 4", "line 4", "quote fields"]),
    (HEADER + '1,"x\ny",1,0\n1,x,1\n', ["a row of 3 fields", "line 4"]),
    (HEADER.encode() + b"1,x,1,0\n1,\xe9t\xe9,1,0\n", ["byte 3 of the line, 0xe9, is not UTF-8", "line 3"]),
    ((HEADER + GOOD).encode("utf-16"), ["not UTF-8", "line 1"]),
    (HEADER + '1,"x,1,0\n2,x,1,0\n', ["a field that does not end", "row beginning on line 2"]),
    ("a,a,b,y\n1,2,3,4\n", ["the name 'a' is given to columns 1, 2", "header"]),
    ("a, ,b,y\n1,2,3,4\n", ["column 2 of 4 has no name", "header"]),
    ("a;c;b;y\n1;2;3;4\n", ["separated by semicolons"]),
    ("a\tc\tb\ty\n1\t2\t3\t4\n", ["separated by tabs"]),
    ("a,c,bb,y\n1,2,3,4\n", ["the column 'b' is not in the file", "did you mean 'bb'?"]),
    ("a,c,b\n1,2,3\n", ["the target 'y' is not in the file"]),
    ("a,c,b,y,bb\n1,2,3,4,5\n", ["column 'bb' is not declared", "nearest declared column is 'b'", "`drop`"]),
]


@pytest.mark.parametrize(("content", "told"), BROKEN)
def test_broken_files(content: str | bytes, told: list[str], project: Project, tmp_path: Path) -> None:
    """A broken file's message names the file, the line where it can, what is allowed and what to do."""
    with pytest.raises(InputError) as caught:
        read(content, project, tmp_path)
    message = str(caught.value)

    assert all(part in message for part in ["t.csv", "allowed: ", "do: ", *told]), message
    assert len(message.splitlines()) <= 10


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("t.sav", b"x", "cannot read a file of kind '.sav'"),
        ("t.parquet.gz", b"x", "cannot read a file of kind '.parquet.gz'"),
        ("t.xls", b"x", "not readable as Excel"),
        ("t.xlsx", b"PK\x03\x04", "not readable as Excel"),
        ("t.csv.xz", b"no xz", "cannot be unpacked"),
        ("t.csv.zst", b"no zstd", "cannot be unpacked"),
        ("t.tsv", b"a,c,b,y\n1,2,3,4\n", "separated by commas"),
        ("t.jsonl", b'{"a": 1}\n[1]\n', "line 2"),
        ("t.jsonl", b'{"a": 1}\n{"a": 2, "a": 3}\n', "the key 'a' is there twice"),
        ("t.jsonl", b'{"a": 1,\n', "no JSON object"),
        ("t.jsonl", b'{"a": [1], "c": "x", "b": 1, "y": 0}\n', "column 'a' holds"),
        ("t.jsonl", b'{"a": "x", "c": "x", "b": 1, "y": 0}\n{"a": {}, "c": "x", "b": 1, "y": 0}\n', "row 1"),
        ("t.csv.gz", b"no gzip", "cannot be unpacked"),
        ("t.csv.gz", gzip.compress((HEADER + GOOD * 100_000).encode())[:-50], "cannot be unpacked"),
        ("t.csv.gz", b"\x1f\x8b" + bytes(30), "cannot be unpacked"),
        ("t.parquet", b"PAR1 and no more", "not readable as Parquet"),
    ],
)
def test_broken_packages(name: str, content: bytes, told: str, project: Project, tmp_path: Path) -> None:
    """A file of another kind, a broken gzip or Parquet file is told as such."""
    with pytest.raises(InputError, match=told) as caught:
        read(content, project, tmp_path, name)
    assert name in str(caught.value)


def test_parquet(project: Project, tmp_path: Path) -> None:
    """Numbers stay numbers; categories become text as written, whole numbers without a point; an index is left out."""
    frame = pd.DataFrame({"a": [1.5, None], "c": [98101.0, None], "b": [True, None], "y": [0, 1]}, index=[7, 9])
    frame.to_parquet(tmp_path / "t.parquet")
    found = read_raw(tmp_path / "t.parquet", project)

    assert found["c"].tolist()[0] == "98101"
    assert found["b"].tolist()[0] == 1.0
    assert found.isna().sum().to_dict() == {"a": 1, "c": 1, "b": 1, "y": 0}
    assert list(found.columns) == ["a", "c", "b", "y"]
    assert found.dtypes.astype(str).tolist() == ["float64", "str", "float64", "int64"]


def test_parquet_with_lists(project: Project, tmp_path: Path) -> None:
    """A column of lists is no column of numbers, truth values, dates or texts."""
    table = pa.table({"a": [[1], [2]], "c": ["x", "x"], "b": [1, 0], "y": [0, 1]})
    pq.write_table(table, tmp_path / "t.parquet")
    with pytest.raises(InputError, match="column 'a' holds values of type"):
        read_raw(tmp_path / "t.parquet", project)


def test_parquet_with_a_name_twice(project: Project, tmp_path: Path) -> None:
    """A Parquet file can hold a name twice too."""
    table = pa.table([pa.array([1]), pa.array([2]), pa.array([3])], names=["a", "a", "y"])
    pq.write_table(table, tmp_path / "t.parquet")
    with pytest.raises(InputError, match="the name 'a' is given to columns 1, 2"):
        read_raw(tmp_path / "t.parquet", project)


def test_parquet_with_dates(tmp_path: Path) -> None:
    """Parquet's own dates are written out as ISO 8601, which step 1 reads."""
    project = toy_project(columns=COLUMNS.replace('a = { type = "number"', 'a = { type = "date"'))
    days = np.array(["2014-05-02", "NaT"], "datetime64[s]")
    pd.DataFrame({"a": days, "c": "x", "b": True, "y": [0, 1]}).to_parquet(tmp_path / "t.parquet")

    assert read_raw(tmp_path / "t.parquet", project)["a"].tolist()[0].startswith("2014-05-02")


def test_numbers_survive_unchanged(project: Project, tmp_path: Path) -> None:
    """Twenty thousand random doubles, written with all digits, come back bit by bit, several blocks of bytes long."""
    values = np.random.default_rng(0).normal(size=20_000) * 10.0 ** (np.arange(20_000) % 300 - 150)
    rows = "".join(f"{value!r},{'x' * 200},1,0\n" for value in values.tolist())

    assert np.array_equal(read(HEADER + rows, project, tmp_path)["a"].to_numpy(), values)


def test_a_bomb_is_refused(project: Project, tmp_path: Path) -> None:
    """A small file that unpacks to far more than a table would is refused, before it fills the memory."""
    content = gzip.compress(HEADER.encode()) + gzip.compress(GOOD.encode() * (1 << 20)) * 40  # members add up
    with pytest.raises(InputError, match="unpacks to more than 256 MiB"):
        read(content, project, tmp_path, "t.csv.gz")


ROWS: list[dict[str, object]] = [
    {"a": 1.5, "c": "007", "b": True, "y": 0},
    {"a": 2, "c": "NA", "b": False, "y": 1},
    {"a": None, "c": None, "b": None, "y": 1},
]
AS_CSV = "a,c,b,y\n1.5,007,true,0\n2,NA,false,1\n,,,1\n"


def zstd(content: bytes) -> bytes:
    """Pack."""
    return pa.compress(content, codec="zstd", asbytes=True)


def as_json() -> bytes:
    """Return the rows as JSON lines."""
    return "".join(json.dumps(row) + "\n" for row in ROWS).encode()


def as_excel(folder: Path) -> bytes:
    """Return the rows as a workbook."""
    book = Workbook()
    sheet = book.create_sheet("first", 0)
    for row in [[*ROWS[0]], *([*row.values()] for row in ROWS)]:
        sheet.append(row)
    book.save(folder / "made.xlsx")
    return (folder / "made.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("t.csv.bz2", bz2.compress),
        ("t.csv.gz", gzip.compress),
        ("t.csv.xz", lzma.compress),
        ("t.csv.zst", zstd),
        ("t.csv", bytes),
    ],
)
def test_packed_kinds(name: str, pack: Callable[[bytes], bytes], project: Project, tmp_path: Path) -> None:
    """However a file is packed, it reads like the plain one; tabs read like commas, JSON lines and Excel like both."""
    plain = read(AS_CSV, project, tmp_path)
    packed = name.removeprefix("t.csv")
    pd.testing.assert_frame_equal(plain, read(pack(AS_CSV.encode()), project, tmp_path, name))
    tabs = read(pack(AS_CSV.replace(",", "\t").encode()), project, tmp_path, f"t.tsv{packed}")
    pd.testing.assert_frame_equal(plain, tabs)
    lines = read(pack(as_json()), project, tmp_path, f"t.jsonl{packed}")
    pd.testing.assert_frame_equal(plain, lines)


def test_excel(project: Project, tmp_path: Path) -> None:
    """The first sheet of a workbook reads like a CSV file with the same cells."""
    plain = read(AS_CSV, project, tmp_path)
    pd.testing.assert_frame_equal(plain, read(as_excel(tmp_path), project, tmp_path, "t.xlsx"))


@pytest.mark.parametrize(("name", "sign"), [("t.TSV", "\t"), ("t.tsv.csv", ","), ("t.Tsv.GZ", "\t"), ("t.csv.xz", ",")])
def test_zeros_that_lead_are_seen(name: str, sign: str, tmp_path: Path) -> None:
    """Whatever the case of a file's kind, and whatever stands before it, its columns are parted by the right sign."""
    text = f"code{sign}other\n007{sign}'a,b;c'\n"
    packs: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".xz": lzma.compress}
    pack = packs.get(Path(name).suffix.lower(), bytes)
    (tmp_path / name).write_bytes(pack(text.replace("'", '"').encode()))

    assert zero_led(tmp_path / name) == {"code"}


def test_mixed_lines_of_json(project: Project, tmp_path: Path) -> None:
    """Numbers and texts under one key are text; large numbers and missing keys do no harm."""
    lines = [{"a": 1, "c": 1, "b": 1, "y": 10**30}, {"a": "?", "c": "x", "b": 0, "y": 1.0}, {"c": "x", "y": 2}]
    frame = read("".join(json.dumps(line) + "\n" for line in lines), project, tmp_path, "t.jsonl")

    assert frame["a"].tolist()[:2] == ["1", "?"]
    assert frame["c"].tolist() == ["1", "x", "x"]
    assert frame["y"].tolist() == [1e30, 1.0, 2.0]
    assert frame["b"].isna().tolist() == [False, False, True]
