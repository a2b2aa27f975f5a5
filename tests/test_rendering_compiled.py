"""Templates' byte code is kept from one process to the next, and never used for another template."""

import os
import sys
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from pipelines.report.compiled import Compiled


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates beside the module that compiles them, in a process that keeps byte code beside them."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "by.py").write_text("compiles = 'so'\n", "utf-8")
    return tmp_path


def printed(folder: Path, source: str) -> str:
    """Return what a template prints in an environment of its own."""
    cache = Compiled(folder / "templates", folder / "by.py")
    return Environment(loader=DictLoader({"page": source}), bytecode_cache=cache, autoescape=True).from_string(
        "{% include 'page' %}"
    ).render()  # fmt: skip


def kept(folder: Path) -> list[Path]:
    """Return the files of byte code."""
    return sorted((folder / "templates" / "__pycache__").glob("*.pyc"))


def test_what_is_kept_is_used_until_the_template_changes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second environment compiles nothing; another text of the template is compiled and takes the place."""
    assert printed(folder, "one {{ 1 + 1 }}") == "one 2"
    (first,) = kept(folder)
    stood = first.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(Environment, "compile", _never)
        cache = Compiled(folder / "templates", folder / "by.py")
        loader = DictLoader({"page": "one {{ 1 + 1 }}"})
        page = Environment(loader=loader, bytecode_cache=cache, autoescape=True).get_template("page")
    assert page.render() == "one 2"
    assert printed(folder, "two {{ 1 + 1 }}") == "two 2"
    assert kept(folder) == [first]
    assert first.read_bytes() != stood


def _never(*_: object, **__: object) -> None:
    message = "compiled"
    raise AssertionError(message)


def test_what_another_module_compiled_is_not_used(folder: Path) -> None:
    """The module says how templates are read; after a change of it each is compiled anew."""
    printed(folder, "one")
    (folder / "by.py").write_text("compiles = 'otherwise'\n", "utf-8")
    printed(folder, "one")
    assert len(kept(folder)) == 2


def test_where_nothing_can_or_may_be_kept_pages_are_printed_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in the folder's place, or Python told to write no byte code, costs time alone."""
    (folder / "templates").write_text("no folder", "utf-8")
    assert printed(folder, "one") == "one"
    os.remove(folder / "templates")  # noqa: PTH107 - a file
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert printed(folder, "one") == "one"
    assert kept(folder) == []
