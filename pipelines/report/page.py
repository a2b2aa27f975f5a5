"""Templates in, Markdown out: the one place where templates meet facts.

A section's template knows what its view holds, and the functions that write facts down (see `numbers.Binder`).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension

from pipelines.facts.steps import Facts
from pipelines.report.compiled import Compiled
from pipelines.report.formats import Formats
from pipelines.report.numbers import Binder, Binding, unbind
from pipelines.report.section import Part, Section
from pipelines.report.tables import check_tables

# What a template may write down with. None of it returns a value to compare: views decide.
BOUND = ("fact", "interval", "length", "has", "each", "text", "key", "claim", "say")
_WHOLE_LINES = ("|", "<", "#", "!")  # lines of tables, HTML, headings and pictures stay as they are
_BRACKET = re.compile(r"(?<!\\)[\[\]]")
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_SPACES = re.compile(r"[ \t]{2,}|\t")
_BEFORE_A_STOP = re.compile(r" (?=[,.;:](?:\s|$))")
_ONLY_TAGS = re.compile(r"^[ \t]*((?:\{%(?:(?!%\}).)*%\}[ \t]*)+)\n", re.MULTILINE)


class TagLines(Extension):
    """Lets a template line of tags alone leave no line behind, and every other line keep its end."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        """Return the template's source with the ends of its lines of tags in comments, so that line numbers stay."""
        return _ONLY_TAGS.sub(r"\1{#\n#}", source)


@dataclass
class Page:
    """One page in the making: its facts, what was bound, and which pictures it shows."""

    facts: Facts
    pictures: bool
    binder: Binder
    shown: list[str] = field(default_factory=list)

    def figure(self, name: str, title: str, caller: Callable[[], str] = lambda: "") -> str:
        """Return the picture under a title that states its finding, with how to read it below, where that is said."""
        if not self.pictures:
            return ""
        self.shown.append(name)
        title, reading = " ".join(title.split()), " ".join(caller().split())
        below = f"\n*{reading}*\n" if reading else ""
        alt = _BRACKET.sub(r"\\\g<0>", title)  # one without its pair would end the picture
        return f"**{title}**\n\n![{alt}](figures/{name}.svg)\n{below}"

    def details(self, summary: str, caller: Callable[[], str]) -> str:
        """Return a part that opens on a click; without pictures (where HTML may not show) a plain part."""
        if not self.pictures:
            return f"**{summary}**\n\n{caller()}"
        return f"<details><summary>{summary}</summary>\n\n{caller()}\n</details>\n"


def open_page(facts: Facts, *, pictures: bool) -> Page:
    """Return a page with nothing on it; scores get the decimals that the metric's margin asks for, once it is known."""
    margin = facts["metric"]["margin"] if "metric" in facts else None
    titles = facts["answer"]["titles"] if "answer" in facts else {}
    return Page(facts, pictures, Binder(facts, Formats(margin, titles)))


def print_section(page: Page, section: Section) -> str:
    """Return a section as Markdown with its numbers still marked; nothing where it does not apply.

    Raises BindingError where the view or the template points to a fact that is not there.
    """
    view = section.look(page.facts)
    return "" if view is None else fill(page, f"{section.name}.md.j2", **view)


def print_parts(page: Page, parts: Iterable[Part]) -> str:
    """Return the parts of a page, each under its heading, without those that have nothing to say."""
    printed = []
    for part in parts:
        sections = [text for section in part.sections if (text := print_section(page, section).strip())]
        if not sections:
            continue
        body = "\n\n".join(sections)
        if part.folded:
            body = page.details(part.summary, lambda body=body: f"{body}\n")  # type: ignore[misc]  # bound at once
        printed.append(f"## {part.title}\n\n{body}" if part.title else body)
    return "\n\n".join(printed)


def fill(page: Page, template: str, **more: object) -> str:
    """Return the template filled from the page's facts, its numbers still marked.

    `more` are further values for the template; text among them is written as it is. Raises BindingError where the
    template points to a fact that is not there.
    """
    known = {name: getattr(page.binder, name) for name in BOUND}
    known |= {"figure": page.figure, "details": page.details}
    return _environment().get_template(template).render(**known, **more)


@cache
def _environment() -> Environment:
    """Return the templates, each compiled once for as long as it stays as it is; what a page knows comes with it."""
    here = Path(__file__)
    return Environment(
        loader=PackageLoader("pipelines.report", "templates"),
        bytecode_cache=Compiled(here.parent / "templates", here),
        undefined=StrictUndefined,
        extensions=[TagLines],
        autoescape=False,  # noqa: S701 -- Markdown, not HTML; formats.py escapes every value # nosec B701
    )


def close(page: Page, marked: str) -> tuple[str, tuple[Binding, ...]]:
    """Return the finished Markdown and every binding in it.

    Raises BindingError on a number that no fact backs, and ValueError on a table that is not one.
    """
    markdown = unbind(tidy(marked))
    check_tables(markdown)
    return markdown, tuple(page.binder.bindings)


def tidy(marked: str) -> str:
    """Return the Markdown with one line a paragraph or list item, and one empty line between blocks."""
    blocks = [_join(block) for block in _EMPTY_LINE.split(marked.strip())]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _join(block: str) -> str:
    """Return one block with wrapped lines joined."""
    lines: list[str] = []
    for raw in block.splitlines():
        line = _SPACES.sub(" ", raw).strip()
        if not line:
            continue
        whole = line.startswith(_WHOLE_LINES) or line.startswith(("- ", "> ")) or not lines
        if whole or lines[-1].startswith(_WHOLE_LINES):
            lines.append(line)
        else:
            lines[-1] += " " + line
    return "\n".join(_BEFORE_A_STOP.sub("", line) for line in lines)
