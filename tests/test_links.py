"""The pages that people read: every link within the repository leads somewhere."""

import re
from pathlib import Path

import pytest
from conftest import ROOT

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
EXCERPT = re.compile(r"\(([^()\s]+\.py)\):\n\n```python\n(.*?)```", re.DOTALL)
LEFT_OUT = re.compile(r"^ *\.\.\.\n", re.MULTILINE)


def dead_links(page: Path) -> list[str]:
    """Return the links of a page to files that are not there, addresses in the web left aside."""
    links = LINK.findall(page.read_text(encoding="utf-8"))
    files = [link.split("#")[0] for link in links if "://" not in link]
    return [file for file in files if file and not (page.parent / file).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """A file that was moved is named where it lies."""
    assert not dead_links(page)


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    """One of two links leads nowhere; an address is not looked at."""
    (tmp_path / "there.md").write_text("", encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text("[a](there.md#part) [b](gone.md) [c](https://e.example/x) [d](#part)", encoding="utf-8")

    assert dead_links(page) == ["gone.md"]


def test_the_map_names_every_page() -> None:
    """A page under docs/ that the README does not link to is not found by anyone."""
    linked = LINK.findall((ROOT / "README.md").read_text(encoding="utf-8"))

    assert sorted(page.name for page in PAGES if page.parent.name == "docs" and f"docs/{page.name}" not in linked) == []


def excerpts(page: Path) -> list[tuple[Path, list[str]]]:
    """Return the Python of a page, each with the file linked on the line above; `...` stands for lines left out."""
    found = EXCERPT.findall(page.read_text(encoding="utf-8"))
    return [(page.parent / file, [part.strip("\n") for part in LEFT_OUT.split(code)]) for file, code in found]


def test_excerpts_are_what_the_files_hold() -> None:
    """docs/extending.md shows the code as it stands: each of the seven examples is found in the file that it names."""
    page = ROOT / "docs" / "extending.md"

    shown = excerpts(page)

    assert len(shown) == page.read_text(encoding="utf-8").count("```python") >= 7
    for file, parts in shown:
        source = file.read_text(encoding="utf-8")
        assert [part for part in parts if part not in source] == [], file
