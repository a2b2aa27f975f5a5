"""The report of one project, and the pages beside it: facts in, Markdown out."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest

from pipelines.answer.answer import answered
from pipelines.facts.pointer import BindingError
from pipelines.facts.steps import Facts
from pipelines.report.numbers import Binding
from pipelines.report.page import Page, close, open_page, print_parts, tidy
from pipelines.report.pages import interview, post
from pipelines.report.pages.parts import PARTS
from pipelines.report.section import Part

BESIDE: Mapping[str, tuple[Part, ...]] = {"interview": interview.PARTS, "post": post.PARTS}
"""The pages beside the report: questions with answers, and what may be said to the world."""


@dataclass(frozen=True)
class Report:
    """A finished page: its Markdown, the names of the pictures that it shows, in order, and every number's origin.

    `marked` is the Markdown with each number in marks that name its binding (see numbers.py).
    """

    markdown: str
    pictures: tuple[str, ...]
    bindings: tuple[Binding, ...]
    marked: str


def render_report(facts: Facts) -> Report:
    """Return the report that the facts of all seven steps (and of "timings", if measured) make.

    The same facts make the same bytes. Raises BindingError on a number that no fact backs, a pointer to nothing, or a
    sentence whose evidence says other than the facts.
    """
    page = open_page(answered(facts), pictures=True)
    return _finish(page, print_parts(page, PARTS))


def render_beside(name: str, facts: Facts) -> str:
    """Return the Markdown of a page of `BESIDE`, which links to the report's pictures; see `render_report`."""
    return report_beside(name, facts).markdown


def report_beside(name: str, facts: Facts) -> Report:
    """Return a page of `BESIDE` with the origin of its numbers; see `render_report`."""
    page = open_page(answered(facts), pictures=True)
    return _finish(page, print_parts(page, BESIDE[name]))


def _finish(page: Page, marked: str) -> Report:
    markdown, bindings = close(page, marked)
    return Report(markdown, tuple(page.shown), bindings, tidy(marked))


def check_report(markdown: str, facts: Facts) -> None:
    """Raise BindingError, quoting the first line that differs, where a finished report is not what the facts say."""
    for said, says in zip_longest(markdown.splitlines(), render_report(facts).markdown.splitlines()):
        if said != says:
            message = f"the report says {said!r} where the facts say {says!r}"
            raise BindingError(message)
