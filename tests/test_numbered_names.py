"""A project whose name holds a number: each page can still be made, and its numbers are still all of facts."""

import json
from pathlib import Path

import pytest
import sample_facts
from conftest import ROOT

from pipelines.report.notebook.notebook import make_notebook
from pipelines.report.pages.overview import render_overview
from pipelines.report.pages.report import BESIDE, render_beside, render_report

NAME = "q4_2025"
PROJECTS = sorted(path.stem for path in Path(ROOT, "projects").glob("*.toml"))


@pytest.mark.parametrize("project", PROJECTS)
def test_pages_of_a_project_with_a_number_in_its_name(project: str) -> None:
    """Of all kinds of projects: report, the pages beside it, overview and notebook."""
    facts = json.loads(json.dumps(sample_facts.tracked(project)).replace(project, NAME))
    made = [render_report(facts).markdown, *(render_beside(page, facts) for page in BESIDE)]
    cells = make_notebook(facts).cells

    assert len(made) > 2
    assert "2025" in render_overview([facts]).markdown
    assert "2025" in cells[0].source
