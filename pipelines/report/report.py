"""The report of one project, and the pages beside it: facts in, Markdown out."""

from dataclasses import dataclass
from itertools import zip_longest

from pipelines.facts.pointer import BindingError
from pipelines.facts.steps import Facts
from pipelines.report.numbers import Binding
from pipelines.report.pages import close, fill, open_page

BESIDE = ("interview", "post")  # pages beside the report: questions with answers, and what may be told to the world


@dataclass(frozen=True)
class Report:
    """A finished page: its Markdown, the names of the pictures that it shows, in order, and every number's origin."""

    markdown: str
    pictures: tuple[str, ...]
    bindings: tuple[Binding, ...]


def render_report(facts: Facts) -> Report:
    """Return the report that the facts of all seven steps (and of "timings", if measured) make.

    The same facts make the same bytes. Raises BindingError on a number that no fact backs, a pointer to nothing, or a
    sentence whose evidence says other than the facts.
    """
    page = open_page(facts, pictures=True)
    markdown, bindings = close(page, fill(page, "report.md.j2"))
    return Report(markdown, tuple(page.shown), bindings)


def render_beside(name: str, facts: Facts) -> str:
    """Return the Markdown of a page of `BESIDE`, which links to the report's pictures; see `render_report`."""
    page = open_page(facts, pictures=True)
    return close(page, fill(page, f"{name}.md.j2"))[0]


def check_report(markdown: str, facts: Facts) -> None:
    """Raise BindingError, quoting the first line that differs, where a finished report is not what the facts say."""
    for said, says in zip_longest(markdown.splitlines(), render_report(facts).markdown.splitlines()):
        if said != says:
            message = f"the report says {said!r} where the facts say {says!r}"
            raise BindingError(message)
