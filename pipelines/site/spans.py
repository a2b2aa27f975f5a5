"""Numbers as elements of a page: each one that a fact backs leads to its evidence, the rest of the Markdown stays."""

import re

from pipelines.report.numbers import MARK, Binding, enclose
from pipelines.report.pages.report import Report

# Escaped characters, pictures, link targets and code spans: no element can stand in the last three.
_TEXT_ONLY = r"\\.|!\[(?:\\.|[^\]\\])*\]\([^()\s]*\)|\]\([^()\s]*\)|`[^`\n]*`"
# A line that begins so is a heading or a definition to the site's Markdown processor, and text to CommonMark.
_NO_BLOCK = re.compile(r"^((?:- |> )*)(#(?=[^#\s])|\[(?=[^\n]*\\\]:))", re.MULTILINE)
_MARK_OR_TEXT = re.compile(f"(?P<mark>{MARK.pattern})|{_TEXT_ONLY}")


def is_number(binding: Binding) -> bool:
    """Return whether a bound place shows a number, not a name, a sentence or a truth value that may hold a digit."""
    return not isinstance(binding.value, str | bool | None) and any(c.isdigit() for c in binding.shown)


def with_spans(page: Report) -> tuple[str, list[Binding]]:
    """Return the page's Markdown with each bound number in `<span class="fact" data-fact="N">`, and what N leads to.

    Without the spans and the attribute that lets the site's Markdown processor read inside `<details>`, it is the
    page's own Markdown. Numbers in the alternative text of a picture, in a link's target and in code spans stay text.
    """
    places: dict[tuple[str, str, str], int] = {}
    behind: list[Binding] = []

    def write(_place: int, binding: Binding, shown: str) -> str:
        if not is_number(binding):
            return shown
        key = (binding.project, binding.fact, binding.shown)
        if key not in places:
            places[key] = len(behind)
            behind.append(binding)
        return f'<span class="fact" data-fact="{places[key]}">{shown}</span>'

    markdown = enclose(_without_marks_in_text(page.marked), page.bindings, write)
    markdown = _NO_BLOCK.sub(r"\1\\\2", markdown)
    return markdown.replace("<details>", '<details markdown="1">'), behind


def without_spans(markdown: str) -> str:
    """Return what `with_spans` got."""
    return re.sub(r'<span class="fact" data-fact="\d+">|</span>', "", markdown).replace(' markdown="1"', "")


def _without_marks_in_text(marked: str) -> str:
    """Return the marked page without the marks where only text can stand."""
    return _MARK_OR_TEXT.sub(lambda found: found[0] if found["mark"] else MARK.sub(r"\2", found[0]), marked)
