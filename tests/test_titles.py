"""Titles: a reader's name for a column, and for what it becomes; no model and no fact of the steps knows it."""

from pathlib import Path

import pandas as pd
import pytest
from toy_raw import declare, small_raw

from pipelines.core.project import Project, parse_project
from pipelines.core.submit import run_now
from pipelines.core.titles import titles
from pipelines.define import Defined, define

PROJECTS = sorted((Path(__file__).parent.parent / "projects").glob("*.toml"))


@pytest.fixture
def titled() -> Project:
    """Return the small project with the titles of a number, a date and a text."""
    return declare(
        income='{ type = "number", min = 0, missing = 0.3, title = "yearly income" }',
        since='{ type = "date", min = "2010-01-01", title = "member since" }',
        remark='{ type = "text", use = "numbers", missing = 0.5, title = " note of the call " }',
    )


def test_a_title_is_of_the_column_and_of_its_features(titled: Project) -> None:
    """The name of a column, and of each feature that it becomes, has the title in its place."""
    assert titles(titled) == {
        "income": "yearly income",
        "since": "member since",
        "since (days)": "member since (days)",
        "since (month)": "member since (month)",
        "since (weekday)": "member since (weekday)",
        "remark": "note of the call",
        "remark (characters)": "note of the call (characters)",
        "remark (words)": "note of the call (words)",
    }


def test_columns_without_titles_have_none() -> None:
    """Where nothing is titled, nothing is renamed."""
    assert titles(declare()) == {}


def test_a_title_changes_no_fact_and_no_table(titled: Project) -> None:
    """Step 1, whose table and facts all models read, is the same with titles and without."""

    def defined(project: Project) -> Defined:
        return define(small_raw(), project, "0" * 64, run_now)

    with_titles, without = defined(titled), defined(declare())
    assert with_titles.facts == without.facts
    pd.testing.assert_frame_equal(with_titles.table.frame, without.table.frame)


@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.stem)
def test_titles_of_the_shipped_projects_are_words(path: Path) -> None:
    """A title is written as words are, and a name as long as no sentence can hold it has one."""
    project = parse_project(path.read_text(encoding="utf-8"), path.stem, str(path))
    found = titles(project)
    assert not [title for title in found.values() if "_" in title]
    assert not [name for name in project.columns.declared if len(name) > 20 and name not in found]
