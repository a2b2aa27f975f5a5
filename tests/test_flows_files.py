"""Files: whole or not at all, and one canonical form."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from flows.repository.files import replacing, sha256, to_json, write_bytes, write_folder, write_json, write_text
from flows.repository.frames import write_table


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.33333333"),
        (12345678.9, "12345679.0"),
        (1412345678.25, "1412345678.0"),
        (123456789012.0, "123456789000.0"),
        (-0.0, "0.0"),
        (12345678901234567890, "12345678901234567890"),
        ("Größe", '"Größe"'),
        ({}, "{}"),
        ([1, 2.5, None, True], "[1, 2.5, null, true]"),
        ({"a": {"b": [1]}, "c": 2}, '{\n "a": {\n  "b": [1]\n },\n "c": 2\n}'),
        ([{"x": 1}, {"x": 2}], '[\n {"x": 1},\n {"x": 2}\n]'),
    ],
)
def test_facts_have_one_form(value: object, text: str) -> None:
    """Floats keep eight digits, plain lists and tables stay on a line, and what is read back says the same."""
    assert to_json(value) == text
    assert to_json(json.loads(text)) == text


def test_long_lists_are_broken_up() -> None:
    """A list beyond the width has one item a line, so that a changed item is one changed line."""
    assert to_json(list(range(100))).count("\n") == 101


@pytest.mark.parametrize(
    ("value", "error", "pointer"),
    [
        ({"a": [1.0, float("nan")]}, ValueError, "/a/1"),
        ({"a": float("inf")}, ValueError, "/a"),
        ({"a": {"b": np.float64(1)}}, TypeError, "/a/b"),
        ({"a": {1: 2}}, TypeError, "/a"),
        ([{1, 2}], TypeError, "/0"),
    ],
)
def test_what_is_no_fact_is_refused(value: object, error: type[Exception], pointer: str) -> None:
    """NaN, infinity, numpy's numbers and other types are refused, and the message says where."""
    with pytest.raises(error, match=pointer):
        to_json(value)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    """What fails half-way changes nothing and leaves nothing behind."""
    path = tmp_path / "facts.json"
    write_json(path, {"a": 1})
    with pytest.raises(ValueError, match="NaN|nan"):
        write_json(path, {"a": float("nan")})
    with pytest.raises(KeyError), replacing(path) as file:
        file.write(b"half")
        raise KeyError
    assert path.read_text(encoding="utf-8") == '{"a": 1}\n'
    assert [entry.name for entry in tmp_path.iterdir()] == ["facts.json"]


def test_a_folder_holds_exactly_what_was_written(tmp_path: Path) -> None:
    """Pictures of an earlier run that are shown no more go away."""
    write_folder(tmp_path / "figures", {"a.svg": b"1", "b.svg": b"2"})
    write_folder(tmp_path / "figures", {"b.svg": b"3"})
    assert {path.name: path.read_bytes() for path in (tmp_path / "figures").iterdir()} == {"b.svg": b"3"}


def test_equal_tables_give_equal_bytes(tmp_path: Path) -> None:
    """A table written twice, once from a copy with another index, has one hash, and comes back equal."""
    frame = pd.DataFrame({"x": np.arange(1000) / 7, "c": pd.Categorical(["a", "b"] * 500), "n": np.arange(1000)})
    write_table(tmp_path / "a.parquet", frame)
    write_table(tmp_path / "b.parquet", frame.set_index(np.arange(1000) + 5))
    assert sha256(tmp_path / "a.parquet") == sha256(tmp_path / "b.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "a.parquet"), frame)


def test_text_ends_with_one_newline(tmp_path: Path) -> None:
    """However many newlines the text has at its end, the file has one; others may read it."""
    write_text(tmp_path / "a.md", "text\n\n")
    assert (tmp_path / "a.md").read_bytes() == b"text\n"
    assert (tmp_path / "a.md").stat().st_mode & 0o777 == 0o644


def test_known_hash(tmp_path: Path) -> None:
    """The sha256 of "abc" is the one in FIPS 180-2."""
    write_bytes(tmp_path / "abc", b"abc")
    assert sha256(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_table_read_leaves_no_memory_of_its_reading(tmp_path: Path) -> None:
    """After 50 MB of numbers were read, the process has grown by little more than these, not by several times them."""
    path = tmp_path / "table.parquet"
    values = np.random.default_rng(0).standard_normal((200_000, 30))
    write_table(path, pd.DataFrame(values, columns=[f"column {i}" for i in range(30)]))
    grown = subprocess.run([sys.executable, "-c", GROWN, str(path)], capture_output=True, text=True, check=True).stdout
    assert int(grown) < 2 * values.nbytes


GROWN = """
import sys
from pathlib import Path
import psutil
from flows.repository import frames
frames.check_recorded, frames.made_by = lambda *_: None, lambda _step, path, _name: path
before = psutil.Process().memory_info().rss
frame = frames.read_frame(Path(sys.argv[1]), "define", "any")
print(psutil.Process().memory_info().rss - before)
"""
