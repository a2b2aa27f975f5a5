"""One step's part of a report as plain Markdown, for watching a run: it needs no later facts and shows no pictures."""

from typing import cast

from pipelines.core.steps import SEVEN
from pipelines.facts.steps import Facts
from pipelines.report.page import close, fill, open_page, print_section
from pipelines.report.pages.report import PARTS


def render_section(step: str, facts: Facts) -> str:
    """Return the Markdown of one step's sections, from the facts of that step and the ones before it.

    Raises BindingError where a section states a number that no fact backs, or points to a fact that is not there.
    """
    known = {name: known for name, known in facts.items() if name in SEVEN[: SEVEN.index(step) + 1]}
    page = open_page(cast("Facts", known), pictures=False)
    head = "## 7 Reflect: why" if step == "reflect" else fill(page, f"{step}.md.j2")
    sections = [print_section(page, section) for part in PARTS for section in part.sections if section.step == step]
    return close(page, "\n\n".join([head, *filter(None, map(str.strip, sections))]))[0]
