"""Values and names from data as text: whatever they hold, they are never markup."""

import re
import unicodedata

from pipelines.core.errors import seen

LONGEST_NAME = 60  # characters of a column or category name that a page repeats
# Where GitHub would link a mail address, whatever stands before the @: only a code span keeps its two sides apart.
_ADDRESS = r"(?<=[A-Za-z0-9.+_-])(?P<at>@)"
_BREAKS = re.compile(r"[\t\r\n\v\f\x85\u2028\u2029]+")
_MARKUP = re.compile(_ADDRESS + r"|[\\`*_<>|~$&@]|\](?=[(\[]|$)|\[(?=\^)")  # a bracket alone makes no link
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;"}  # these hold inside table cells, too
# At the beginning: numbers and signs of lists, headings and lines, boxes to tick, definitions of links.
_BEGINNING = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[-+=#](?:[-+=#\s]|$))|(?=\[[ xX]\])|(?=\[.*\]:))")


def plain(value: object, longest: int | None = None) -> str:
    """Return the value as one line of printable characters, at most `longest` of them.

    Line breaks and tabs become spaces; what cannot be seen is shown as its code point.
    """
    text = str(value)
    if not (text.isascii() and text.isprintable()):  # nearly all is, and needs no look at each character
        text = _BREAKS.sub(" ", text)
        text = "".join(c if seen(c) or unicodedata.category(c) == "Zs" else f"<U+{ord(c):04X}>" for c in text)
    text = text.strip()
    return text if longest is None or len(text) <= longest else text[: longest - 1] + "…"


def escape(value: object, longest: int | None = None) -> str:
    r"""Return the value as Markdown that shows exactly that text, wherever in a line or table it stands.

    Backslash escapes as in CommonMark 0.31 section 2.4, entities where a backslash would not survive a
    table cell, and no autolinks (GitHub Flavored Markdown section 6.9): the @ of a mail address is a code span.
    """
    text = _MARKUP.sub(_escaped, plain(value, longest))
    text = text.replace("://", r":\/\/").replace("www.", r"www\.")
    if text.endswith("www"):  # a full stop may follow
        text = f"{text[:-1]}&#119;"
    return _BEGINNING.sub(r"\1\\", text)


def _escaped(found: re.Match[str]) -> str:
    return "`@`" if found["at"] else _ENTITIES.get(found[0], "\\" + found[0])


def code(name: object) -> str:
    """Return a name as a code span, or as escaped text where a code span could not hold it."""
    text = plain(name, LONGEST_NAME)
    return f"`{text}`" if text and not re.search(r"[`|]", text) else escape(text)


def anchor(heading: str) -> str:
    """Return the name by which a link finds a heading on its page, as GitHub makes it of plain letters."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
