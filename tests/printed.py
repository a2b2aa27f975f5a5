"""One section of a page as its reader sees it."""

from conftest import Facts

from pipelines.answer.answer import answered
from pipelines.report.numbers import unbind
from pipelines.report.page import open_page, print_section, tidy
from pipelines.report.section import Section


def printed(section: Section, facts: Facts) -> str:
    """Return a section's Markdown, with its folds; nothing where it does not apply."""
    return unbind(tidy(print_section(open_page(answered(facts), pictures=True), section))).strip()


def unfolded(section: Section, facts: Facts) -> str:
    """Return what a section shows before the first click."""
    return printed(section, facts).split("<details>")[0].strip()
