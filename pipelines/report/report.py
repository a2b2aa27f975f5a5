"""The report of one project, and the pages beside it: facts in, Markdown out."""

from dataclasses import dataclass
from itertools import zip_longest

from pipelines.facts.pointer import BindingError
from pipelines.facts.steps import Facts
from pipelines.report.numbers import Binding
from pipelines.report.pages import close, fill, open_page, tidy

BESIDE = ("interview", "post")  # pages beside the report: questions with answers, and what may be told to the world


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
    return _render("report.md.j2", facts)


def render_beside(name: str, facts: Facts) -> str:
    """Return the Markdown of a page of `BESIDE`, which links to the report's pictures; see `render_report`."""
    return report_beside(name, facts).markdown


def report_beside(name: str, facts: Facts) -> Report:
    """Return a page of `BESIDE` with the origin of its numbers; see `render_report`."""
    return _render(f"{name}.md.j2", facts)


def _render(template: str, facts: Facts) -> Report:
    page = open_page(facts, pictures=True)
    marked = fill(page, template)
    markdown, bindings = close(page, marked)
    return Report(markdown, tuple(page.shown), bindings, tidy(marked))


def check_report(markdown: str, facts: Facts) -> None:
    """Raise BindingError, quoting the first line that differs, where a finished report is not what the facts say."""
    for said, says in zip_longest(markdown.splitlines(), render_report(facts).markdown.splitlines()):
        if said != says:
            message = f"the report says {said!r} where the facts say {says!r}"
            raise BindingError(message)
