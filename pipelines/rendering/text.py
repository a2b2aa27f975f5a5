"""Values and names from data as text: whatever they hold, they are never markup."""

import re
import unicodedata

LONGEST_NAME = 60  # characters of a column or category name that a page repeats
_MARKUP = re.compile(r"([\\`*_<>|~$&@]|\](?=[(\[:]|$))")  # a bracket alone makes no link
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;"}  # these hold inside table cells, too
_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}  # control, direction, private-use, broken, line separators


def plain(value: object, longest: int | None = None) -> str:
    """Return the value as one line of printable characters, at most `longest` of them.

    Line breaks and tabs become spaces; what cannot be seen is shown as its code point.
    """
    text = re.sub(r"[\t\r\n\v\f\x85\u2028\u2029]+", " ", str(value)).strip()
    text = "".join(f"<U+{ord(c):04X}>" if unicodedata.category(c) in _HIDDEN else c for c in text)
    return text if longest is None or len(text) <= longest else text[: longest - 1] + "…"


def escape(value: object, longest: int | None = None) -> str:
    r"""Return the value as Markdown that shows exactly that text, wherever in a line or table it stands.

    Backslash escapes as in CommonMark 0.31 section 2.4, entities where a backslash would not survive a
    table cell, and no autolinks (GitHub Flavored Markdown section 6.9).
    """
    text = _MARKUP.sub(lambda match: _ENTITIES.get(match[1], "\\" + match[1]), plain(value, longest))
    text = text.replace("://", r":\/\/").replace("www.", r"www\.")
    return re.sub(r"^(\d{1,9})([.)])(?=\s|$)|^([-+=#])(?=[-+=#\s]|$)", r"\1\\\2\3", text)


def code(name: object) -> str:
    """Return a name as a code span, or as escaped text where a code span could not hold it."""
    text = plain(name, LONGEST_NAME)
    return f"`{text}`" if text and not re.search(r"[`|]", text) else escape(text)
