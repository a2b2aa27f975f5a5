"""One step's part of a report as plain Markdown, for watching a run: it needs no later facts and shows no pictures."""

from typing import cast

from pipelines.core.steps import SEVEN
from pipelines.facts.steps import Facts
from pipelines.report.page import close, open_page, print_section
from pipelines.report.pages.parts import PARTS

HEADINGS = {
    "define": "Define: what is asked, and of which rows",
    "metric": "Metric: what good means here",
    "eda": "Explore: what the training rows say",
    "baseline": "Baseline: the simple model to beat",
    "strong": "Strong: the best that the same rows give",
    "compare": "Compare: is the difference real?",
    "reflect": "Reflect: why",
}


def render_section(step: str, facts: Facts) -> str:
    """Return the Markdown of one step's sections, from the facts of that step and the ones before it.

    Raises BindingError where a section states a number that no fact backs, or points to a fact that is not there.
    """
    known = {name: known for name, known in facts.items() if name in SEVEN[: SEVEN.index(step) + 1]}
    page = open_page(cast("Facts", known), pictures=False)
    head = f"## {SEVEN.index(step) + 1} {HEADINGS[step]}"
    sections = [print_section(page, section) for part in PARTS for section in part.sections if section.step == step]
    return close(page, "\n\n".join([head, *filter(None, map(str.strip, sections))]))[0]
