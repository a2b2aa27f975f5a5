"""The overview of all projects: one row each, side by side, and where their differences come from."""

from collections.abc import Sequence
from typing import cast

from pipelines.facts.pointer import parts
from pipelines.facts.steps import Facts
from pipelines.facts.watched import Path, Watched, keep
from pipelines.report.numbers import Binding
from pipelines.report.page import close, fill, open_page, tidy
from pipelines.report.pages.report import Report

PICTURED = (
    "define#/project", "define#/target_scale", "metric#/label", "metric#/margin", "metric#/greater_is_better",
    "compare#/models/*/role", "compare#/models/*/score", "compare#/models/*/ci", "compare#/difference/value",
    "reflect#/attribution/*/factor", "reflect#/attribution/*/gain", "reflect#/attribution/*/matters",
    "reflect#/attribution/*/applicable",
)  # fmt: skip
"""What the overview's picture reads of a project."""


def summary(facts: Facts) -> Facts:
    """Return the part of a project's facts that the overview reads, found by rendering it; small, so cheap to keep.

    The overview says the same of it as of all facts.
    """
    reads: set[Path] = set()
    for pointer in PICTURED:
        step, path = parts(pointer)
        reads |= {(step, *path[:end]) for end in range(len(path) + 1)}
    _render_project(cast("Facts", Watched(facts, reads)), [])
    return cast("Facts", keep(dict(facts), reads))


def render_overview(summaries: Sequence[Facts]) -> Report:
    """Return the page that compares all projects, in the order given; its one picture is `figures/overview.py`'s.

    Raises BindingError on a number that no fact backs.
    """
    whole = open_page({}, pictures=True)
    projects = [_render_project(facts, whole.binder.bindings) for facts in summaries]
    rows, words = [row for row, _ in projects], [said for _, said in projects]
    marked = fill(whole, "overview.md.j2", rows=rows, words=words)
    markdown, bindings = close(whole, marked)
    return Report(markdown, tuple(whole.shown), bindings, tidy(marked))


def _render_project(facts: Facts, bindings: list[Binding]) -> tuple[str, str]:
    """Return a project's row, and what is said of it below; what both bind is added to the whole page's `bindings`."""
    page = open_page(facts, pictures=True)
    page.binder.bindings = bindings
    return fill(page, "overview_row.md.j2"), fill(page, "overview_words.md.j2")
