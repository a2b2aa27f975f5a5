"""How long a report is for a busy reader, and how hard its sentences are: those in the repository, and of samples."""

from pathlib import Path

import pytest
from conftest import ROOT
from reading import before, grade, prose, rows, unfolded, words
from sample_facts import SAMPLES
from situations import SITUATIONS, situation

from pipelines.report.pages.report import render_report

REPORTS = sorted((ROOT / "reports").glob("*/README.md"))
MOST_WORDS, MOST_ROWS, MOST_BEFORE_WHY = 1800, 60, 300  # of the page as it opens
HARDEST = 10.0  # school years: what most readers take in at first reading


def check(markdown: str) -> None:
    """Fail where the page is too long for a busy reader."""
    shown = unfolded(markdown)
    assert len(words(before(markdown, "## Why"))) <= MOST_BEFORE_WHY
    assert len(words(shown)) <= MOST_WORDS
    assert rows(shown) <= MOST_ROWS


def test_reports_are_there() -> None:
    """There are reports to measure: one for each of three projects."""
    assert len(REPORTS) >= 3


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.parent.name)
def test_a_report_is_read_at_one_sitting(path: Path) -> None:
    """Words, table rows, words before the reason, and reading grade of each report in the repository."""
    markdown = path.read_text(encoding="utf-8")

    check(markdown)
    assert grade(prose(markdown)) <= HARDEST


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("name", SITUATIONS)
def test_no_situation_makes_a_report_long(kind: str, name: str) -> None:
    """Whatever is found, the page stays within its bounds."""
    check(render_report(situation(kind, "better", name)).markdown)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("The cat sat on the mat.", -1.45),
        ("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 11.3),
    ],
)
def test_the_grade_is_the_published_one(text: str, years: float) -> None:
    """Two sentences whose Flesch-Kincaid grade is published (Wikipedia, "Flesch-Kincaid readability tests")."""
    assert grade(text) == pytest.approx(years, abs=0.05)


def test_folds_are_not_read() -> None:
    """What a click opens is not counted, nor what is folded within it; the address of a link is no word."""
    page = (
        "# One two\n\n[three](four.md) five\n\n<details><summary>six</summary>\n\n"
        "<details><summary>seven</summary>\n\neight\n\n</details>\n\nnine\n\n</details>\n\nten\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n"
    )

    assert words(unfolded(page)) == ["One", "two", "three", "five", "ten", "a", "b", "1", "2"]
    assert rows(unfolded(page)) == 1
