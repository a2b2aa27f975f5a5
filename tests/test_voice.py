"""One voice: what people read holds no word that has to be read twice (tests/glossary.py)."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT
from glossary import GLOSSARY, Word
from prose import prose_of, without_verb

AREAS = (
    "README.md",
    "docs/*.md",
    "projects/*.toml",
    "dvc.yaml",
    "Makefile",
    "flows/**/*.py",
    "pipelines/**/*.py",
    "pipelines/**/*.j2",
)
LINE_END = "\n"


def files_of(root: Path) -> list[Path]:
    """Return the files of all areas."""
    return [path for area in AREAS for path in sorted(root.glob(area))]


@cache
def tracked_prose(path: Path) -> list[tuple[int, str]]:
    """Return the prose of a file of the repository, which no test changes."""
    return prose_of(path)


def violations(path: Path, read: Callable[[Path], list[tuple[int, str]]] = prose_of) -> list[str]:
    """Return a line for each word of the glossary in a file: where it stands, and what to write."""
    return [
        f"line {line + text.count(LINE_END, 0, match.start())}: {match[0]!r}; write: {word.write}"
        for line, text in read(path)
        for word in GLOSSARY
        for match in word.found_in(text)
    ]


def planted(path: Path, text: str) -> list[str]:
    """Return the violations of a file with that text."""
    path.write_text(text, encoding="utf-8")
    return violations(path)


@pytest.mark.parametrize("path", files_of(ROOT), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_is_understood_at_first_reading(path: Path) -> None:
    """It holds no word of the glossary."""
    assert violations(path, tracked_prose) == []


@pytest.mark.parametrize("folder", ["flows", "pipelines"])
def test_docstrings_of_functions_begin_with_a_verb(folder: str) -> None:
    """What a function does comes first; the words that cannot be verbs are listed in tests/prose.py."""
    files = sorted((ROOT / folder).rglob("*.py"))

    assert len(files) > 50
    assert {path.relative_to(ROOT).as_posix(): found for path in files if (found := without_verb(path))} == {}


def test_a_docstring_without_a_verb_is_found(tmp_path: Path) -> None:
    """Of a function, a class and a property only the function has to begin with one."""
    path = tmp_path / "code.py"
    verbs = 'class Thing:\n    """A thing."""\n\n    @property\n    def size(self):\n        """The size."""\n'
    path.write_text(
        f'{verbs}\ndef f():\n    """Return it."""\n\ndef g():\n    """Whether it is."""\n', encoding="utf-8"
    )

    assert without_verb(path) == ["line 11: Whether it is."]


def test_every_area_is_compared(capsys: pytest.CaptureFixture[str]) -> None:
    """Each pattern finds files, and files hold words, so that an empty comparison cannot pass."""
    files = files_of(ROOT)
    words = {path: sum(len(text.split()) for _, text in tracked_prose(path)) for path in files}
    with capsys.disabled():
        print(f" [{len(files)} files, {sum(words.values()):,} words, {len(GLOSSARY)} entries]", end="")  # noqa: T201

    assert [area for area in AREAS if not list(ROOT.glob(area))] == []
    assert len(files) > 80
    assert sum(words.values()) > 30_000


@pytest.mark.parametrize("word", GLOSSARY, ids=lambda word: word.pattern.split("|")[0])
def test_a_planted_word_is_found(word: Word) -> None:
    """Each entry finds its own sentence, and no entry finds what it proposes."""
    assert len(list(word.found_in(word.planted))) == 1
    assert [other.pattern for other in GLOSSARY if list(other.found_in(word.write))] == []


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("page.md", "# Title\n\nA cause that the gain hangs\non.\n", 3),
        ("page.md", "| key | what |\n|---|---|\n| `a` | whoever reads it |\n", 3),
        ("code.py", '"""Return what is told."""\n', 1),
        ("code.py", "X = 1  # the cheaper one\n", 1),
        ("code.py", 'def f(x: int) -> str:\n    """Return it."""\n    return f"{x} rows tell it"\n', 3),
        ("project.toml", "# A\nmargin = 0.1  # nobody would act on less\n", 2),
        ("page.md.j2", '{{ told("a") }}\nThe rows that\n{{ "tell it all" if a else "b" }}\n', 3),
    ],
)
def test_a_word_is_found_where_it_stands(tmp_path: Path, name: str, text: str, line: int) -> None:
    """Pages, comments, docstrings, messages and templates are read, each with the line of the word."""
    found = planted(tmp_path / name, text)

    assert [one.split(":")[0] for one in found] == [f"line {line}"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.md", "Call `told`, and tell_doubts, which a retold story has; it is fine as such.\n"),
        ("page.md", "Before.\n\n```python\nx = 1  # told elsewhere\n```\n"),
        ("code.py", 'def told(tell: int) -> int:\n    """Return it."""\n    return tell\n'),
        ("page.md.j2", "{% macro told(tell) %}{{ tell }}{% endmacro %}\n"),
        ("page.md", "Such a row is set aside, and so is its copy; so the report says so.\n"),
    ],
)
def test_names_and_plain_english_pass(tmp_path: Path, name: str, text: str) -> None:
    """Names in code, excerpts that are read in their source, and words that stand for something are left alone."""
    assert planted(tmp_path / name, text) == []
