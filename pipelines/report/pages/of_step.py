"""One step's part of a report as plain Markdown, for watching a run: it needs no later facts and shows no pictures."""

from typing import cast

from pipelines.core.steps import SEVEN
from pipelines.facts.steps import Facts
from pipelines.report.page import close, fill, open_page


def render_section(step: str, facts: Facts) -> str:
    """Return the Markdown of one step's section, from the facts of that step and the ones before it.

    Raises BindingError where the section states a number that no fact backs, or points to a fact that is not there.
    """
    known = {name: known for name, known in facts.items() if name in SEVEN[: SEVEN.index(step) + 1]}
    page = open_page(cast("Facts", known), pictures=False)
    return close(page, fill(page, f"{step}.md.j2"))[0]
